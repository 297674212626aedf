// What the notebook checks: every graded property, on public cases that hold numbers and no rule. The inputs are drawn here.
import { check } from "residual";
import { cases } from "./cases";

type Norm = { readonly scale: check.PlainTensor; readonly shift: check.PlainTensor };

/** Images, the kernels of both convolutions and of the projection, and their norms. */
export type Case = {
  readonly x: check.PlainTensor;
  readonly kernels: readonly check.PlainTensor[];
  readonly norms: readonly Norm[];
};

type Draw = ReturnType<typeof check.stream>;

/** A case with so many images, whose residual's kernels `kernel` gives. */
function drawCase(
  draw: Draw,
  images: number,
  kernel: (draw: Draw, shape: readonly number[]) => check.PlainTensor,
): Case {
  const norm = () => ({ scale: check.oddTensor(draw, [8]), shift: check.oddTensor(draw, [8]) });
  return {
    x: check.oddTensor(draw, [images, 8, 8, 4]),
    kernels: [kernel(draw, [3, 3, 4, 8]), kernel(draw, [3, 3, 8, 8]), check.oddTensor(draw, [1, 1, 4, 8])],
    norms: [norm(), norm(), norm()],
  };
}

const zeros = (_: Draw, shape: readonly number[]): check.PlainTensor => ({
  shape,
  values: Array<number>(shape.reduce((a, b) => a * b)).fill(0),
});

/** The inputs of each property. */
export const inputs: Readonly<Record<string, (seed: number) => readonly Case[]>> = {
  shortcut: (seed) => [drawCase(check.stream(seed, "projection-shortcut"), 9, zeros)],
  values: (seed) =>
    [1, 2].map((images) => drawCase(check.stream(seed, `projection ${images}`), images, check.oddTensor)),
};

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases, inputs);
