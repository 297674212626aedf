// Chapter 09's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { analysis, check, nn, runtime } from "residual";

const { tf } = runtime;
type Tensor = runtime.tf.Tensor;

function splitByLength(
  gradients: readonly (readonly number[])[],
  throughF: (gradient: readonly number[]) => readonly number[],
): number[][] {
  const passed = [...gradients.map((gradient) => [...gradient]), gradients[0]!.map(() => 0)];
  gradients.forEach((gradient, k) => {
    throughF(gradient).forEach((value, i) => (passed[k + 1]![i]! += value));
  });
  return passed;
}

function lesion(deleted: readonly string[]): (name: string, value: Tensor) => Tensor {
  const cut = new Set(deleted.map((unit) => `${unit}.residual`));
  return (name, value) => (cut.has(name) ? tf.zerosLike(value) : value);
}

function alignment(residual: Tensor, gradient: Tensor): Tensor {
  const images = residual.shape[0];
  const f = tf.reshape(residual, [images, -1]);
  const g = tf.reshape(gradient, [images, -1]);
  const inner = tf.sum(tf.mul(f, g), 1);
  const norms = tf.mul(tf.norm(f, 2, 1), tf.norm(g, 2, 1));
  return tf.neg(tf.mean(tf.div(inner, norms)));
}

/** A few units on two numbers, each with F a matrix. */
type Chain = { readonly matrices: number[][]; readonly above: number[] };
const drawChain =
  (units: number) =>
  (from: Parameters<typeof check.oneOf>[0]): Chain => ({
    matrices: Array.from({ length: units }, () => check.oddNumbers(from, 4)),
    above: check.oddNumbers(from, 2),
  });
/** The gradient that a matrix [[a, b], [c, d]] hands on: its transpose times what comes. */
const transposed = ([a, b, c, d]: readonly number[], [x, y]: readonly number[]): number[] => [
  a! * x! + c! * y!,
  b! * x! + d! * y!,
];
function seeSplit(answer: typeof splitByLength, { matrices, above }: Chain): number[][] {
  let gradients: readonly (readonly number[])[] = [above];
  for (const matrix of [...matrices].reverse())
    gradients = answer(gradients, (gradient) => transposed(matrix, gradient));
  return gradients.map((gradient) => [...gradient]);
}
/** The same by walking every path from its top. */
function byPaths({ matrices, above }: Chain): number[][] {
  const sums = Array.from({ length: matrices.length + 1 }, () => [0, 0]);
  for (const path of analysis.enumeratePaths(matrices.length)) {
    let gradient: readonly number[] = above;
    for (let l = matrices.length - 1; l >= 0; l--) if (path[l]) gradient = transposed(matrices[l]!, gradient);
    const sum = sums[path.filter(Boolean).length]!;
    gradient.forEach((value, i) => (sum[i]! += value));
  }
  return sums;
}

let small: nn.Network | undefined;
/** Of ten units a stage, so that `unit1` begins the name of another one too. */
const network = (): nn.Network =>
  (small ??= nn.cifarResNet({
    depth: 62,
    widths: [2, 3, 4],
    inputShape: [8, 8, 1],
    classes: 3,
    order: "preActivation",
    seed: 4,
  }));
type Cut = { readonly deleted: string[]; readonly pixels: number[] };
const drawCut =
  (count: number) =>
  (from: Parameters<typeof check.oneOf>[0], i: number): Cut => ({
    deleted: [0, 1, 2]
      .filter((stage) => (count === 1 ? stage === i % 3 : stage !== i % 3))
      .map((stage) => `stage${stage + 1}.unit${stage === 0 ? 1 : 2}`),
    pixels: check.oddNumbers(from, 2 * 64),
  });
const imagesOf = ({ pixels }: Cut) => tf.tensor4d(pixels, [2, 8, 8, 1]);
const seeLesion = (answer: typeof lesion, cut: Cut) =>
  network().forward(imagesOf(cut), { training: false, replace: answer(cut.deleted) });

type Pair = { readonly residual: number[]; readonly gradient: number[] };
const drawPair = (from: Parameters<typeof check.oneOf>[0]): Pair => ({
  residual: check.oddNumbers(from, 3 * 4),
  gradient: check.oddNumbers(from, 3 * 4),
});
const three = (values: readonly number[]) => tf.tensor4d([...values], [3, 2, 2, 1]);
function cosines({ residual, gradient }: Pair): number {
  const of = (values: readonly number[], image: number) => values.slice(4 * image, 4 * image + 4);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const each = [0, 1, 2].map((image) => {
    const [f, g] = [of(residual, image), of(gradient, image)];
    return dot(f, g) / Math.sqrt(dot(f, f) * dot(g, g));
  });
  return -each.reduce((sum, value) => sum + value, 0) / 3;
}

export const turns = {
  splitByLength: {
    ours: splitByLength,
    traits: [
      check.trait("one unit: what went past F, and what went through it", {
        draw: drawChain(1),
        see: seeSplit,
        right: byPaths,
        within: 1e-9,
      }),
      check.trait("four units: the sums over all paths of each length", {
        draw: drawChain(4),
        see: seeSplit,
        right: byPaths,
        within: 1e-9,
      }),
    ],
    wrong: [
      {
        mistake: "keeps-the-length",
        message: "what goes through F stays with its length: it has gone through one residual function more",
        answer: (gradients, throughF) => [
          ...gradients.map((gradient) => {
            const through = throughF(gradient);
            return gradient.map((value, i) => value + through[i]!);
          }),
          gradients[0]!.map(() => 0),
        ],
      },
      {
        mistake: "forgets-the-shortcut",
        message:
          "everything goes through F: a gradient also passes along the shortcut, with its length as it was",
        answer: (gradients, throughF) => [
          gradients[0]!.map(() => 0),
          ...gradients.map((gradient) => [...throughF(gradient)]),
        ],
      },
      {
        mistake: "takes-what-has-just-come",
        message:
          "a gradient that has just come through F goes through the same F again: use the lengths from before the unit",
        answer: (gradients, throughF) => {
          const passed = [...gradients.map((gradient) => [...gradient]), gradients[0]!.map(() => 0)];
          for (let k = 0; k + 1 < passed.length; k++)
            throughF(passed[k]!).forEach((value, i) => (passed[k + 1]![i]! += value));
          return passed;
        },
      },
    ],
  } satisfies check.Turn<typeof splitByLength>,

  lesion: {
    ours: lesion,
    traits: [
      check.trait("one unit deleted: the logits of the network that was built without it", {
        draw: drawCut(1),
        see: seeLesion,
        right: (cut) =>
          analysis.withoutUnits(network(), cut.deleted).forward(imagesOf(cut), { training: false }),
        within: 1e-5,
      }),
      check.trait("two units deleted", {
        draw: drawCut(2),
        see: seeLesion,
        right: (cut) =>
          analysis.withoutUnits(network(), cut.deleted).forward(imagesOf(cut), { training: false }),
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "cuts-the-sum",
        message:
          "the whole output of the unit is set to zero: x must still pass along the shortcut, so cut F alone",
        answer: (deleted) => (name, value) =>
          deleted.some((unit) => name === `${unit}.sum`) ? tf.zerosLike(value) : value,
      },
      {
        mistake: "cuts-the-shortcut",
        message: "the shortcut is cut and F is kept: a lesion takes F away",
        answer: (deleted) => (name, value) =>
          deleted.some((unit) => name === `${unit}.shortcut`) ? tf.zerosLike(value) : value,
      },
      {
        mistake: "cuts-by-the-beginning",
        message: "`unit10` is cut with `unit1`, whose name begins it: compare whole names",
        answer: (deleted) => (name, value) =>
          deleted.some((unit) => name.startsWith(unit) && name.endsWith(".residual"))
            ? tf.zerosLike(value)
            : value,
      },
      {
        mistake: "cuts-the-first-only",
        message: "one of the units is deleted: `deleted` may hold several",
        answer: (deleted) => lesion(deleted.slice(0, 1)),
      },
      {
        mistake: "cuts-nothing",
        message:
          "nothing is cut: what is seen of a unit's F has the name of the unit, a point, and `residual`",
        answer: () => (_, value) => value,
      },
    ],
  } satisfies check.Turn<typeof lesion>,

  alignment: {
    ours: alignment,
    traits: [
      check.trait("it is the mean over images of minus the cosine", {
        times: 4,
        draw: drawPair,
        see: (answer: typeof alignment, { residual, gradient }) => answer(three(residual), three(gradient)),
        right: cosines,
        within: 1e-5,
      }),
      check.trait("it is 1 where F goes straight down the slope, however long F is", {
        draw: drawPair,
        see: (answer: typeof alignment, { gradient }) => answer(tf.mul(three(gradient), -3), three(gradient)),
        right: () => 1,
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "turns-the-sign",
        message: "the sign is the other one: downhill is minus the gradient",
        answer: (residual, gradient) => tf.neg(alignment(residual, gradient)),
      },
      {
        mistake: "takes-one-cosine",
        message: "that is one cosine of all images together: take each image's own, then the mean",
        answer: (residual, gradient) =>
          tf.neg(tf.div(tf.sum(tf.mul(residual, gradient)), tf.mul(tf.norm(residual), tf.norm(gradient)))),
      },
      {
        mistake: "does-not-divide",
        message:
          "that is the inner product: divide it by both norms, since a cosine does not depend on lengths",
        answer: (residual, gradient) => tf.neg(tf.div(tf.sum(tf.mul(residual, gradient)), residual.shape[0])),
      },
    ],
  } satisfies check.Turn<typeof alignment>,
};
