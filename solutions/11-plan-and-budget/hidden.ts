// The hidden cases: random ones, and what known mistakes give for them.
import { check } from "residual";
import { byHand } from "./public";

type Case = {
  readonly trainingImages: number;
  readonly testImages: number;
  readonly batch: number;
  readonly steps: number;
  readonly trainingRate: number;
  readonly testRate: number;
  readonly evaluations: number;
  readonly hours: number;
};

/** The plan from a run's seconds of training and of testing. */
function planned(
  plan: Case,
  training = (plan.steps * plan.batch) / plan.trainingRate,
  testing = (plan.evaluations * plan.testImages) / plan.testRate,
  epochs = (plan.steps * plan.batch) / plan.trainingImages,
) {
  const hoursPerRun = (training + testing) / 3600;
  return { epochs, hoursPerRun, runs: Math.floor(plan.hours / hoursPerRun) };
}

const right = (plan: Case) => planned(plan);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "forgets-the-evaluations",
    message: "testing takes time too: each evaluation classifies the whole test set",
    gives: (plan) => planned(plan, undefined, 0),
  },
  {
    mistake: "tests-once",
    message: "one evaluation is counted: each run is tested several times",
    gives: (plan) => planned(plan, undefined, plan.testImages / plan.testRate),
  },
  {
    mistake: "tests-at-the-training-rate",
    message:
      "testing is counted at the training rate: without a backward pass it is faster, and has a rate of its own",
    gives: (plan) => planned(plan, undefined, (plan.evaluations * plan.testImages) / plan.trainingRate),
  },
  {
    mistake: "counts-steps-as-images",
    message: "a step takes a whole batch of images",
    gives: (plan) =>
      planned(plan, plan.steps / plan.trainingRate, undefined, plan.steps / plan.trainingImages),
  },
  {
    mistake: "counts-steps-as-epochs",
    message: "a step is counted as a whole epoch: it takes one batch",
    gives: (plan) =>
      planned(plan, (plan.steps * plan.trainingImages) / plan.trainingRate, undefined, plan.steps),
  },
  {
    mistake: "rounds-up",
    message: "the last run would not finish: only whole runs fit",
    gives: (plan) => ({ ...planned(plan), runs: Math.ceil(plan.hours / planned(plan).hoursPerRun) }),
  },
  {
    mistake: "gives-seconds",
    message: "seconds are given where hours are asked for",
    gives: (plan) => ({ ...planned(plan), hoursPerRun: 3600 * planned(plan).hoursPerRun }),
  },
];

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "plan-and-budget",
    title: "Plan the runs before you start them",
    needs: ["planRuns"],
    properties: [
      ...byHand,
      {
        id: "any",
        title: "for any plan",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "plan-and-budget");
          return [1, 2].map((scale) => ({
            trainingImages: 45_000,
            testImages: 10_000,
            batch: 128,
            steps: 8000 * scale * (1 + draw.integer(4)),
            trainingRate: 300 + draw.integer(900),
            testRate: 2000 + draw.integer(3000),
            evaluations: 100 + draw.integer(100),
            hours: 20 + draw.integer(30),
          }));
        },
        ...check.judgeBy<Case>(right, mistakes, { what: "the plan" }),
      },
    ],
  },
];
