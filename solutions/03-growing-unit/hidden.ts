// The hidden cases of the growing unit: no kernels, random kernels, and the shapes in its type.
import { autodiff, check } from "residual";
import { inputs, type Case } from "./public";

const { add, conv2d, padChannels, relu, subsample } = autodiff;

/** F(x) and the output from it, in float64 by code that no learner calls. */
type Unit = (x: autodiff.Value, first: autodiff.NdArray, second: autodiff.NdArray) => autodiff.Value;

const shortcut = (x: autodiff.Value) => padChannels(subsample(x, { stride: 2 }), { added: 16 });
const strided = { stride: 2, padding: 1 };
const whole = { padding: 1 };

const right: Unit = (x, first, second) =>
  relu(add(conv2d(relu(conv2d(x, first, strided)), second, whole), shortcut(x)));

/** What a unit gives, at the pixels that `drive.ts` picks. */
function given(unit: Unit, { x, first, second }: Case): check.PlainTensor {
  const program = (value: autodiff.Value) =>
    subsample(unit(value, check.float64(first), check.float64(second)), { stride: 5 });
  return check.plainFrom(autodiff.trace(program, [check.float64(x)]).output);
}

const mistakes: readonly (Omit<check.Slip, "gives"> & { readonly unit: Unit })[] = [
  {
    mistake: "stride-on-the-second",
    message: "the second convolution has the stride: the paper halves the image in the first",
    unit: (x, first, second) =>
      relu(add(conv2d(relu(conv2d(x, first, whole)), second, strided), shortcut(x))),
  },
  {
    mistake: "forgets-the-relu-between",
    message: "no ReLU between the convolutions",
    unit: (x, first, second) => relu(add(conv2d(conv2d(x, first, strided), second, whole), shortcut(x))),
  },
  {
    mistake: "adds-after-the-last-relu",
    message: "the addition comes after the last ReLU: it comes before it",
    unit: (x, first, second) =>
      add(relu(conv2d(relu(conv2d(x, first, strided)), second, whole)), shortcut(x)),
  },
];

/** The rows and columns that are looked at, as `drive.ts` picks them of the 16. */
const picked = [0, 5, 10, 15];

/** The number of output channel c at a row and a column, where `pixel` reads x. */
type Rule = (
  pixel: (row: number, column: number, c: number) => number,
  row: number,
  column: number,
  c: number,
) => number;

/** ReLU of a shortcut given by its rule, at the pixels that are looked at. */
function rectified({ x }: Case, rule: Rule): check.PlainTensor {
  const [images] = x.shape;
  const values: number[] = [];
  for (let image = 0; image < images!; image++) {
    const pixel = (row: number, column: number, c: number) =>
      x.values[((image * 32 + row) * 32 + column) * 16 + c]!;
    for (const row of picked)
      for (const column of picked)
        for (let c = 0; c < 32; c++) values.push(Math.max(rule(pixel, row, column, c), 0));
  }
  return { shape: [images!, picked.length, picked.length, 32], values };
}

const every =
  (offset: number): Rule =>
  (pixel, row, column, c) =>
    c < 16 ? pixel(2 * row + offset, 2 * column + offset, c) : 0;

const averaged: Rule = (pixel, row, column, c) => {
  if (c >= 16) return 0;
  const [top, left] = [2 * row, 2 * column];
  return (
    (pixel(top, left, c) + pixel(top + 1, left, c) + pixel(top, left + 1, c) + pixel(top + 1, left + 1, c)) /
    4
  );
};

const wrongShortcut = (mistake: string, message: string, rule: Rule): check.Mistake<Case> => ({
  mistake,
  message,
  gives: (drawn) => rectified(drawn, rule),
});

/** What mistakes in the shortcut give where F(x) is 0. */
const shortcuts: readonly check.Mistake<Case>[] = [
  {
    mistake: "stops-at-eight-images",
    message: "the images behind the eighth come out as zeros: a batch may hold any number of images",
    gives: (drawn) => check.firstOnly(rectified(drawn, every(0)), 8),
  },
  wrongShortcut(
    "averages-instead-of-subsampling",
    "the shortcut averages 2x2 pixels: which of them does option A take?",
    averaged,
  ),
  wrongShortcut(
    "repeats-the-channels",
    "the new channels repeat the old ones: what does option A put there?",
    (pixel, row, column, c) => pixel(2 * row, 2 * column, c % 16),
  ),
  wrongShortcut(
    "pads-in-front",
    "the zeros stand before x's channels: they belong behind them",
    (pixel, row, column, c) => (c < 16 ? 0 : pixel(2 * row, 2 * column, c - 16)),
  ),
  wrongShortcut(
    "starts-at-the-second-pixel",
    "the shortcut takes the odd rows and columns: on which is the stride-2 convolution centred?",
    every(1),
  ),
  wrongShortcut(
    "forgets-the-shortcut",
    "with F(x) = 0 the output is all zeros: the shortcut never reaches it",
    () => 0,
  ),
];

/** Sums of 9 x 16 and of 9 x 32 products, one after the other, and an addition. */
const rounding = (drawn: Case): number =>
  check.float32(9 * 16 + 9 * 32 + 4, check.largest(given(right, check.absolutes(drawn))));

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "growing-unit",
    title: "A unit that halves the image, with a shortcut that follows",
    needs: ["growingUnit"],
    properties: [
      {
        id: "type",
        title: "its type promises Images<16, 16, 32>",
        points: 1,
        types: [
          `declare const images: import("residual").shapes.Images<32, 32, 16>;`,
          `declare const kernels: [import("residual").shapes.Shape<readonly [3, 3, 16, 32]>, import("residual").shapes.Shape<readonly [3, 3, 32, 32]>];`,
          `const halved: import("residual").shapes.Images<16, 16, 32> = growingUnit(images, ...kernels);`,
          `// @ts-expect-error what comes out has 32 channels, not 16`,
          `const narrow: import("residual").shapes.Images<16, 16, 16> = growingUnit(images, ...kernels);`,
          `void [halved, narrow];`,
        ].join("\n"),
        otherwise: {
          mistake: "promises-another-shape",
          message:
            "the cell does not compile with a result of type Images<16, 16, 32>: a shape does not fit, or Output says less than that",
        },
      },
      {
        id: "shortcut",
        title: "with zero kernels it gives ReLU of option A's shortcut",
        points: 3,
        cases: inputs.shortcut,
        ...check.judgeBy<Case>((drawn) => rectified(drawn, every(0)), shortcuts, {
          what: "the output (every fifth row and column of it)",
        }),
      },
      {
        id: "values",
        title: "with any kernels it gives ReLU(F(x) + shortcut)",
        points: 3,
        cases: inputs.values,
        ...check.judgeBy<Case>(
          (drawn) => given(right, drawn),
          mistakes.map(({ unit, ...slip }) => ({ ...slip, gives: (drawn) => given(unit, drawn) })),
          { what: "the output (every fifth row and column of it)", within: rounding },
        ),
      },
    ],
  },
];
