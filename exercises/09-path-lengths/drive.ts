// Calls the learner's count of paths on one number of units.
import { check } from "residual";

type Answer = (n: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "path-lengths": ({ pathLengths }, input) => check.given(input, () => (pathLengths as Answer)(input)),
};
