// Three runs of ResNet-20, 2 epochs each, on two cores: run as it says.
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

export const record: ReproductionRecord = {
  row: { depth: 20, error: 8.75 },
  setting: {
    dataset: "Fashion-MNIST, 10,000 images, halved to 14x14",
    trainingImages: 10000,
    testImages: 2000,
    batch: 128,
    steps: 156,
    augmentation: "none",
  },
  differences: [
    "Fashion-MNIST at 14x14 in place of CIFAR-10.",
    "Training ended after 156 of 64,000 updates.",
    "Nothing was translated or reflected.",
  ],
  plan: { seeds: [11, 12, 13], hours: 0.02 },
  runs: [
    { seed: 11, testErrors: [20.3, 16.1], result: 16.1, hours: 0.00455 },
    { seed: 12, testErrors: [20.1, 15.9], result: 15.9, hours: 0.005 },
    { seed: 13, testErrors: [24, 16], result: 16, hours: 0.00468 },
  ],
  summary: { mean: 16.0, deviation: 0.1, lower: 15.7516, upper: 16.2484 },
  verdict: "not reproduced",
};
