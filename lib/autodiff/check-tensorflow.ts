// Compares the gradients that TensorFlow.js gives, on any backend, with finite differences, as far as float32 can tell.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import { onlyKnown } from "../options.js";
import {
  checkOptions,
  compare,
  type CheckOptions,
  type GradientReport,
  type Precision,
} from "./check-gradient.js";
import { norm } from "../numeric.js";

/** Steps that float32's 24 bits allow: the rounding of a value over a small step would hide the slope. */
const float32: Precision = { step: 0.125, halvings: 6, rounding: 2 ** -23, goal: 2e-4, tolerance: 2e-3 };

/** A function of tensors. */
export type TensorProgram = (...inputs: tf.Tensor[]) => tf.Tensor;

/**
 * Checks the gradients of a TensorFlow.js function on the active backend. A result of more than one number is weighted with random
 * numbers and summed, in float64 for the differences.
 *
 * Float32 leaves about three digits of a difference quotient. Where its error is larger than the gradient, the verdict is `unsure`:
 * take larger values or a smaller function.
 *
 * @example
 * ```ts
 * (await autodiff.checkTensorFlow((x) => tf.sum(tf.square(x)), [tf.tensor1d([1, 2])])).agrees; // true
 * ```
 */
export async function checkTensorFlow(
  program: TensorProgram,
  inputs: readonly tf.Tensor[],
  options: Omit<CheckOptions, "rules"> = {},
): Promise<GradientReport> {
  onlyKnown("checkTensorFlow", options, checkOptions);
  const { names = inputs.map((_, i) => `input ${i + 1}`), seed = 1 } = options;
  const valuesOf = async (arrays: readonly Float64Array[]): Promise<Float32Array> => {
    const result = tf.tidy(() =>
      program(...arrays.map((data, i) => tf.tensor(Float32Array.from(data), inputs[i]!.shape))),
    );
    const values = Float32Array.from(await result.data());
    result.dispose();
    return values;
  };
  const data = await Promise.all(inputs.map(async (input) => Float64Array.from(await input.data())));
  const first = await valuesOf(data);
  const random = randomStream(seed, "weights");
  const weights = Float32Array.from(first, () => (first.length === 1 ? 1 : random.normal()));
  const lossOf = (values: Float32Array) => values.reduce((sum, value, i) => sum + value * weights[i]!, 0);

  const gradients = tf.tidy(() => {
    const loss = (...tensors: tf.Tensor[]) => {
      const result = program(...tensors);
      return tf.sum(tf.mul(result, tf.tensor(weights, result.shape)));
    };
    return tf.grads(loss)([...inputs]);
  });
  const given = await Promise.all(gradients.map(async (one) => Float64Array.from(await one.data())));
  tf.dispose(gradients);

  const checked = inputs.map(({ shape }, i) => ({
    name: names[i] ?? `input ${i + 1}`,
    shape,
    data: data[i]!,
    gradient: given[i]!,
  }));
  const magnitude = norm(first.map((value, i) => value * weights[i]!));
  const steps = compare(checked, options, float32, Math.max(magnitude, 2 ** -20));
  let asked = steps.next();
  while (!asked.done) asked = steps.next(lossOf(await valuesOf(asked.value)));
  return asked.value;
}
