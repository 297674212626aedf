// What the notebook checks of the path lengths: two small networks that can be drawn, and what holds for any.
import { check } from "residual";

/** C(n, k) by Pascal's rule, in whole numbers. */
function binomials(n: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [1, ...row.slice(1).map((value, k) => value + row[k]!), 1];
  return row;
}

const ones = (count: number) => Array<number>(count).fill(1);

/** What known mistakes give for n units. */
function slips(n: number): check.Slip[] {
  return [
    {
      mistake: "forgets-the-shortest-path",
      message: "the path that takes every shortcut is missing: its length is 0",
      gives: () => binomials(n).slice(1),
    },
    {
      mistake: "counts-one-unit-too-many",
      message: "these are the paths of a network with one unit more: n units give n + 1 lengths",
      gives: () => binomials(n + 1),
    },
    {
      mistake: "counts-orders",
      message: "a path passes its units in one order only: choose units, do not arrange them",
      gives: () => {
        const arranged = [1];
        for (let k = 1; k <= n; k++) arranged.push(arranged[k - 1]! * (n - k + 1));
        return arranged;
      },
    },
    {
      mistake: "one-path-a-length",
      message: "there is one path of each length here: which of the units a path passes makes a difference",
      gives: () => ones(n + 1),
    },
    {
      mistake: "doubles-at-each-length",
      message: "these are powers of two: all 2^n paths are to be shared out among the lengths",
      gives: () => ones(n + 1).map((_, k) => 2 ** k),
    },
    {
      mistake: "gives-shares",
      message: "these are shares of all paths: the numbers of paths are asked for",
      gives: () => binomials(n).map((count) => count / 2 ** n),
    },
  ];
}

/** Compares the lengths for n units; exact, since counts are whole. */
export function judge(input: check.Plain, output: check.Output): check.Finding | undefined {
  const n = input as number;
  return check.compare(output, binomials(n), {
    tolerance: 1e-12,
    what: "the list of counts",
    slips: slips(n),
  });
}

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  { id: "small", title: "it is right for three and four units", points: 1, cases: () => [3, 4], judge },
];
