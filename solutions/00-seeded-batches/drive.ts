// Calls the learner's batches for some seeds and epochs.
import { check } from "residual";

type Answer = (seed: number, epoch: number, images: number, size: number) => unknown;

interface Wanted {
  readonly images: number;
  readonly size: number;
  readonly runs: readonly (readonly [seed: number, epoch: number])[];
}

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "seeded-batches": ({ batches }, input) => {
    const { images, size, runs } = input as unknown as Wanted;
    return check.given(input, () =>
      runs.map(([seed, epoch]) => (batches as Answer)(seed, epoch, images, size)),
    );
  },
};
