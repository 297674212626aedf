// Calls the learner's count of paths on one number of units.
import type { check } from "residual";

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "path-lengths": ({ pathLengths }, input) => (pathLengths as (n: number) => number[])(input as number),
};
