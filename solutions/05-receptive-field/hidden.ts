// The hidden cases of the receptive field: random stacks with strides and 1x1 convolutions.
import { check } from "residual";
import { byHand } from "./public";

type Layers = readonly { readonly kernel: number; readonly stride: number }[];

/** The pixels that one output depends on, followed down to the image one by one: it knows no formula. */
function right(layers: Layers): number {
  let [first, last] = [0, 0];
  for (const { kernel, stride } of layers.toReversed())
    [first, last] = [first * stride, last * stride + kernel - 1];
  return last - first + 1;
}

/** The formula with one thing changed in it. */
function summed(
  layers: Layers,
  grow: (kernel: number, jump: number, stride: number) => number,
  from = 1,
): number {
  let [size, jump] = [from, 1];
  for (const { kernel, stride } of layers) {
    size += grow(kernel, jump, stride);
    jump *= stride;
  }
  return size;
}

const mistakes: readonly check.Mistake<Layers>[] = [
  {
    mistake: "ignores-the-strides",
    message: "strides make no difference here: behind a stride of 2, neighbours are two pixels apart",
    gives: (layers) => summed(layers, (kernel) => kernel - 1),
  },
  {
    mistake: "takes-the-stride-too-early",
    message: "a layer's own stride is counted for its own kernel: it spreads its outputs, not its inputs",
    gives: (layers) => summed(layers, (kernel, jump, stride) => (kernel - 1) * jump * stride),
  },
  {
    mistake: "starts-from-nothing",
    message: "one pixel is missing: without a layer a feature sees 1",
    gives: (layers) => summed(layers, (kernel, jump) => (kernel - 1) * jump, 0),
  },
  {
    mistake: "adds-whole-kernels",
    message: "whole kernels are added: a kernel of k widens the view by k - 1 steps",
    gives: (layers) => summed(layers, (kernel, jump) => kernel * jump, 0),
  },
  {
    mistake: "multiplies-the-kernels",
    message: "the kernels are multiplied, as if their windows lay side by side: they overlap",
    gives: (layers) => layers.reduce((size, { kernel }) => size * kernel, 1),
  },
  {
    mistake: "takes-the-last-stride-only",
    message: "a step is as wide as the stride of the layer just below: all the strides below multiply",
    gives: (layers) =>
      layers.reduce((size, { kernel }, i) => size + (kernel - 1) * (layers[i - 1]?.stride ?? 1), 1),
  },
];

/** Stacks in which the last stride differs from 1, so that no two mistakes agree. */
function stacks(seed: number): readonly Layers[] {
  const draw = check.stream(seed, "receptive-field");
  const layer = (stride: number) => ({ kernel: check.oneOf(draw, [3, 5, 7]), stride });
  return [
    [layer(2), layer(2), layer(1), layer(3)],
    [layer(1), layer(2), { kernel: 1, stride: 2 }, layer(1), layer(1), layer(2)],
  ];
}

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "receptive-field",
    title: "How much of the image does one feature see?",
    needs: ["receptiveField"],
    properties: [
      ...byHand,
      {
        id: "deep-stacks",
        title: "it is right for deep stacks with strides",
        points: 3,
        cases: stacks,
        ...check.judgeBy(right, mistakes, { what: "the side of the receptive field" }),
      },
    ],
  },
];
