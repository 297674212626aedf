// Calls the learner's answer on one input.
import { check } from "residual";

type Answer = (start: number, units: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "growth-with-depth": ({ signalVariances }, input) => {
    const { start, units } = input as { readonly start: number; readonly units: check.Plain };
    return check.given(input, () => (signalVariances as Answer)(start, units));
  },
};
