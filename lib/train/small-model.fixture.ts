// A small residual network with batch norm, and images it can learn, for the tests of the training loop.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import { batchNormInference, batchNormTraining, relu } from "../runtime/index.js";
import type { BatchSource, Trainable, TrainableVariable } from "../model/trainable.js";

const side = 8;
const width = 4;
const classes = 3;

/** stem, one residual unit, pooling, dense: 3 convolutions' worth of everything the loop has to save. Dispose it. */
export function smallModel(seed: number): Trainable & { dispose(): void } {
  const variables: TrainableVariable[] = [];
  const add = (
    name: string,
    role: TrainableVariable["role"],
    shape: number[],
    fill: () => number,
  ): tf.Variable => {
    const size = shape.reduce((product, n) => product * n, 1);
    const variable = tf.tidy(() =>
      tf.variable(tf.tensor(Float32Array.from({ length: size }, fill), shape), role !== "statistic"),
    );
    variables.push({ name, role, variable });
    return variable;
  };
  const weight = (name: string, shape: number[]) => {
    const stream = randomStream(seed, "weights", name);
    const scale = Math.sqrt(2 / shape.slice(0, -1).reduce((product, n) => product * n, 1));
    return add(name, "weight", shape, () => scale * stream.normal());
  };
  const norm = (name: string) => {
    const scale = add(`${name}.scale`, "scale", [width], () => 1) as unknown as tf.Tensor1D;
    const shift = add(`${name}.shift`, "shift", [width], () => 0) as unknown as tf.Tensor1D;
    const mean = add(`${name}.mean`, "statistic", [width], () => 0);
    const variance = add(`${name}.variance`, "statistic", [width], () => 1);
    return (x: tf.Tensor4D, training: boolean): tf.Tensor4D =>
      training
        ? batchNormTraining(x, scale, shift, 1e-5, { mean, variance, momentum: 0.9 })
        : batchNormInference(
            x,
            scale,
            shift,
            mean as unknown as tf.Tensor1D,
            variance as unknown as tf.Tensor1D,
            1e-5,
          );
  };
  const [stem, stemNorm] = [weight("stem.weight", [3, 3, 1, width]), norm("stem.norm")];
  const [conv, convNorm] = [weight("unit.weight", [3, 3, width, width]), norm("unit.norm")];
  const dense = weight("head.weight", [width, classes]);
  const bias = add("head.bias", "bias", [classes], () => 0);

  return {
    spec: { model: "small", options: { width, seed } },
    inputShape: [side, side, 1],
    classes,
    variables: () => variables,
    forward(x, { training }) {
      const h = relu(stemNorm(tf.conv2d(x, stem as unknown as tf.Tensor4D, 1, "same"), training));
      const f = convNorm(tf.conv2d(h, conv as unknown as tf.Tensor4D, 1, "same"), training);
      const pooled = tf.mean<tf.Tensor2D>(relu(tf.add(h, f)), [1, 2]);
      return tf.add<tf.Tensor2D>(tf.matMul(pooled, dense), bias);
    },
    dispose() {
      tf.dispose(variables.map(({ variable }) => variable));
    },
  };
}

/** Options of `stripes`. */
export interface StripesOptions {
  readonly size?: number;
  /** Every batch is told about here. */
  readonly onBatch?: (indices: Int32Array, augmented: boolean) => void;
}

/** Images of flat, horizontal and vertical stripes under noise, brightened at random where augmented. */
export function stripes({ size = 96, onBatch }: StripesOptions = {}): BatchSource {
  const pixels = side * side;
  return {
    name: "stripes",
    size,
    imageShape: [side, side, 1],
    classes: ["flat", "horizontal", "vertical"],
    batch(indices, augmentation) {
      onBatch?.(indices, augmentation !== undefined);
      const images = new Float32Array(indices.length * pixels);
      indices.forEach((index, at) => {
        const noise = randomStream(5, "image", index);
        const gain = augmentation ? 0.5 + augmentation.uniform() : 1;
        for (let p = 0; p < pixels; p++) {
          const place = [0, Math.floor(p / side), p % side][index % classes]!;
          images[at * pixels + p] = gain * ((place % 2) + 0.5 * noise.normal());
        }
      });
      return {
        images: tf.tensor4d(images, [indices.length, side, side, 1]),
        labels: tf.tensor1d(
          indices.map((index) => index % classes),
          "int32",
        ),
      };
    },
  };
}

/** Every variable's values by name. */
export async function valuesOf(model: Trainable): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = {};
  for (const { name, variable } of model.variables()) values[name] = Array.from(await variable.data());
  return values;
}
