// What is graded of the norm and of its place: streams in both orders, and what known mistakes give for them.
import { check } from "residual";

type Numbers = readonly number[];
type Norm = { readonly scale: check.PlainTensor; readonly shift: check.PlainTensor };
type Normed = { readonly x: check.PlainTensor; readonly norms: readonly Norm[] };
type Branch = { readonly matrix: check.PlainTensor; readonly bias: check.PlainTensor };
type Streamed = Normed & { readonly branches: readonly Branch[]; readonly order: "pre" | "post" };

const epsilon = 1e-5;

/** Over which numbers a mean runs: those for which this is the same. */
type Group = (text: number, place: number, channel: number) => string;
const ownPlace: Group = (text, place) => `${text} ${place}`;

interface Changes {
  readonly group?: Group;
  /** What is taken away; the mean unless said. */
  readonly centre?: (mean: number) => number;
  /** What is divided by, from the sum of the squared distances and their count. */
  readonly divisor?: (squares: number, count: number) => number;
  readonly affine?: (normalised: number, scale: number, shift: number) => number;
}

const noEpsilon: Changes = { divisor: (squares, count) => Math.sqrt(squares / count) };
const epsilonOutside: Changes = { divisor: (squares, count) => Math.sqrt(squares / count) + epsilon };

/** A layer norm in float64, with what a mistake makes of it. */
function norm(x: check.PlainTensor, { scale, shift }: Norm, changes: Changes = {}): check.PlainTensor {
  const [, places, width] = x.shape as [number, number, number];
  const {
    group = ownPlace,
    centre = (mean: number) => mean,
    divisor = (squares: number, count: number) => Math.sqrt(squares / count + epsilon),
    affine = (normalised: number, gamma: number, beta: number) => normalised * gamma + beta,
  } = changes;
  const groupOf = (i: number) => {
    const row = Math.floor(i / width);
    return group(Math.floor(row / places), row % places, i % width);
  };
  const members = new Map<string, number[]>();
  x.values.forEach((value, i) => members.set(groupOf(i), [...(members.get(groupOf(i)) ?? []), value]));
  const known = new Map(
    [...members].map(([name, values]) => {
      const middle = centre(values.reduce((sum, value) => sum + value, 0) / values.length);
      const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
      return [name, { middle, by: divisor(squares, values.length) }] as const;
    }),
  );
  const normal = x.values.map((one, i) => {
    const { middle, by } = known.get(groupOf(i))!;
    return affine((one - middle) / by, scale.values[i % width]!, shift.values[i % width]!);
  });
  return { shape: x.shape, values: normal };
}

const ready = ({ x, norms }: Normed) => norm(x, norms[0]!);
const changed =
  (changes: Changes) =>
  ({ x, norms }: Normed) =>
    norm(x, norms[0]!, changes);

const normMistakes: readonly check.Mistake<Normed>[] = [
  {
    mistake: "normalises-over-the-texts",
    message: "mean and variance run over the texts: each place of each text is normalised by itself",
    gives: changed({ group: (_, place, channel) => `${place} ${channel}` }),
  },
  {
    mistake: "normalises-over-the-places",
    message: "mean and variance run over the places: they run over the numbers at one place",
    gives: changed({ group: (text, _, channel) => `${text} ${channel}` }),
  },
  {
    mistake: "normalises-like-batch-norm",
    message:
      "each channel is normalised over all texts and places, which is batch norm: each place is normalised by itself",
    gives: changed({ group: (_, __, channel) => `${channel}` }),
  },
  {
    mistake: "normalises-the-whole-text",
    message: "a text is normalised as a whole: each of its places is, by itself",
    gives: changed({ group: (text) => `${text}` }),
  },
  {
    mistake: "normalises-everything-at-once",
    message: "all texts are normalised as a whole: each place of each text is, by itself",
    gives: changed({ group: () => "" }),
  },
  {
    mistake: "unbiased-variance",
    message: "the variance is divided by d - 1: it is divided by d",
    gives: changed({ divisor: (squares, count) => Math.sqrt(squares / (count - 1) + epsilon) }),
  },
  {
    mistake: "divides-by-the-variance",
    message: "it is divided by the variance: by its root",
    gives: changed({ divisor: (squares, count) => squares / count + epsilon }),
  },
  {
    mistake: "forgets-epsilon",
    message: "epsilon is missing under the root",
    gives: changed(noEpsilon),
  },
  {
    mistake: "adds-epsilon-outside-the-root",
    message: "epsilon is added to the root: it stands under it",
    gives: changed(epsilonOutside),
  },
  {
    mistake: "forgets-the-mean",
    message: "the mean is not taken away: that is RMSNorm, which newer models have",
    gives: changed({ centre: () => 0 }),
  },
  {
    mistake: "forgets-the-scale",
    message: "the scale is missing",
    gives: changed({ affine: (value, _, shift) => value + shift }),
  },
  {
    mistake: "forgets-the-shift",
    message: "the shift is missing",
    gives: changed({ affine: (value, scale) => value * scale }),
  },
  {
    mistake: "scales-the-shift",
    message: "the shift is multiplied by the scale: it is added last",
    gives: changed({ affine: (value, scale, shift) => (value + shift) * scale }),
  },
];

/** F(x) = ReLU(x W + b), place by place, in float64. */
function branched(x: check.PlainTensor, { matrix, bias }: Branch): check.PlainTensor {
  const width = bias.values.length;
  const values = x.values.map((_, i) => {
    const [row, column] = [i - (i % width), i % width];
    const products = bias.values.map((__, c) => x.values[row + c]! * matrix.values[c * width + column]!);
    return Math.max(
      0,
      products.reduce((sum, value) => sum + value, bias.values[column]!),
    );
  });
  return { shape: x.shape, values };
}

const sum = (a: check.PlainTensor, b: check.PlainTensor): check.PlainTensor => ({
  shape: a.shape,
  values: a.values.map((value, i) => value + b.values[i]!),
});

type Stream = check.PlainTensor;
type F = (x: Stream) => Stream;
type LN = (x: Stream) => Stream;

/** What a unit makes of its input, and what follows the last one. */
interface Order {
  readonly unit: (x: Stream, f: F, ln: LN, first: Stream) => Stream;
  readonly end: (x: Stream, final: LN) => Stream;
}

const pre: Order = { unit: (x, f, ln) => sum(x, f(ln(x))), end: (x, final) => final(x) };
const post: Order = { unit: (x, f, ln) => ln(sum(x, f(x))), end: (x) => x };

type Orders = Readonly<Record<Streamed["order"], Order>>;

/** The stream's end, with other orders, another choice of the unit's norm or changed norms. */
const through =
  (
    orders: Partial<Orders> = {},
    normOf: (l: number, units: number) => number = (l) => l,
    changes: Changes = {},
  ) =>
  ({ x, branches, norms, order }: Streamed): Stream => {
    const { unit, end } = { pre, post, ...orders }[order];
    const ln =
      (l: number): LN =>
      (value) =>
        norms.length === 0 ? value : norm(value, norms[Math.min(l, norms.length - 1)]!, changes);
    const last = branches.reduce(
      (stream, branch, l) =>
        unit(stream, (value) => branched(value, branch), ln(normOf(l, branches.length)), x),
      x,
    );
    return end(last, ln(normOf(branches.length, branches.length)));
  };

const right = through();

/** What a norm does that misplaces epsilon shows in streams of small numbers; each draw holds one, so that it shows to every learner. */
const epsilonMistakes: readonly check.Mistake<Streamed>[] = [
  {
    mistake: "forgets-epsilon",
    message: "epsilon is missing under the norm's root",
    gives: through({}, undefined, noEpsilon),
  },
  {
    mistake: "adds-epsilon-outside-the-root",
    message: "epsilon is added to the norm's root: it stands under it",
    gives: through({}, undefined, epsilonOutside),
  },
];

const placeMistakes: readonly check.Mistake<Streamed>[] = [
  {
    mistake: "leaves-no-units-as-they-are",
    message: "without units a pre-norm stream comes out as it is: its last norm is there all the same",
    gives: (drawn) => (drawn.branches.length === 0 ? drawn.x : right(drawn)),
  },
  {
    mistake: "takes-pre-for-both",
    message: "a post-norm stream is taken through pre-norm units: its norm follows the sum",
    gives: through({ post: { ...pre, end: (x) => x } }),
  },
  {
    mistake: "takes-post-for-both",
    message: "a pre-norm stream is taken through post-norm units: its norm stands before the branch",
    gives: through({ pre: { ...post, end: (x, final) => final(x) } }),
  },
  {
    mistake: "takes-post-for-both",
    message: "a pre-norm stream is taken through post-norm units: its norm stands before the branch",
    gives: through({ pre: post }),
  },
  {
    mistake: "forgets-the-last-norm",
    message: "the last norm of the pre-norm stream is missing: nothing else normalises what is read",
    gives: through({ pre: { ...pre, end: (x) => x } }),
  },
  {
    mistake: "ends-post-norm-with-a-norm",
    message: "a norm is put behind a post-norm stream: its last unit has ended with one",
    gives: through({ post: { ...post, end: (x, final) => final(x) } }),
  },
  {
    mistake: "normalises-the-shortcut",
    message: "in the pre-norm unit the shortcut is normalised too: x is carried past the norm as it is",
    gives: through({
      pre: {
        ...pre,
        unit: (x, f, ln) => sum(ln(x), f(ln(x))),
      },
    }),
  },
  {
    mistake: "normalises-the-branch-alone",
    message: "in the post-norm unit only the branch is normalised: the sum is",
    gives: through({ post: { ...post, unit: (x, f, ln) => sum(x, ln(f(x))) } }),
  },
  {
    mistake: "normalises-twice",
    message: "a post-norm unit normalises before its branch too: it normalises once, after the sum",
    gives: through({ post: { ...post, unit: (x, f, ln) => ln(sum(x, f(ln(x)))) } }),
  },
  {
    mistake: "normalises-twice",
    message: "a pre-norm unit normalises its sum too: it normalises once, before the branch",
    gives: through({ pre: { ...pre, unit: (x, f, ln) => ln(sum(x, f(ln(x)))) } }),
  },
  {
    mistake: "forgets-the-shortcut",
    message: "x is not added: a unit gives its branch alone",
    gives: through({
      pre: { ...pre, unit: (x, f, ln) => f(ln(x)) },
      post: { ...post, unit: (x, f, ln) => ln(f(x)) },
    }),
  },
  {
    mistake: "adds-the-first-input",
    message: "every unit adds the stream's first input: it adds its own",
    gives: through({
      pre: { ...pre, unit: (x, f, ln, first) => sum(first, f(ln(x))) },
      post: { ...post, unit: (x, f, ln, first) => ln(sum(first, f(x))) },
    }),
  },
  {
    mistake: "shares-one-norm",
    message: "all units have the first norm: each has its own",
    gives: through({}, () => 0),
  },
  {
    mistake: "ends-with-the-last-units-norm",
    message: "the pre-norm stream ends with its last unit's norm: the list holds one more, for the end",
    gives: through({}, (l, units) => Math.min(l, Math.max(units - 1, 0))),
  },
  {
    mistake: "takes-the-first-norm-for-the-last",
    message: "the norms are off by one: norms[l] is that of the unit l, and the one for the end comes last",
    gives: (drawn) =>
      drawn.order === "pre" ? through({}, (l, units) => (l === units ? 0 : l + 1))(drawn) : right(drawn),
  },
  ...epsilonMistakes,
];

/** A stream, and how far off the numbers at each of its places may be. */
interface Held {
  readonly x: check.PlainTensor;
  readonly off: Numbers;
}

const most = (values: Numbers) => Math.max(...values.map(Math.abs));
const placesOf = ({ shape, values }: check.PlainTensor): Numbers[] =>
  Array.from({ length: values.length / shape[2]! }, (_, row) =>
    values.slice(row * shape[2]!, (row + 1) * shape[2]!),
  );

/** What a norm makes of it: the deviation divides what is off, and what sums and squares of the largest number round away. */
function normed(held: Held, by: Norm): Held {
  const x = norm(held.x, by);
  const bare = placesOf(norm(held.x, by, { affine: (value) => value }));
  const off = placesOf(held.x).map((values, row) => {
    const width = values.length;
    const mean = values.reduce((total, value) => total + value, 0) / width;
    const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / width + epsilon);
    const normalised = most(bare[row]!);
    const centred = (held.off[row]! + check.float32(width + 2, most(values))) * (2 + normalised);
    const divisor = (normalised * check.float32(width + 2, most(values) ** 2)) / deviation;
    return (most(by.scale.values) * (centred + divisor)) / deviation + check.float32(6, most(x.values));
  });
  return { x, off };
}

/** What a branch makes of it: at most the largest sum of absolute weights times what is off. */
function gained(held: Held, { matrix, bias }: Branch): Held {
  const width = bias.values.length;
  const steepest = Math.max(
    ...bias.values.map((_, c) => {
      const column = matrix.values.filter((__, i) => i % width === c);
      return column.reduce((total, value) => total + Math.abs(value), 0);
    }),
  );
  const off = placesOf(held.x).map((values, row) => {
    const magnitude = steepest * most(values) + most(bias.values);
    return steepest * held.off[row]! + check.float32(width + 4, magnitude);
  });
  return { x: branched(held.x, { matrix, bias }), off };
}

function added(a: Held, b: Held): Held {
  const x = sum(a.x, b.x);
  return { x, off: a.off.map((off, row) => off + b.off[row]! + check.float32(1, most(x.values))) };
}

/** float32's rounding on the way of one stream, from an input that is rounded too. */
function rounding({ x, branches, norms, order }: Normed & Partial<Streamed>): number {
  const begin: Held = { x, off: placesOf(x).map((values) => check.float32(1, most(values))) };
  if (!branches) return Math.max(...normed(begin, norms[0]!).off);
  const unit = (held: Held, branch: Branch, own: Norm) =>
    order === "pre"
      ? added(held, gained(normed(held, own), branch))
      : normed(added(held, gained(held, branch)), own);
  const end = branches.reduce((held, branch, l) => unit(held, branch, norms[l]!), begin);
  return Math.max(...(order === "pre" ? normed(end, norms[branches.length]!) : end).off);
}

const normJudge = check.judgeBy<Normed>(ready, normMistakes, {
  what: "the normalised tensor",
  within: rounding,
});
const judge = check.judgeBy<Streamed>(right, placeMistakes, { what: "the stream", within: rounding });

type Draw = ReturnType<typeof check.stream>;

const tensorOf = (draw: Draw, shape: readonly number[], scale = 1): check.PlainTensor => {
  const { values } = check.oddTensor(draw, shape);
  return { shape, values: values.map((value) => Number((scale * value).toPrecision(4))) };
};

const drawNorm = (draw: Draw, width: number): Norm => ({
  scale: tensorOf(draw, [width]),
  shift: tensorOf(draw, [width], 0.5),
});

/** @param scale the deviation of the numbers; where it is small epsilon shows */
const drawNormed = (draw: Draw, shape: readonly [number, number, number], scale = 1, off = 0): Normed => {
  const { values } = tensorOf(draw, shape, scale);
  const x = { shape, values: values.map((value) => Number((value + off).toPrecision(4))) };
  return { x, norms: [drawNorm(draw, shape[2])] };
};

/**
 * A stream on which float32 keeps its digits: no norm divides by next to nothing.
 *
 * @param scale of what the first norm is given, beside which epsilon is nothing unless it is small
 */
const drawStreamed = (
  draw: Draw,
  shape: readonly [number, number, number],
  units: number,
  order: Streamed["order"],
  scale = 1,
): Streamed => {
  const width = shape[2];
  const drawn = (): Streamed => ({
    x: tensorOf(draw, shape, scale),
    branches: Array.from({ length: units }, () => ({
      matrix: tensorOf(draw, [width, width], 0.6 / Math.sqrt(width)),
      bias: tensorOf(draw, [width], 0.5 * scale),
    })),
    norms: Array.from({ length: order === "pre" ? units + 1 : units }, () => drawNorm(draw, width)),
    order,
  });
  return check.drawUntil(
    drawn,
    (one) => rounding(one) < 0.01 * Math.sqrt(Math.min(scale, 1)),
    "a stream that float32 can follow",
  );
};

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "norm-place",
    title: "Before the branch or after the sum: one stream for both places of the norm",
    needs: ["layerNorm", "throughUnits"],
    properties: [
      {
        id: "norm",
        title: "layerNorm is right at each place by itself, with numbers large, small and all alike",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "norm");
          return check.drawUntil(
            () => [
              // Large numbers, beside which epsilon is nothing, and then small ones, where it is no smaller than the variance.
              drawNormed(draw, [2, 3, 4], 20),
              drawNormed(draw, [2, 2, 3], 0.004),
              drawNormed(draw, [1, 2, 6], 1, 3),
              { ...drawNormed(draw, [2, 1, 2]), x: { shape: [2, 1, 2], values: [3, 3, -1, 2] } },
              drawNormed(draw, [3, 2, 1]),
            ],
            (drawn) => check.tells(normJudge, drawn),
            "texts on which no mistake looks like another",
          );
        },
        ...normJudge,
      },
      {
        id: "pre",
        title: "a pre-norm stream is added to and never normalised, but at its end",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "pre");
          return check.drawUntil(
            () => [
              // Large numbers, beside which epsilon is nothing, and then small ones, where it is no smaller than the variance.
              drawStreamed(draw, [2, 2, 3], 2, "pre", 20),
              drawStreamed(draw, [1, 3, 4], 1, "pre", 0.003),
              drawStreamed(draw, [2, 1, 3], 0, "pre"),
              drawStreamed(draw, [1, 2, 5], 3, "pre"),
            ],
            (drawn) => check.tells(judge, drawn, epsilonMistakes),
            "streams on which no mistake looks like another",
          );
        },
        ...judge,
      },
      {
        id: "post",
        title: "a post-norm stream is normalised after every sum",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "post");
          return check.drawUntil(
            () => [
              // Large numbers, beside which epsilon is nothing, and then small ones, where it is no smaller than the variance.
              drawStreamed(draw, [2, 2, 3], 2, "post", 20),
              drawStreamed(draw, [1, 3, 4], 1, "post", 0.003),
              drawStreamed(draw, [2, 1, 3], 0, "post"),
              drawStreamed(draw, [1, 2, 5], 3, "post"),
            ],
            (drawn) => check.tells(judge, drawn, epsilonMistakes),
            "streams on which no mistake looks like another",
          );
        },
        ...judge,
      },
    ],
  },
];
