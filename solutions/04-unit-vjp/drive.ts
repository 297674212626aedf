// Calls the learner's answer on one input.
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Answer = (x: Vector, first: Matrix, second: Matrix, dy: Vector) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "unit-vjp": ({ unitVjp }, input) => {
    const { x, first, second, dy } = input as unknown as {
      readonly x: Vector;
      readonly first: Matrix;
      readonly second: Matrix;
      readonly dy: Vector;
    };
    return check.given(input, async () =>
      check.fields(await (unitVjp as Answer)(x, first, second, dy), ["dx", "dFirst", "dSecond"]),
    );
  },
};
