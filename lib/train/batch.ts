// Batches as training and evaluation take them from a source: what was asked for, and labels that are classes of it.
import * as tf from "@tensorflow/tfjs-core";
import type { BatchSource } from "../model/trainable.js";
import type { RandomStream } from "../random/index.js";

/** Images [B, H, W, C] and labels [B]. */
export type Batch = ReturnType<BatchSource["batch"]>;

/**
 * The images at `indices` with their labels; the caller disposes both. A label outside the classes has no loss on some backends, so it
 * would train in silence. So they are read back: B integers, for which nobody waits but where a source makes them on a GPU.
 *
 * @throws RangeError where the source gives other images than it promised, or a label that is none of its classes.
 */
export async function takeBatch(
  source: BatchSource,
  indices: Int32Array,
  augmentation?: RandomStream,
): Promise<Batch> {
  const batch = source.batch(indices, augmentation);
  try {
    const [asked, got] = [[indices.length, ...source.imageShape], batch.images.shape].map((shape) =>
      shape.join("x"),
    );
    if (got !== asked || batch.labels.size !== indices.length)
      throw new RangeError(
        `a source must give the images that it is asked for, ${asked}, and a label for each; ${source.name} gave ${got} and ${batch.labels.size} labels`,
      );
    const classes = source.classes.length;
    const labels = await batch.labels.data();
    const wrong = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
    if (wrong >= 0)
      throw new RangeError(
        `labels are whole numbers from 0 to ${classes - 1}, one for each class; label ${indices[wrong]!} of ${source.name} is ${labels[wrong]!}`,
      );
    return batch;
  } catch (error) {
    tf.dispose([batch.images, batch.labels]);
    throw error;
  }
}
