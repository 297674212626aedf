// Calls the learner's answer on one input.
import { check } from "residual";

type Answer = (direction: readonly number[], weights: readonly number[], outChannels: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "filter-normalise": ({ filterNormalised }, input) => {
    const { direction, weights, outChannels } = input as unknown as {
      readonly direction: readonly number[];
      readonly weights: readonly number[];
      readonly outChannels: number;
    };
    return check.given(input, () => (filterNormalised as Answer)(direction, weights, outChannels));
  },
};
