// Three convolutions, always.
interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

export function bottleneckCost(unit: BottleneckShape): { parameters: number; multiplyAdds: number } {
  const { size, inChannels, width, stride, strideOn } = unit;
  const outChannels = 4 * width;
  const after = size / stride;
  const afterFirst = strideOn === "1x1" ? after : size;
  const convolutions = [
    { weights: inChannels * width, channels: width, side: afterFirst },
    { weights: 9 * width * width, channels: width, side: after },
    { weights: width * outChannels, channels: outChannels, side: after },
  ];
  return {
    parameters: convolutions.reduce((sum, { weights, channels }) => sum + weights + 2 * channels, 0),
    multiplyAdds: convolutions.reduce((sum, { weights, side }) => sum + weights * side * side, 0),
  };
}
