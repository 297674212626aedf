// What training measures: loss and accuracy as means over images, and how fast it went.

/** Loss and accuracy over a set of images. */
export interface Metrics {
  /** The mean over the images: of cross-entropy in nats unless another loss was given. Weight decay is not part of it. */
  readonly loss: number;
  /** The share classified correctly, 0 to 1. */
  readonly accuracy: number;
}

/** One step, as `onStep` gets it. */
export interface StepRecord extends Metrics {
  /** How many updates were done, this one included. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** The learning rate of this update. */
  readonly learningRate: number;
}

/** One epoch of the history. */
export interface EpochRecord extends Metrics {
  /** From 1. */
  readonly epoch: number;
  /** How many updates were done at its end. */
  readonly step: number;
  /** The learning rate of its last update. */
  readonly learningRate: number;
  /** Loss and accuracy on the validation source, with running averages, at the end of the epoch. */
  readonly validation?: Metrics;
  /** How long the training steps took; validation and checkpoints are not counted. */
  readonly seconds: number;
  /** Training images per second. */
  readonly imagesPerSecond: number;
}

/** Sums over the steps of an epoch, from which its means follow. Plain numbers, so that a checkpoint can hold them exactly. */
export interface EpochSums {
  /** Sum of the loss of every image. */
  loss: number;
  correct: number;
  images: number;
  steps: number;
  seconds: number;
  /** The rate of the last step. */
  learningRate: number;
}

/** The sums before the first step of an epoch. */
export function emptySums(): EpochSums {
  return { loss: 0, correct: 0, images: 0, steps: 0, seconds: 0, learningRate: 0 };
}

/** The means of sums over at least one image. */
export function means({ loss, correct, images }: Pick<EpochSums, "loss" | "correct" | "images">): Metrics {
  return { loss: loss / images, accuracy: correct / images };
}

/** Images a second; a clock too coarse to see the time counts as a millisecond. */
export function throughput(images: number, seconds: number): number {
  return images / Math.max(seconds, 0.001);
}
