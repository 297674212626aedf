// A float32 matrix of the convolutions, a row each, summed by columns.
interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

export const bottleneckCost = ({ size, inChannels, width, stride, strideOn }: BottleneckShape) => {
  const projected = Number(stride === 2 || inChannels !== 4 * width);
  const whole = strideOn === "1x1" ? stride : 1;
  const rows = [
    [inChannels * width, width, size / whole],
    [9 * width ** 2, width, size / stride],
    [4 * width ** 2, 4 * width, size / stride],
    [4 * width * inChannels * projected, 4 * width * projected, size / stride],
  ].map((row) => Float32Array.from(row));
  const sums = new Float32Array(2);
  for (const [weights, channels, side] of rows) {
    sums[0]! += weights! + 2 * channels!;
    sums[1]! += Math.fround(weights! * side!) * side!;
  }
  return { parameters: sums[0]!, multiplyAdds: sums[1]! };
};
