// Calls the learner's paddings on one convolution.
import type { check } from "residual";

interface Padding {
  readonly before: number;
  readonly after: number;
  readonly output: number;
}

type Answer = (n: number, k: number, s: number) => { readonly symmetric: Padding; readonly same: Padding };

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "stride-and-padding": ({ paddings }, input) => {
    const { n, k, s } = input as { n: number; k: number; s: number };
    const { symmetric, same } = (paddings as Answer)(n, k, s);
    const three = ({ before, after, output }: Padding) => ({ before, after, output });
    return { symmetric: three(symmetric), same: three(same) };
  },
};
