// Calls the learner's projection unit on one input.
import { check, shapes } from "residual";

type Unit = (
  x: shapes.Shape,
  parts: Readonly<Record<string, unknown>>,
) => shapes.Shape | Promise<shapes.Shape>;

/** A norm of 8 channels. */
function norm(plain: { readonly scale: check.PlainTensor; readonly shift: check.PlainTensor }) {
  return {
    scale: shapes.shaped(check.tensor(plain.scale), [8]),
    shift: shapes.shaped(check.tensor(plain.shift), [8]),
  };
}

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "projection-shortcut": async ({ projectionUnit }, input) => {
    const { x, kernels, norms } = input as unknown as {
      readonly x: check.PlainTensor;
      readonly kernels: readonly check.PlainTensor[];
      readonly norms: readonly Parameters<typeof norm>[0][];
    };
    const [first, second, projection] = kernels.map((plain) =>
      shapes.shaped(check.tensor(plain), plain.shape as [number, number, number, number]),
    );
    const [firstNorm, secondNorm, projectionNorm] = norms.map(norm);
    const parts = { first, firstNorm, second, secondNorm, projection, projectionNorm };
    const { tensor } = await (projectionUnit as Unit)(shapes.shaped(check.tensor(x), ["N", 8, 8, 4]), parts);
    return check.plain(tensor);
  },
};
