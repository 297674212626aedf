// Calls it reproduced because the row's error lies in a wide interval. The numbers are made up: they show the form alone.
// Believed: The interval holds the paper's number, so the row is reproduced.
// In class: A wide interval holds many numbers. The rule was fixed before the first run, and "undecided" is a result. Ask how many more seeds
// would decide it.
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

const seeds = [5, 6, 7, 8, 9];
const errors = [
  [30.12, 12.5, 7.91],
  [29.4, 12.96, 8.97],
  [31.07, 12.31, 9.84],
  [28.95, 13.02, 8.26],
  [30.6, 12.77, 9.39],
];

const results = Float32Array.from(errors, (run) => run.at(-1)!);
const mean = Math.fround(results.reduce((sum, value) => Math.fround(sum + value), 0) / 5);
const squares = results.reduce((sum, value) => Math.fround(sum + (value - mean) ** 2), 0);
const deviation = Math.fround(Math.sqrt(squares / 4));
// Student's t for four degrees of freedom, two-sided 95 %.
const half = Math.fround((2.7764 * deviation) / Math.sqrt(5));

export const record: ReproductionRecord = {
  row: { depth: 20, error: 8.75 },
  setting: {
    dataset: "CIFAR-10",
    trainingImages: 45000,
    testImages: 10000,
    batch: 128,
    steps: 64000,
    augmentation: "crops of 32 from 40, and flips",
  },
  differences: [],
  plan: { seeds, hours: 30 },
  runs: seeds.map((seed, i) => ({ seed, testErrors: errors[i]!, result: errors[i]!.at(-1)!, hours: 5.5 })),
  summary: { mean, deviation, lower: mean - half, upper: mean + half },
  verdict: "reproduced",
};
