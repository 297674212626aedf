// All networks of the family that fit, one after the other; the first that uses enough.
import { analysis, nn } from "residual";

interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

function* fitting({ parameters, multiplyAdds }: Budget) {
  for (let width = 8; ; width++) {
    for (let depth = 20; ; depth += 6) {
      const cost = analysis.costOf(nn.cifarArchitecture({ depth, widths: [width, 2 * width, 4 * width] }));
      const use = Math.max(cost.parameters / parameters, cost.multiplyAdds / multiplyAdds);
      if (use > 1) {
        if (depth === 20) return;
        break;
      }
      yield { depth, width, use };
    }
  }
}

export function design(budget: Budget): Promise<{ depth: number; width: number }> {
  for (const { use, ...network } of fitting(budget)) if (use >= 0.8) return Promise.resolve(network);
  return Promise.reject(new RangeError("no network of the family uses 80 % of a budget"));
}
