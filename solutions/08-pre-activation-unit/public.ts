// What the notebook checks: every graded property, on public cases that hold numbers and no rule. The inputs are drawn here.
import { check } from "residual";
import { cases } from "./cases";

type Norm = { readonly scale: check.PlainTensor; readonly shift: check.PlainTensor };

/** Images, and the unit's norms and kernels. */
export type Case = {
  readonly x: check.PlainTensor;
  readonly norms: readonly Norm[];
  readonly kernels: readonly check.PlainTensor[];
};

type Draw = ReturnType<typeof check.stream>;

/** A tensor of small whole numbers, with which float32 computes exactly. */
function whole(draw: Draw, shape: readonly number[], from = [-3, -2, -1, 1, 2, 3]): check.PlainTensor {
  const length = shape.reduce((product, side) => product * side, 1);
  return { shape, values: Array.from({ length }, () => check.oneOf(draw, from)) };
}

/** @param weights what the kernels are drawn from */
function drawCase(draw: Draw, images: number, weights?: number[]): Case {
  const norm = (channels: number) => ({ scale: whole(draw, [channels]), shift: whole(draw, [channels]) });
  return {
    x: whole(draw, [images, 8, 8, 4]),
    norms: [norm(4), norm(8)],
    kernels: [whole(draw, [3, 3, 4, 8], weights), whole(draw, [3, 3, 8, 8], weights)],
  };
}

/** The inputs of each property. */
export const inputs: Readonly<Record<string, (seed: number) => readonly Case[]>> = {
  "clean-shortcut": (seed) => [drawCase(check.stream(seed, "pre-activation shortcut"), 9, [0])],
  values: (seed) => [1, 2].map((images) => drawCase(check.stream(seed, `pre-activation ${images}`), images)),
};

/** The properties. */
export const properties: readonly check.CaseProperty[] = check.published(cases, inputs);
