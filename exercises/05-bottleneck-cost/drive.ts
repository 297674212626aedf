// Calls the learner's costs on one bottleneck.
import type { check } from "residual";

type Answer = (unit: check.Plain) => { readonly parameters: number; readonly multiplyAdds: number };

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "bottleneck-cost": ({ bottleneckCost }, input) => {
    const { parameters, multiplyAdds } = (bottleneckCost as Answer)(input);
    return { parameters, multiplyAdds };
  },
};
