// Chapter 07's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check, runtime } from "residual";

const { tf } = runtime;
type Tensor = runtime.tf.Tensor;
type Numbers = ArrayLike<number>;

function filterNormalised(d: Tensor, w: Tensor): Tensor {
  const withinFilter = w.shape.slice(0, -1).map((_, axis) => axis);
  const lengths = (t: Tensor) => tf.sqrt(tf.sum(tf.square(t), withinFilter, true));
  return tf.mul(tf.div(d, lengths(d)), lengths(w));
}

type LossAt = (weights: number[]) => number | Promise<number>;

async function lossSlice(
  w: Numbers,
  first: Numbers,
  second: Numbers,
  steps: readonly number[],
  lossAt: LossAt,
): Promise<number[][]> {
  const losses: number[][] = [];
  for (const b of steps) {
    const row: number[] = [];
    for (const a of steps) {
      const moved = Array.from(w, (value, i) => value + a * first[i]! + b * second[i]!);
      row.push(await lossAt(moved));
    }
    losses.push(row);
  }
  return losses;
}

function roughness(heights: readonly number[]): number {
  const differences = (values: readonly number[]) => values.slice(1).map((value, k) => value - values[k]!);
  const slopes = differences(heights);
  return Math.hypot(...differences(slopes)) / Math.hypot(...slopes);
}

function principalDirection(displacements: readonly Numbers[]): number[] {
  let v = Array.from(displacements[0]!);
  for (let round = 0; round < 50; round++) {
    const along = displacements.map((u) => v.reduce((sum, value, i) => sum + u[i]! * value, 0));
    const next = v.map((_, i) => displacements.reduce((sum, u, k) => sum + along[k]! * u[i]!, 0));
    const length = Math.sqrt(next.reduce((sum, value) => sum + value ** 2, 0));
    v = next.map((value) => value / length);
  }
  return v;
}

type From = Parameters<typeof check.oneOf>[0];

/** An array of weights, and numbers drawn for it. */
type Layer = {
  readonly d: ReturnType<typeof check.oddTensor>;
  readonly w: ReturnType<typeof check.oddTensor>;
};
const drawLayer =
  (shapes: readonly (readonly number[])[]) =>
  (from: From, i: number): Layer => {
    const shape = shapes[i % shapes.length]!;
    return { d: check.oddTensor(from, shape), w: check.oddTensor(from, shape) };
  };
const convolutions = [
  [3, 3, 2, 4],
  [1, 1, 3, 3],
  [3, 3, 1, 5],
] as const;
const tensorOf = ({ values, shape }: Layer["d"]): Tensor => tf.tensor(values.slice(), shape.slice());
function seeDirection(answer: typeof filterNormalised, layer: Layer): Tensor {
  const [d, w] = [tensorOf(layer.d), tensorOf(layer.w)];
  const given = answer(d, w);
  // The chapter hands over a network's own weights.
  if (d.isDisposed || w.isDisposed)
    throw new Error("it disposes of what it is given, and the network still needs its weights");
  return given;
}
const axesOf = ({ shape }: Tensor): number[] => shape.slice(0, -1).map((_, axis) => axis);
const lengthsOf = (t: Tensor, axes = axesOf(t)): Tensor => tf.sqrt(tf.sum(tf.square(t), axes, true));
/** Each filter's length; in a row-major list filter j has every number whose place is j more than a multiple of their count. */
const filterLengths = ({ values, shape }: Layer["d"]): number[] => {
  const filters = shape.at(-1)!;
  return Array.from({ length: filters }, (_, filter) =>
    Math.sqrt(values.reduce((sum, value, i) => (i % filters === filter ? sum + value ** 2 : sum), 0)),
  );
};
function directionByLists({ d, w }: Layer): Tensor {
  const [own, wanted] = [filterLengths(d), filterLengths(w)];
  const filters = own.length;
  return tf.tensor(
    d.values.map((value, i) => (value / own[i % filters]!) * wanted[i % filters]!),
    d.shape.slice(),
  );
}

/** Weights in five dimensions, two directions, and what the loss is made of. */
type Plane = {
  readonly w: number[];
  readonly first: number[];
  readonly second: number[];
  readonly steps: number[];
  readonly slopes: number[];
};
const drawPlane = (from: From, i: number): Plane => ({
  w: check.oddNumbers(from, 5),
  first: check.oddNumbers(from, 5),
  second: check.oddNumbers(from, 5),
  // Not symmetric, and 0 not first, so that neither axis can be turned round unseen.
  steps: i % 2 === 0 ? [-1, -0.25, 0, 0.5] : [-0.5, 0, 1],
  slopes: check.oddNumbers(from, 5),
});
/** A loss that no two places share. */
const lossOf = (slopes: readonly number[], weights: Numbers): number =>
  slopes.reduce((sum, slope, i) => sum + slope * weights[i]! + Math.sin(slope * weights[i]! + i), 0);
async function seeSlice(
  answer: typeof lossSlice,
  { w, first, second, steps, slopes }: Plane,
): Promise<number[][]> {
  const rows = await answer([...w], [...first], [...second], steps, (weights) =>
    // One that answers late: who does not wait for it has no number.
    Promise.resolve().then(() => lossOf(slopes, weights)),
  );
  return rows.map((row) => row.map((loss) => (typeof loss === "number" ? loss : NaN)));
}
function sliceByTensors({ w, first, second, steps, slopes }: Plane): number[][] {
  const place = (a: number, b: number) =>
    tf.tidy(() =>
      tf
        .add(tf.tensor1d(w), tf.add(tf.mul(tf.tensor1d(first), a), tf.mul(tf.tensor1d(second), b)))
        .dataSync(),
    );
  return steps.map((b) => steps.map((a) => lossOf(slopes, place(a, b))));
}

const seeRoughness = (answer: typeof roughness, heights: number[]): number => answer(heights);
/** The same from each three neighbours, and with the sums of squares first. */
function roughnessByNeighbours(heights: number[]): number {
  let [bent, steep] = [0, 0];
  for (let k = 0; k + 1 < heights.length; k++) {
    steep += (heights[k + 1]! - heights[k]!) ** 2;
    if (k + 2 < heights.length) bent += (heights[k + 2]! - 2 * heights[k + 1]! + heights[k]!) ** 2;
  }
  return Math.sqrt(bent / steep);
}

/** Displacements that lie along three directions at right angles, and along the first of them most. */
type Path = { readonly axes: number[][]; readonly along: number[][] };
const inner = (a: Numbers, b: Numbers): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const unit = (values: Numbers): number[] => {
  const length = Math.sqrt(inner(values, values));
  return Array.from(values, (value) => value / length);
};
function rightAngled(from: From, size: number, count: number): number[][] {
  const found: number[][] = [];
  for (let k = 0; k < count; k++) {
    const drawn = check.oddNumbers(from, size);
    const rest = drawn.map((value, i) => value - found.reduce((sum, u) => sum + inner(drawn, u) * u[i]!, 0));
    found.push(unit(rest));
  }
  return found;
}
/** [snapshots][3]: the three columns stand at right angles to each other, so the first axis is the principal direction. */
function drawPath(from: From): Path {
  const columns = rightAngled(from, 4, 3);
  return {
    axes: rightAngled(from, 6, 3),
    along: [0, 1, 2, 3].map((k) => [5 * columns[0]![k]!, 2 * columns[1]![k]!, columns[2]![k]!]),
  };
}
const displacementsOf = ({ axes, along }: Path): number[][] =>
  along.map((row) => axes[0]!.map((_, i) => row.reduce((sum, value, k) => sum + value * axes[k]![i]!, 0)));
/** v vᵀ, which does not know which way v points, and tells its length. */
const product = (v: Numbers): number[][] => Array.from(v, (a) => Array.from(v, (b) => a * b));
function seePrincipal(answer: typeof principalDirection, path: Path): number[][] {
  const displacements = displacementsOf(path);
  const v = answer(displacements);
  if (JSON.stringify(displacements) !== JSON.stringify(displacementsOf(path)))
    throw new Error("it changes the displacements that it is given: work on copies, such as Array.from(u)");
  return product(v);
}
const mean = (rows: readonly Numbers[]): number[] =>
  Array.from(rows[0]!, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);

export const turns = {
  filterNormalised: {
    ours: filterNormalised,
    traits: [
      check.trait("each filter becomes as long as that of w", {
        draw: drawLayer(convolutions),
        see: async (answer: typeof filterNormalised, layer) => {
          const given = await seeDirection(answer, layer).array();
          return filterLengths({ shape: layer.d.shape, values: (given as number[]).flat(4) });
        },
        right: ({ w }) => filterLengths(w),
        within: 1e-4,
      }),
      check.trait("and points where that of d points", {
        draw: drawLayer(convolutions),
        see: seeDirection,
        right: directionByLists,
        within: 1e-4,
      }),
      check.trait("a dense layer's filters too: one for each output", {
        draw: drawLayer([
          [6, 4],
          [3, 5],
        ]),
        see: seeDirection,
        right: directionByLists,
        within: 1e-4,
      }),
    ],
    wrong: [
      {
        mistake: "normalises-the-whole-layer",
        message: "the whole array gets one factor: each filter, so each place on the last axis, has its own",
        answer: (d, w) => tf.mul(tf.div(d, tf.norm(d)), tf.norm(w)),
      },
      {
        mistake: "normalises-each-kernel",
        message:
          "each input channel's kernel gets a factor of its own: a filter is all that makes one output channel, so the sum runs over every axis but the last",
        answer: (d, w) => {
          const axes = axesOf(w).slice(0, Math.max(1, w.rank - 2));
          return tf.mul(tf.div(d, lengthsOf(d, axes)), lengthsOf(w, axes));
        },
      },
      {
        mistake: "normalises-each-number",
        message: "each number gets the size of its weight: a length is that of a whole filter",
        answer: (d, w) => tf.mul(tf.sign(d), tf.abs(w)),
      },
      {
        mistake: "keeps-length-one",
        message: "the filters have length 1: multiply by the length of w's filter",
        answer: (d) => tf.div(d, lengthsOf(d)),
      },
      {
        mistake: "scales-without-dividing",
        message: "d is multiplied by the length of w's filter, but not divided by its own length first",
        answer: (d, w) => tf.mul(d, lengthsOf(w)),
      },
      {
        mistake: "forgets-the-root",
        message: "sums of squares are used as lengths: a length is the root of its sum of squares",
        answer: (d, w) => {
          const squares = (t: Tensor) => tf.sum(tf.square(t), axesOf(w), true);
          return tf.mul(tf.div(d, squares(d)), squares(w));
        },
      },
      {
        mistake: "takes-the-first-axis",
        message: "the first axis is taken for the filters: in this layout the last one counts them",
        answer: (d, w) => {
          const axes = w.shape.slice(1).map((_, axis) => axis + 1);
          return tf.mul(tf.div(d, lengthsOf(d, axes)), lengthsOf(w, axes));
        },
      },
      {
        mistake: "points-where-w-points",
        message: "that is w itself: the filters' lengths are w's, but where they point is for d to say",
        answer: (_, w) => tf.clone(w),
      },
    ],
  } satisfies check.Turn<typeof filterNormalised>,

  lossSlice: {
    ours: lossSlice,
    traits: [
      check.trait("the centre is the loss of w itself", {
        draw: drawPlane,
        see: async (answer: typeof lossSlice, plane) => {
          const zero = plane.steps.indexOf(0);
          return (await seeSlice(answer, plane))[zero]![zero]!;
        },
        right: ({ w, slopes }) => lossOf(slopes, w),
        within: 1e-5,
      }),
      check.trait("column j moves along the first direction, row i along the second", {
        times: 4,
        draw: drawPlane,
        see: seeSlice,
        right: sliceByTensors,
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "walks-on",
        message:
          "each point starts where the last one ended: every point starts from w, so w must stay as it is",
        answer: async (w, first, second, steps, lossAt) => {
          const moved = Array.from(w);
          const losses: number[][] = [];
          for (const b of steps) {
            const row: number[] = [];
            for (const a of steps) {
              for (let i = 0; i < moved.length; i++) moved[i]! += a * first[i]! + b * second[i]!;
              row.push(await lossAt([...moved]));
            }
            losses.push(row);
          }
          return losses;
        },
      },
      {
        mistake: "does-not-wait",
        message:
          "promises stand where losses should: `lossAt` answers after a moment, so write `await` before it",
        answer: (w, first, second, steps, lossAt) =>
          Promise.resolve(
            steps.map((b) =>
              steps.map((a) => {
                const moved = Array.from(w, (value, i) => value + a * first[i]! + b * second[i]!);
                return lossAt(moved) as number;
              }),
            ),
          ),
      },
      {
        mistake: "swaps-the-directions",
        message:
          "rows and columns are exchanged: along a row, so from column to column, the first direction moves",
        answer: (w, first, second, steps, lossAt) => lossSlice(w, second, first, steps, lossAt),
      },
      {
        mistake: "forgets-the-centre",
        message: "w is missing: the moves start at 0 instead of at the trained weights",
        answer: (w, first, second, steps, lossAt) =>
          lossSlice(
            Array.from(w, () => 0),
            first,
            second,
            steps,
            lossAt,
          ),
      },
      {
        mistake: "moves-along-one",
        message: "the second direction is missing: all rows are the same line",
        answer: (w, first, second, steps, lossAt) =>
          lossSlice(
            w,
            first,
            Array.from(second, () => 0),
            steps,
            lossAt,
          ),
      },
      {
        mistake: "turns-a-step-round",
        message: "the moves are subtracted: a step of +1 adds the whole direction",
        answer: (w, first, second, steps, lossAt) =>
          lossSlice(
            w,
            Array.from(first, (value) => -value),
            Array.from(second, (value) => -value),
            steps,
            lossAt,
          ),
      },
    ],
  } satisfies check.Turn<typeof lossSlice>,

  roughness: {
    ours: roughness,
    traits: [
      check.trait("a straight line has 0", {
        draw: (from) => {
          const slope = check.oddNumbers(from, 1)[0]!;
          return [0, 1, 2, 3, 4].map((k) => 3 + k * slope);
        },
        see: seeRoughness,
        right: () => 0,
        within: 1e-6,
      }),
      check.trait("it is the length of the bends over the length of the slopes", {
        times: 5,
        draw: (from, i) => check.oddNumbers(from, 5 + i),
        see: seeRoughness,
        right: roughnessByNeighbours,
        within: 1e-6,
      }),
    ],
    wrong: [
      {
        mistake: "turns-the-fraction",
        message: "the fraction is upside down: bends over slopes, so that a straight line has 0",
        answer: (heights) => 1 / roughness(heights),
      },
      {
        mistake: "forgets-the-root",
        message: "sums of squares are divided: a length is the root of a sum of squares",
        answer: (heights) => roughness(heights) ** 2,
      },
      {
        mistake: "adds-sizes",
        message: "absolute values are added: a length is the root of the sum of the squares",
        answer: (heights) => {
          const slopes = heights.slice(1).map((height, k) => height - heights[k]!);
          const bends = slopes.slice(1).map((slope, k) => slope - slopes[k]!);
          const sizes = (values: readonly number[]) =>
            values.reduce((sum, value) => sum + Math.abs(value), 0);
          return sizes(bends) / sizes(slopes);
        },
      },
      {
        mistake: "takes-means-of-squares",
        message:
          "means of squares are compared: there is one bend less than slopes, and a length has no division",
        answer: (heights) => roughness(heights) * Math.sqrt((heights.length - 1) / (heights.length - 2)),
      },
      {
        mistake: "skips-a-neighbour",
        message:
          "the bends are differences of places two apart: f(k+2) - f(k); a bend is a difference of neighbouring slopes",
        answer: (heights) => {
          const slopes = heights.slice(1).map((height, k) => height - heights[k]!);
          const apart = heights.slice(2).map((height, k) => height - heights[k]!);
          return Math.hypot(...apart) / Math.hypot(...slopes);
        },
      },
      {
        mistake: "divides-by-the-heights",
        message:
          "the bends are divided by the heights: then adding 1 to every loss would make a line smoother",
        answer: (heights) => {
          const slopes = heights.slice(1).map((height, k) => height - heights[k]!);
          return (roughness(heights) * Math.hypot(...slopes)) / Math.hypot(...heights);
        },
      },
    ],
  } satisfies check.Turn<typeof roughness>,

  principalDirection: {
    ours: principalDirection,
    traits: [
      check.trait("its length is 1", {
        draw: drawPath,
        see: (answer: typeof principalDirection, path) => {
          const v = answer(displacementsOf(path));
          return Math.sqrt(inner(v, v));
        },
        right: () => 1,
        within: 1e-5,
      }),
      check.trait("it is the direction along which the squares add up to most, whichever way it points", {
        times: 4,
        draw: drawPath,
        see: seePrincipal,
        right: ({ axes }) => product(axes[0]!),
        within: 1e-4,
      }),
    ],
    wrong: [
      {
        mistake: "gives-the-coefficients",
        message:
          "that is an eigenvector of the matrix of inner products: it has a number for each snapshot, which says how much of each to add up",
        answer: (displacements) => {
          const v = principalDirection(displacements);
          return unit(displacements.map((u) => inner(u, v)));
        },
      },
      {
        mistake: "is-not-of-length-one",
        message: "the direction is right and its length is not 1: divide by it",
        answer: (displacements) => {
          const v = principalDirection(displacements);
          const along = displacements.map((u) => inner(u, v));
          return v.map((_, i) => displacements.reduce((sum, u, k) => sum + along[k]! * u[i]!, 0));
        },
      },
      {
        mistake: "subtracts-the-mean",
        message:
          "the mean displacement is subtracted first: the plane has to go through the trained weights, so displacements are taken from there",
        answer: (displacements) => {
          const centre = mean(displacements);
          return principalDirection(
            displacements.map((u) => Array.from(u, (value, i) => value - centre[i]!)),
          );
        },
      },
      {
        mistake: "takes-the-first",
        message: "that is the way from the first snapshot: all of them count",
        answer: (displacements) => unit(displacements[0]!),
      },
      {
        mistake: "takes-the-mean",
        message:
          "that is the mean displacement: where displacements point opposite ways they cancel in it, and their squares do not",
        answer: (displacements) => unit(mean(displacements)),
      },
      {
        mistake: "goes-round-once",
        message:
          "one round is not enough: each brings v nearer to the principal direction, so repeat until it stays",
        answer: (displacements) => {
          const along = displacements.map((u) => inner(u, displacements[0]!));
          return unit(
            Array.from(displacements[0]!, (_, i) =>
              displacements.reduce((sum, u, k) => sum + along[k]! * u[i]!, 0),
            ),
          );
        },
      },
    ],
  } satisfies check.Turn<typeof principalDirection>,
};
