// This library's side of the benchmark: ResNet-20 through the public `fit`, as a user trains it.
import { nn, runtime, train } from "residual";
import { serve } from "./worker";

const { tf } = runtime;

async function main(): Promise<void> {
  const info = await runtime.ready();
  const batchSize = Number(process.argv[2]);
  const model = nn.cifarResNet({ depth: 20, shortcut: "A", inputShape: [32, 32, 3], classes: 10, seed: 1 });
  const images = tf.randomNormal<runtime.tf.Rank.R4>([1024, 32, 32, 3], 0, 1, "float32", 3);
  const labels = tf.randomUniform<runtime.tf.Rank.R1>([1024], 0, 10, "int32", 4);
  const source: train.BatchSource = {
    name: "random numbers",
    size: 1024,
    imageShape: [32, 32, 3],
    classes: Array.from({ length: 10 }, (_, label) => String(label)),
    batch(indices) {
      return tf.tidy(() => {
        const chosen = tf.tensor1d(indices, "int32");
        return { images: tf.gather(images, chosen), labels: tf.gather(labels, chosen) };
      });
    },
  };
  const fit = async (steps: number) => {
    await train.fit(model, source, {
      steps,
      batchSize,
      schedule: train.constant(0.1),
      seed: 1,
      progress: "none",
    });
  };
  await serve({ ready: `residual on ${info.backend}`, parameters: model.parameterCount }, fit);
}

void main();
