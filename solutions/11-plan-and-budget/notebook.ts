// ---
// title: Plan the runs before you start them
// difficulty: 2
// importance: 4
// minutes: 20
// source: the ResNet paper, section 4.2: 64k steps of 128 images, and five runs of ResNet-110
// passage: 2. How many seeds?
// ---
// %% [markdown]
// # Plan the runs before you start them
//
// Reproducing a row of Table 6 takes hours of machine time, so it begins with a plan. You measure how many training images a second your machine
// does, and how many it classifies when it tests; you know how long you may use it. How many runs with different seeds does that buy?
//
// **Your task.** Write `planRuns(plan)`. The plan has `trainingImages` and `testImages` (the sizes of the two sets), `batch` and `steps` of one run,
// `trainingRate` and `testRate` in images per second, `evaluations` (how often each run is tested on the whole test set), and `hours`, the time you
// have for everything. It gives
//
// - `epochs`: how often a run sees each training image, as a number that need not be whole;
// - `hoursPerRun`: training and all evaluations of one run;
// - `runs`: how many whole runs fit into the time, one after the other; a run that ends exactly when the time does fits. It may be none.

// %% tags=["setup"]
import { check } from "residual";

interface Plan {
  readonly trainingImages: number;
  readonly testImages: number;
  readonly batch: number;
  readonly steps: number;
  readonly trainingRate: number;
  readonly testRate: number;
  readonly evaluations: number;
  readonly hours: number;
}

// %% tags=["answer"]
function planRuns(plan: Plan): { epochs: number; hoursPerRun: number; runs: number } {
  // BEGIN SOLUTION
  const { trainingImages, testImages, batch, steps, trainingRate, testRate, evaluations, hours } = plan;
  const seen = steps * batch;
  const seconds = seen / trainingRate + (evaluations * testImages) / testRate;
  const hoursPerRun = seconds / 3600;
  return { epochs: seen / trainingImages, hoursPerRun, runs: Math.floor(hours / hoursPerRun) };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// A step takes `batch` images. How many images does a whole run take, counting an image each time it is seen?

// %% [markdown] tags=["hint"]
// Seconds are images divided by images per second. Two parts: what is trained on, and `evaluations` times the whole test set.

// %% [markdown] tags=["hint"]
// ```
// |── training ──|─ all its evaluations ─|── training ──|─ all its … |
// |                                                            hours |
// ```
//
// How long is the first part in seconds, how long the second, and both in hours? How many runs fit into the lower line as it is drawn here? And if it
// ended at the second bar but one?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["plan-and-budget"]!, { planRuns });

// %% [markdown]
// The paper's recipe, 64,000 steps of 128 images, sees 8.2 million images. At 500 images a second that is 4.6 hours for one ResNet-20, without a
// single evaluation. If only one run fits, you will have a number and no idea how far it strays: fewer steps and three seeds tell more, as long as
// the record says so.
