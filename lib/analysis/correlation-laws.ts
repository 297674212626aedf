// How correlated the gradients at two inputs are before training, after each block, as laws: the shattered-gradients paper's, and for real angles.
import { integerWithin, numberWithin, oneOf, onlyKnown } from "../options.js";

/** How the blocks of a network are joined, for the laws. */
export type Joining = "plain" | "residual" | "normalised residual";

const joinings: readonly Joining[] = ["plain", "residual", "normalised residual"];

/** How strong the branches are. */
export interface ShareLawOptions {
  /** The factor on each branch, as in y = x + beta F(x). Default: 1. */
  readonly beta?: number;
  /**
   * What a branch adds to the variance that the next batch norm divides by, where beta is 1. Default: 1, as in the paper. A ReLU's outputs have a
   * mean, which batch norm takes out again; without it, 1 - 1/π is left.
   */
  readonly added?: number;
}

/**
 * The share that each block's branch has in the gradient's variance, before training with He's initialisation.
 *
 * Going back through y = x + beta F(x), with independent weights in F, the variances of the two ways add. F keeps the variance where nothing
 * normalises its input, so that its share is beta² / (1 + beta²): a half where beta is 1. A batch norm at the head of F divides by the
 * variance v of its input: the share is beta² / (v + beta²), and v grows by `added` beta² a block. So with the defaults block l has 1 / (l + 1);
 * that it falls with depth is the finding of De and Smith 2020 (arXiv:2002.10444). A plain block is all branch.
 *
 * @throws RangeError for a depth that is no positive integer, or options out of range.
 *
 * @example
 * ```ts
 * analysis.shareLaw("normalised residual", 3); // [1/2, 1/3, 1/4]
 * ```
 */
export function shareLaw(joining: Joining, depth: number, options: ShareLawOptions = {}): number[] {
  onlyKnown("shareLaw", options, ["beta", "added"]);
  oneOf("shareLaw: joining", joining, joinings);
  integerWithin("shareLaw: depth", depth, 1, 1e6);
  const { beta = 1, added = 1 } = options;
  const strength = numberWithin("shareLaw: beta", beta, 0, 1e6) ** 2;
  numberWithin("shareLaw: added", added, 0, 1);
  return Array.from({ length: depth }, (_, before) => {
    if (joining === "plain") return 1;
    const variance = joining === "residual" ? 1 : 1 + added * strength * before;
    return strength / (variance + strength);
  });
}

/** What the two inputs have in common. */
export interface CorrelationLawOptions {
  /**
   * The cosine between the two inputs of the first block. The angle then changes from block to block as it does in a wide network without biases
   * and without centring. Where it is not given, the law is the paper's: at every block the angle is a right one, so that a quarter of the units are active for both.
   */
  readonly cosine?: number;
}

/**
 * The correlation of the gradients at two inputs after 1, 2, ... blocks: the product over the blocks of 1 - s θ/π, with s the branch's share and θ the
 * angle between the two inputs of the block's ReLU.
 *
 * Why: a branch's weights are random and the same for both inputs, so that of its part of the product of the gradients that much is left as there
 * are units active for both, among those active for one: 1 - θ/π of them. The shortcut keeps its part. The branch's part is s, so that
 * a block leaves (1 - s) + s (1 - θ/π).
 *
 * With θ = π/2 throughout this is 2^-L where the blocks are plain (Theorem 1 of Balduzzi and others 2017, arXiv:1702.08591), (3/4)^L where they are
 * residual, and where they are normalised too it falls like 1/√L (their Theorem 3: like 1/(beta √L)). With a `cosine`, θ follows Cho and Saul's arc-cosine kernel: the cosine c
 * of the branches' outputs is (sin θ + (π - θ) cos θ) / π, and the sum's is (1 - s) cos θ + s c.
 *
 * @param shares each block's, such as {@link shareLaw} gives
 *
 * @example
 * ```ts
 * analysis.correlationLaw(analysis.shareLaw("plain", 3)); // [1/2, 1/4, 1/8]
 * ```
 */
export function correlationLaw(shares: readonly number[], options: CorrelationLawOptions = {}): number[] {
  onlyKnown("correlationLaw", options, ["cosine"]);
  for (const share of shares) numberWithin("correlationLaw: a share", share, 0, 1);
  let cosine = options.cosine;
  if (cosine !== undefined) numberWithin("correlationLaw: cosine", cosine, -1, 1);
  let correlation = 1;
  return shares.map((share) => {
    const angle = cosine === undefined ? Math.PI / 2 : Math.acos(Math.min(Math.max(cosine, -1), 1));
    correlation *= 1 - (share * angle) / Math.PI;
    if (cosine !== undefined) {
      const branches = (Math.sin(angle) + (Math.PI - angle) * Math.cos(angle)) / Math.PI;
      cosine = (1 - share) * cosine + share * branches;
    }
    return correlation;
  });
}
