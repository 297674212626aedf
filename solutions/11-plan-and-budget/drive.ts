// Calls the learner's answer on one input.
import { check } from "residual";

type Answer = (plan: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "plan-and-budget": ({ planRuns }, input) =>
    check.given(input, async () =>
      check.fields(await (planRuns as Answer)(input), ["epochs", "hoursPerRun", "runs"]),
    ),
};
