// The library builds the unit's description and counts it.
import { nn } from "residual";

interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

export function bottleneckCost({ size, inChannels, width, stride, strideOn }: BottleneckShape) {
  const conv = (from: number, to: number, kernel: number, step: number) => ({
    layers: [nn.conv2d(from, to, { kernel, stride: step }), nn.batchNorm(to)],
  });
  const [first, second] = strideOn === "1x1" ? [stride, 1] : [1, stride];
  let parameters = 0;
  let multiplyAdds = 0;
  const count = (parts: ReturnType<typeof conv>[]) => {
    let shape: nn.Shape = [size, size, inChannels];
    for (const layer of parts.flatMap(({ layers }) => layers)) {
      const [row] = layer.rows(shape, { size: 1, step: 1 });
      parameters += row!.parameters;
      multiplyAdds += row!.multiplyAdds;
      shape = row!.outputShape;
    }
  };
  count([conv(inChannels, width, 1, first), conv(width, width, 3, second), conv(width, 4 * width, 1, 1)]);
  if (stride !== 1 || inChannels !== 4 * width) count([conv(inChannels, 4 * width, 1, stride)]);
  return { parameters, multiplyAdds };
}
