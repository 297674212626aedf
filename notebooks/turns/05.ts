// Chapter 05's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check, nn } from "residual";

function bottleneckWeights(ends: number, middle: number): number {
  return ends * middle + 9 * middle * middle + middle * ends;
}

type Field = { readonly side: number; readonly step: number };
type Window = { readonly kernel: number; readonly stride: number };

function afterLayer(below: Field, { kernel, stride }: Window): Field {
  return { side: below.side + (kernel - 1) * below.step, step: below.step * stride };
}

function keptValues(side: number, ends: number, middle: number): number {
  return side * side * (6 * middle + 4 * ends);
}

function standardErrorsApart(first: number, second: number, images: number): number {
  const variance = (percent: number) => ((percent / 100) * (1 - percent / 100)) / images;
  return (first - second) / 100 / Math.sqrt(variance(first) + variance(second));
}

function asInput(pixels: Uint8Array, mean: readonly number[], std: readonly number[]): Float32Array {
  return Float32Array.from(pixels, (byte, i) => (byte / 255 - mean[i % 3]!) / std[i % 3]!);
}

/** Bytes of a picture, and what its channels are normalised by. */
type Bytes = {
  readonly pixels: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
};
const drawBytes = (from: Parameters<typeof check.oneOf>[0]): Bytes => ({
  pixels: Array.from({ length: 3 * (2 + from.integer(6)) }, () => from.integer(256)),
  mean: [0.3 + 0.3 * from.uniform(), 0.3 + 0.3 * from.uniform(), 0.3 + 0.3 * from.uniform()],
  std: [0.2 + 0.1 * from.uniform(), 0.3 + 0.1 * from.uniform(), 0.4 + 0.1 * from.uniform()],
});
const normalised = (answer: typeof asInput, { pixels, mean, std }: Bytes): number[] => [
  ...answer(Uint8Array.from(pixels), mean, std),
];

/** In another way: pixel by pixel, on the scale of the bytes. */
const byPixels = ({ pixels, mean, std }: Bytes): number[] =>
  Array.from({ length: pixels.length / 3 }, (_, pixel) =>
    [0, 1, 2].map((c) => (pixels[3 * pixel + c]! - 255 * mean[c]!) / (255 * std[c]!)),
  ).flat();

type Unit = { readonly side: number; readonly ends: number; readonly middle: number };
const drawUnit = (from: Parameters<typeof check.oneOf>[0]): Unit => ({
  side: 7 + from.integer(8),
  ends: 5 + from.integer(20),
  middle: 2 + from.integer(9),
});

/** The parts of a bottleneck's main path, counted by the library. */
function rowsOf({ side, ends, middle }: Unit): readonly nn.LayerRow[] {
  return nn
    .sequential({
      conv1: nn.conv2d(ends, middle, { kernel: 1 }),
      norm1: nn.batchNorm(middle),
      relu1: nn.relu(),
      conv2: nn.conv2d(middle, middle, { kernel: 3 }),
      norm2: nn.batchNorm(middle),
      relu2: nn.relu(),
      conv3: nn.conv2d(middle, ends, { kernel: 1 }),
      norm3: nn.batchNorm(ends),
      relu3: nn.relu(), // after the addition, which stands in no sequence
    })
    .rows([side, side, ends]);
}

/** A window for each layer of a small stack. */
type Stack = readonly Window[];
const throughStack = (answer: typeof afterLayer, stack: Stack): number[] => {
  const { side, step } = stack.reduce(answer, { side: 1, step: 1 });
  return [side, step];
};

/** The same by the library's layers. */
function fieldByLibrary(stack: Stack): number[] {
  const field = stack.reduce(
    (below, { kernel, stride }) => nn.conv2d(1, 1, { kernel, stride }).receptiveField(below),
    { size: 1, step: 1 },
  );
  return [field.size, field.step];
}

type Comparison = { readonly first: number; readonly second: number; readonly images: number };

/** In another way: the difference of two shares, by its variance in mistakes. */
function apartByCounts({ first, second, images }: Comparison): number {
  const [a, b] = [(first / 100) * images, (second / 100) * images];
  return (a - b) / Math.sqrt(a * (1 - a / images) + b * (1 - b / images));
}

export const turns = {
  bottleneckWeights: {
    ours: bottleneckWeights,
    traits: [
      check.trait("it counts what the library's three convolutions hold", {
        draw: drawUnit,
        see: (answer: typeof bottleneckWeights, { ends, middle }) => answer(ends, middle),
        right: (unit) =>
          rowsOf(unit)
            .filter(({ name }) => name.startsWith("conv"))
            .reduce((sum, { parameters }) => sum + parameters, 0),
      }),
    ],
    wrong: [
      {
        mistake: "forgets-the-way-up",
        message: "one 1×1 convolution is missing: one reduces the channels, another restores them",
        answer: (ends, middle) => ends * middle + 9 * middle ** 2,
      },
      {
        mistake: "counts-a-side-of-the-kernel",
        message:
          "the 3×3 convolution counts 3 weights for each pair of channels: a kernel of side 3 has 9 places",
        answer: (ends, middle) => 2 * ends * middle + 3 * middle ** 2,
      },
      {
        mistake: "works-at-full-width",
        message: "the 3×3 convolution is counted between the ends' channels: it works in the narrow middle",
        answer: (ends, middle) => 2 * ends * middle + 9 * ends ** 2,
      },
    ],
  } satisfies check.Turn<typeof bottleneckWeights>,

  afterLayer: {
    ours: afterLayer,
    traits: [
      check.trait("one layer on the pixels", {
        draw: (from): Stack => [{ kernel: check.oneOf(from, [3, 5, 7]), stride: check.oneOf(from, [1, 2]) }],
        see: throughStack,
        right: fieldByLibrary,
      }),
      check.trait("layers upon layers, with strides", {
        times: 5,
        draw: (from): Stack =>
          Array.from({ length: 4 }, () => ({
            kernel: check.oneOf(from, [1, 3, 5]),
            stride: check.oneOf(from, [1, 2, 3]),
          })),
        see: throughStack,
        right: fieldByLibrary,
      }),
    ],
    wrong: [
      {
        mistake: "adds-the-whole-kernel",
        message: "the side grows by the whole kernel: its neighbours overlap, so only k - 1 of them are new",
        answer: ({ side, step }, { kernel, stride }) => ({ side: side + kernel * step, step: step * stride }),
      },
      {
        mistake: "forgets-the-step",
        message: "the side grows by k - 1 pixels: neighbours below lie a step apart, not a pixel",
        answer: ({ side, step }, { kernel, stride }) => ({ side: side + kernel - 1, step: step * stride }),
      },
      {
        mistake: "takes-its-own-stride-first",
        message: "the layer's own stride already widens its own kernel: it only spreads what the layer gives",
        answer: ({ side, step }, { kernel, stride }) => ({
          side: side + (kernel - 1) * step * stride,
          step: step * stride,
        }),
      },
      {
        mistake: "adds-the-strides",
        message: "the strides are added: every second of every second place is every fourth",
        answer: ({ side, step }, { kernel, stride }) => ({
          side: side + (kernel - 1) * step,
          step: step + stride - 1,
        }),
      },
    ],
  } satisfies check.Turn<typeof afterLayer>,

  keptValues: {
    ours: keptValues,
    traits: [
      check.trait("it counts what the library's layers and the addition keep", {
        draw: drawUnit,
        see: (answer: typeof keptValues, { side, ends, middle }) => answer(side, ends, middle),
        right: (unit) =>
          rowsOf(unit).reduce((sum, { activations }) => sum + activations, unit.side ** 2 * unit.ends),
      }),
    ],
    wrong: [
      {
        mistake: "counts-convolutions-only",
        message:
          "only the convolutions' outputs are counted: each batch norm, ReLU and addition keeps its own too",
        answer: (side, ends, middle) => side ** 2 * (2 * middle + ends),
      },
      {
        mistake: "forgets-the-addition",
        message: "the addition is missing: its sum is written and kept like any other output",
        answer: (side, ends, middle) => side ** 2 * (6 * middle + 3 * ends),
      },
      {
        mistake: "counts-the-shortcut",
        message: "the identity shortcut is counted: it hands on what is kept already",
        answer: (side, ends, middle) => side ** 2 * (6 * middle + 5 * ends),
      },
      {
        mistake: "counts-a-row",
        message: "one row of places is counted: an image has as many rows",
        answer: (side, ends, middle) => side * (6 * middle + 4 * ends),
      },
    ],
  } satisfies check.Turn<typeof keptValues>,

  standardErrorsApart: {
    ours: standardErrorsApart,
    traits: [
      check.trait("it is the difference over its standard error", {
        draw: (from): Comparison => ({
          first: 5 + 20 * from.uniform(),
          second: 5 + 20 * from.uniform(),
          images: 1000 * (1 + from.integer(50)),
        }),
        see: (answer: typeof standardErrorsApart, { first, second, images }) => answer(first, second, images),
        right: apartByCounts,
      }),
      check.trait("it has the sign of a gain: above 0 where the second errs less", {
        draw: (from): Comparison => ({ first: 30 + from.uniform(), second: 20, images: 10_000 }),
        see: (answer: typeof standardErrorsApart, { first, second, images }) =>
          Math.sign(answer(first, second, images)),
        right: () => 1,
      }),
    ],
    wrong: [
      {
        mistake: "takes-one-row",
        message:
          "the difference is divided by the standard error of one network: both errors are uncertain, and their variances add",
        answer: (first, second, images) =>
          (first - second) / 100 / Math.sqrt(((first / 100) * (1 - first / 100)) / images),
      },
      {
        mistake: "adds-the-errors",
        message: "the two standard errors are added: it is their squares, the variances, that add",
        answer(first, second, images) {
          const error = (percent: number) => Math.sqrt(((percent / 100) * (1 - percent / 100)) / images);
          return (first - second) / 100 / (error(first) + error(second));
        },
      },
      {
        mistake: "turns-the-sign",
        message: "the sign is the wrong way round: a gain is the first error minus the second",
        answer: (first, second, images) => -standardErrorsApart(first, second, images),
      },
      {
        mistake: "mixes-percent-and-shares",
        message:
          "percent and shares are mixed: divide each error by 100 before you use the formula, the difference too",
        answer: (first, second, images) => 100 * standardErrorsApart(first, second, images),
      },
    ],
  } satisfies check.Turn<typeof standardErrorsApart>,

  asInput: {
    ours: asInput,
    traits: [
      check.trait(
        "each byte, scaled to 0..1, less its channel's mean and divided by its channel's deviation",
        {
          draw: drawBytes,
          see: normalised,
          right: byPixels,
        },
      ),
    ],
    wrong: [
      {
        mistake: "forgets-the-scale",
        message: "the bytes go from 0 to 255, but mean and deviation are of values from 0 to 1",
        answer: (pixels, mean, std) =>
          Float32Array.from(pixels, (byte, i) => (byte - mean[i % 3]!) / std[i % 3]!),
      },
      {
        mistake: "only-scales",
        message: "the values are scaled to 0..1 and left there: mean and deviation are not used",
        answer: (pixels) => Float32Array.from(pixels, (byte) => byte / 255),
      },
      {
        mistake: "forgets-the-deviation",
        message: "the mean is subtracted, and the deviation is not divided by",
        answer: (pixels, mean) => Float32Array.from(pixels, (byte, i) => byte / 255 - mean[i % 3]!),
      },
      {
        mistake: "turns-the-channels",
        message: "the statistics are taken in the order blue, green, red: the first value of a pixel is red",
        answer: (pixels, mean, std) =>
          Float32Array.from(pixels, (byte, i) => (byte / 255 - mean[2 - (i % 3)]!) / std[2 - (i % 3)]!),
      },
      {
        mistake: "takes-planes",
        message: "the bytes are read as a plane of red, one of green and one of blue: they go pixel by pixel",
        answer(pixels, mean, std) {
          const plane = pixels.length / 3;
          const channel = (i: number) => Math.floor(i / plane);
          return Float32Array.from(pixels, (byte, i) => (byte / 255 - mean[channel(i)]!) / std[channel(i)]!);
        },
      },
    ],
  } satisfies check.Turn<typeof asInput>,
};
