// Three runs of ResNet-32, 3 epochs each, on two cores: run as it says.
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
  row: { depth: 32, error: 7.51 },
  setting: {
    dataset: "Fashion-MNIST, 10,000 images, halved to 14x14",
    trainingImages: 10000,
    testImages: 2000,
    batch: 128,
    steps: 234,
    augmentation: "none",
  },
  differences: [
    "Fashion-MNIST replaces the photographs.",
    "Each run took 234 updates; the paper's took 64 000.",
    "No crops and no flips.",
  ],
  plan: { seeds: [1, 2, 3], hours: 0.04 },
  runs: [
    { seed: 1, testErrors: [25.05, 17.1, 16.5], result: 16.5, hours: 0.01024 },
    { seed: 2, testErrors: [47.6, 18.15, 17.45], result: 17.45, hours: 0.00948 },
    { seed: 3, testErrors: [24.2, 17.35, 15.95], result: 15.95, hours: 0.01139 },
  ],
  summary: { mean: 16.6333, deviation: 0.7588, lower: 14.7483, upper: 18.5184 },
  verdict: "not reproduced",
};
