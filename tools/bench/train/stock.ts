// Stock TensorFlow.js's side of the benchmark: a CIFAR ResNet (option A) as one writes it with the published operations alone,
// on the same native engine: batch norm from `moments` and `batchNorm`, ReLU with its own gradient, `train.momentum`.
// It does the work that the others do: running statistics, weight decay (in the loss, there being no other way), accuracy.
import { runtime } from "residual";
import { serve } from "./worker";

const { tf } = runtime;
type Tensor4D = runtime.tf.Tensor4D;

async function main(): Promise<void> {
  await runtime.ready();
  const [batch, depth] = process.argv.slice(2).map(Number) as [number, number];

  const conv = (channelsIn: number, channelsOut: number) =>
    tf.variable(
      tf.randomNormal<runtime.tf.Rank.R4>(
        [3, 3, channelsIn, channelsOut],
        0,
        Math.sqrt(2 / (9 * channelsOut)),
        "float32",
        1,
      ),
    );
  const norm = (channels: number) => ({
    scale: tf.variable(tf.ones<runtime.tf.Rank.R1>([channels])),
    shift: tf.variable(tf.zeros<runtime.tf.Rank.R1>([channels])),
    runningMean: tf.variable(tf.zeros<runtime.tf.Rank.R1>([channels]), false),
    runningVariance: tf.variable(tf.ones<runtime.tf.Rank.R1>([channels]), false),
  });
  const update = (running: runtime.tf.Variable, batch: runtime.tf.Tensor) => {
    running.assign(tf.add(tf.mul(running, 0.9), tf.mul(batch, 0.1)));
  };
  const batchNorm = (
    x: Tensor4D,
    { scale, shift, runningMean, runningVariance }: ReturnType<typeof norm>,
  ) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]) as Record<"mean" | "variance", runtime.tf.Tensor1D>;
    update(runningMean, mean);
    update(runningVariance, variance);
    return tf.batchNorm4d(x, mean, variance, shift, scale, 1e-5);
  };

  const stem = { weight: conv(3, 16), norm: norm(16) };
  let channels = 16;
  const units = [16, 32, 64].flatMap((width, stage) =>
    Array.from({ length: (depth - 2) / 6 }, (_, index) => {
      const unit = {
        stride: stage > 0 && index === 0 ? 2 : 1,
        grown: width - channels,
        weight1: conv(channels, width),
        norm1: norm(width),
        weight2: conv(width, width),
        norm2: norm(width),
      };
      channels = width;
      return unit;
    }),
  );
  const head = {
    weight: tf.variable(tf.randomNormal([64, 10], 0, 0.1, "float32", 2)),
    bias: tf.variable(tf.zeros([10])),
  };

  const forward = (images: Tensor4D) => {
    let x = tf.relu(batchNorm(tf.conv2d(images, stem.weight, 1, "same"), stem.norm));
    for (const unit of units) {
      let y = tf.relu(batchNorm(tf.conv2d(x, unit.weight1, unit.stride, "same"), unit.norm1));
      y = batchNorm(tf.conv2d(y, unit.weight2, 1, "same"), unit.norm2);
      const half = unit.grown / 2;
      const shortcut = unit.grown
        ? tf.pad4d(tf.avgPool(x, 1, 2, "valid"), [[0, 0], [0, 0], [0, 0], [half, half]]) // prettier-ignore
        : x;
      x = tf.relu(tf.add(y, shortcut));
    }
    return tf.add(tf.matMul(tf.mean<runtime.tf.Tensor2D>(x, [1, 2]), head.weight), head.bias);
  };

  const images = tf.randomNormal<runtime.tf.Rank.R4>([1024, 32, 32, 3], 0, 1, "float32", 3);
  const labels = tf.randomUniform([1024], 0, 10, "int32", 4);
  const optimizer = tf.train.momentum(0.1, 0.9);
  const trained = Object.values(tf.engine().registeredVariables).filter((variable) => variable.trainable);
  const step = async () => {
    const [loss, correct] = tf.tidy(() => {
      const chosen = tf.tensor1d(Int32Array.from(tf.util.createShuffledIndices(1024).slice(0, batch)));
      const target = tf.oneHot(tf.gather(labels, chosen), 10);
      const x = tf.gather(images, chosen);
      const right: runtime.tf.Tensor[] = [];
      const mean = optimizer.minimize(() => {
        const logits = forward(x);
        right.push(tf.keep(tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(target, 1)), "int32"))));
        const decay = tf.addN(trained.map((variable) => tf.sum(tf.square(variable))));
        return tf.add(tf.losses.softmaxCrossEntropy(target, logits), tf.mul(decay, 0.5e-4));
      }, true)!;
      return [mean, right[0]!];
    });
    await Promise.all([loss.data(), correct.data()]);
    tf.dispose([loss, correct]);
  };
  const parameters = trained.reduce((sum, variable) => sum + variable.size, 0);
  await serve({ ready: `stock TensorFlow.js ${tf.version_core}`, parameters }, async (steps) => {
    for (let i = 0; i < steps; i++) await step();
  });
}

void main();
