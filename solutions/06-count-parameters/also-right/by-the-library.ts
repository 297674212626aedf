// The library describes the network and counts it.
import { analysis, nn } from "residual";

interface Network {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: "A" | "B";
  readonly classes: number;
}

export function parameterCount({ depth, width, shortcuts, classes }: Network): number {
  const widths = [width, 2 * width, 4 * width] as const;
  return analysis.costOf(nn.cifarArchitecture({ depth, widths, classes, shortcut: shortcuts })).parameters;
}
