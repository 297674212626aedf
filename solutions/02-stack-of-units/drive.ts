// Calls the learner's stack with residual functions that are convolutions.
import { check, shapes } from "residual";

type Images = shapes.Images<number, number, 3>;
type Stack = (
  x: Images,
  residuals: readonly ((x: Images) => Images)[],
) => shapes.Shape | Promise<shapes.Shape>;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "stack-of-units": async ({ residualStack }, input) => {
    const { x, kernels } = input as { x: check.PlainTensor; kernels: readonly check.PlainTensor[] };
    const residuals = kernels.map((plain) => {
      const kernel = shapes.shaped(check.tensor(plain), [3, 3, 3, 3]);
      return (images: Images): Images => shapes.conv2d(images, kernel, 1);
    });
    const [, height, width] = x.shape as [number, number, number, number];
    const images = shapes.shaped(check.tensor(x), ["N", height, width, 3]);
    return check.plain((await (residualStack as Stack)(images, residuals)).tensor);
  },
};
