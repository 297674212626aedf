// The hidden cases of the schedule: the edges.
import { check } from "residual";
import { byHand } from "./public";

type Case = { readonly steps: readonly number[]; readonly warmUp: number };

/** The rate by counting the divisions. */
const right = ({ steps, warmUp }: Case) =>
  steps.map((step) =>
    step < warmUp ? 0.01 : 0.1 / 10 ** [32_000, 48_000].filter((at) => step >= at).length,
  );

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "one-step-late",
    message:
      "the edges are one step late: a division at 32,000 holds for step 32,000, and the warm-up has warmUp steps, 0 to warmUp - 1",
    gives: ({ steps, warmUp }) =>
      steps.map((step) =>
        step <= warmUp && warmUp > 0 ? 0.01 : right({ steps: [step - 1], warmUp: 0 })[0]!,
      ),
  },
  {
    mistake: "divides-once",
    message: "at 48,000 the rate is divided again: it is then a hundredth of the first",
    gives: (drawn) => right(drawn).map((rate) => Math.max(rate, 0.01)),
  },
  {
    mistake: "ignores-the-warm-up",
    message: "the first steps are taken at 0.1 although a warm-up is asked for",
    gives: ({ steps }) => right({ steps, warmUp: 0 }),
  },
  {
    mistake: "ramps-up",
    message: "the warm-up climbs to 0.1: today's recipes do that, the paper stays at 0.01 and then jumps",
    gives: ({ steps, warmUp }) =>
      steps.map((step) =>
        step < warmUp ? (0.1 * (step + 1)) / warmUp : right({ steps: [step], warmUp })[0]!,
      ),
  },
  {
    mistake: "warm-up-delays-the-schedule",
    message: "the warm-up's steps are not counted: the divisions come that much too late",
    gives: ({ steps, warmUp }) =>
      steps.map((step) => (step < warmUp ? 0.01 : right({ steps: [step - warmUp], warmUp: 0 })[0]!)),
  },
  {
    mistake: "counts-epochs",
    message: "the rate falls at 32 and 48: the paper counts steps, each of one batch, not epochs",
    gives: ({ steps, warmUp }) =>
      steps.map((step) => (step < warmUp ? 0.01 : right({ steps: [step * 1000], warmUp: 0 })[0]!)),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "learning-rate",
    title: "The learning rate of every step",
    needs: ["learningRate"],
    properties: [
      ...byHand,
      {
        id: "edges",
        title: "every change comes at its step",
        points: 3,
        cases(seed) {
          const warmUp = 300 + check.stream(seed, "learning-rate").integer(300);
          const edges = [32_000, 48_000].flatMap((at) => [at - 1, at, at + warmUp - 1]);
          return [{ steps: [0, 20, warmUp - 1, warmUp, warmUp + 1, ...edges, 63_999], warmUp }];
        },
        ...check.judgeBy(right, mistakes, { what: "the list of rates" }),
      },
    ],
  },
];
