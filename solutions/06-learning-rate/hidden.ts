// What is graded of the schedule: middles and edges with warm-ups of any length, and what known mistakes give for them.
import { check } from "residual";

type Case = { readonly steps: readonly number[]; readonly warmUp: number };
type Rule = (step: number, warmUp: number) => number;

const divisions = [32_000, 48_000];

/** The rate without a warm-up, by counting the divisions. */
const divided = (step: number) => 0.1 / 10 ** divisions.filter((at) => step >= at).length;

const at =
  (rule: Rule) =>
  ({ steps, warmUp }: Case) =>
    steps.map((step) => rule(step, warmUp));

/** A rule for the steps after the warm-up's own. */
const after = (rule: Rule) => at((step, warmUp) => (step < warmUp ? 0.01 : rule(step, warmUp)));

const right = after(divided);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "one-step-late",
    message:
      'every change comes one step late: when does a division "at 32,000" begin to hold, and which is the last of `warmUp` steps that count from 0?',
    gives: at((step, warmUp) => (step <= warmUp && warmUp > 0 ? 0.01 : divided(step - 1))),
  },
  {
    mistake: "one-step-early",
    message:
      'every change comes one step early: steps count from 0, so which is the last step before a division "at 32,000"?',
    gives: at((step, warmUp) => (step + 1 < warmUp ? 0.01 : divided(step + 1))),
  },
  {
    mistake: "divides-once",
    message: "the rate is not divided again at 48,000",
    gives: after((step) => Math.max(divided(step), 0.01)),
  },
  {
    mistake: "halves-the-rate",
    message: "the divisions are by 2: the paper divides by 10",
    gives: after((step) => 0.1 / (0.1 / divided(step)) ** Math.log10(2)),
  },
  {
    mistake: "counts-epochs",
    message:
      "the rate falls long before 32,000: the paper counts steps, each of one batch, not epochs or thousands",
    gives: after((step) => divided(step * 1000)),
  },
  {
    mistake: "ignores-the-warm-up",
    message: "the first steps are taken at 0.1 although a warm-up is asked for",
    gives: at(divided),
  },
  {
    mistake: "always-warms-up",
    message: "step 0 is taken at 0.01 although no warm-up is asked for",
    gives: at((step, warmUp) => (step < Math.max(warmUp, 1) ? 0.01 : divided(step))),
  },
  {
    mistake: "warms-up-for-400",
    message: "the warm-up has the paper's 400 steps: how many there are is asked for by `warmUp`",
    gives: at((step, warmUp) => (warmUp > 0 && step < 400 ? 0.01 : divided(step))),
  },
  {
    mistake: "ramps-up",
    message: "the warm-up climbs to 0.1: today's recipes do that, the paper stays at 0.01 and then jumps",
    gives: at((step, warmUp) => (step < warmUp ? (0.1 * (step + 1)) / warmUp : divided(step))),
  },
  {
    mistake: "warm-up-delays-the-schedule",
    message: "the warm-up's steps are not counted: the divisions come that much too late",
    gives: after((step, warmUp) => divided(step - warmUp)),
  },
  {
    mistake: "gives-way-to-the-divisions",
    message:
      "a warm-up longer than 32,000 steps is cut off by the divisions: it lasts as long as `warmUp` says",
    gives: at((step, warmUp) => (step < warmUp && step < divisions[0]! ? 0.01 : divided(step))),
  },
  {
    mistake: "divides-the-warm-up",
    message:
      "the divisions are applied to the warm-up's rate: its steps are taken at 0.01, however long it lasts",
    gives: at((step, warmUp) => (step < warmUp ? divided(step) / 10 : divided(step))),
  },
];

const judge = check.judgeBy(right, mistakes, { what: "the list of rates" });

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "learning-rate",
    title: "The learning rate of every step",
    needs: ["learningRate"],
    properties: [
      {
        id: "middles",
        title: "it has the right level in the middle of each part",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "middles");
          return [0, 500 + draw.integer(400), 49_000 + draw.integer(2000)].map((warmUp) => ({
            steps: [draw.integer(400), ...[10, 20, 30, 40, 60].map((k) => 1000 * k + draw.integer(1900))],
            warmUp,
          }));
        },
        ...judge,
      },
      {
        id: "edges",
        title: "every change comes at its step, with a long warm-up, a short one and none",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "edges");
          const around = divisions.flatMap((edge) => [edge - 1, edge, edge + 1 + draw.integer(100)]);
          const long = [33_000, 50_000 + draw.integer(9000)];
          return [
            { steps: [1, 1000, ...around, 63_999], warmUp: 0 },
            { steps: [0, 1], warmUp: 0 },
            ...[50 + draw.integer(300), 450 + draw.integer(900), 1, 2, ...long].map((warmUp) => ({
              steps: [0, 20, warmUp - 1, warmUp, warmUp + 1, 399, 400, ...around, 63_999],
              warmUp,
            })),
          ];
        },
        ...judge,
      },
    ],
  },
];
