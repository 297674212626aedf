// Calls the learner's gradient of batch normalisation on one channel.
import { check } from "residual";

type Vjp = (dy: readonly number[], x: readonly number[], scale: number, epsilon: number) => unknown;

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
    return check.given(input, async () =>
      check.fields(await (batchNormVjp as Vjp)(dy, x, scale, epsilon), ["dx", "dscale", "dshift"]),
    );
  },
};
