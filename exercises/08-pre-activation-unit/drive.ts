// Calls the learner's pre-activation unit on one input.
import { check, shapes } from "residual";

type Unit = (...inputs: unknown[]) => shapes.Shape;

interface PlainNorm {
  readonly scale: check.PlainTensor;
  readonly shift: check.PlainTensor;
}

/** A tensor with the shape that it has in its type. */
const shaped = (plain: check.PlainTensor) => shapes.shaped(check.tensor(plain), plain.shape);
const norm = ({ scale, shift }: PlainNorm) => ({ scale: shaped(scale), shift: shaped(shift) });

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "pre-activation-unit": async ({ preActivationUnit }, input) => {
    const { x, norms, kernels } = input as unknown as {
      readonly x: check.PlainTensor;
      readonly norms: readonly [PlainNorm, PlainNorm];
      readonly kernels: readonly [check.PlainTensor, check.PlainTensor];
    };
    const images = shapes.shaped(check.tensor(x), ["N", 8, 8, 4]);
    const [first, second] = kernels.map(shaped);
    const { tensor } = (preActivationUnit as Unit)(images, norm(norms[0]), first, norm(norms[1]), second);
    return check.plain(tensor);
  },
};
