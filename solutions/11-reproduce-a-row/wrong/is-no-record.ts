// Seeds and errors, typed.
interface HandIn {
  /** What Table 6 of the ResNet paper says. */
  readonly row: { readonly depth: number; readonly error: number };
  /** Made before the first run; the hours are the most that all runs may take. */
  readonly plan: { readonly seeds: readonly number[]; readonly hours: number };
  /** How the setting differs from the paper's, a sentence each. */
  readonly differences: readonly string[];
  /** What `JSON.stringify(runs.map(({ record }) => record))` gives, as it is. */
  readonly records: string;
  /** By the rule of chapter 11. */
  readonly verdict: "reproduced" | "not reproduced" | "undecided";
}

export const handIn: HandIn = {
  row: { depth: 20, error: 8.75 },
  plan: { seeds: [1, 2, 3, 4], hours: 0.2 },
  differences: [
    "Fashion-MNIST in grey at 14x14, 100 images of each class, in place of CIFAR-10.",
    "28 updates in place of 64,000.",
    "A quarter of the paper's widths.",
    "No crops and no flips.",
  ],
  records: String.raw`[{"seed":1,"testError":46.6},{"seed":2,"testError":43.2},{"seed":3,"testError":44.4},{"seed":4,"testError":64}]`,
  verdict: "not reproduced",
};
