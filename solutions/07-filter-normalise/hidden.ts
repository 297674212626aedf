// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = {
  readonly direction: readonly number[];
  readonly weights: readonly number[];
  readonly outChannels: number;
};

type Numbers = readonly number[];

const norm = (values: Numbers) => Math.hypot(...values);

/** The numbers of each group, where `groupOf` says which one a number belongs to. */
const members = (values: Numbers, groupOf: (i: number) => number, group: number) =>
  values.filter((_, i) => groupOf(i) === group);

/** Each number times a factor of its group's two lists. */
function scaled(
  { direction, weights }: Case,
  groupOf: (i: number) => number,
  factor: (own: Numbers, wanted: Numbers) => number,
): number[] {
  return direction.map((value, i) => {
    const group = groupOf(i);
    const own = members(direction, groupOf, group);
    return norm(own) === 0 ? 0 : value * factor(own, members(weights, groupOf, group));
  });
}

const filterOf =
  ({ outChannels }: Case) =>
  (i: number) =>
    i % outChannels;
const ratio = (own: Numbers, wanted: Numbers) => norm(wanted) / norm(own);

const right = (drawn: Case) => scaled(drawn, filterOf(drawn), ratio);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "normalises-the-whole-layer",
    message: "the whole layer has the right length: each filter should have its own",
    gives: (drawn) => scaled(drawn, () => 0, ratio),
  },
  {
    mistake: "takes-filters-for-blocks",
    message: "the numbers of a filter are taken to lie side by side: the output channel is the last axis",
    gives: (drawn) =>
      scaled(drawn, (i) => Math.floor((i * drawn.outChannels) / drawn.direction.length), ratio),
  },
  {
    mistake: "makes-unit-filters",
    message: "each filter has length 1: it should have the length of the network's own filter",
    gives: (drawn) => scaled(drawn, filterOf(drawn), (own) => 1 / norm(own)),
  },
  {
    mistake: "forgets-to-divide",
    message: "the filters are multiplied by the network's lengths: first they must be brought to length 1",
    gives: (drawn) => scaled(drawn, filterOf(drawn), (_, wanted) => norm(wanted)),
  },
  {
    mistake: "compares-squares",
    message: "the squares of the lengths are divided: a length is the root of a sum of squares",
    gives: (drawn) => scaled(drawn, filterOf(drawn), (...lists) => ratio(...lists) ** 2),
  },
  {
    mistake: "turns-the-ratio-over",
    message: "the ratio is upside down: the direction should end up as long as the weights",
    gives: (drawn) => scaled(drawn, filterOf(drawn), (own, wanted) => ratio(wanted, own)),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "filter-normalise",
    title: "A random direction that can be compared: filter normalisation",
    needs: ["filterNormalised"],
    properties: [
      ...byHand,
      {
        id: "random",
        title: "every filter gets its own length",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "filter-normalise");
          const drawn = (inputs: number, outChannels: number): Case => ({
            direction: check.oddNumbers(draw, 9 * inputs * outChannels),
            weights: check
              .oddNumbers(draw, 9 * inputs * outChannels)
              .map((value, i) => value * (1 + (i % outChannels))),
            outChannels,
          });
          return [drawn(2, 3), drawn(3, 4)].map((layer) => ({ ...layer }));
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the direction", within: 1e-5 }),
      },
    ],
  },
];
