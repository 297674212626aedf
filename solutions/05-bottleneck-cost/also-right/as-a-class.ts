// An object with getters, counted when it is asked.
interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

class Cost {
  constructor(private readonly unit: BottleneckShape) {}

  private get projection(): number {
    const { inChannels, width, stride } = this.unit;
    return inChannels === 4 * width && stride === 1 ? 0 : 4 * inChannels * width;
  }

  get parameters(): number {
    const { inChannels, width } = this.unit;
    const norms = 2 * (6 * width + (this.projection === 0 ? 0 : 4 * width));
    return inChannels * width + 13 * width ** 2 + this.projection + norms;
  }

  get multiplyAdds(): number {
    const { inChannels, width, size, stride, strideOn } = this.unit;
    const pixels = (size * size) / (stride * stride);
    const first = inChannels * width * (strideOn === "3x3" ? pixels * stride ** 2 : pixels);
    return first + (13 * width ** 2 + this.projection) * pixels;
  }
}

export const bottleneckCost = (unit: BottleneckShape): Cost => new Cost(unit);
