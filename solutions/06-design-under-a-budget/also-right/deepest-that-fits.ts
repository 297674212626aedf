// The paper's width or the next smaller, as deep as it may be; the width again afterwards.
import { analysis, nn } from "residual";

interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

export function design(budget: Budget) {
  const use = (depth: number, width: number) => {
    const cost = analysis.costOf(nn.cifarArchitecture({ depth, widths: [width, 2 * width, 4 * width] }));
    return Math.max(cost.parameters / budget.parameters, cost.multiplyAdds / budget.multiplyAdds);
  };
  let depth = 20;
  while (use(depth + 6, 8) <= 1) depth += 6;
  let width = 8;
  while (use(depth, width + 1) <= 1) width++;
  // A width is a coarse step for a deep network; give up depth for it until the budget is used.
  while (use(depth, width) < 0.85 && depth > 20) {
    depth -= 6;
    while (use(depth, width + 1) <= 1) width++;
  }
  return { depth, width };
}
