// Calls the learner's reading on one pair of networks.
import { check } from "residual";

interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

type Answer = (shallow: Curves, deep: Curves, last: number, margin: number) => unknown;

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
    return check.given(input, async () =>
      check.fields(await (readCurves as Answer)(shallow, deep, last, margin), [
        "training",
        "test",
        "verdict",
      ]),
    );
  },
};
