// ---
// title: Capstone: reproduce a row of Table 6, and write it up
// difficulty: 5
// importance: 5
// minutes: 600
// source: the ResNet paper, Table 6 and section 4.2
// passage: 6. The record
// ---
// %% [markdown]
// # Capstone: reproduce a row of Table 6, and write it up
//
// Take one row of the ResNet paper's Table 6: ResNet-20 (8.75 %), 32 (7.51), 44 (7.17), 56 (6.97), 110 (6.43; over five runs 6.61 ± 0.16) or 1202
// (7.93). Reproduce it as well as your machine and your time allow, and write down what you did so that somebody else could tell what it is worth.
//
// 1. **Plan.** Choose the row, the data and the number of steps. Choose *three seeds or more*. Use the exercise *Plan the runs before you start
//    them* for the hours. Seeds and hours go into `plan`, before the first run. Predict the error, too, and keep the prediction where you cannot
//    change it.
// 2. **Run.** `train.fit` with `validation`, once for each seed, with a checkpoint, so that an interrupted run goes on. A run of 64,000 steps on
//    CIFAR-10 is the paper's own setting. A smaller one is no failure, as long as `differences` says how it differs.
// 3. **Record.** Each run's `result` is its error *after the last step*. One test, after the last step, is enough, as in chapter 11; whoever tests more
//    often writes every error into `testErrors`. The lowest of them was found by looking at the test set.
// 4. **Compare.** Mean, standard deviation with $n - 1$, and the 95 % interval of the mean, by Student's $t$: `analysis.meanInterval` computes all
//    of it. The verdict is that of chapter 11's rule for a number, with the margin of the row in `results/claims.json`: 0.5 points for ResNet-20 and 1202,
//    0.27 for 32, 44 and 56, 0.18 for 110. `"reproduced"`: the 90 % interval of the mean lies within the margin (`analysis.equivalence`).
//    Otherwise `"not reproduced"` where the mean is further from the row's error than the scatter of single runs explains,
//    $t\,s\,\sqrt{1/n + 1}$ with the $t$ of the 95 % interval, because the row is one run too; and `"undecided"`, which the records call *within noise*,
//    where it is not. All three are results.
//
// **Your task.** Replace `undefined` by your record. The check asks whether it is *consistent*: not whether your number is the paper's. It cannot
// know whether you ran what you say; whoever reads the record relies on you for that. Long training does not belong in this notebook: run it
// elsewhere (a `try` cell in a copy, or a script), and put the numbers here.

// %% tags=["setup"]
import { check } from "residual";

interface Run {
  readonly seed: number;
  /** Percent, on the whole test set, at each evaluation; the last one is after the last step. */
  readonly testErrors: readonly number[];
  /** The run's result, in percent. */
  readonly result: number;
  readonly hours: number;
}

interface ReproductionRecord {
  /** What Table 6 of the ResNet paper says. */
  readonly row: { readonly depth: number; readonly error: number };
  readonly setting: {
    readonly dataset: string;
    readonly trainingImages: number;
    readonly testImages: number;
    readonly batch: number;
    readonly steps: number;
    /** "none" where there is none. */
    readonly augmentation: string;
  };
  /** How the setting differs from the paper's, a sentence each. */
  readonly differences: readonly string[];
  /** Made before the first run; the hours are the most that all runs may take. */
  readonly plan: { readonly seeds: readonly number[]; readonly hours: number };
  readonly runs: readonly Run[];
  readonly summary: {
    readonly mean: number;
    /** Of the runs' results, with n - 1. */
    readonly deviation: number;
    /** Of the mean: mean ± t deviation / √n, 95 %. */
    readonly lower: number;
    readonly upper: number;
  };
  /** By the rule of chapter 11. */
  readonly verdict: "reproduced" | "not reproduced" | "undecided";
}

// %% tags=["answer"]
// BEGIN SOLUTION
const record: ReproductionRecord = {
  row: { depth: 20, error: 8.75 },
  setting: {
    dataset: "Fashion-MNIST, 10,000 images, halved to 14x14",
    trainingImages: 10000,
    testImages: 2000,
    batch: 128,
    steps: 312,
    augmentation: "none",
  },
  differences: [
    "The data are 10,000 images of Fashion-MNIST at 14x14 in grey, not CIFAR-10.",
    "312 steps instead of 64,000, the rate divided at the same shares of them.",
    "No crops and no flips.",
  ],
  plan: { seeds: [1, 2, 3, 4], hours: 0.05 },
  runs: [
    { seed: 1, testErrors: [19.1, 16.6, 13.85, 13.85], result: 13.85, hours: 0.00801 },
    { seed: 2, testErrors: [20.15, 18.4, 13.45, 13.3], result: 13.3, hours: 0.0085 },
    { seed: 3, testErrors: [24.15, 15.85, 13.3, 13.2], result: 13.2, hours: 0.00831 },
    { seed: 4, testErrors: [25.25, 17.35, 13.55, 13.15], result: 13.15, hours: 0.00845 },
  ],
  summary: { mean: 13.375, deviation: 0.3227, lower: 12.8614, upper: 13.8886 },
  verdict: "not reproduced",
};
// STUB const record: ReproductionRecord | undefined = undefined;
// END SOLUTION

// %% [markdown] tags=["hint"]
// Begin with a plan that you can afford twice. A ResNet-20 with three seeds on a small data set takes minutes on two cores; the same code then runs
// the paper's setting overnight on a GPU.

// %% [markdown] tags=["hint"]
// `train.fit` gives a history with the test accuracy after each epoch. An error in percent stands for a whole number of test images: does yours? And
// which entry of the history is the run's result?

// %% [markdown] tags=["hint"]
// Lay your setting beside the paper's: CIFAR-10 with 50,000 or 45,000 training images and 10,000 test images, 64,000 steps of 128 images, crops and
// flips. Which of these would somebody miss who reads your record alone? And which of your runs would they ask about, if they saw the plan?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["reproduce-a-row"]!, { record });

// %% [markdown]
// A record like this one can be compared with the next: the same row, other seeds, another machine.
