// Calls the learner's answer on one input.
import type { check } from "residual";

interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

type Answer = (start: number, units: readonly Unit[]) => number[];

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "growth-with-depth": ({ signalVariances }, input) => {
    const { start, units } = input as unknown as { readonly start: number; readonly units: readonly Unit[] };
    return (signalVariances as Answer)(start, units);
  },
};
