// Calls the learner's answer on one input.
import { check } from "residual";

type Answer = (
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "conv-vjp": ({ convolutionVjp }, input) => {
    const { dy, x, w, stride, padding } = input as unknown as {
      readonly dy: readonly number[];
      readonly x: readonly number[];
      readonly w: readonly number[];
      readonly stride: number;
      readonly padding: number;
    };
    return check.given(input, async () =>
      check.fields(await (convolutionVjp as Answer)(dy, x, w, stride, padding), ["dx", "dw"]),
    );
  },
};
