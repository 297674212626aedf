// Calls the learner's answer on one input.
import { check } from "residual";

type Answer = (alphas: readonly number[], losses: readonly number[], rise: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "valley-width": ({ valleyWidth }, input) => {
    const { alphas, losses, rise } = input as unknown as {
      readonly alphas: readonly number[];
      readonly losses: readonly number[];
      readonly rise: number;
    };
    return check.given(input, () => (valleyWidth as Answer)(alphas, losses, rise));
  },
};
