// Calls the learner's answer on one input.
import { check } from "residual";

type Field = (x: ArrayLike<number>) => number[];
type Answer = (field: Field, x: readonly number[], time: number, units: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "euler-steps": ({ evolve }, input) => {
    const { matrix, x, time, units } = input as unknown as {
      readonly matrix: readonly (readonly number[])[];
      readonly x: readonly number[];
      readonly time: number;
      readonly units: number;
    };
    // f(x) = tanh(A x)
    const field: Field = (state) =>
      matrix.map((row) => Math.tanh(row.reduce((sum, a, j) => sum + a * state[j]!, 0)));
    return check.given(input, () => (evolve as Answer)(field, x, time, units));
  },
};
