// A multiplication and an addition are two.
// Believed: FLOPs are FLOPs.
// In class: The paper counts one multiplication with its addition as one, others count two. Ask for the unit before you compare two tables.
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
    multiplyAdds += 2 * weights * side ** 2;
  };
  count(inChannels * width, width, strideOn === "1x1" ? half : size);
  count(9 * width * width, width, half);
  count(width * wide, wide, half);
  if (stride !== 1 || inChannels !== wide) count(inChannels * wide, wide, half);
  return { parameters, multiplyAdds };
}
