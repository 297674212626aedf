// Calls the learner's receptive field on one list of layers.
import { check } from "residual";

type Answer = (layers: check.Plain) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "receptive-field": ({ receptiveField }, input) =>
    check.given(input, () => (receptiveField as Answer)(input)),
};
