// Calls the learner's gradient of batch normalisation on one channel.
import type { check } from "residual";

type Vjp = (
  dy: readonly number[],
  x: readonly number[],
  scale: number,
  epsilon: number,
) => { readonly dx: number[]; readonly dscale: number; readonly dshift: number };

interface Channel {
  readonly dy: readonly number[];
  readonly x: readonly number[];
  readonly scale: number;
  readonly epsilon: number;
}

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "batch-norm-vjp": ({ batchNormVjp }, input) => {
    const { dy, x, scale, epsilon } = input as unknown as Channel;
    const { dx, dscale, dshift } = (batchNormVjp as Vjp)([...dy], [...x], scale, epsilon);
    return { dx, dscale, dshift };
  },
};
