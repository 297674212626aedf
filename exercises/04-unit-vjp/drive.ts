// Calls the learner's answer on one input.
import type { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Answer = (
  x: Vector,
  first: Matrix,
  second: Matrix,
  dy: Vector,
) => { readonly dx: Vector; readonly dFirst: Matrix; readonly dSecond: Matrix };

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "unit-vjp": ({ unitVjp }, input) => {
    const { x, first, second, dy } = input as unknown as {
      readonly x: Vector;
      readonly first: Matrix;
      readonly second: Matrix;
      readonly dy: Vector;
    };
    const { dx, dFirst, dSecond } = (unitVjp as Answer)(x, first, second, dy);
    return { dx, dFirst, dSecond };
  },
};
