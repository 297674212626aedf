// Calls the learner's answer on one input.
import type { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];
type Answer = (x: Vector, transform: Matrix, gate: Matrix, bias: number) => number[];

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "highway-gate": ({ highwayLayer }, input) => {
    const { x, transform, gate, bias } = input as unknown as {
      readonly x: Vector;
      readonly transform: Matrix;
      readonly gate: Matrix;
      readonly bias: number;
    };
    return (highwayLayer as Answer)(x, transform, gate, bias);
  },
};
