// Calls the learner's count on one network.
import type { check } from "residual";

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "count-parameters": ({ parameterCount }, input) => {
    const { depth, classes } = input as { depth: number; classes: number };
    return (parameterCount as (depth: number, classes: number) => number)(depth, classes);
  },
};
