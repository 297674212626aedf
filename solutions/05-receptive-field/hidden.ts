// What is graded of the receptive field: stacks of every kind of layer, and what known mistakes give for them.
import { check } from "residual";

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
  { from = 1, step = (jump: number, stride: number) => jump * stride } = {},
): number {
  let [size, jump] = [from, 1];
  for (const { kernel, stride } of layers) {
    size += grow(kernel, jump, stride);
    jump = step(jump, stride);
  }
  return size;
}

const grown = (kernel: number, jump: number) => (kernel - 1) * jump;

const mistakes: readonly check.Mistake<Layers>[] = [
  {
    mistake: "sees-nothing-without-layers",
    message: "without layers a feature is a pixel of the image, and sees itself",
    gives: (layers) => (layers.length === 0 ? 0 : right(layers)),
  },
  {
    mistake: "caps-at-the-image",
    message: "the field ends at a fixed size: it may be larger than the image, which is then padded",
    gives: (layers) => Math.min(right(layers), 224),
  },
  {
    mistake: "fills-the-gaps",
    message:
      "a layer whose stride is larger than its kernel is counted as wide as its stride: it skips pixels",
    gives: (layers) =>
      layers.reduceRight(
        (size, { kernel, stride }) => (size - 1) * stride + (size > 1 ? Math.max(kernel, stride) : kernel),
        1,
      ),
  },
  {
    mistake: "skips-1x1-layers",
    message: "the stride of a 1x1 layer is lost: it widens nothing, but what comes after it steps further",
    gives: (layers) => right(layers.filter(({ kernel }) => kernel > 1)),
  },
  {
    mistake: "knows-odd-kernels-only",
    message: "an even kernel counts like the next odd one: it takes an even number of neighbours",
    gives: (layers) =>
      right(layers.map(({ kernel, stride }) => ({ kernel: kernel + ((kernel + 1) % 2), stride }))),
  },
  {
    mistake: "knows-strides-to-2",
    message: "a stride of 3 counts like one of 2",
    gives: (layers) => right(layers.map((layer) => ({ ...layer, stride: Math.min(layer.stride, 2) }))),
  },
  {
    mistake: "adds-the-strides",
    message: "the strides of two layers are added: behind two strides of 3, how far apart are neighbours?",
    gives: (layers) => summed(layers, grown, { step: (jump, stride) => jump + stride - 1 }),
  },
  {
    mistake: "takes-the-last-stride-only",
    message: "a step is as wide as the stride of the layer just below: all the strides below count",
    gives: (layers) => summed(layers, grown, { step: (_, stride) => stride }),
  },
  {
    mistake: "goes-the-wrong-way",
    message:
      "the layers are taken in the wrong order: from the image up, a stride matters for the layers after it",
    gives: (layers) => right(layers.toReversed()),
  },
  {
    mistake: "takes-the-stride-too-early",
    message: "a layer's own stride is counted for its own kernel: it spreads its outputs, not its inputs",
    gives: (layers) => summed(layers, (kernel, jump, stride) => (kernel - 1) * jump * stride),
  },
  {
    mistake: "ignores-the-strides",
    message: "strides make no difference here: behind a stride of 2, neighbours are two pixels apart",
    gives: (layers) => summed(layers, grown, { step: () => 1 }),
  },
  {
    mistake: "starts-from-nothing",
    message: "one pixel is missing: what does a feature see without any layer?",
    gives: (layers) => summed(layers, grown, { from: 0 }),
  },
  {
    mistake: "adds-whole-kernels",
    message: "whole kernels are added, as if their windows lay side by side: they overlap",
    gives: (layers) => summed(layers, (kernel, jump) => kernel * jump, { from: 0 }),
  },
  {
    mistake: "multiplies-the-kernels",
    message: "the kernels are multiplied, as if their windows lay side by side: they overlap",
    gives: (layers) => layers.reduce((size, { kernel }) => size * kernel, 1),
  },
];

const layer = (kernel: number, stride = 1) => ({ kernel, stride });
const judge = check.judgeBy(right, mistakes, { what: "the side of the receptive field" });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "receptive-field",
    title: "How much of the image does one feature see?",
    needs: ["receptiveField"],
    properties: [
      {
        id: "small-stacks",
        title: "it is right for stacks that can be drawn, and for none",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "receptive-field small");
          const stack = () =>
            Array.from({ length: 3 }, () => layer(check.oneOf(draw, [2, 3, 5, 7]), 1 + draw.integer(3)));
          const worked: readonly Layers[] = [
            [layer(3), layer(3)],
            [layer(2)],
            [],
            [layer(7, 2), layer(3, 2)],
            [layer(3), layer(1, 3), layer(5, 2)],
            [layer(3), layer(2, 3), layer(7, 2)],
            [layer(3, 3), layer(3, 2), layer(5)],
          ];
          return check.withDrawn(judge, worked, () => [stack(), stack()]);
        },
        ...judge,
      },
      {
        id: "deep-stacks",
        title: "it is right for deep stacks, with any kernels and strides",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "receptive-field");
          const drawn = (stride: number, kernels = [3, 5, 7]) => layer(check.oneOf(draw, kernels), stride);
          // The strides' sum never passes for their product, and the last layer has a stride too.
          return [
            [layer(3, 2), layer(5, 2), layer(3), layer(3, 3)],
            [drawn(2), drawn(2), drawn(1), drawn(3)],
            [drawn(3), drawn(3), drawn(1), drawn(2)],
            [drawn(1), drawn(2), layer(1, 2), drawn(1), layer(1), drawn(2)],
            [drawn(2, [2, 4]), layer(1, 3), drawn(3, [4, 6]), drawn(1, [2, 4])],
            // Neighbours end up thousands of pixels apart.
            Array.from({ length: 8 + draw.integer(2) }, () => drawn(3)),
          ];
        },
        ...judge,
      },
    ],
  },
];
