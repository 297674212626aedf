// What the notebook checks: every graded property, on public cases that hold numbers and no rule. The inputs are drawn here.
import { check } from "residual";
import { cases } from "./cases";

/** Images and the unit's kernels. */
export type Case = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

type Draw = ReturnType<typeof check.stream>;

/** The kernels' shapes, in the order of the unit's arguments. */
const kernelShapes = [
  [1, 1, 8, 4],
  [3, 3, 4, 4],
  [1, 1, 4, 16],
  [1, 1, 8, 16],
];

/** A tensor of small whole numbers, with which float32 computes exactly. */
function whole(draw: Draw, shape: readonly number[], from = [-3, -2, -1, 1, 2, 3]): check.PlainTensor {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Array.from({ length }, () => check.oneOf(draw, from)) };
}

/** @param zero the kernel that is zeros, by its place */
const drawCase = (draw: Draw, images: number, zero?: number): Case => ({
  x: whole(draw, [images, 8, 8, 8]),
  kernels: kernelShapes.map((shape, k) => whole(draw, shape, k === zero ? [0] : undefined)),
});

/** The inputs of each property. */
export const inputs: Readonly<Record<string, (seed: number) => readonly Case[]>> = {
  shortcut: (seed) => [drawCase(check.stream(seed, "bottleneck shortcut"), 9, 2)],
  residual: (seed) => [drawCase(check.stream(seed, "bottleneck residual"), 1, 3)],
  values: (seed) => [drawCase(check.stream(seed, "bottleneck"), 2)],
};

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases, inputs);
