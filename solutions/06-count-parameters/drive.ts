// Calls the learner's count on one network.
import { check } from "residual";

type Answer = (network: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "count-parameters": ({ parameterCount }, input) =>
    check.given(input, () => (parameterCount as Answer)(input)),
};
