// Calls the learner's answer on one input.
import type { check } from "residual";

type Field = (x: readonly number[]) => number[];
type Answer = (field: Field, x: readonly number[], time: number, units: number) => number[][];

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
    const field = (state: readonly number[]) =>
      matrix.map((row) => Math.tanh(row.reduce((sum, a, j) => sum + a * state[j]!, 0)));
    const own = [...x];
    const states = (evolve as Answer)(field, own, time, units).map((state) => [...state]);
    return { states, x: own };
  },
};
