// What the notebook checks of the unit: its shortcut, seen alone when the last kernel of F is zeros.
import { check } from "residual";
import { cases } from "./cases";

/** Images and the unit's kernels. */
export type Case = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

type Draw = ReturnType<typeof check.stream>;
type Kernel = (draw: Draw, shape: readonly number[]) => check.PlainTensor;

/** The kernels' shapes, in the order of the unit's arguments. */
const kernelShapes = [
  [1, 1, 8, 4],
  [3, 3, 4, 4],
  [1, 1, 4, 16],
  [1, 1, 8, 16],
];

/** A case with each kernel as `kernels` gives it; the last one given serves for the rest. */
export function drawCase(draw: Draw, ...kernels: readonly Kernel[]): Case {
  return {
    x: check.oddTensor(draw, [2, 8, 8, 8]),
    kernels: kernelShapes.map((shape, k) => (kernels[k] ?? kernels.at(-1)!)(draw, shape)),
  };
}

const zeros: Kernel = (_, shape) => ({ shape, values: Array<number>(shape.reduce((a, b) => a * b)).fill(0) });

/** The projection of every second pixel, each number as `of` makes it. */
function projected({ x, kernels }: Case, of: (value: number) => number): check.PlainTensor {
  const values: number[] = [];
  for (let image = 0; image < 2; image++)
    for (let row = 0; row < 8; row += 2)
      for (let column = 0; column < 8; column += 2)
        for (let channel = 0; channel < 16; channel++) {
          let sum = 0;
          const pixel = ((image * 8 + row) * 8 + column) * 8;
          for (let c = 0; c < 8; c++) sum += x.values[pixel + c]! * kernels[3]!.values[c * 16 + channel]!;
          values.push(of(sum));
        }
  return { shape: [2, 4, 4, 16], values };
}

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "shortcut",
    title: "when the last kernel of F is zeros, the rectified projection is left",
    points: 1,
    cases: (seed) => [
      drawCase(check.stream(seed, "bottleneck"), check.oddTensor, check.oddTensor, zeros, check.oddTensor),
    ],
    ...check.judgeBy<Case>(
      (drawn) => projected(drawn, (value) => Math.max(value, 0)),
      [
        {
          mistake: "forgets-the-shortcut",
          message: "nothing is left: the shortcut never reaches the output",
          gives: (drawn) => projected(drawn, () => 0),
        },
        {
          mistake: "no-relu-after-the-addition",
          message: "negative numbers come out: a ReLU follows the addition",
          gives: (drawn) => projected(drawn, (value) => value),
        },
      ],
      { what: "the output", within: 1e-3 },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
