// Calls the learner's costs on one bottleneck.
import { check } from "residual";

type Answer = (unit: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "bottleneck-cost": ({ bottleneckCost }, input) =>
    check.given(input, async () =>
      check.fields(await (bottleneckCost as Answer)(input), ["parameters", "multiplyAdds"]),
    ),
};
