// What is graded of the path lengths: small networks, deep ones, and none at all.
import { check } from "residual";

/** C(n, k) by Pascal's rule, in whole numbers. */
function binomials(n: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [1, ...row.slice(1).map((value, k) => value + row[k]!), 1];
  return row;
}

const ones = (count: number) => Array<number>(count).fill(1);

const mistakes: readonly check.Mistake<number>[] = [
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
  {
    mistake: "counts-orders",
    message: "a path passes its units in one order only: choose units, do not arrange them",
    gives: (n) => {
      const arranged = [1];
      for (let k = 1; k <= n; k++) arranged.push(arranged[k - 1]! * (n - k + 1));
      return arranged;
    },
  },
  {
    mistake: "one-path-a-length",
    message: "there is one path of each length here: which of the units a path passes makes a difference",
    gives: (n) => ones(n + 1),
  },
  {
    mistake: "doubles-at-each-length",
    message: "these are powers of two: all 2^n paths are to be shared out among the lengths",
    gives: (n) => ones(n + 1).map((_, k) => 2 ** k),
  },
  {
    mistake: "gives-shares",
    message: "these are shares of all paths: the numbers of paths are asked for",
    gives: (n) => binomials(n).map((count) => count / 2 ** n),
  },
];

/** Counts are whole. */
const judge = check.judgeBy<number>(binomials, mistakes, { what: "the list of counts" });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "path-lengths",
    title: "How long are the paths?",
    needs: ["pathLengths"],
    properties: [
      {
        id: "small",
        title: "it is right for three and four units",
        points: 1,
        cases: () => [3, 4],
        ...judge,
      },
      {
        id: "deep",
        title: "it is right for deep networks",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "path-lengths");
          return [5 + draw.integer(20), 25 + draw.integer(25)];
        },
        ...judge,
      },
      {
        id: "no-units",
        title: "a network without units has one path, of length 0",
        points: 1,
        cases: () => [0],
        ...judge,
      },
    ],
  },
];
