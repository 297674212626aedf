// Calls the learner's reading on one pair of networks.
import type { check } from "residual";

interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

type Answer = (
  shallow: Curves,
  deep: Curves,
  last: number,
  margin: number,
) => { readonly training: number; readonly test: number; readonly verdict: string };

interface Pair {
  readonly shallow: Curves;
  readonly deep: Curves;
  readonly last: number;
  readonly margin: number;
}

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "reading-curves": ({ readCurves }, input) => {
    const { shallow, deep, last, margin } = input as unknown as Pair;
    const { training, test, verdict } = (readCurves as Answer)(shallow, deep, last, margin);
    return { training, test, verdict };
  },
};
