// What is graded of the path lengths: networks that can be drawn, deep ones, and one without units.
import { check } from "residual";

/** C(n, k) by Pascal's rule, in whole numbers. */
function binomials(n: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [1, ...row.slice(1).map((value, k) => value + row[k]!), 1];
  return row;
}

const running = (values: readonly number[], next: (before: number, value: number) => number) => {
  let before = 0;
  return values.map((value) => (before = next(before, value)));
};
const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
const factorials = (n: number) => binomials(n).map((_, k) => factorial(n) / factorial(k) / factorial(n - k));

const mistakes: readonly check.Mistake<number>[] = [
  {
    mistake: "has-no-path-without-units",
    message:
      "without units nothing comes out: the input itself is the output then, so how many paths are there?",
    gives: (n) => (n === 0 ? [0] : binomials(n)),
  },
  {
    mistake: "overflows-32-bits",
    message: "large counts overflow: a 32-bit integer ends at 2,147,483,647",
    gives: (n) => binomials(n).map((count) => count | 0),
  },
  {
    mistake: "rounds-large-counts",
    message:
      "large counts are not whole, or wrong in their last digits: what they are made from on the way is larger than 2^53, beyond which ordinary numbers are rounded",
    gives: factorials,
  },
  {
    mistake: "gives-shares",
    message: "these are shares of all paths: the numbers of paths are asked for",
    gives: (n) => binomials(n).map((count) => count / 2 ** n),
  },
  {
    mistake: "counts-orders",
    message: "a path passes its units in one order only: choose units, do not arrange them",
    gives: (n) => binomials(n).map((count, k) => count * factorial(k)),
  },
  {
    mistake: "counts-up-to-a-length",
    message: "these are the paths of at most each length: those of exactly that length are asked for",
    gives: (n) => running(binomials(n), (before, count) => before + count),
  },
  {
    mistake: "weighs-by-length",
    message: "each count is multiplied by its length: that counts residuals, not paths",
    gives: (n) => binomials(n).map((count, k) => count * Math.max(k, 1)),
  },
  {
    mistake: "one-path-a-length",
    message: "there is one path of each length here: which of the units a path passes makes a difference",
    gives: (n) => binomials(n).map(() => 1),
  },
  {
    mistake: "doubles-at-each-length",
    message: "these are powers of two: all 2^n paths are to be shared out among the lengths",
    gives: (n) => binomials(n).map((_, k) => 2 ** k),
  },
  {
    mistake: "forgets-the-shortest-path",
    message: "the path that takes every shortcut is missing: its length is 0",
    gives: (n) => binomials(n).slice(1),
  },
  {
    mistake: "counts-one-unit-too-many",
    message: "these are the paths of a network with one unit more: n units give n + 1 lengths",
    gives: (n) => binomials(n + 1),
  },
];

// Counts are whole numbers, below 2^53 for all that is asked, so every float64 way to them can be exact.
const judge = check.judgeBy(binomials, mistakes, { what: "the list of counts", within: 0 });

/** The numbers of units that a learner gets: a few, some more, and the most. */
const depths = (draw: ReturnType<typeof check.stream>) => [5 + draw.integer(10), 30 + draw.integer(15), 50];

/** Draws numbers of units until the notebook asks about none of the first two: its check holds what is right for these. */
function unpublished(seed: number, property: string): readonly number[] {
  if (seed === check.publicSeed) return depths(check.stream(seed, "path-lengths"));
  const draw = check.stream(seed, property);
  const published = depths(check.stream(check.publicSeed, "path-lengths"));
  return check.drawUntil(
    () => depths(draw),
    (drawn) => drawn.every((n, i) => n === 50 || n !== published[i]),
    "numbers of units that the notebook does not ask about",
  );
}

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "path-lengths",
    title: "How long are the paths?",
    needs: ["pathLengths"],
    properties: [
      {
        id: "small",
        title: "it is right for networks that can be drawn",
        points: 1,
        cases: (seed) => [3, 4, 1, 2, unpublished(seed, "small")[0]!],
        ...judge,
      },
      {
        id: "deep",
        title: "it is exact for deep networks",
        points: 2,
        cases: (seed) => unpublished(seed, "path-lengths"),
        ...judge,
      },
      {
        id: "no-units",
        title: "it is right for a network without units, as it is for one with some",
        points: 1,
        // No units are one number, which everybody knows: so a second one is asked about.
        cases: (seed) => [0, unpublished(seed, "no-units")[0]!],
        ...judge,
      },
    ],
  },
];
