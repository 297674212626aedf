// The hidden cases of the reading: noisy curves of all four kinds, and what known mistakes make of them.
import { check } from "residual";
import { byHand } from "./public";

type Curves = { readonly training: readonly number[]; readonly test: readonly number[] };
type Case = {
  readonly shallow: Curves;
  readonly deep: Curves;
  readonly last: number;
  readonly margin: number;
};

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** A reading in which each curve is summed up by `of`. */
function reading({ shallow, deep, margin }: Case, of: (errors: readonly number[]) => number) {
  const training = of(deep.training) - of(shallow.training);
  const test = of(deep.test) - of(shallow.test);
  return { training, test, verdict: verdict(training, test, margin) };
}

function verdict(training: number, test: number, margin: number): string {
  if (training > margin) return "degradation";
  if (test > margin) return "overfitting";
  return test < -margin ? "depth helps" : "no difference";
}

const right = (drawn: Case) => reading(drawn, (errors) => mean(errors.slice(-drawn.last)));

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "swaps-the-networks",
    message: "the differences have the wrong sign: they are the deep network's errors less the shallow one's",
    gives: ({ shallow, deep, ...rest }) => right({ shallow: deep, deep: shallow, ...rest }),
  },
  {
    mistake: "compares-the-first-epochs",
    message: "the first epochs are compared: what counts is where the curves end",
    gives: (drawn) => reading(drawn, (errors) => mean(errors.slice(0, drawn.last))),
  },
  {
    mistake: "takes-the-last-epoch-alone",
    message: "only the last epoch is compared: its noise is in the answer; take the mean of the last ones",
    gives: (drawn) => reading(drawn, (errors) => errors.at(-1)!),
  },
  {
    mistake: "takes-the-best-epoch",
    message:
      "the lowest error of each curve is compared: that picks the luckiest epoch, and on the test set it peeks",
    gives: (drawn) => reading(drawn, (errors) => Math.min(...errors)),
  },
  {
    mistake: "judges-by-the-test-error",
    message: "the verdict degradation follows the test error: it is the training error that tells",
    gives(drawn) {
      const { training, test } = right(drawn);
      return { training, test, verdict: verdict(test, test, drawn.margin) };
    },
  },
  {
    mistake: "helps-by-the-training-error",
    message: "the verdict depth helps follows the training error: it is the test error that tells",
    gives(drawn) {
      const { training, test } = right(drawn);
      const verdictSo = verdict(training, test, drawn.margin);
      const helps = verdictSo === "no difference" && training < -drawn.margin;
      return { training, test, verdict: helps ? "depth helps" : verdictSo };
    },
  },
  {
    mistake: "compares-the-differences",
    message:
      "overfitting is called by the gap between test and training error: it is the difference in test error that must be above the margin",
    gives(drawn) {
      const { training, test } = right(drawn);
      return {
        training,
        test,
        verdict: verdict(training, training > drawn.margin ? test : test - training, drawn.margin),
      };
    },
  },
  {
    mistake: "counts-the-margin-itself",
    message:
      "a difference of exactly the margin decides the verdict: it must be above it, or below its negative",
    gives(drawn) {
      const { training, test } = right(drawn);
      return { training, test, verdict: verdict(training, test, drawn.margin - 1e-6) };
    },
  },
  {
    mistake: "forgets-the-margin",
    message: "a difference smaller than the margin decides the verdict",
    gives(drawn) {
      const { training, test } = right(drawn);
      return { training, test, verdict: verdict(training, test, 0) };
    },
  },
];

const judged = check.judgeBy(right, mistakes, {
  what: "the reading",
  within: (drawn) => check.float32(4 * drawn.last + 4, 4 * check.largest(drawn)),
});

/** Curves of 12 epochs that end where they should, with noise; one pair for each verdict, and one within the margin. */
function pairs(draw: ReturnType<typeof check.stream>): readonly Case[] {
  const curve = (end: number) =>
    Array.from({ length: 12 }, (_, epoch) =>
      Number((end + 40 * 0.5 ** epoch + 0.2 * draw.normal()).toFixed(2)),
    );
  const pair = (training: number, test: number): Case => ({
    shallow: { training: curve(8), test: curve(14) },
    deep: { training: curve(8 + training), test: curve(14 + test) },
    last: 4,
    margin: 2,
  });
  const flat = (training: number, test: number, epochs: number): Curves => ({
    training: Array<number>(epochs).fill(training),
    test: Array<number>(epochs).fill(test),
  });
  const { shallow, deep } = pair(6, 5);
  return [
    pair(6, 5),
    pair(-4, 4),
    pair(-5, -4),
    pair(0.9, -0.9),
    pair(7, 0.5),
    // Better on the training set alone; worse on the test set, but hardly more so than on the training set.
    pair(-5, 0.4),
    { ...pair(1.4, 2.9), last: 3, margin: 2.1 },
    // Errors as shares, not percent.
    { shallow: flat(0.0814, 0.1432, 4), deep: flat(0.0837, 0.1409, 4), last: 3, margin: 0.0042 },
    // Differences of exactly the margin, which are not above it, and not below its negative.
    { shallow: flat(8, 14, 5), deep: flat(10, 16, 5), last: 2, margin: 2 },
    { shallow: flat(8, 14, 5), deep: flat(8, 12, 5), last: 5, margin: 2 },
    { shallow: flat(8, 14, 3), deep: flat(8, 14, 3), last: 1, margin: 0 },
    // A deeper network that ran for fewer epochs, and its whole curve.
    { shallow, deep: { training: deep.training.slice(-7), test: deep.test.slice(-7) }, last: 7, margin: 1 },
  ];
}

/** The pairs of the notebook, and two like them of each learner's own. */
const short = check
  .alsoDrawn<Case>(byHand, judged, (draw) => {
    const curve = (end: number) => [50 + draw.integer(9), end + draw.integer(6), end + draw.integer(6)];
    const pair = (training: number, test: number): Case => ({
      shallow: { training: curve(8), test: curve(14) },
      deep: { training: curve(8 + training), test: curve(14 + test) },
      last: 2,
      margin: 1,
    });
    return [pair(9, 7), pair(-7, 8)];
  })
  .map((property, i): check.CaseProperty => {
    const worked = byHand[i]!;
    // On the pairs of the notebook the last epoch is the best one, so they name neither mistake.
    const isWorked = (input: check.Plain) =>
      worked.cases(check.publicSeed).some((pair) => check.agree(pair, input, 0));
    return {
      ...property,
      judge: (input, output) => (isWorked(input) ? worked : judged).judge(input, output),
    };
  });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "reading-curves",
    title: "Degradation or overfitting? Read it off the curves",
    needs: ["readCurves"],
    properties: [
      ...short,
      {
        id: "noisy-curves",
        title: "it reads curves of every kind: noisy, short, of unequal length, and just at the margin",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "reading-curves");
          return check.drawUntil(
            () => pairs(draw),
            (drawn) => check.tells(judged, drawn),
            "curves whose last epoch is not their best",
          );
        },
        ...judged,
      },
    ],
  },
];
