// Calls the learner's interval on one pair of networks.
import { check } from "residual";

type Answer = (shallow: readonly number[], deep: readonly number[], t: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "gap-with-interval": ({ gapInterval }, input) => {
    const { shallow, deep, t } = input as { shallow: number[]; deep: number[]; t: number };
    return check.given(input, async () =>
      check.fields(await (gapInterval as Answer)(shallow, deep, t), ["gap", "lower", "upper"]),
    );
  },
};
