// The unravelled view: a residual network as 2^n paths, how long they are, and how much gradient goes through those of each length.
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import type { Mode } from "../nn/layer.js";
import type { Parts } from "../nn/sequential.js";
import { softmaxCrossEntropy } from "../runtime/index.js";

/** A path: for each unit whether it goes through F (true) or along the shortcut. */
export type Path = readonly boolean[];

/**
 * Every path through `units` residual units: 2^units of them.
 * @throws RangeError above 16 units, of which there would be 65,536 paths: use `pathCounts`.
 *
 * @example
 * ```ts
 * analysis.enumeratePaths(2).length; // 4
 * ```
 */
export function enumeratePaths(units: number): Path[] {
  if (!Number.isInteger(units) || units < 0 || units > 16) {
    throw new RangeError(`paths can be listed for 0 to 16 units; got ${units}: count them by pathCounts`);
  }
  return Array.from({ length: 2 ** units }, (_, code) =>
    Array.from({ length: units }, (_unused, k) => Math.floor(code / 2 ** k) % 2 === 1),
  );
}

/**
 * How many paths go through 0, 1, …, n residual functions: the binomial coefficients (Veit et al. 2016, section 3). [n + 1]; above 2^53
 * they are rounded.
 *
 * @example
 * ```ts
 * analysis.pathCounts(3); // [1, 3, 3, 1]
 * ```
 */
export function pathCounts(units: number): number[] {
  if (!Number.isInteger(units) || units < 0) {
    throw new RangeError(`units must be a whole number of at least 0; got ${units}`);
  }
  const counts = [1];
  for (let k = 1; k <= units; k++) counts.push((counts[k - 1]! * (units - k + 1)) / k);
  return counts;
}

/** The gradient that reaches the first unit's input over the paths of one length. */
export interface PathGradient {
  /** Residual functions that the paths go through. */
  readonly length: number;
  /** How many paths have that length. */
  readonly paths: number;
  /** Euclidean norm of the sum of their gradients. */
  readonly norm: number;
  /** Its component along the whole gradient, as a share of the whole gradient's norm: the shares of all lengths add up to 1. */
  readonly share: number;
}

/**
 * Splits dE/dx_1, the gradient of the mean loss at the first unit's input, by the length of the paths it came along, exactly.
 *
 * The backward pass through a unit y = f(h(x) + F(x)) is the sum of two linear maps, one through h and one through F. Let G_k be the
 * gradient that has come through k residual functions. Then before the unit G_k' = h^T f^T G_k + F^T f^T G_(k-1), and the sum of all
 * G_k is the gradient. It takes n^2 / 2 backward passes of one unit, where n is the number of units.
 *
 * Veit et al. 2016 (section 5, Figure 6) sample single paths instead; these are the sums over all of them, so that what cancels between
 * paths of one length is gone. Running statistics are read, not changed: those of an untrained network are 0 and 1, with which its norms do
 * nothing, so give it a batch's before you compare it with a trained one.
 *
 * @param images [N, H, W, C]
 * @param labels [N], int32
 * @throws RangeError if a unit is plain, which has one path only.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
 * const gradients = await analysis.gradientByPathLength(
 *   network,
 *   tf.ones([2, 8, 8, 1]),
 *   tf.tensor1d([0, 1], "int32"),
 * );
 * gradients.length; // 4
 * ```
 */
export async function gradientByPathLength(
  network: Model,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): Promise<PathGradient[]> {
  const plain = network.units.find(({ unit }) => !unit.shortcut);
  if (plain) throw new RangeError(`paths need a shortcut in every unit; ${plain.name} is plain`);
  const names = new Set(network.units.map(({ name }) => name));
  const entries = Object.entries(network.parts);
  const firstUnit = entries.findIndex(([name]) => names.has(name));
  const mode: Mode = { training: false };

  const measured = tf.tidy(() => {
    const inputs: tf.Tensor[] = [images];
    for (const [, part] of entries) inputs.push(part.forward(inputs.at(-1)!, mode));
    let byLength = [
      tf.grad((logits: tf.Tensor) => tf.mean(softmaxCrossEntropy(logits as tf.Tensor2D, labels)))(
        inputs.at(-1)!,
      ),
    ];
    for (let at = entries.length - 1; at >= firstUnit; at--) {
      const [name, part] = entries[at]!;
      const x = inputs[at]!;
      const before = byLength;
      byLength = tf.tidy(() => {
        if (!names.has(name)) return before.map((g) => backward(part, x, g, "both"));
        const carried = before.map((g) => backward(part, x, g, "shortcut"));
        const learned = before.map((g) => backward(part, x, g, "residual"));
        return [...carried, tf.zerosLike(x)].map((g, k) => (k === 0 ? g : tf.add(g, learned[k - 1]!)));
      });
      tf.dispose(before);
    }
    const total = tf.addN(byLength);
    const size = tf.norm(total);
    return tf.stack(byLength.flatMap((g) => [tf.norm(g), tf.div(tf.sum(tf.mul(g, total)), tf.square(size))]));
  });
  const values = await measured.data();
  measured.dispose();
  return pathCounts(network.units.length).map((paths, length) => ({
    length,
    paths,
    norm: values[2 * length]!,
    share: values[2 * length + 1]!,
  }));
}

/** The vector-Jacobian product of a part at x, through one of a unit's two terms or through both. */
function backward(
  part: Parts[string],
  x: tf.Tensor,
  dy: tf.Tensor,
  through: "shortcut" | "residual" | "both",
): tf.Tensor {
  const closed = through === "shortcut" ? "residual" : through === "residual" ? "shortcut" : undefined;
  const replace = (name: string, value: tf.Tensor) => (name === closed ? withoutGradient(value) : value);
  return tf.grad((input: tf.Tensor) => part.forward(input, { training: false, replace }))(x, dy);
}

/** The same values, of which no gradient goes back. */
const withoutGradient = tf.customGrad((...inputs) => {
  const value = inputs[0] as tf.Tensor;
  return { value: value.clone(), gradFunc: () => tf.zerosLike(value) };
});

/**
 * The shortest run of lengths that carries a share of the gradient, and the mean length by share: how deep the network is for its
 * gradient. Shares below 0, where paths pull against the whole, count as 0.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
 * const gradients = await analysis.gradientByPathLength(
 *   network,
 *   tf.ones([2, 8, 8, 1]),
 *   tf.tensor1d([0, 1], "int32"),
 * );
 * const { mean, from, to } = analysis.effectiveDepth(gradients);
 * from <= mean && mean <= to; // true
 * ```
 */
export function effectiveDepth(
  gradients: readonly PathGradient[],
  share = 0.95,
): { readonly mean: number; readonly from: number; readonly to: number } {
  if (!(share > 0 && share <= 1)) throw new RangeError(`share must be over 0 and at most 1; got ${share}`);
  const weights = gradients.map((gradient) => Math.max(0, gradient.share));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Infinity)) {
    throw new RangeError(
      `a depth needs shares of a gradient that is finite and not 0; got ${gradients.map((gradient) => gradient.share).join(", ") || "none"}`,
    );
  }
  const mean = gradients.reduce((sum, { length }, k) => sum + length * weights[k]!, 0) / total;
  let best = { from: 0, to: gradients.length - 1 };
  for (let from = 0; from < gradients.length; from++) {
    let sum = 0;
    for (let to = from; to < gradients.length; to++) {
      sum += weights[to]!;
      if (sum >= share * total * (1 - 1e-12)) {
        if (to - from < best.to - best.from) best = { from, to };
        break;
      }
    }
  }
  return { mean, from: gradients[best.from]!.length, to: gradients[best.to]!.length };
}
