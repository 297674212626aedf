// What the notebook checks of the projection unit: its shortcut, seen alone when the residual's kernels are zeros.
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

/** A case whose residual's kernels `kernel` gives. */
export function drawCase(
  draw: Draw,
  kernel: (draw: Draw, shape: readonly number[]) => check.PlainTensor,
): Case {
  const norm = () => ({ scale: check.oddTensor(draw, [8]), shift: check.oddTensor(draw, [8]) });
  return {
    x: check.oddTensor(draw, [2, 8, 8, 4]),
    kernels: [kernel(draw, [3, 3, 4, 8]), kernel(draw, [3, 3, 8, 8]), check.oddTensor(draw, [1, 1, 4, 8])],
    norms: [norm(), norm(), norm()],
  };
}

const zeros = (_: Draw, shape: readonly number[]): check.PlainTensor => ({
  shape,
  values: Array<number>(shape.reduce((a, b) => a * b)).fill(0),
});

/** ReLU of what the residual's norm leaves of zeros, its shift, plus a shortcut given pixel by pixel. */
function rectified(
  { x, kernels, norms }: Case,
  shortcut: (projected: number, channel: number) => number,
): check.PlainTensor {
  const projection = kernels[2]!;
  const values: number[] = [];
  for (let image = 0; image < 2; image++)
    for (let row = 0; row < 8; row += 2)
      for (let column = 0; column < 8; column += 2)
        for (let channel = 0; channel < 8; channel++) {
          const pixel = ((image * 8 + row) * 8 + column) * 4;
          let projected = 0;
          for (let c = 0; c < 4; c++) projected += x.values[pixel + c]! * projection.values[c * 8 + channel]!;
          values.push(Math.max(norms[1]!.shift.values[channel]! + shortcut(projected, channel), 0));
        }
  return { shape: [2, 4, 4, 8], values };
}

const affine =
  ({ scale, shift }: Norm) =>
  (value: number, channel: number) =>
    scale.values[channel]! * value + shift.values[channel]!;

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "shortcut",
    title: "with zero kernels in F, what is left is the normalised projection",
    points: 2,
    cases: (seed) => [drawCase(check.stream(seed, "projection-shortcut"), zeros)],
    ...check.judgeBy<Case>(
      (drawn) => rectified(drawn, affine(drawn.norms[2]!)),
      [
        {
          mistake: "projection-without-norm",
          message: "the projection is added as it is: a normalisation follows each convolution, this one too",
          gives: (drawn) => rectified(drawn, (projected) => projected),
        },
        {
          mistake: "rectifies-the-shortcut",
          message: "a ReLU stands on the shortcut: the one ReLU comes after the addition",
          gives: (drawn) => rectified(drawn, (...at) => Math.max(affine(drawn.norms[2]!)(...at), 0)),
        },
        {
          mistake: "shares-the-norm",
          message: "the projection is normalised with the second convolution's norm: it has one of its own",
          gives: (drawn) => rectified(drawn, affine(drawn.norms[1]!)),
        },
        {
          mistake: "forgets-the-shortcut",
          message: "the shortcut never reaches the output: add it to the residual",
          gives: (drawn) => rectified(drawn, () => 0),
        },
      ],
      { what: "the output", within: 1e-3 },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
