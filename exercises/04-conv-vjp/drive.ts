// Calls the learner's answer on one input.
import type { check } from "residual";

type Answer = (
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
) => { readonly dx: readonly number[]; readonly dw: readonly number[] };

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
    const { dx, dw } = (convolutionVjp as Answer)(dy, x, w, stride, padding);
    return { dx, dw };
  },
};
