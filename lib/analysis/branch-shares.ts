// How much of the signal each residual unit adds: the branch's share of the variance, unit by unit.
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import { shortcutOf } from "./gradient-microscope.js";
import { keepingStatistics, valuesAt } from "./passes.js";

/** One unit's two ways. */
export interface BranchShare {
  /** The unit, such as `stage1.unit2`. */
  readonly name: string;
  /** What carries x past F: `identity`, or what else it is. */
  readonly shortcut: string;
  /** Variance of the shortcut's output, over images and positions; the mean over the channels. */
  readonly carried: number;
  /** The same of F(x). */
  readonly added: number;
  /** added / (carried + added). */
  readonly share: number;
}

/**
 * The share of its output's variance that each residual unit's branch adds, for one batch in training mode. Before training about 1 / (l + 1) is expected at
 * unit l of a network with batch norm, by the argument of De and Smith 2020 (arXiv:2002.10444) that is written out in `shareLaw`, and 1/2 at each without. Running statistics are left as they were.
 *
 * @param images [N, H, W, C]
 * @throws RangeError where no unit has a shortcut.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] });
 * const shares = await analysis.branchShares(network, tf.randomNormal([4, 8, 8, 1], 0, 1, "float32", 1));
 * shares.map(({ name }) => name); // ["stage1.unit1", "stage2.unit1", "stage3.unit1"]
 * ```
 */
export async function branchShares(network: Model, images: tf.Tensor4D): Promise<BranchShare[]> {
  const units = network.units.filter(({ unit }) => unit.shortcut);
  if (units.length === 0)
    throw new RangeError(`${network.name} has no unit with a shortcut, so no branch has a share`);
  const places = units.flatMap(({ name }) => [`${name}.shortcut`, `${name}.residual`]);
  return keepingStatistics(network, async () => {
    const measured = tf.tidy(() => {
      const found = valuesAt(network, places, images, (value) =>
        tf.mean(tf.moments(value, [...value.shape.keys()].slice(0, -1)).variance),
      );
      const stacked = tf.stack(found.map(({ value }) => value));
      tf.dispose(found.map(({ value }) => value));
      return stacked;
    });
    const variances = await measured.data();
    measured.dispose();
    return units.map(({ name, unit }, i) => {
      const [carried, added] = [variances[2 * i]!, variances[2 * i + 1]!];
      return { name, shortcut: shortcutOf(unit), carried, added, share: added / (carried + added) };
    });
  });
}
