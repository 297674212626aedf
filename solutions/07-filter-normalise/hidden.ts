// What is graded of the direction: layers of every form, with filters of zeros and tiny ones, and what known mistakes give.
import { check } from "residual";

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

/** By filters, with another factor. */
const byFilters = (factor: (own: Numbers, wanted: Numbers) => number) => (drawn: Case) =>
  scaled(drawn, filterOf(drawn), factor);

const right = byFilters(ratio);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "divides-by-zero",
    message: "a filter of the direction that is all zeros becomes NaN: it stays zeros",
    gives: (drawn) => {
      const filter = filterOf(drawn);
      return drawn.direction.map(
        (value, i) =>
          value *
          ratio(members(drawn.direction, filter, filter(i)), members(drawn.weights, filter, filter(i))),
      );
    },
  },
  {
    mistake: "keeps-the-direction-of-zero-weights",
    message:
      "where the network's filter is all zeros the direction keeps its length: it gets the filter's, which is 0",
    gives: byFilters((own, wanted) => ratio(own, wanted) || 1),
  },
  {
    mistake: "adds-a-tiny-epsilon",
    message:
      "tiny directions come out too short: something is added to their length, or it is bounded from below, before it divides",
    gives: byFilters((own, wanted) => norm(wanted) / (norm(own) + 1e-10)),
  },
  {
    mistake: "adds-a-tiny-epsilon",
    message: "tiny directions come out too short: their length is bounded from below before it divides",
    gives: byFilters((own, wanted) => norm(wanted) / Math.max(norm(own), 1e-8)),
  },
  {
    mistake: "adds-a-tiny-epsilon",
    message: "tiny directions come out too short: their length is bounded from below before it divides",
    gives: byFilters((own, wanted) => norm(wanted) / Math.max(norm(own), 1e-10)),
  },
  {
    mistake: "adds-an-epsilon",
    message:
      "small directions come out too short: something is added to their length, or it is bounded from below, before it divides",
    gives: byFilters((own, wanted) => norm(wanted) / Math.sqrt(norm(own) ** 2 + 1e-8)),
  },
  {
    mistake: "never-shrinks",
    message: "filters are made longer but never shorter: the direction may be longer than the weights",
    gives: byFilters((own, wanted) => Math.max(ratio(own, wanted), 1)),
  },
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
    mistake: "takes-rows-for-filters",
    message: "what lies side by side is taken for a filter: those are numbers of different output channels",
    gives: (drawn) => {
      const row = (i: number) => Math.floor(i / drawn.outChannels);
      const rows = scaled(drawn, row, ratio);
      // Rows beyond the number of filters are taken with the factor of an earlier one.
      return rows.map((value, i) => {
        const from = row(i) % drawn.outChannels;
        const [own, wanted] = [members(drawn.direction, row, from), members(drawn.weights, row, from)];
        return from === row(i) ? value : drawn.direction[i]! * ratio(own, wanted);
      });
    },
  },
  {
    mistake: "loses-the-signs",
    message: "negative numbers have become positive: the direction keeps its signs",
    gives: (drawn) => right(drawn).map(Math.abs),
  },
  {
    mistake: "adds-absolute-values",
    message: "lengths are sums of absolute values here: a length is the root of a sum of squares",
    gives: byFilters((own, wanted) => {
      const sum = (values: Numbers) => values.reduce((total, value) => total + Math.abs(value), 0);
      return sum(wanted) / sum(own);
    }),
  },
  {
    mistake: "takes-the-largest-number",
    message: "a filter's largest number is taken for its length: a length is the root of a sum of squares",
    gives: byFilters((own, wanted) => Math.max(...wanted.map(Math.abs)) / Math.max(...own.map(Math.abs))),
  },
  {
    mistake: "compares-squares",
    message: "the squares of the lengths are divided: a length is the root of a sum of squares",
    gives: byFilters((...lists) => ratio(...lists) ** 2),
  },
  {
    mistake: "turns-the-ratio-over",
    message: "the ratio is upside down: the direction should end up as long as the weights",
    gives: byFilters((...lists) => 1 / ratio(...lists)),
  },
  {
    mistake: "makes-unit-filters",
    message: "each filter has length 1: it should have the length of the network's own filter",
    gives: byFilters((own) => 1 / norm(own)),
  },
  {
    mistake: "forgets-to-divide",
    message: "the filters are multiplied by the network's lengths: first they must be brought to length 1",
    gives: byFilters((_, wanted) => norm(wanted)),
  },
  {
    mistake: "scales-the-weights",
    message: "the weights are brought to the direction's length: it is the other way round",
    gives: ({ direction, weights, outChannels }) =>
      right({ direction: weights, weights: direction, outChannels }),
  },
];

const judge = check.judgeBy<Case>(right, mistakes, {
  what: "the direction",
  // Two sums of squares, two roots, a quotient and a product; no number is larger than its filter.
  within: (drawn) =>
    check.float32(
      (2 * drawn.direction.length) / drawn.outChannels + 8,
      Math.max(...drawn.weights.map((_, f) => norm(members(drawn.weights, filterOf(drawn), f)))),
    ),
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "filter-normalise",
    title: "A random direction that can be compared: filter normalisation",
    needs: ["filterNormalised"],
    properties: [
      {
        id: "by-hand",
        title: "it is right for filters that can be measured by hand, and for zeros",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "filter-normalise by hand");
          // Filters of whole lengths, and two of them side by side.
          const whole = [[2, -1, 2], [6, 8, 0], [0, 3, 4], [-2, 6, 3], [4, -4, 7], [1, -8, 4], [9, -2, 6], [2, 10, -11]]; // prettier-ignore
          const side = (a: Numbers, b: Numbers) => a.flatMap((value, i) => [value, b[i]!]);
          const worked: readonly Case[] = [
            // Filters (2, -1, 2) and (6, 8, 0), of lengths 3 and 10; (0, 3, 4) and (3, -4, 0), both of length 5.
            { direction: [2, 6, -1, 8, 2, 0], weights: [0, 3, 3, -4, 4, 0], outChannels: 2 },
            { direction: [0, 2, 0, 0], weights: [5, 6, -1, 8], outChannels: 2 },
            { direction: [3, 1, 4, 1], weights: [0, 2, 0, 2], outChannels: 2 },
            { direction: [3, 4], weights: [6, -8], outChannels: 1 },
            { direction: [2, -4, 0], weights: [-1, 3, 2], outChannels: 3 },
          ];
          return check.withDrawn(judge, worked, () => [
            {
              direction: side(check.oneOf(draw, whole), check.oneOf(draw, whole)),
              weights: side(check.oneOf(draw, whole), check.oneOf(draw, whole)),
              outChannels: 2,
            },
          ]);
        },
        ...judge,
      },
      {
        id: "random",
        title: "every filter gets its own length, in layers of any form",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "filter-normalise");
          const numbers = (count: number, scale: (i: number) => number) =>
            check.oddNumbers(draw, count).map((value, i) => Number((value * scale(i)).toPrecision(4)));
          const drawn = (rows: number, outChannels: number, scale = 1): Case => ({
            direction: numbers(rows * outChannels, () => scale),
            weights: numbers(rows * outChannels, (i) => 1 + ((i % outChannels) - 0.5) * 0.8),
            outChannels,
          });
          const without = (values: Numbers, outChannels: number, filter: number) =>
            values.map((value, i) => (i % outChannels === filter ? 0 : value));
          const [dead, still] = [drawn(9, 3), drawn(4, 4)];
          return [
            drawn(6, 3),
            drawn(9, 2, 1e-4),
            drawn(8, 3, 1e-14),
            drawn(18, 1),
            drawn(1, 5),
            { ...dead, weights: without(dead.weights, 3, 1) },
            { ...still, direction: without(still.direction, 4, 2) },
            drawn(9, 4, 300),
            drawn(2, 12),
          ];
        },
        ...judge,
      },
    ],
  },
];
