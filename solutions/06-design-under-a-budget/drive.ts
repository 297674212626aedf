// Calls the learner's design on one budget.
import type { check } from "residual";

type Answer = (budget: check.Plain) => { readonly depth: number; readonly width: number };

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "design-under-a-budget": ({ design }, input) => {
    const { depth, width } = (design as Answer)(input);
    return { depth, width };
  },
};
