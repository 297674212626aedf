// Calls the learner's design on one budget.
import { check } from "residual";

type Answer = (budget: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "design-under-a-budget": ({ design }, input) =>
    check.given(input, async () => check.fields(await (design as Answer)(input), ["depth", "width"])),
};
