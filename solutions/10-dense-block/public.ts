// What the notebook checks of the unit: what it keeps, seen alone when both kernels are zeros.
import { check } from "residual";
import { cases } from "./cases";

/** Images and the unit's kernels. */
export type Case = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

type Draw = ReturnType<typeof check.stream>;
type Kernel = (draw: Draw, shape: readonly number[]) => check.PlainTensor;

/** The kernels' shapes, in the order of the unit's arguments. */
const kernelShapes = [
  [3, 3, 6, 4],
  [3, 3, 10, 4],
];

/** A case with each kernel as `kernels` gives it; the last one given serves for the rest. */
export function drawCase(draw: Draw, ...kernels: readonly Kernel[]): Case {
  return {
    x: check.oddTensor(draw, [2, 8, 8, 6]),
    kernels: kernelShapes.map((shape, k) => (kernels[k] ?? kernels.at(-1)!)(draw, shape)),
  };
}

const zeros: Kernel = (_, shape) => ({ shape, values: Array<number>(shape.reduce((a, b) => a * b)).fill(0) });

/** 14 channels for each pixel of x, by a rule. */
function channels({ x }: Case, rule: (own: readonly number[]) => readonly number[]): check.PlainTensor {
  const pixels = Array.from({ length: x.values.length / 6 }, (_, pixel) =>
    x.values.slice(6 * pixel, 6 * pixel + 6),
  );
  return { shape: [2, 8, 8, 14], values: pixels.flatMap(rule) };
}

const none = Array<number>(8).fill(0);

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "keeps-its-input",
    title: "with zero kernels it gives its input, and zeros behind it",
    points: 1,
    cases: (seed) => [drawCase(check.stream(seed, "dense-zeros"), zeros)],
    ...check.judgeBy<Case>(
      (drawn) => channels(drawn, (own) => [...own, ...none]),
      [
        {
          mistake: "puts-new-channels-first",
          message: "the new channels stand in front of the old ones: the order is [x_0, x_1, x_2]",
          gives: (drawn) => channels(drawn, (own) => [...none, ...own]),
        },
        {
          mistake: "hands-on-what-is-activated",
          message: "negative numbers of the input are gone: what is handed on is not activated",
          gives: (drawn) => channels(drawn, (own) => [...own.map((value) => Math.max(value, 0)), ...none]),
        },
      ],
      { what: "the output" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
