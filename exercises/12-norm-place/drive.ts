// Calls the learner's norm, or the learner's stream, on one input.
import { check, runtime } from "residual";

const { tf } = runtime;

type Tensor = runtime.tf.Tensor;
type Branch = (x: runtime.tf.Tensor3D) => runtime.tf.Tensor3D;

interface Norm {
  readonly scale: check.PlainTensor;
  readonly shift: check.PlainTensor;
}

interface Names {
  readonly layerNorm: (x: Tensor, norm: Readonly<Record<keyof Norm, Tensor>>) => unknown;
  readonly throughUnits: (
    x: Tensor,
    branches: readonly Branch[],
    norms: readonly Readonly<Record<keyof Norm, Tensor>>[],
    order: string,
  ) => unknown;
}

/** F(x) = ReLU(x W + b), place by place. */
const branchOf = ({ matrix, bias }: Readonly<Record<"matrix" | "bias", check.PlainTensor>>): Branch => {
  const [w, b] = [check.tensor(matrix) as runtime.tf.Tensor2D, check.tensor(bias)];
  return (x) => {
    const rows = tf.reshape<runtime.tf.Rank.R2>(x, [-1, x.shape[2]]);
    return tf.reshape(tf.relu(tf.add(tf.matMul(rows, w), b)), x.shape);
  };
};

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "norm-place": async (names, input) => {
    const { layerNorm, throughUnits } = names as unknown as Names;
    const { x, norms, branches, order } = input as unknown as {
      readonly x: check.PlainTensor;
      readonly norms: readonly Norm[];
      readonly branches?: readonly Parameters<typeof branchOf>[0][];
      readonly order?: string;
    };
    const held = norms.map(({ scale, shift }) => ({
      scale: check.tensor(scale),
      shift: check.tensor(shift),
    }));
    if (!branches) return check.plain(await layerNorm(check.tensor(x), held[0]!));
    return check.plain(await throughUnits(check.tensor(x), branches.map(branchOf), held, order!));
  },
};
