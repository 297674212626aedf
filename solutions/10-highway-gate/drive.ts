// Calls the learner's answer on one input.
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Answer = (x: Vector, transform: Matrix, gate: Matrix, bias: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "highway-gate": ({ highwayLayer }, input) => {
    const { x, transform, gate, bias } = input as unknown as {
      readonly x: Vector;
      readonly transform: Matrix;
      readonly gate: Matrix;
      readonly bias: number;
    };
    return check.given(input, () => (highwayLayer as Answer)(x, transform, gate, bias));
  },
};
