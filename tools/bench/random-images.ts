// Random numbers in place of images, for benchmarks: 1,024 of them on the device, in ten classes.
import { runtime, type train } from "residual";

const { tf } = runtime;

/** @param imageShape [H, W, C] */
export function randomImages(imageShape: readonly [number, number, number]): train.BatchSource {
  const count = 1024;
  const images = tf.randomNormal<runtime.tf.Rank.R4>([count, ...imageShape], 0, 1, "float32", 3);
  const labels = tf.randomUniform<runtime.tf.Rank.R1>([count], 0, 10, "int32", 4);
  return {
    name: "random numbers",
    size: count,
    imageShape,
    classes: Array.from({ length: 10 }, (_, label) => String(label)),
    batch(indices) {
      return tf.tidy(() => {
        const chosen = tf.tensor1d(indices, "int32");
        return { images: tf.gather(images, chosen), labels: tf.gather(labels, chosen) };
      });
    },
  };
}
