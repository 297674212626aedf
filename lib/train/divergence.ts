// The error for a loss that is not a finite number.

/** Where a loss stopped being finite. */
export interface Divergence {
  /** NaN or an infinity. */
  readonly loss: number;
  /** The update whose batch gave it, from 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** The learning rate of that update. */
  readonly learningRate: number;
}

/**
 * Thrown by `fit` when the loss of a step is NaN or infinite: no further update can mend the weights.
 *
 * @example
 * ```ts
 * const { message } = new train.LossNotFinite({ loss: NaN, step: 3, epoch: 1, learningRate: 0.1 });
 * message.split(":")[0]; // "the loss must stay finite; it is NaN at step 3 (epoch 1, learning rate 0.1)"
 * ```
 */
export class LossNotFinite extends Error implements Divergence {
  override readonly name = "LossNotFinite";
  readonly loss: number;
  readonly step: number;
  readonly epoch: number;
  readonly learningRate: number;

  /** @param divergence where it happened */
  constructor({ loss, step, epoch, learningRate }: Divergence) {
    super(
      `the loss must stay finite; it is ${loss} at step ${step} (epoch ${epoch}, learning rate ${learningRate}): ` +
        "lower the learning rate, begin with warmUp, or check that the images are normalised and hold no NaN",
    );
    this.loss = loss;
    this.step = step;
    this.epoch = epoch;
    this.learningRate = learningRate;
  }
}
