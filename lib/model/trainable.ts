// What training, analysis and saving ask of a model and of its images: one interface each, which know nothing of residual networks.
import type * as tf from "@tensorflow/tfjs-core";
import type { RandomStream } from "../random/index.js";
import type { RandomDraws } from "../runtime/index.js";

/** A variable the loop may train, save and restore. `statistic` is changed by the forward pass, the others by the optimizer. */
export interface TrainableVariable {
  readonly name: string;
  readonly role: "weight" | "bias" | "scale" | "shift" | "statistic";
  readonly variable: tf.Variable;
}

/** A classifier: images in, logits out. */
export interface Trainable {
  /** What people call it, such as `ResNet-20`; progress displays show it. By default the spec's model. */
  readonly name?: string;
  /** x [N, H, W, C] gives logits [N, K]. In training, layers that are random draw from `random`, which is fresh in each step. */
  forward(x: tf.Tensor4D, mode: { readonly training: boolean; readonly random?: RandomDraws }): tf.Tensor2D;
  /** Every variable in a fixed order, with stable names. */
  variables(): readonly TrainableVariable[];
  /** Name and options to build the same model again; JSON. Stored in weight files and checkpoints. */
  readonly spec: { readonly model: string; readonly options: Readonly<Record<string, unknown>> };
  /**
   * How the forward pass differs from that of the model that `spec` builds, such as units left out; JSON. Absent where it does not differ.
   * A weight file does not hold it, since the weights are the same; a checkpoint does, since the run is not.
   */
  readonly route?: unknown;
  /** [H, W, C] of one image. */
  readonly inputShape: readonly [number, number, number];
  /** K. */
  readonly classes: number;
}

/** Where batches come from. */
export interface BatchSource {
  /** Names the data in figures and records. */
  readonly name: string;
  /** How many images there are. */
  readonly size: number;
  readonly imageShape: readonly [number, number, number];
  readonly classes: readonly string[];
  /**
   * Images [B, H, W, C], normalised, and labels [B] (int32) by index; the caller disposes both.
   * With a random stream the source augments the images as it was told to; without one it never does.
   */
  batch(indices: Int32Array, augmentation?: RandomStream): { images: tf.Tensor4D; labels: tf.Tensor1D };
}
