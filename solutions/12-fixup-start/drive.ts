// Calls the learner's answer on one input.
import { check } from "residual";

type Answer = (layers: readonly check.Plain[]) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "fixup-start": ({ fixupDeviations }, input) => {
    const { layers } = input as { readonly layers: readonly check.Plain[] };
    return check.given(input, () => (fixupDeviations as Answer)(layers));
  },
};
