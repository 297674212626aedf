// Calls the learner's factors on one list.
import { check } from "residual";

type Answer = (lambdas: readonly number[]) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "shortcut-factors": ({ shortcutFactors }, input) => {
    return check.given(input, async () =>
      check.fields(await (shortcutFactors as Answer)(input as number[]), ["carried", "residuals"]),
    );
  },
};
