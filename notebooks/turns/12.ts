// Chapter 12's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart; the networks of its sweep are a study's.
import { check, runtime } from "residual";

export { streamNetwork } from "../../results/studies/starts-without-norm";

const { tf } = runtime;
type Tensor = runtime.tf.Tensor;
type Tensor3D = runtime.tf.Tensor3D;

function streamVariances(factors: readonly number[], normalised: boolean): number[] {
  let variance = 1;
  return factors.map((factor) => {
    variance += factor ** 2 * (normalised ? 1 : variance);
    return variance;
  });
}

function adaptiveClip(weight: Tensor, gradient: Tensor, most: number): Tensor {
  const incoming = weight.shape.slice(0, -1).map((_, axis) => axis);
  const norm = (values: Tensor) => tf.sqrt(tf.sum(tf.square(values), incoming, true));
  const allowed = tf.mul(tf.maximum(norm(weight), 1e-3), most);
  return tf.mul(gradient, tf.minimum(tf.div(allowed, tf.maximum(norm(gradient), 1e-6)), 1));
}

function causalAttention(q: Tensor3D, k: Tensor3D, v: Tensor3D): Tensor3D {
  const [, places, width] = q.shape;
  const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(width));
  const later = Array.from({ length: places }, (_, t) =>
    Array.from({ length: places }, (_, s) => (s > t ? -1e9 : 0)),
  );
  return tf.matMul(tf.softmax(tf.add<Tensor3D>(scores, tf.tensor2d(later))), v);
}

/** How a unit is joined to several streams. */
export type Joints = {
  /** The weight of each stream in what the unit gets. */
  readonly read: readonly number[];
  /** `mix[j][i]`: the weight of the old stream i in the new stream j. */
  readonly mix: readonly (readonly number[])[];
  /** The weight of what the unit makes in each new stream. */
  readonly write: readonly number[];
};

type Numbers = readonly number[];

function hyperUnit(
  streams: readonly Numbers[],
  { read, mix, write }: Joints,
  branch: (x: Numbers) => Numbers,
): number[][] {
  const weighed = (weights: Numbers) =>
    streams[0]!.map((_, c) => weights.reduce((sum, weight, i) => sum + weight * streams[i]![c]!, 0));
  const made = branch(weighed(read));
  return mix.map((weights, j) => weighed(weights).map((value, c) => value + write[j]! * made[c]!));
}

/**
 * The opening of Lewis Carroll, *Alice's Adventures in Wonderland*, 1865, which is in the public domain: shortened, in small letters, and with a
 * full stop for every mark that ends a sentence.
 */
export const passage = [
  "alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do. once or twice she had peeped into",
  "the book her sister was reading, but it had no pictures or conversations in it, and what is the use of a book, thought alice, without",
  "pictures or conversations. so she was considering in her own mind, as well as she could, for the hot day made her feel very sleepy and",
  "stupid, whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a white",
  "rabbit with pink eyes ran close by her. there was nothing so very remarkable in that. nor did alice think it so very much out of the way to",
  "hear the rabbit say to itself, oh dear. oh dear. i shall be late. when she thought it over afterwards, it occurred to her that she ought to",
  "have wondered at this, but at the time it all seemed quite natural. but when the rabbit actually took a watch out of its waistcoat-pocket,",
  "and looked at it, and then hurried on, alice started to her feet, for it flashed across her mind that she had never before seen a rabbit",
  "with either a waistcoat-pocket, or a watch to take out of it, and burning with curiosity, she ran across the field after it, and fortunately",
  "was just in time to see it pop down a large rabbit-hole under the hedge. in another moment down went alice after it, never once considering",
  "how in the world she was to get out again. the rabbit-hole went straight on like a tunnel for some way, and then dipped suddenly down, so",
  "suddenly that alice had not a moment to think about stopping herself before she found herself falling down a very deep well. either the well",
  "was very deep, or she fell very slowly, for she had plenty of time as she went down to look about her and to wonder what was going to happen",
  "next. first, she tried to look down and make out what she was coming to, but it was too dark to see anything. then she looked at the sides of",
  "the well, and noticed that they were filled with cupboards and book-shelves. here and there she saw maps and pictures hung upon pegs. she took",
  "down a jar from one of the shelves as she passed. it was labelled orange marmalade, but to her great disappointment it was empty. she did not",
  "like to drop the jar for fear of killing somebody underneath, so managed to put it into one of the cupboards as she fell past it.",
].join(" ");

type Stream = Parameters<typeof check.oneOf>[0];

type Factors = { readonly factors: number[] };
const drawFactors = (from: Stream): Factors => ({ factors: check.oddNumbers(from, 5) });
/** Products and sums of all units at once, where ours goes from unit to unit. */
const growths = ({ factors }: Factors, normalised: boolean): number[] =>
  factors.map((_, l) => {
    const squares = factors.slice(0, l + 1).map((factor) => factor * factor);
    return normalised
      ? 1 + squares.reduce((sum, square) => sum + square, 0)
      : Math.exp(squares.reduce((sum, square) => sum + Math.log1p(square), 0));
  });

type Clipped = { readonly weight: ReturnType<typeof check.oddTensor>; readonly gradient: number[] };
const drawClipped = (from: Stream): Clipped => {
  const weight = check.oddTensor(from, [2, 2, 3, 5]);
  // Units of very different size: the second has no weights yet, the third a small gradient, and the last none, as behind a dead ReLU.
  const [sizes, steps] = [[1, 0, 2, 0.3, 1], [3, 1, 0.001, 8, 0]]; // prettier-ignore
  return {
    weight: { ...weight, values: weight.values.map((value, i) => value * sizes[i % 5]!) },
    gradient: check.oddNumbers(from, 60).map((value, i) => value * steps[i % 5]!),
  };
};
const most = 0.1;
function seeClipped(answer: typeof adaptiveClip, { weight, gradient }: Clipped) {
  const shape = [...weight.shape];
  return answer(tf.tensor([...weight.values], shape), tf.tensor([...gradient], shape), most);
}
/** Unit by unit, in JavaScript. */
function clippedByUnit({ weight, gradient }: Clipped) {
  const ofUnit = (values: readonly number[], unit: number) => values.filter((_, i) => i % 5 === unit);
  const norm = (values: readonly number[]) => Math.hypot(...values);
  const factors = [0, 1, 2, 3, 4].map((unit) => {
    const allowed = most * Math.max(norm(ofUnit(weight.values, unit)), 1e-3);
    return Math.min(1, allowed / norm(ofUnit(gradient, unit)));
  });
  return tf.tensor(
    gradient.map((value, i) => value * factors[i % 5]!),
    [...weight.shape],
  );
}

type Attended = {
  readonly q: number[];
  readonly k: number[];
  readonly v: number[];
  readonly other: number[];
};
const [sequences, places, width] = [2, 4, 3];
const size = sequences * places * width;
const drawAttended = (from: Stream): Attended => ({
  q: check.oddNumbers(from, size).map((value) => 2 * value),
  k: check.oddNumbers(from, size),
  v: check.oddNumbers(from, size),
  other: check.oddNumbers(from, size),
});
const cube = (values: readonly number[]) => tf.tensor3d([...values], [sequences, places, width]);
const at = (values: readonly number[], n: number, t: number) =>
  values.slice((n * places + t) * width, (n * places + t + 1) * width);
/** Place by place: each looks back along a list of its own. */
function lookingBack({ q, k, v }: Attended) {
  const all: number[] = [];
  for (let n = 0; n < sequences; n++) {
    for (let t = 0; t < places; t++) {
      const seen = Array.from({ length: t + 1 }, (_, s) => s);
      const dot = (s: number) =>
        at(q, n, t).reduce((sum, value, c) => sum + value * at(k, n, s)[c]!, 0) / Math.sqrt(width);
      const weights = seen.map((s) => Math.exp(dot(s)));
      const whole = weights.reduce((sum, weight) => sum + weight, 0);
      for (let c = 0; c < width; c++)
        all.push(seen.reduce((sum, s) => sum + (weights[s]! / whole) * at(v, n, s)[c]!, 0));
    }
  }
  return cube(all);
}
/** How far the first two places move when keys and values of the later ones are replaced. */
function movedByLater(answer: typeof causalAttention, { q, k, v, other }: Attended) {
  const replaced = (values: readonly number[]) =>
    values.map((value, i) => (Math.floor(i / width) % places >= 2 ? other[i]! : value));
  const first = (x: Tensor3D) => tf.slice(x, [0, 0, 0], [-1, 2, -1]);
  return tf.sub(
    first(answer(cube(q), cube(k), cube(v))),
    first(answer(cube(q), cube(replaced(k)), cube(replaced(v)))),
  );
}
/** Attention with other weights: what is added to the scores, by place and place seen. */
const masked =
  (mask: (t: number, s: number) => number, scale = Math.sqrt(width)) =>
  (q: Tensor3D, k: Tensor3D, v: Tensor3D): Tensor3D => {
    const [, count] = q.shape;
    const rows = Array.from({ length: count }, (_, t) => Array.from({ length: count }, (_, s) => mask(t, s)));
    const scores = tf.div<Tensor3D>(tf.matMul(q, k, false, true), scale);
    return tf.matMul(tf.softmax(tf.add<Tensor3D>(scores, tf.tensor2d(rows))), v);
  };

type Joined = { readonly streams: number[][]; readonly joints: Joints };
const drawJoined =
  (count: number) =>
  (from: Stream): Joined => ({
    streams: Array.from({ length: count }, () => check.oddNumbers(from, 3)),
    joints: {
      read: check.oddNumbers(from, count),
      mix: Array.from({ length: count }, () => check.oddNumbers(from, count)),
      write: check.oddNumbers(from, count),
    },
  });
const bend = (x: Numbers): number[] => x.map((value, c) => Math.tanh(value + c / 2));
const seeJoined = (answer: typeof hyperUnit, { streams, joints }: Joined) => answer(streams, joints, bend);
/** The same as products of matrices. */
function byMatrices({ streams, joints: { read, mix, write } }: Joined): number[][] {
  const old = tf.tensor2d(streams);
  const made = bend([...tf.matMul(tf.tensor2d([[...read]]), old).dataSync()]);
  const written = tf.matMul(tf.tensor2d(write.map((weight) => [weight])), tf.tensor2d([made]));
  return tf.add<runtime.tf.Tensor2D>(tf.matMul(tf.tensor2d(mix.map((row) => [...row])), old), written).arraySync(); // prettier-ignore
}

export const turns = {
  streamVariances: {
    ours: streamVariances,
    traits: [
      check.trait("without a norm the unit multiplies what there is", {
        draw: drawFactors,
        see: (answer: typeof streamVariances, { factors }) => answer(factors, false),
        right: (factors) => growths(factors, false),
        within: 1e-9,
      }),
      check.trait("with a norm at the head of F it adds, whatever there is", {
        draw: drawFactors,
        see: (answer: typeof streamVariances, { factors }) => answer(factors, true),
        right: (factors) => growths(factors, true),
        within: 1e-9,
      }),
    ],
    wrong: [
      {
        mistake: "factor-not-squared",
        message: "the factor stands on F itself: its variance gets the factor squared",
        answer: (factors, normalised) => {
          let variance = 1;
          return factors.map((factor) => (variance += Math.abs(factor) * (normalised ? 1 : variance)));
        },
      },
      {
        mistake: "forgets-the-shortcut",
        message: "this is the variance of F alone: x is added, so what there was stays",
        answer: (factors, normalised) => {
          let variance = 1;
          return factors.map((factor) => (variance = factor ** 2 * (normalised ? 1 : variance)));
        },
      },
      {
        mistake: "always-multiplies",
        message: "a norm at the head of F gives it the variance 1, so F's does not grow with the stream",
        answer: (factors) => streamVariances(factors, false),
      },
      {
        mistake: "adds-deviations",
        message: "deviations do not add up: variances of independent terms do",
        answer: (factors, normalised) => {
          let deviation = 1;
          return factors.map((factor) => (deviation += Math.abs(factor) * (normalised ? 1 : deviation)) ** 2);
        },
      },
      {
        mistake: "returns-deviations",
        message: "these are the deviations: the variances are asked for, their squares",
        answer: (factors, normalised) => streamVariances(factors, normalised).map(Math.sqrt),
      },
      {
        mistake: "begins-with-the-input",
        message: "the first number is the variance after the first unit, not before it",
        answer: (factors, normalised) => [1, ...streamVariances(factors, normalised).slice(0, -1)],
      },
    ],
  },
  adaptiveClip: {
    ours: adaptiveClip,
    traits: [
      check.trait("each unit's gradient keeps its direction and gets a length of at most its own bound", {
        draw: drawClipped,
        see: seeClipped,
        right: clippedByUnit,
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "one-norm-for-all",
        message: "this compares all weights at once: each unit, along the last axis, has a norm of its own",
        answer: (weight, gradient, bound) => {
          const allowed = tf.mul(tf.maximum(tf.norm(weight), 1e-3), bound);
          return tf.mul(gradient, tf.minimum(tf.div(allowed, tf.norm(gradient)), 1));
        },
      },
      {
        mistake: "lengthens-small-ones",
        message: "a gradient that is short enough stays as it is: the factor is at most 1",
        answer: (weight, gradient, bound) => {
          const norm = (values: Tensor) => tf.sqrt(tf.sum(tf.square(values), [0, 1, 2], true));
          return tf.mul(
            gradient,
            tf.div(tf.mul(tf.maximum(norm(weight), 1e-3), bound), tf.maximum(norm(gradient), 1e-6)),
          );
        },
      },
      {
        mistake: "no-floor",
        message:
          "a unit whose weights are 0 would never move: the weights' norm counts as at least a thousandth",
        answer: (weight, gradient, bound) => {
          const norm = (values: Tensor) => tf.sqrt(tf.sum(tf.square(values), [0, 1, 2], true));
          const factor = tf.div(tf.mul(norm(weight), bound), tf.maximum(norm(gradient), 1e-6));
          return tf.mul(gradient, tf.minimum(factor, 1));
        },
      },
      {
        mistake: "ignores-the-weights",
        message:
          "the bound is a share of the weights' norm: without it this is ordinary clipping, unit by unit",
        answer: (_, gradient, bound) => {
          const norm = tf.sqrt(tf.sum(tf.square(gradient), [0, 1, 2], true));
          return tf.mul(gradient, tf.minimum(tf.div(bound, tf.maximum(norm, 1e-6)), 1));
        },
      },
      {
        mistake: "squares-for-norms",
        message: "a norm is the root of the sum of squares",
        answer: (weight, gradient, bound) => {
          const square = (values: Tensor) => tf.sum(tf.square(values), [0, 1, 2], true);
          const allowed = tf.mul(tf.maximum(square(weight), 1e-3), bound);
          return tf.mul(gradient, tf.minimum(tf.div(allowed, tf.maximum(square(gradient), 1e-6)), 1));
        },
      },
    ],
  },
  causalAttention: {
    ours: causalAttention,
    traits: [
      check.trait("each place's average over what it may see", {
        draw: drawAttended,
        see: (answer: typeof causalAttention, { q, k, v }) => answer(cube(q), cube(k), cube(v)),
        right: lookingBack,
        within: 1e-5,
      }),
      check.trait("what comes later changes nothing", {
        draw: drawAttended,
        see: movedByLater,
        right: () => tf.zeros([sequences, 2, width]),
        within: 1e-6,
      }),
    ],
    wrong: [
      {
        mistake: "sees-everything",
        message: "every place sees all the others: the scores of later ones must not count",
        answer: masked(() => 0),
      },
      {
        mistake: "sees-the-future-only",
        message: "the mask is turned round: a place may look back, and at itself",
        answer: masked((t, s) => (s < t ? -1e9 : 0)),
      },
      {
        mistake: "not-itself",
        message: "a place may look at itself too",
        answer: masked((t, s) => (s >= t && s > 0 ? -1e9 : 0)),
      },
      {
        mistake: "exchanges-q-and-k",
        message:
          "questions and keys are exchanged: row t of the scores holds what the question at t finds in each key",
        answer: (q, k, v) => causalAttention(k, q, v),
      },
      {
        mistake: "forgets-the-root",
        message: "the scores are divided by the root of the width, so that they do not grow with it",
        answer: masked((t, s) => (s > t ? -1e9 : 0), 1),
      },
      {
        mistake: "zeroes-the-scores",
        message:
          "a score of 0 still has the weight exp(0) = 1: later places need a score so low that its exponential is 0",
        answer: (q, k, v) => {
          const scores = tf.div<Tensor3D>(tf.matMul(q, k, false, true), Math.sqrt(q.shape[2]));
          const earlier = tf.linalg.bandPart(tf.onesLike(scores), -1, 0);
          return tf.matMul(tf.softmax(tf.mul<Tensor3D>(scores, earlier)), v);
        },
      },
      {
        mistake: "masks-after-the-softmax",
        message:
          "the weights of later places are taken away after the softmax, so the others no longer add up to 1: take the scores away before it",
        answer: (q, k, v) => {
          const scores = tf.div<Tensor3D>(tf.matMul(q, k, false, true), Math.sqrt(q.shape[2]));
          const earlier = Array.from({ length: q.shape[1] }, (_, t) =>
            Array.from({ length: q.shape[1] }, (_, s) => (s > t ? 0 : 1)),
          );
          return tf.matMul(tf.mul<Tensor3D>(tf.softmax(scores), tf.tensor2d(earlier)), v);
        },
      },
    ],
  },
  hyperUnit: {
    ours: hyperUnit,
    traits: [
      check.trait("one stream, all weights 1: the residual unit", {
        draw: (from): Joined => ({ ...drawJoined(1)(from), joints: { read: [1], mix: [[1]], write: [1] } }),
        see: seeJoined,
        right: ({ streams }) => [streams[0]!.map((value, c) => value + bend(streams[0]!)[c]!)],
        within: 1e-9,
      }),
      check.trait("three streams: read, mix and write by matrices", {
        draw: drawJoined(3),
        see: seeJoined,
        right: byMatrices,
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "mixes-the-other-way",
        message:
          "`mix[j][i]` leads from the old stream i to the new stream j: rows and columns are exchanged",
        answer: (streams, { read, mix, write }, branch) =>
          hyperUnit(streams, { read, mix: mix.map((_, j) => mix.map((row) => row[j]!)), write }, branch),
      },
      {
        mistake: "reads-the-first",
        message: "the unit gets the first stream: it gets the sum of all, each times its weight in `read`",
        answer: (streams, joints, branch) =>
          hyperUnit(streams, { ...joints, read: streams.map((_, i) => (i === 0 ? 1 : 0)) }, branch),
      },
      {
        mistake: "writes-the-same-to-all",
        message: "what the unit makes is added to each stream with that stream's weight in `write`",
        answer: (streams, joints, branch) =>
          hyperUnit(streams, { ...joints, write: streams.map(() => 1) }, branch),
      },
      {
        mistake: "does-not-mix",
        message: "the streams are carried on as they are: each new one is a mixture of the old ones",
        answer: (streams, joints, branch) =>
          hyperUnit(streams, { ...joints, mix: streams.map((_, j) => streams.map((_, i) => (i === j ? 1 : 0))) }, branch), // prettier-ignore
      },
      {
        mistake: "mixes-what-was-written",
        message:
          "the streams are mixed after the unit has written: mix the old streams, and add what it made",
        answer: (streams, { read, mix, write }, branch) => {
          const still = streams.map(() => 0);
          const identity = streams.map((_, j) => streams.map((__, i) => (i === j ? 1 : 0)));
          const written = hyperUnit(streams, { read, mix: identity, write }, branch);
          return hyperUnit(written, { read, mix, write: still }, branch);
        },
      },
      {
        mistake: "weighs-after-the-unit",
        message: "the unit works on each stream by itself: it works once, on the weighed sum of all",
        answer: (streams, { read, mix, write }, branch) => {
          const each = streams.map((one) => branch(one));
          const made = each[0]!.map((_, c) =>
            read.reduce((sum, weight, i) => sum + weight * each[i]![c]!, 0),
          );
          return hyperUnit(streams, { read, mix, write }, () => made);
        },
      },
    ],
  },
} satisfies {
  streamVariances: check.Turn<typeof streamVariances>;
  adaptiveClip: check.Turn<typeof adaptiveClip>;
  causalAttention: check.Turn<typeof causalAttention>;
  hyperUnit: check.Turn<typeof hyperUnit>;
};
