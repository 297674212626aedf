// Calls the learner's identity layer on one input.
import { check } from "residual";

type Make = (
  size: number,
  channels: number,
  epsilon: number,
) => { readonly kernel: unknown; readonly norm: Record<string, number> };

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "identity-layers": async ({ identityLayer }, input) => {
    const { size, channels, epsilon } = input as Record<string, number>;
    const { kernel, norm } = (identityLayer as Make)(size!, channels!, epsilon!);
    const { scale, shift, mean, variance } = norm;
    return { kernel: await check.plain(kernel), norm: [scale!, shift!, mean!, variance!] };
  },
};
