// The best run for the mean.
// Believed: The paper's number is beaten if one run beats it.
// In class: A number of the paper's kind is compared with a mean and its interval. Ask how many seeds it takes until one of them beats a
// number that the method does not reach on average.
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
  summary: { mean: 13.15, deviation: 0.3227, lower: 12.8614, upper: 13.8886 },
  verdict: "not reproduced",
};
