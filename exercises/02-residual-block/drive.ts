// Calls the learner's residual block on one input.
import { check } from "residual";
import type { runtime } from "residual";

type Block = (...inputs: runtime.tf.Tensor[]) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "residual-block": async ({ residualBlock }, input) => {
    const { x, first, second } = input as Record<string, check.PlainTensor>;
    const inputs = [x, first, second].map((plain) => check.tensor(plain!));
    return check.plain((residualBlock as Block)(...inputs));
  },
};
