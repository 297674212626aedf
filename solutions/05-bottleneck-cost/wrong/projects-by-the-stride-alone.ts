// Looks at the stride, not at the channels.
// Believed: A projection is needed where the image shrinks.
// In class: The first unit of ResNet-50 has stride 1 and still projects, because its channels grow. Ask for the two conditions and for a unit
// that meets only one.
interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

export function bottleneckCost({ size, inChannels, width, stride, strideOn }: BottleneckShape) {
  const wide = 4 * width;
  const half = size / stride;
  let [parameters, multiplyAdds] = [0, 0];
  const count = (weights: number, channels: number, side: number) => {
    parameters += weights + 2 * channels;
    multiplyAdds += weights * side ** 2;
  };
  count(inChannels * width, width, strideOn === "1x1" ? half : size);
  count(9 * width * width, width, half);
  count(width * wide, wide, half);
  if (stride === 2) count(inChannels * wide, wide, half);
  return { parameters, multiplyAdds };
}
