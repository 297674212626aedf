// Calls the learner's answer on one input.
import type { check } from "residual";

type Answer = (plan: check.Plain) => {
  readonly epochs: number;
  readonly hoursPerRun: number;
  readonly runs: number;
};

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "plan-and-budget": ({ planRuns }, input) => {
    const { epochs, hoursPerRun, runs } = (planRuns as Answer)(input);
    return { epochs, hoursPerRun, runs };
  },
};
