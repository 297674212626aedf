// Calls the learner's unit on one input.
import { check, shapes } from "residual";

type Unit = (...inputs: shapes.Shape[]) => shapes.Shape;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "bottleneck-unit": async ({ bottleneck }, input) => {
    const { x, kernels } = input as { x: check.PlainTensor; kernels: readonly check.PlainTensor[] };
    const shaped = kernels.map((plain) => shapes.shaped(check.tensor(plain), plain.shape));
    const { tensor } = (bottleneck as Unit)(shapes.shaped(check.tensor(x), ["N", 8, 8, 8]), ...shaped);
    return check.plain(tensor);
  },
};
