// The hidden cases of the gap: other runs, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = { readonly shallow: readonly number[]; readonly deep: readonly number[]; readonly t: number };

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const squares = (values: readonly number[]) => sum(values.map((value) => (value - mean(values)) ** 2));
const variance = (values: readonly number[]) => squares(values) / (values.length - 1);

/** The interval with another centre or another standard error. */
function interval(
  { shallow, deep, t }: Case,
  error = Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length),
  gap = mean(deep) - mean(shallow),
) {
  return { gap, lower: gap - t * error, upper: gap + t * error };
}

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "bounds-the-quantile",
    message: "the quantile is bounded: from very few runs it is large, and so is the interval",
    gives: (runs) => interval({ ...runs, t: Math.min(runs.t, 5) }),
  },
  {
    mistake: "reverses-the-sign",
    message:
      "the gap has the wrong sign: it is deep minus shallow, so that a worse deep network has a positive gap",
    gives: (runs) => interval(runs, undefined, mean(runs.shallow) - mean(runs.deep)),
  },
  {
    mistake: "forgets-the-number-of-runs",
    message:
      "the standard deviations stand where standard errors belong: divide each variance by its number of runs",
    gives: (runs) => interval(runs, Math.sqrt(variance(runs.shallow) + variance(runs.deep))),
  },
  {
    mistake: "divides-by-n",
    message: "the variances are divided by n: from a few runs they must be estimated with n - 1",
    gives: (runs) =>
      interval(
        runs,
        Math.sqrt(
          squares(runs.shallow) / runs.shallow.length ** 2 + squares(runs.deep) / runs.deep.length ** 2,
        ),
      ),
  },
  {
    mistake: "adds-the-standard-errors",
    message: "the two standard errors are added: independent errors add as squares",
    gives: (runs) =>
      interval(
        runs,
        Math.sqrt(variance(runs.shallow) / runs.shallow.length) +
          Math.sqrt(variance(runs.deep) / runs.deep.length),
      ),
  },
  {
    mistake: "forgets-the-quantile",
    message: "the interval is one standard error wide on each side: t of them are asked for",
    gives: (runs) => {
      const { gap, lower, upper } = interval({ ...runs, t: 1 });
      return { gap, lower, upper };
    },
  },
  {
    mistake: "compares-the-best-runs",
    message: "the best run of each is compared: whoever runs more often then looks better",
    gives: (runs) => interval(runs, undefined, Math.min(...runs.deep) - Math.min(...runs.shallow)),
  },
];

/** Means and deviations of n runs: sums of n numbers as large as the runs, and t times as many for the interval. */
const rounding = ({ shallow, deep, t }: Case): number =>
  check.float32(3 * (shallow.length + deep.length) + 16, (1 + t) * check.largest([...shallow, ...deep]));

const judged = check.judgeBy((runs: Case) => interval(runs), mistakes, {
  what: "the gap and its interval",
  within: rounding,
});

/** The runs of the notebook, and some like them of each learner's own. */
const counted = check.alsoDrawn<Case>(byHand, judged, (draw) => {
  const two = (from: number) => [from + draw.integer(9), from + 10 + draw.integer(9)];
  return [{ shallow: two(10), deep: two(15), t: 3 }];
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "gap-with-interval",
    title: "Is the deeper network really worse?",
    needs: ["gapInterval"],
    properties: [
      ...counted,
      {
        id: "any-runs",
        title: "it is right for any runs, also when the two networks were run unequally often",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "gap-with-interval");
          const runs = (count: number, around: number) =>
            Array.from({ length: count }, () => Number((around + draw.normal()).toFixed(2)));
          return [
            { shallow: runs(5, 8), deep: runs(5, 12), t: 2.31 },
            { shallow: runs(3, 9), deep: runs(7, 9), t: 2.5 },
            // The deeper network is better; the errors have one, two and three digits before the point.
            { shallow: [100.5, ...runs(4, 20), 9.75], deep: runs(2, 6), t: 0.5 },
            { shallow: [7.5, 7.5, 7.5], deep: [8.25, 8.25], t: 3 },
            // Two runs of each: the quantile is large.
            { shallow: runs(2, 8), deep: runs(2, 12), t: 12.71 },
            { shallow: runs(12, 8), deep: runs(11, 9), t: 2.08 },
          ];
        },
        ...judged,
      },
    ],
  },
];
