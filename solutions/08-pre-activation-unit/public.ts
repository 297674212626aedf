// What the notebook checks of the pre-activation unit: its shortcut, seen alone when both kernels are zeros.
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

/** A case with the kernels that `kernel` gives. */
export function drawCase(
  draw: Draw,
  kernel: (draw: Draw, shape: readonly number[]) => check.PlainTensor,
): Case {
  const norm = (channels: number) => ({
    scale: check.oddTensor(draw, [channels]),
    shift: check.oddTensor(draw, [channels]),
  });
  return {
    x: check.oddTensor(draw, [2, 8, 8, 4]),
    norms: [norm(4), norm(8)],
    kernels: [kernel(draw, [3, 3, 4, 8]), kernel(draw, [3, 3, 8, 8])],
  };
}

const zeros = (_: Draw, shape: readonly number[]): check.PlainTensor => ({
  shape,
  values: Array<number>(shape.reduce((a, b) => a * b)).fill(0),
});

/** Option A of images of which each number is as `of` makes it. */
function shortcut({ x }: Case, of: (value: number, channel: number) => number): check.PlainTensor {
  const values: number[] = [];
  for (let image = 0; image < 2; image++)
    for (let row = 0; row < 8; row += 2)
      for (let column = 0; column < 8; column += 2)
        for (let c = 0; c < 8; c++) {
          values.push(c < 4 ? of(x.values[((image * 8 + row) * 8 + column) * 4 + c]!, c) : 0);
        }
  return { shape: [2, 4, 4, 8], values };
}

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "clean-shortcut",
    title: "with zero kernels x itself is left, halved and padded",
    points: 2,
    cases: (seed) => [drawCase(check.stream(seed, "pre-activation-zeros"), zeros)],
    ...check.judgeBy<Case>(
      (drawn) => shortcut(drawn, (value) => value),
      [
        {
          mistake: "shortcut-from-the-activation",
          message: "the shortcut carries what was normalised and activated: it should carry x as it came in",
          gives: (drawn) => {
            const { scale, shift } = drawn.norms[0]!;
            return shortcut(drawn, (value, c) => Math.max(scale.values[c]! * value + shift.values[c]!, 0));
          },
        },
        {
          mistake: "relu-after-the-addition",
          message: "negative numbers are gone: in a pre-activation unit nothing follows the addition",
          gives: (drawn) => shortcut(drawn, (value) => Math.max(value, 0)),
        },
        {
          mistake: "forgets-the-shortcut",
          message: "nothing is left: the shortcut never reaches the output",
          gives: (drawn) => shortcut(drawn, () => 0),
        },
      ],
      { what: "the output" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
