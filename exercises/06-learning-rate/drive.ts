// Calls the learner's schedule on some steps.
import { check } from "residual";

type Answer = (step: number, warmUp: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "learning-rate": ({ learningRate }, input) => {
    const { steps, warmUp } = input as { steps: readonly number[]; warmUp: number };
    return check.given(input, () => steps.map((step) => (learningRate as Answer)(step, warmUp)));
  },
};
