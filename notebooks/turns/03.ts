// Chapter 03's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check, runtime } from "residual";

const { tf } = runtime;

type Images = runtime.tf.Tensor4D;
type GateKind = "exclusive" | "shortcutOnly";

function optionA(x: Images): Images {
  const sampled = tf.avgPool(x, 1, 2, "valid");
  return tf.pad(sampled, [[0, 0], [0, 0], [0, 0], [0, x.shape[3]]]); // prettier-ignore
}

function optionB(x: Images, kernel: Images, norm: (x: Images) => Images): Images {
  return norm(tf.conv2d(x, kernel, 2, "valid"));
}

function numbersBefore(factors: readonly number[]): number[] {
  const numbers: number[] = [];
  let product = 1;
  for (const factor of [...factors].reverse()) {
    product *= factor;
    numbers.unshift(product);
  }
  return numbers;
}

function gatedSum(x: Images, made: Images, z: Images, kind: GateKind): Images {
  const g = tf.sigmoid(z);
  const carried = tf.mul(tf.sub(1, g), x);
  return tf.add(carried, kind === "exclusive" ? tf.mul(g, made) : made);
}

type Stream = ReturnType<typeof check.stream>;
type Picture = { readonly x: check.PlainTensor };
const images = (given: check.PlainTensor) => check.tensor(given) as Images;
/** Zeros behind the channels. */
const padded = (x: Images, before: number, behind: number): Images =>
  tf.pad(x, [[0, 0], [0, 0], [0, 0], [before, behind]]); // prettier-ignore

/** Every `stride`th pixel from one place on, of [N, H, W, C], by indices alone. */
function picked({ shape, values }: check.PlainTensor, from = 0): check.PlainTensor {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const [rows, columns] = [height, width].map((side) => Math.ceil((side - from) / 2));
  const made: number[] = [];
  for (let n = 0; n < count; n++)
    for (let i = 0; i < rows!; i++)
      for (let j = 0; j < columns!; j++) {
        const at = ((n * height + 2 * i + from) * width + 2 * j + from) * channels;
        made.push(...values.slice(at, at + channels));
      }
  return { shape: [count, rows!, columns!, channels], values: made };
}
const sampledFrom = (x: Images, from: number): Images => {
  const [count, , , channels] = x.shape;
  return tf.slice(tf.stridedSlice(x, [0, from, from, 0], x.shape, [1, 2, 2, 1]), [0, 0, 0, 0], [count, -1, -1, channels]) as Images; // prettier-ignore
};

const pictureTrait = (title: string, shape: readonly number[]) =>
  check.trait(title, {
    draw: (from): Picture => ({ x: check.oddTensor(from, shape) }),
    see: (answer: typeof optionA, { x }) => answer(images(x)),
    right: ({ x }) => padded(images(picked(x)), 0, shape[3]!),
    within: 1e-6,
  });

type Projected = { readonly x: check.PlainTensor; readonly kernel: check.PlainTensor };
/** Stands for a normalisation: it commutes neither with a convolution nor with a ReLU. */
const norm = (x: Images): Images => tf.add(tf.mul(x, 0.5), tf.sub(tf.square(x), 0.3));
/** Channels mixed at every second pixel, by sums over indices. */
function projected({ x, kernel }: Projected): Images {
  const sampled = picked(x);
  const [, , inChannels, outChannels] = kernel.shape as [number, number, number, number];
  const pixels = sampled.values.length / inChannels;
  const values = Array.from({ length: pixels * outChannels }, (_, at) => {
    const [pixel, to] = [Math.floor(at / outChannels), at % outChannels];
    return Array.from(
      { length: inChannels },
      (_, c) => sampled.values[pixel * inChannels + c]! * kernel.values[c * outChannels + to]!,
    ) // prettier-ignore
      .reduce((sum, term) => sum + term, 0);
  });
  return images({ shape: [...sampled.shape.slice(0, 3), outChannels], values });
}

const projectionTrait = (title: string, side: number) =>
  check.trait(title, {
    draw: (from): Projected => ({
      x: check.oddTensor(from, [1, side, side, 2]),
      kernel: check.oddTensor(from, [1, 1, 2, 4]),
    }),
    see: (answer: typeof optionB, { x, kernel }) => answer(images(x), images(kernel), norm),
    right: (input) => norm(projected(input)),
    within: 1e-3,
  });

type Factors = { readonly factors: number[] };
const factorTrait = (title: string, draw: (from: Stream) => number[]) =>
  check.trait(title, {
    draw: (from): Factors => ({ factors: draw(from) }),
    see: (answer: typeof numbersBefore, { factors }) => answer(factors),
    // x_L is computed twice, with 1 and with 0 in place of x_l and without any F: the difference is the number before x_l.
    right: ({ factors }) =>
      factors.map((_, l) => {
        const last = (x: number) => factors.slice(l).reduce((signal, factor) => factor * signal, x);
        return last(1) - last(0);
      }),
    within: 1e-6,
  });

type Gated = {
  readonly x: check.PlainTensor;
  readonly made: check.PlainTensor;
  readonly z: check.PlainTensor;
};
const gateTrait = (title: string, kind: GateKind) =>
  check.trait(title, {
    draw: (from): Gated => {
      const [x, made, z] = [0, 1, 2].map(() => check.oddTensor(from, [1, 2, 2, 2]));
      return { x: x!, made: made!, z: z! };
    },
    see: (answer: typeof gatedSum, { x, made, z }) => answer(images(x), images(made), images(z), kind),
    right: ({ x, made, z }) => {
      const values = x.values.map((value, i) => {
        const open = 1 / (1 + Math.exp(-z.values[i]!));
        return value * (1 - open) + made.values[i]! * (kind === "exclusive" ? open : 1);
      });
      return images({ shape: x.shape, values });
    },
    within: 1e-4,
  });

export const turns = {
  optionA: {
    ours: optionA,
    traits: [
      pictureTrait("every second pixel, and as many channels of zeros (even sides)", [1, 4, 6, 3]),
      pictureTrait("the same where a side is odd", [2, 5, 7, 2]),
    ],
    wrong: [
      {
        mistake: "averages-squares",
        message:
          "each pixel is the mean of a square of four: the paper's option A takes every second pixel as it is",
        answer: (x) => padded(tf.avgPool(x, 2, 2, "same"), 0, x.shape[3]),
      },
      {
        mistake: "takes-the-largest",
        message: "each pixel is the largest of a square of four: take every second pixel as it is",
        answer: (x) => padded(tf.maxPool(x, 2, 2, "same"), 0, x.shape[3]),
      },
      {
        mistake: "begins-with-the-second",
        message:
          "it takes pixels 1, 3, 5: F's kernel is centred on 0, 2, 4, and both terms must look at the same place",
        answer: (x) => padded(sampledFrom(x, 1), 0, x.shape[3]),
      },
      {
        mistake: "puts-zeros-in-front",
        message: "the zeros stand before the channels: append them",
        answer: (x) => padded(tf.avgPool(x, 1, 2, "valid"), x.shape[3], 0),
      },
      {
        mistake: "repeats-the-channels",
        message: "the new channels repeat the old ones: they are zeros",
        answer: (x) => tf.concat([tf.avgPool(x, 1, 2, "valid"), tf.avgPool(x, 1, 2, "valid")], 3),
      },
      {
        mistake: "keeps-the-channels",
        message: "the channels are not doubled: append as many channels of zeros as there are",
        answer: (x) => tf.avgPool(x, 1, 2, "valid"),
      },
      {
        mistake: "keeps-the-pixels",
        message: "height and width are not halved: take every second pixel of every second row",
        answer: (x) => padded(x, 0, x.shape[3]),
      },
      {
        mistake: "leaves-the-last-out",
        message: "of an odd side the last pixel is missing: n pixels become n/2, rounded up",
        answer: (x) => {
          const [count, height, width, channels] = x.shape;
          const even = tf.slice4d(x, [0, 0, 0, 0], [count, height - (height % 2), width - (width % 2), channels]); // prettier-ignore
          return padded(tf.avgPool(even, 1, 2, "valid"), 0, channels);
        },
      },
    ],
  } satisfies check.Turn<typeof optionA>,

  optionB: {
    ours: optionB,
    traits: [
      projectionTrait("it mixes the channels at every second pixel, then normalises", 4),
      projectionTrait("the same where a side is odd", 5),
    ],
    wrong: [
      {
        mistake: "forgets-the-norm",
        message: "the projection is not normalised: every convolution here is followed by its normalisation",
        answer: (x, kernel) => tf.conv2d(x, kernel, 2, "valid"),
      },
      {
        mistake: "rectifies",
        message:
          "a ReLU follows the projection: the shortcut must hand on negative values too, because the only ReLU comes after the addition",
        answer: (x, kernel, normalise) => tf.relu(normalise(tf.conv2d(x, kernel, 2, "valid"))),
      },
      {
        mistake: "normalises-first",
        message:
          "the input is normalised before it is projected: the normalisation belongs behind the convolution",
        answer: (x, kernel, normalise) => tf.conv2d(normalise(x), kernel, 2, "valid"),
      },
      {
        mistake: "averages-first",
        message:
          "it averages squares of four before it projects, as later recipes do: the paper's 1×1 convolution has a stride of 2 and reads one pixel of four",
        answer: (x, kernel, normalise) =>
          normalise(tf.conv2d(tf.avgPool(x, 2, 2, "same"), kernel, 1, "valid")),
      },
      {
        mistake: "keeps-the-pixels",
        message: "height and width are not halved: the convolution needs a stride of 2",
        answer: (x, kernel, normalise) => normalise(tf.conv2d(x, kernel, 1, "valid")),
      },
      {
        mistake: "begins-with-the-second",
        message: "it reads pixels 1, 3, 5: F's kernel is centred on 0, 2, 4",
        answer: (x, kernel, normalise) => normalise(tf.conv2d(sampledFrom(x, 1), kernel, 1, "valid")),
      },
    ],
  } satisfies check.Turn<typeof optionB>,

  numbersBefore: {
    ours: numbersBefore,
    traits: [
      factorTrait("with one factor for all units these are its powers", (from) =>
        Array<number>(3 + from.integer(3)).fill(0.5 + from.uniform()),
      ),
      factorTrait("with a factor for each unit it is a product, also of negative ones and of 0", (from) => [
        ...check.oddNumbers(from, 3),
        0,
        ...check.oddNumbers(from, 2),
      ]),
    ],
    wrong: [
      {
        mistake: "leaves-its-own-out",
        message:
          "unit l's own shortcut is left out: x_l is what goes into unit l, so it passes that shortcut too",
        answer: (factors) => numbersBefore([...factors.slice(1), 1]),
      },
      {
        mistake: "begins-at-the-front",
        message:
          "the products run from the first unit: from x_l on, only the shortcuts of unit l and of those above it count",
        answer: (factors) => numbersBefore([...factors].reverse()).reverse(),
      },
      {
        mistake: "adds",
        message: "factors are added: what passes two shortcuts is multiplied by both",
        answer: (factors) => factors.map((_, l) => factors.slice(l).reduce((sum, factor) => sum + factor, 0)),
      },
      {
        mistake: "takes-the-whole-product",
        message:
          "this is the product of all factors, whatever the unit: x_l passes only those from unit l on",
        answer: (factors) => factors.map(() => factors.reduce((product, factor) => product * factor, 1)),
      },
      {
        mistake: "takes-powers",
        message: "unit l's factor is taken to a power, as if all units had it: multiply each unit's own",
        answer: (factors) => factors.map((factor, l) => factor ** (factors.length - l)),
      },
      {
        mistake: "divides-the-whole",
        message:
          "the whole product is divided by the factors below: where one of them is 0, that cannot be undone",
        answer: (factors) => {
          const all = factors.reduce((product, factor) => product * factor, 1);
          return factors.map((_, l) => all / factors.slice(0, l).reduce((product, factor) => product * factor, 1)); // prettier-ignore
        },
      },
    ],
  } satisfies check.Turn<typeof numbersBefore>,

  gatedSum: {
    ours: gatedSum,
    traits: [
      gateTrait("exclusive: 1 - g on the shortcut, g on F", "exclusive"),
      gateTrait("shortcut-only: 1 - g on the shortcut, all of F", "shortcutOnly"),
    ],
    wrong: [
      {
        mistake: "turns-the-gate-round",
        message: "g is on the shortcut and 1 - g on F: the paper's g opens F",
        answer: (x, made, z, kind) => gatedSum(x, made, tf.neg(z), kind),
      },
      {
        mistake: "gates-neither",
        message: "F is not gated: with exclusive gates what the shortcut loses is what F gets",
        answer: (x, made, z) => gatedSum(x, made, z, "shortcutOnly"),
      },
      {
        mistake: "gates-both",
        message: "F is gated although only the shortcut should be",
        answer: (x, made, z) => gatedSum(x, made, z, "exclusive"),
      },
      {
        mistake: "forgets-the-sigmoid",
        message: "z itself is the factor: a gate is the sigmoid of z, a number between 0 and 1",
        answer: (x, made, z, kind) =>
          tf.add(tf.mul(tf.sub(1, z), x), kind === "exclusive" ? tf.mul(z, made) : made),
      },
      {
        mistake: "gates-the-shortcut-by-g",
        message: "the shortcut is multiplied by g: what it keeps is 1 - g",
        answer: (x, made, z, kind) => {
          const g = tf.sigmoid(z);
          return tf.add(tf.mul(g, x), kind === "exclusive" ? tf.mul(g, made) : made);
        },
      },
      {
        mistake: "keeps-the-shortcut-whole",
        message: "x is added whole beside what the gate lets through: the gated part takes its place",
        answer: (x, made, z, kind) => tf.add(x, gatedSum(x, made, z, kind)),
      },
    ],
  } satisfies check.Turn<typeof gatedSum>,
};
