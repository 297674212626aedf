// Calls the learner's answer on one input.
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];
interface Norm {
  readonly scale: Vector;
  readonly shift: Vector;
}
type Answer = (x: Vector, first: Matrix, firstNorm: Norm, second: Matrix, secondNorm: Norm) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "find-the-bugs": ({ block }, input) => {
    const { x, kernels, norms } = input as unknown as {
      readonly x: Vector;
      readonly kernels: readonly [Matrix, Matrix];
      readonly norms: readonly [Norm, Norm];
    };
    return check.given(input, () => (block as Answer)(x, kernels[0], norms[0], kernels[1], norms[1]));
  },
};
