// A record of ResNet-110's five runs in another order than planned, summarised by the library. The numbers are made up: they show the form alone.
import { analysis } from "residual";

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

class Reproduction implements ReproductionRecord {
  readonly row = { depth: 110, error: 6.61 };
  readonly setting = {
    dataset: "cifar10",
    trainingImages: 50000,
    testImages: 10000,
    batch: 64,
    steps: 64000,
    augmentation: "random crop, mirrored at random",
  };
  readonly differences = ["A batch has 64 images, for which there was memory."];
  readonly plan = { seeds: [1, 2, 3], hours: 100 };
  readonly runs = [
    { seed: 3, testErrors: [7.42], result: 7.42, hours: 31 },
    { seed: 1, testErrors: [7.55], result: 7.55, hours: 30.5 },
    { seed: 2, testErrors: [7.31], result: 7.31, hours: 32 },
  ];
  readonly summary = analysis.meanInterval(this.runs.map(({ result }) => result));
  readonly verdict = "not reproduced";
}

export const record: ReproductionRecord = new Reproduction();
