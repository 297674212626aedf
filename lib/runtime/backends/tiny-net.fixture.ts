// For tests: five steps of SGD with momentum on a net with every operation of the papers' nets, from fixed numbers.
import { batchNormTraining, conv2d, relu, softmaxCrossEntropy, tf } from "../index.js";
import { oddValues } from "../kernels/odd-values.fixture.js";

const variable = (shape: number[], seed: number, factor: number) =>
  tf.variable(
    tf.tensor(oddValues(tf.util.sizeFromShape(shape), seed).map((value) => factor * value), shape), // prettier-ignore
  );

/** What five steps gave on the active backend. */
export interface TrainingRun {
  readonly losses: number[];
  /** The running statistics of the last batch norm: means, then variances. */
  readonly running: number[];
  /** Tensors alive after the last step less those after the first. */
  readonly leaked: number;
}

/** Trains on the active backend: stem with max pool, a unit with option A, a unit with a projection, average pool. */
export async function trainTinyNet(): Promise<TrainingRun> {
  const stem = variable([3, 3, 3, 4], 1, 0.4);
  const filters = [variable([3, 3, 4, 8], 2, 0.25), variable([3, 3, 8, 8], 3, 0.2), variable([1, 1, 8, 8], 4, 0.5)] as const; // prettier-ignore
  const scales = [4, 8, 8].map((channels, i) => variable([channels], 5 + i, 1));
  const shifts = [4, 8, 8].map((channels, i) => variable([channels], 8 + i, 0.1));
  const running = [4, 8, 8].map((channels) => ({
    mean: tf.variable(tf.zeros([channels]), false),
    variance: tf.variable(tf.ones([channels]), false),
    momentum: 0.9,
  }));
  const dense = variable([8, 3], 11, 0.5);
  const trained = [stem, ...filters, ...scales, ...shifts, dense];
  const normalise = (x: tf.Tensor4D, i: number) =>
    batchNormTraining(x, scales[i] as tf.Tensor1D, shifts[i] as tf.Tensor1D, 1e-5, running[i]);
  const convolve = (x: tf.Tensor4D, w: tf.Variable, stride: number, padding: number) =>
    conv2d(x, w as tf.Tensor4D, stride, padding);

  const forward = (images: tf.Tensor4D): tf.Tensor2D => {
    let x = relu(normalise(convolve(images, stem, 1, 1), 0));
    x = tf.maxPool(tf.pad4d(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), 3, 2, "valid"); // prettier-ignore
    const shortcut = tf.pad4d(tf.avgPool(x, 1, 2, "valid"), [[0, 0], [0, 0], [0, 0], [2, 2]]); // prettier-ignore
    x = relu(tf.add(normalise(convolve(x, filters[0], 2, 1), 1), shortcut));
    x = relu(tf.add(normalise(convolve(x, filters[1], 1, 1), 2), convolve(x, filters[2], 1, 0)));
    return tf.matMul(tf.mean<tf.Tensor2D>(x, [1, 2]), dense);
  };

  const pool = tf.tensor4d(oddValues(8 * 12 * 12 * 3, 12), [8, 12, 12, 3]);
  const labels = tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], "int32");
  const optimizer = tf.train.momentum(0.05, 0.9);
  const losses: number[] = [];
  let after = 0;
  for (let step = 0; step < 5; step++) {
    const loss = tf.tidy(() => {
      const chosen = tf.tensor1d([0, 3, 5, 6, 1].map((i) => (i + step) % 8), "int32"); // prettier-ignore
      const images = tf.gather(pool, chosen);
      const target = tf.gather(labels, chosen);
      return optimizer.minimize(() => tf.mean(softmaxCrossEntropy(forward(images), target)), true, trained)!;
    });
    losses.push((await loss.data())[0]!);
    loss.dispose();
    if (step === 0) after = tf.memory().numTensors;
  }
  const leaked = tf.memory().numTensors - after;
  const { mean, variance } = running[2]!;
  return { losses, running: [...(await mean.data()), ...(await variance.data())], leaked };
}
