// Calls the learner's answers on one input: the step's end and how often it asked for a slope, or the order.
import { check } from "residual";

type Field = (x: ArrayLike<number>, t: number) => number[];
type Heun = (field: Field, x: readonly number[], from: number, to: number, steps: number) => unknown;
type Order = (coarse: readonly number[], middle: readonly number[], fine: readonly number[]) => unknown;

interface Curve {
  readonly matrix: readonly (readonly number[])[];
  readonly drift: readonly number[];
  readonly x: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "heun-step": async ({ heun, observedOrder }, input) => {
    const { ends, curve, counts } = input as unknown as {
      readonly ends?: readonly [readonly number[], readonly number[], readonly number[]];
      readonly curve?: Curve;
      readonly counts?: true;
    };
    if (ends) return check.given(input, () => (observedOrder as Order)(...ends));
    const { matrix, drift, x, from, to, steps } = curve!;
    let asked = 0;
    // f(x, t) = tanh(A x + t b)
    const field: Field = (state, t) => {
      asked++;
      return matrix.map((row, i) =>
        Math.tanh(row.reduce((sum, a, j) => sum + a * state[j]!, 0) + t * drift[i]!),
      );
    };
    const end = await check.given(input, () => (heun as Heun)(field, x, from, to, steps));
    return counts ? asked : end;
  },
};
