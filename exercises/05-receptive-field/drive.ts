// Calls the learner's receptive field on one list of layers.
import type { check } from "residual";

type Answer = (layers: readonly { readonly kernel: number; readonly stride: number }[]) => number;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "receptive-field": ({ receptiveField }, input) =>
    (receptiveField as Answer)(input as { kernel: number; stride: number }[]),
};
