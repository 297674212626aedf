// Calls the learner's identity layer on one input.
import { check } from "residual";

type Make = (size: number, channels: number, epsilon: number) => unknown;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "identity-layers": async ({ identityLayer }, input) => {
    const { size, channels, epsilon } = input as Record<string, number>;
    const layer = await (identityLayer as Make)(size!, channels!, epsilon!);
    const { kernel, norm } = check.fields(layer, ["kernel", "norm"]);
    const { scale, shift, mean, variance } = check.fields(norm, ["scale", "shift", "mean", "variance"]);
    return {
      kernel: await check.plain(kernel),
      norm: await check.plainOf([scale, shift, mean, variance]),
    };
  },
};
