// Calls the learner's factors on one list.
import type { check } from "residual";

type Answer = (lambdas: readonly number[]) => {
  readonly carried: number;
  readonly residuals: readonly number[];
};

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "shortcut-factors": ({ shortcutFactors }, input) => {
    const { carried, residuals } = (shortcutFactors as Answer)(input as number[]);
    return { carried, residuals: Array.from(residuals) };
  },
};
