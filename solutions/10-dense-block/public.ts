// What the notebook checks: every graded property, on public cases that hold numbers and no rule. The inputs are drawn here.
import { check } from "residual";
import { cases } from "./cases";

/** Images and the block's kernels. */
export type Case = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

type Draw = ReturnType<typeof check.stream>;

/** The kernels' shapes, in the order of the block's arguments. */
const kernelShapes = [
  [3, 3, 6, 4],
  [3, 3, 10, 4],
];

/** A tensor of small whole numbers, with which float32 computes exactly. */
function whole(draw: Draw, shape: readonly number[], from = [-3, -2, -1, 1, 2, 3]): check.PlainTensor {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Array.from({ length }, () => check.oneOf(draw, from)) };
}

/** @param weights what the kernels are drawn from */
const drawCase = (draw: Draw, images: number, weights?: number[]): Case => ({
  x: whole(draw, [images, 8, 8, 6]),
  kernels: kernelShapes.map((shape) => whole(draw, shape, weights)),
});

/** The inputs of each property. */
export const inputs: Readonly<Record<string, (seed: number) => readonly Case[]>> = {
  "keeps-its-input": (seed) =>
    [1, 9].map((images) => drawCase(check.stream(seed, `dense-block input ${images}`), images, [0])),
  values: (seed) => [drawCase(check.stream(seed, "dense-block"), 2)],
};

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases, inputs);
