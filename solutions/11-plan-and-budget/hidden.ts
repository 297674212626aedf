// What is graded of the plan: time for many runs, for one, for none and to the minute, and what known mistakes give.
import { check } from "residual";

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

/** What a mistake changes. */
interface Changes {
  /** Seconds. */
  readonly training?: number;
  /** Seconds. */
  readonly testing?: number;
  readonly epochs?: number;
  readonly whole?: (runs: number) => number;
}

const seen = ({ steps, batch }: Case) => steps * batch;
const tested = ({ evaluations, testImages }: Case) => evaluations * testImages;

function planned(plan: Case, changes: Changes = {}) {
  const {
    training = seen(plan) / plan.trainingRate,
    testing = tested(plan) / plan.testRate,
    epochs = seen(plan) / plan.trainingImages,
    whole = Math.floor,
  } = changes;
  const hoursPerRun = (training + testing) / 3600;
  return { epochs, hoursPerRun, runs: whole(plan.hours / hoursPerRun) };
}

const right = (plan: Case) => planned(plan);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "drops-a-run-that-just-fits",
    message: "a run that ends when the time does is left out: it fits",
    gives: (plan) => planned(plan, { whole: (runs) => Math.ceil(runs) - 1 }),
  },
  {
    mistake: "promises-a-run",
    message: "one run is promised although there is no time for it",
    gives: (plan) => planned(plan, { whole: (runs) => Math.max(Math.floor(runs), 1) }),
  },
  {
    mistake: "rounds-to-the-nearest",
    message: "the last run would not finish: the number of runs is rounded to the nearest",
    gives: (plan) => planned(plan, { whole: Math.round }),
  },
  {
    mistake: "rounds-up",
    message: "the last run would not finish: only whole runs fit",
    gives: (plan) => planned(plan, { whole: Math.ceil }),
  },
  {
    mistake: "gives-parts-of-runs",
    message: "the number of runs is no whole number: only whole runs tell something",
    gives: (plan) => planned(plan, { whole: (runs) => runs }),
  },
  {
    mistake: "trains-whole-epochs",
    message: "training goes on to the end of the epoch: it ends after the last step, wherever that is",
    gives: (plan) =>
      planned(plan, {
        training: (Math.ceil(planned(plan).epochs) * plan.trainingImages) / plan.trainingRate,
      }),
  },
  {
    mistake: "counts-whole-epochs",
    message: "the epochs are rounded: they need not be whole",
    gives: (plan) => planned(plan, { epochs: Math.ceil(planned(plan).epochs) }),
  },
  {
    mistake: "assumes-a-batch-of-128",
    message: "the batch has 128 images here, whatever the plan says",
    gives: (plan) => planned({ ...plan, batch: 128 }),
  },
  {
    mistake: "tests-once-more",
    message: "there is one evaluation too many: the plan says how many there are",
    gives: (plan) => planned({ ...plan, evaluations: plan.evaluations + 1 }),
  },
  {
    mistake: "tests-on-the-training-images",
    message: "the training images are tested on: an evaluation classifies the test set",
    gives: (plan) => planned(plan, { testing: (plan.evaluations * plan.trainingImages) / plan.testRate }),
  },
  {
    mistake: "tests-after-every-epoch",
    message: "the evaluations are counted for each epoch: the plan says how many a run has",
    gives: (plan) => planned(plan, { testing: (planned(plan).epochs * tested(plan)) / plan.testRate }),
  },
  {
    mistake: "tests-at-the-training-rate",
    message:
      "testing is counted at the training rate: without a backward pass it is faster, and has a rate of its own",
    gives: (plan) => planned(plan, { testing: tested(plan) / plan.trainingRate }),
  },
  {
    mistake: "tests-once",
    message: "one evaluation is counted: each run is tested several times",
    gives: (plan) => planned(plan, { testing: plan.testImages / plan.testRate }),
  },
  {
    mistake: "forgets-the-evaluations",
    message: "testing takes time too: each evaluation classifies the whole test set",
    gives: (plan) => planned(plan, { testing: 0 }),
  },
  {
    mistake: "forgets-the-training",
    message: "only testing is counted: training takes its time too",
    gives: (plan) => planned(plan, { training: 0 }),
  },
  {
    mistake: "counts-steps-as-images",
    message: "a step is counted as one image: it takes a whole batch",
    gives: (plan) => planned({ ...plan, batch: 1 }),
  },
  {
    mistake: "counts-steps-as-epochs",
    message: "a step is counted as a whole epoch: it takes one batch",
    gives: (plan) => planned({ ...plan, batch: plan.trainingImages }),
  },
  {
    mistake: "gives-seconds",
    message: "seconds are given where hours are asked for",
    gives: (plan) => ({ ...planned(plan), hoursPerRun: 3600 * planned(plan).hoursPerRun }),
  },
];

const judge = check.judgeBy<Case>(right, mistakes, {
  what: "the plan",
  within: (plan) => check.float32(8, Math.max(planned(plan).epochs, planned(plan).hoursPerRun)),
});

/** 7,200 s of training and 1,800 s of testing a run, in numbers that are exact in binary, so that what just fits does so in any order of computing. */
const round: Case = {
  trainingImages: 32_768,
  testImages: 8192,
  batch: 64,
  steps: 7200,
  trainingRate: 64,
  testRate: 1024,
  evaluations: 225,
  hours: 8,
};

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "plan-and-budget",
    title: "Plan the runs before you start them",
    needs: ["planRuns"],
    properties: [
      {
        id: "by-hand",
        title:
          "it is right for plans in round numbers, also where the last run just fits and where none does",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "plan-and-budget by hand");
          const worked: readonly Case[] = [
            round,
            { ...round, hours: 9 },
            { ...round, hours: 7.5 },
            { ...round, hours: 2 },
            { ...round, hours: 0 },
            { ...round, evaluations: 0, hours: 5 },
          ];
          return check.withDrawn(judge, worked, () => {
            const [training, testing] = [1 + draw.integer(9), 1 + draw.integer(5)];
            // Half-hours of training and of testing a run, and time for some runs and a half.
            const hours = ((2 + draw.integer(8) + 0.5) * (training + testing)) / 2;
            return [{ ...round, steps: 1800 * training, evaluations: 225 * testing, hours }];
          });
        },
        ...judge,
      },
      {
        id: "any",
        title: "it is right for any plan",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "plan-and-budget");
          /** Time for a number of runs and a part of one, far enough from whole ones for any rounding. */
          const plan = (runs: number, part: number): Case => {
            const drawn = {
              trainingImages: 40_000 + 10 * draw.integer(1000),
              testImages: 5000 + 10 * draw.integer(500),
              batch: 32 + draw.integer(90),
              steps: 20_000 + draw.integer(40_000),
              trainingRate: 200 + draw.integer(300),
              testRate: 1500 + draw.integer(2000),
              evaluations: 100 + draw.integer(100),
              hours: 0,
            };
            const hours = Number(((runs + part) * planned(drawn).hoursPerRun).toFixed(2));
            return { ...drawn, hours };
          };
          return check.drawUntil(
            () => [
              plan(7 + draw.integer(5), 0.3),
              plan(4 + draw.integer(5), 0.7),
              plan(0, 0.6),
              plan(1, 0.4),
            ],
            (drawn) => check.tells(judge, drawn),
            "plans on which no mistake takes as long as another",
          );
        },
        ...judge,
      },
    ],
  },
];
