// Calls the learner's interval on one pair of networks.
import type { check } from "residual";

type Answer = (
  shallow: readonly number[],
  deep: readonly number[],
  t: number,
) => { readonly gap: number; readonly lower: number; readonly upper: number };

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "gap-with-interval": ({ gapInterval }, input) => {
    const { shallow, deep, t } = input as { shallow: number[]; deep: number[]; t: number };
    const { gap, lower, upper } = (gapInterval as Answer)(shallow, deep, t);
    return { gap, lower, upper };
  },
};
