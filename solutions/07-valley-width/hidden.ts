// What is graded of the width: slices of every shape, and what known mistakes give for them.
import { check } from "residual";

type Case = { readonly alphas: readonly number[]; readonly losses: readonly number[]; readonly rise: number };

/** The loss between the points. */
function lossAt({ alphas, losses }: Case, alpha: number): number {
  const next = Math.max(
    1,
    alphas.findIndex((other) => other >= alpha),
  );
  const [a, b] = [alphas[next - 1]!, alphas[next]!];
  return losses[next - 1]! + ((alpha - a) / (b - a)) * (losses[next]! - losses[next - 1]!);
}

const levelOf = ({ alphas, losses, rise }: Case) => losses[alphas.indexOf(0)]! + rise;

/** Where the curve first meets a level, from 0 to the side of `end`: by bisection between the points, with no formula for a crossing. */
function edge(
  drawn: Case,
  end: number,
  level = levelOf(drawn),
  { over = (loss: number) => loss > level, onward = (last: number) => last } = {},
): number {
  const side = drawn.alphas
    .filter((alpha) => Math.sign(alpha) === Math.sign(end))
    .sort((a, b) => Math.abs(a) - Math.abs(b));
  let inside = 0;
  for (let outside of side) {
    if (over(lossAt(drawn, outside))) {
      for (let i = 0; i < 60; i++) {
        const middle = (inside + outside) / 2;
        if (over(lossAt(drawn, middle))) outside = middle;
        else inside = middle;
      }
      return inside;
    }
    inside = outside;
  }
  return onward(inside);
}

const ends = ({ alphas }: Case) => [alphas[0]!, alphas.at(-1)!] as const;
const between = (drawn: Case, level?: number) =>
  edge(drawn, ends(drawn)[1], level) - edge(drawn, ends(drawn)[0], level);

/** The points of the list that lie under the level. */
const under = (drawn: Case) => drawn.alphas.filter((_, i) => drawn.losses[i]! <= levelOf(drawn));

const right = (drawn: Case) => between(drawn);

/** The slice with its left on its right. */
const mirrored = ({ alphas, losses, rise }: Case): Case => ({
  alphas: alphas.map((alpha) => 0 - alpha).toReversed(),
  losses: losses.toReversed(),
  rise,
});

/** Where a slip in a crossing's formula puts the right edge. */
function crossing(drawn: Case, place: (from: number, to: number, share: number) => number): number {
  const { alphas, losses } = drawn;
  const level = levelOf(drawn);
  for (let i = alphas.indexOf(0); i + 1 < alphas.length; i++) {
    if (losses[i + 1]! > level) {
      const share = (level - losses[i]!) / (losses[i + 1]! - losses[i]!);
      return place(alphas[i]!, alphas[i + 1]!, share);
    }
  }
  return alphas.at(-1)!;
}

/** The right edge, looked for from the end of the slice. */
function outermost(drawn: Case): number {
  const { alphas, losses } = drawn;
  const level = levelOf(drawn);
  const last = losses.findLastIndex((loss) => loss <= level);
  if (last === losses.length - 1) return alphas[last]!;
  const share = (level - losses[last]!) / (losses[last + 1]! - losses[last]!);
  return alphas[last]! + share * (alphas[last + 1]! - alphas[last]!);
}

const bySlip = (drawn: Case, place: (from: number, to: number, share: number) => number) =>
  crossing(drawn, place) + crossing(mirrored(drawn), place);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "needs-both-sides",
    message: "where the slice ends at 0 the width is 0 here: the other side counts all the same",
    gives: (drawn) => (ends(drawn).includes(0) ? 0 : right(drawn)),
  },
  {
    mistake: "stops-where-it-touches",
    message: "the valley ends where the curve only touches the level: it ends where the curve rises above it",
    gives: (drawn) => {
      const level = levelOf(drawn);
      const [left, rightEnd] = ends(drawn);
      const options = { over: (loss: number) => loss >= level };
      return edge(drawn, rightEnd, level, options) - edge(drawn, left, level, options);
    },
  },
  {
    mistake: "forgets-negative-losses",
    message: "a loss below zero is taken for positive: the level is the loss at 0 plus the rise",
    gives: (drawn) => between(drawn, Math.abs(levelOf(drawn) - drawn.rise) + drawn.rise),
  },
  {
    mistake: "assumes-even-steps",
    message: "all steps are taken to be as long as the first: the positions need not be evenly spaced",
    gives: (drawn) => {
      const step = drawn.alphas.length > 1 ? drawn.alphas[1]! - drawn.alphas[0]! : 0;
      return bySlip(drawn, (from, _, share) => from + share * step);
    },
  },
  {
    mistake: "takes-the-middle-for-0",
    message: "the trained network is looked for in the middle of the list: it stands where the position is 0",
    gives: ({ alphas, losses, rise }) => {
      const middle = alphas[Math.floor(alphas.length / 2)]!;
      return right({ alphas: alphas.map((alpha) => alpha - middle), losses, rise });
    },
  },
  {
    mistake: "counts-open-sides-as-nothing",
    message: "a side on which the curve never rises above the level counts nothing: its end counts",
    gives: (drawn) => {
      const [left, rightEnd] = ends(drawn);
      const options = { onward: () => 0 };
      return edge(drawn, rightEnd, undefined, options) - edge(drawn, left, undefined, options);
    },
  },
  {
    mistake: "counts-open-sides-as-endless",
    message: "a side on which the curve never rises above the level has no end: the curve's end counts",
    gives: (drawn) => {
      const [left, rightEnd] = ends(drawn);
      return (
        edge(drawn, rightEnd, undefined, { onward: () => Infinity }) -
        edge(drawn, left, undefined, { onward: () => -Infinity })
      );
    },
  },
  {
    mistake: "counts-other-valleys",
    message: "what lies beyond a ridge is counted: only the valley around 0 is asked for",
    gives: (drawn) => outermost(drawn) + outermost(mirrored(drawn)),
  },
  {
    mistake: "measures-from-the-lowest-point",
    message:
      "the level is taken from the lowest loss of the slice: it is the trained network's, at 0, that counts",
    gives: (drawn) => between(drawn, Math.min(...drawn.losses) + drawn.rise),
  },
  {
    mistake: "snaps-to-the-points",
    message: "the width ends at points of the list: the curve meets the level between two of them",
    gives: (drawn) => {
      const [left, right] = ends(drawn).map((end) => edge(drawn, end));
      const low = under(drawn).filter((alpha) => alpha >= left! && alpha <= right!);
      return low.at(-1)! - low[0]!;
    },
  },
  {
    mistake: "turns-the-share-over",
    message: "a crossing is measured from the wrong one of its two points: near which of them does it lie?",
    gives: (drawn) => bySlip(drawn, (from, to, share) => from + (1 - share) * (to - from)),
  },
  {
    mistake: "takes-the-rise-for-the-level",
    message: "the level is the rise itself: it is the loss at 0 plus the rise",
    gives: (drawn) => between(drawn, drawn.rise),
  },
  {
    mistake: "multiplies-the-loss",
    message: "the loss at 0 is multiplied by the rise: the level is their sum",
    gives: (drawn) => between(drawn, (levelOf(drawn) - drawn.rise) * (1 + drawn.rise)),
  },
  {
    mistake: "doubles-one-side",
    message: "one side is measured and doubled: a valley need not be symmetric",
    gives: (drawn) => 2 * edge(drawn, ends(drawn)[1]),
  },
  {
    mistake: "measures-from-0-to-the-right",
    message: "only the right side is measured",
    gives: (drawn) => edge(drawn, ends(drawn)[1]),
  },
  {
    mistake: "adds-the-edges",
    message: "the left edge is added with its sign, so it is taken off: a distance is asked for",
    gives: (drawn) => edge(drawn, ends(drawn)[1]) + edge(drawn, ends(drawn)[0]),
  },
];

/** float32's rounding of the positions, and of the two losses and the level that a share is made of. */
function rounding(drawn: Case): number {
  const { alphas, losses } = drawn;
  const level = levelOf(drawn);
  const loss = check.float32(8, Math.max(Math.abs(level), ...losses.map(Math.abs)));
  const crossings = alphas.slice(1).map((alpha, i) => {
    const [a, b] = [losses[i]!, losses[i + 1]!];
    return a > level === b > level ? 0 : ((alpha - alphas[i]!) * loss) / Math.abs(b - a);
  });
  return check.float32(8, Math.max(1, ...alphas.map(Math.abs))) + 2 * Math.max(0, ...crossings);
}

const judge = check.judgeBy<Case>(right, mistakes, { what: "the width", within: rounding });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "valley-width",
    title: "How wide is the valley? Read it off a slice of the surface",
    needs: ["valleyWidth"],
    properties: [
      {
        id: "by-hand",
        title: "it is right for slices that can be drawn, to their ends and touching the level",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "valley-width by hand");
          const step = () => (1 + draw.integer(9)) / 8;
          const worked: readonly Case[] = [
            // The level is 2.75: 3/8 of the way from -1 to -2, and 3/16 of the way from 1 to 2.
            { alphas: [-2, -1, 0, 1, 2], losses: [4, 2, 1.25, 2, 6], rise: 1.5 },
            { alphas: [-1, 0, 0.5], losses: [1, 1, 1], rise: 1 },
            { alphas: [-1, 0, 0.5, 2], losses: [5, 1, 2, 4], rise: 2 },
            { alphas: [0, 1, 2], losses: [0.5, 1, 3], rise: 1.5 },
            { alphas: [-3, -1, 0], losses: [4, 1, 0.5], rise: 1.5 },
            { alphas: [-3, -2, -1, 0, 1, 2], losses: [5, 1, 2, 1, 2, 4], rise: 1 },
            { alphas: [-2, -1, 0, 1, 2], losses: [1, -0.5, -1, -0.25, 2], rise: 0.5 },
            { alphas: [0], losses: [2], rise: 1 },
          ];
          return check.withDrawn(judge, worked, () => {
            const low = 1 + draw.integer(8) / 8;
            const losses = [
              low + 2 + draw.integer(4),
              low + step(),
              low,
              low + step(),
              low + 2 + draw.integer(4),
            ];
            return [{ alphas: [-2, -1, 0, 1, 2], losses, rise: 1.5 }];
          });
        },
        ...judge,
      },
      {
        id: "ridges",
        title: "it is right for slices with ridges, lower valleys beyond, and uneven steps",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "valley-width");
          const slice = (
            left: readonly number[],
            right: readonly number[],
            { sink = 0, uneven = false, rise = 0.5 } = {},
          ): Case => {
            const losses = [...left, 0.6, ...right].map((loss) =>
              Number((loss - sink + 0.02 * draw.uniform()).toFixed(4)),
            );
            const steps = losses.map(() => (uneven ? 0.1 + 0.5 * draw.uniform() : 0.25));
            const places = steps.map((_, i) => steps.slice(0, i).reduce((sum, step) => sum + step, 0));
            const alphas = places.map((place) => Number((place - places[left.length]!).toFixed(4)));
            return { alphas, losses, rise };
          };
          return [
            slice([0.3, 2.2, 1.6, 0.8], [0.7, 0.9, 1.9, 2.4, 0.4]),
            slice([2.8, 1.9, 0.75], [1.7, 0.35, 0.2, 3.1]),
            slice([0.3, 2.2, 1.6, 0.8], [0.7, 0.9, 1.9, 2.4], { uneven: true }),
            slice([2.4, 1.5, 0.8], [0.9, 1.4, 0.5, 2.6], { sink: 1.7, uneven: true }),
            slice([0.9, 0.8, 0.7], [0.65, 0.8, 0.7, 1.6], { uneven: true }),
            slice([], [0.8, 1.5, 2.4], { uneven: true }),
            slice([3.4, 2.6, 0.9], [], { rise: 1.3 }),
          ];
        },
        ...judge,
      },
    ],
  },
];
