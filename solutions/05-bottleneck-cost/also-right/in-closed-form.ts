// All in one expression.
interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

export function bottleneckCost({ size, inChannels: c, width: w, stride, strideOn }: BottleneckShape) {
  const projected = stride === 2 || c !== 4 * w ? 1 : 0;
  const pixels = (size / stride) ** 2;
  const first = strideOn === "1x1" ? pixels : size ** 2;
  return {
    parameters: c * w + 13 * w * w + 12 * w + projected * (4 * c * w + 8 * w),
    multiplyAdds: first * c * w + pixels * (13 * w * w + projected * 4 * c * w),
  };
}
