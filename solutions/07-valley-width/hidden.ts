// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

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
function edge(drawn: Case, end: number, level = levelOf(drawn)): number {
  const side = drawn.alphas
    .filter((alpha) => Math.sign(alpha) === Math.sign(end))
    .sort((a, b) => Math.abs(a) - Math.abs(b));
  let inside = 0;
  for (let outside of side) {
    if (lossAt(drawn, outside) > level) {
      for (let i = 0; i < 60; i++) {
        const middle = (inside + outside) / 2;
        if (lossAt(drawn, middle) > level) outside = middle;
        else inside = middle;
      }
      return inside;
    }
    inside = outside;
  }
  return inside;
}

const ends = ({ alphas }: Case) => [alphas[0]!, alphas.at(-1)!] as const;
const between = (drawn: Case, level?: number) =>
  edge(drawn, ends(drawn)[1], level) - edge(drawn, ends(drawn)[0], level);

/** The points of the list that lie under the level. */
const under = (drawn: Case) => drawn.alphas.filter((_, i) => drawn.losses[i]! <= levelOf(drawn));

const right = (drawn: Case) => between(drawn);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "counts-other-valleys",
    message: "what lies beyond a ridge is counted: only the valley around 0 is asked for",
    gives: (drawn) => {
      const low = under(drawn);
      return low.at(-1)! - low[0]!;
    },
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
    mistake: "measures-from-the-lowest-point",
    message:
      "the level is taken from the lowest loss of the slice: it is the trained network's, at 0, that counts",
    gives: (drawn) => between(drawn, Math.min(...drawn.losses) + drawn.rise),
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
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "valley-width",
    title: "How wide is the valley? Read it off a slice of the surface",
    needs: ["valleyWidth"],
    properties: [
      ...byHand,
      {
        id: "ridges",
        title: "it is right for slices with ridges and lower valleys beyond",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "valley-width");
          const slice = (left: readonly number[], right: readonly number[]): Case => {
            const losses = [...left, 0.6, ...right].map((loss) =>
              Number((loss + 0.02 * draw.uniform()).toFixed(4)),
            );
            const alphas = losses.map((_, i) => Number(((i - left.length) / 4).toFixed(4)));
            return { alphas, losses, rise: 0.5 };
          };
          return [
            slice([0.3, 2.2, 1.6, 0.8], [0.7, 0.9, 1.9, 2.4, 0.4]),
            slice([2.8, 1.9, 0.75], [1.7, 0.35, 0.2, 3.1]),
          ].map((drawn) => ({ ...drawn }));
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the width", within: 1e-6 }),
      },
    ],
  },
];
