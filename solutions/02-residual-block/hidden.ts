// The hidden cases of the residual block: random kernels, and what known mistakes would give for them.
import { autodiff, check } from "residual";
import { byHand } from "./public";

interface Case {
  readonly x: check.PlainTensor;
  readonly first: check.PlainTensor;
  readonly second: check.PlainTensor;
}

function randomKernels(seed: number): readonly Case[] {
  const draw = check.stream(seed, "random-kernels");
  // Images that are not square, square, and one pixel small; one to five channels; and numbers far from zero on both sides.
  const kinds = [[2, 3, 4, 4], [1, 5, 5, 2], [3, 1, 1, 1], [1, 4, 2, 5]] as const; // prettier-ignore
  const drawn = kinds.map((shape) => ({
    x: check.oddTensor(draw, shape),
    first: check.oddTensor(draw, [3, 3, shape[3], shape[3]]),
    second: check.oddTensor(draw, [3, 3, shape[3], shape[3]]),
  }));
  const far = { ...drawn[1]!.x, values: drawn[1]!.x.values.map((value) => 20 * value) };
  return [...drawn, { ...drawn[1]!, x: far }];
}

/** What a block gives, computed in float64 by code that no learner calls. */
type Block = (x: autodiff.Value, f: Convolve, g: Convolve) => autodiff.Value;
type Convolve = (x: autodiff.Value) => autodiff.Value;

const { add, conv2d, relu } = autodiff;

function given(block: Block, { x, first, second }: Case): check.PlainTensor {
  const [input, ...kernels] = [x, first, second].map(check.float64);
  const [f, g] = kernels.map(
    (kernel): Convolve =>
      (value) =>
        conv2d(value, kernel, { padding: 1 }),
  );
  return check.plainFrom(autodiff.trace((value) => block(value, f!, g!), [input!]).output);
}

const right: Block = (x, f, g) => relu(add(g(relu(f(x))), x));

const mistakes: readonly (Omit<check.Slip, "gives"> & { readonly block: Block })[] = [
  {
    mistake: "forgets-the-shortcut",
    message: "x never reaches the output: add it to F(x)",
    block: (x, f, g) => relu(g(relu(f(x)))),
  },
  {
    mistake: "adds-after-the-last-relu",
    message: "the addition comes after the last ReLU: in Figure 2 it comes before it",
    block: (x, f, g) => add(relu(g(relu(f(x)))), x),
  },
  {
    mistake: "rectifies-the-shortcut",
    message: "a ReLU stands on the shortcut: x is carried past both layers as it is",
    block: (x, f, g) => relu(add(g(relu(f(x))), relu(x))),
  },
  {
    mistake: "forgets-the-relu-between",
    message: "no ReLU between the convolutions: two convolutions in a row are one linear map",
    block: (x, f, g) => relu(add(g(f(x)), x)),
  },
  {
    mistake: "rectifies-the-residual",
    message: "a ReLU stands on F(x) before the addition: then the block can only add, never take away",
    block: (x, f, g) => relu(add(relu(g(relu(f(x)))), x)),
  },
  {
    mistake: "uses-the-first-kernel-twice",
    message: "the second convolution has the first one's kernel",
    block: (x, f) => relu(add(f(relu(f(x))), x)),
  },
  {
    mistake: "clips-its-input",
    message: "numbers far below zero are cut off before the first convolution",
    block: (x, f, g) => relu(add(g(relu(f(add(relu(add(x, 3)), -3)))), x)),
  },
  {
    mistake: "forgets-the-last-relu",
    message: "negative numbers come out: a ReLU follows the addition",
    block: (x, f, g) => add(g(relu(f(x))), x),
  },
];

/** Two sums of 9C products each, one after the other, and an addition. */
function rounding(drawn: Case): number {
  const [, , channels] = drawn.first.shape as [number, number, number, number];
  return check.float32(2 * (9 * channels + 2), check.largest(given(right, check.absolutes(drawn))));
}

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "residual-block",
    title: "A residual block that adds its input",
    needs: ["residualBlock"],
    properties: [
      ...byHand,
      {
        id: "equation-one",
        title: "with any kernels it gives ReLU(F(x) + x)",
        points: 3,
        cases: (seed) => randomKernels(seed).map((drawn) => ({ ...drawn })),
        ...check.judgeBy<Case>(
          (drawn) => given(right, drawn),
          mistakes.map(({ block, ...slip }) => ({ ...slip, gives: (drawn) => given(block, drawn) })),
          { what: "the block's output", within: rounding },
        ),
      },
    ],
  },
];
