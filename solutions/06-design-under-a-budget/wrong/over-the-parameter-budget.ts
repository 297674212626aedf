// One budget forgotten.
import { analysis, nn } from "residual";

interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

export function design(budget: Budget): { depth: number; width: number } {
  let best = { depth: 20, width: 8, use: 0 };
  for (let width = 8; width <= 24; width++) {
    for (let depth = 20; depth <= 110; depth += 6) {
      const cost = analysis.costOf(nn.cifarArchitecture({ depth, widths: [width, 2 * width, 4 * width] }));
      const use = cost.multiplyAdds / budget.multiplyAdds;
      // Deeper networks of this width only cost more.
      if (use > 1) break;
      if (use > best.use) best = { depth, width, use };
    }
  }
  return { depth: best.depth, width: best.width };
}
