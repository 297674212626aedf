// Calls the learner's paddings on one convolution.
import { check } from "residual";

type Answer = (n: number, k: number, s: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "stride-and-padding": ({ paddings }, input) => {
    const { n, k, s } = input as { n: number; k: number; s: number };
    return check.given(input, async () => {
      const { symmetric, same } = check.fields(await (paddings as Answer)(n, k, s), ["symmetric", "same"]);
      const three = (padding: unknown) => check.fields(padding, ["before", "after", "output"]);
      return { symmetric: three(symmetric), same: three(same) };
    });
  },
};
