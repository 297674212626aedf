// The same operations in TensorFlow.js: a trace replayed there, as a second opinion that shares no code with the tape.
import * as tf from "@tensorflow/tfjs-core";
import * as runtime from "../runtime/index.js";
import type { Trace } from "./gradient.js";
import { sizeOf, type NdArray } from "./nd-array.js";
import type { Slide } from "./operations.js";
import type { Places, Window } from "./places.js";
import type { Value } from "./value.js";

/** An operation by TensorFlow.js: tensors and the attributes of the tape's operation give a tensor. */
export type TensorOperation = (inputs: readonly tf.Tensor[], attributes: never, shape: number[]) => tf.Tensor;

type T = readonly tf.Tensor[];

/** By the names of the tape's table. */
export const tensorOperations: Readonly<Record<string, TensorOperation>> = {
  add: ([a, b]: T) => tf.add(a!, b!),
  subtract: ([a, b]: T) => tf.sub(a!, b!),
  multiply: ([a, b]: T) => tf.mul(a!, b!),
  scale: ([x]: T, { factor }: { factor: number }) => tf.mul(x!, factor),
  power: ([x]: T, { exponent }: { exponent: number }) => powerOf(x!, exponent),
  exp: ([x]: T) => tf.exp(x!),
  log: ([x]: T) => tf.log(x!),
  relu: ([x]: T) => runtime.relu(x!),
  sigmoid: ([x]: T) => tf.sigmoid(x!),
  dropout: ([x]: T, { mask, keep }: { mask: NdArray; keep: number }) =>
    tf.div(tf.mul(x!, toTensor(mask)), keep),
  sum: ([x]: T, { axes }: { axes?: number[] }) => tf.sum(x!, axes),
  mean: ([x]: T, { axes }: { axes?: number[] }) => tf.mean(x!, axes),
  max: ([x]: T) => tf.max(x!, -1),
  reshape: ([x]: T, _: never, shape) => tf.reshape(x!, shape),
  gather: ([x]: T, { places }: Places, shape) => {
    const withZero = tf.concat([tf.reshape(x!, [-1]), tf.zeros([1])]);
    const from = Int32Array.from(places, (place) => (place < 0 ? x!.size : place));
    return tf.reshape(tf.gather(withZero, tf.tensor1d(from, "int32")), shape);
  },
  scatterAdd: ([x]: T, { places }: Places, shape) => {
    const size = sizeOf(shape);
    const to = Int32Array.from(places, (place) => (place < 0 ? size : place));
    const sums = tf.unsortedSegmentSum(tf.reshape(x!, [-1]), tf.tensor1d(to, "int32"), size + 1);
    return tf.reshape(tf.slice(sums, 0, size), shape);
  },
  transpose: ([x]: T) => tf.transpose(x!),
  concat: ([a, b]: T) => tf.concat([a!, b!], -1),
  padChannels: ([x]: T, { added }: { added: number }) =>
    tf.pad(x!, x!.shape.map((_, axis): [number, number] => [0, axis === x!.rank - 1 ? added : 0])), // prettier-ignore
  subsample: ([x]: T, { stride }: { stride: number }) => tf.avgPool(x as never, 1, stride, "valid"), // prettier-ignore
  matmul: ([x, w]: T) => tf.matMul(x!, w!),
  conv2d: ([x, w]: T, { stride, padding }: Required<Slide>) =>
    runtime.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, padding),
  maxPool: ([x]: T, { kernel, stride = kernel, padding = 0 }: Window) =>
    tf.maxPool(padded(x!, padding, -1e30), kernel, stride, "valid"),
  averagePool: ([x]: T, { kernel, stride = kernel }: Window) =>
    tf.avgPool(x as tf.Tensor4D, kernel, stride, "valid"),
  globalAveragePool: ([x]: T) => tf.mean(x!, [1, 2]),
  batchNorm: ([x, gamma, beta]: T, { epsilon }: { epsilon: number }) =>
    tf.reshape(
      runtime.batchNormTraining(images(x!), gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon),
      x!.shape,
    ),
  batchNormInference: ([x, ...rest]: T, { epsilon }: { epsilon: number }) =>
    tf.reshape(
      runtime.batchNormInference(
        images(x!),
        ...(rest as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]),
        epsilon,
      ),
      x!.shape,
    ),
  softmaxCrossEntropy: ([z]: T, { labels }: { labels: number[] }) =>
    runtime.softmaxCrossEntropy(z as tf.Tensor2D, tf.tensor1d(labels, "int32")),
};

/**
 * A tensor of float32 with the numbers of an array.
 *
 * @example
 * ```ts
 * autodiff.toTensor(
 *   autodiff.array([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 * ); // [[1, 2], [3, 4]]
 * ```
 */
export function toTensor({ data, shape }: NdArray): tf.Tensor {
  return tf.tensor(Float32Array.from(data), [...shape]);
}

/**
 * Computes a trace again, in TensorFlow.js.
 *
 * @param replace gives another tensor for the value of a line, or nothing to keep it; called for each line
 * @returns the tensor of the trace's output
 * @throws RangeError if TensorFlow.js has no counterpart of an operation
 *
 * @example
 * ```ts
 * const traced = autodiff.trace((x) => autodiff.scale(x, { factor: 2 }), [autodiff.array([1, 2])]);
 * autodiff.replay(traced, [tf.tensor1d([10, 20])]); // [20, 40]
 * ```
 */
export function replay(
  { tape, output }: Trace,
  inputs: readonly tf.Tensor[],
  replace: (value: Value, tensor: tf.Tensor) => tf.Tensor = (_, tensor) => tensor,
): tf.Tensor {
  const tensors = new Map<Value, tf.Tensor>();
  let next = 0;
  for (const value of tape.values.slice(0, output.line)) {
    const computed = value.origin ? compute(value, tensors) : inputs[next++]!;
    tensors.set(value, replace(value, computed));
  }
  return tensors.get(output)!;
}

function compute({ origin, shape }: Value, tensors: ReadonlyMap<Value, tf.Tensor>): tf.Tensor {
  const { operation, inputs, attributes } = origin!;
  const counterpart = tensorOperations[operation.operation];
  if (!counterpart) {
    throw new RangeError(`there must be a TensorFlow.js counterpart to replay; got ${operation.operation}`);
  }
  return counterpart(inputs.map((input) => tensors.get(input) ?? toTensor(input)), attributes as never, [...shape]); // prettier-ignore
}

/** Powers for which TensorFlow.js has an operation of its own; its `pow` has none for a negative base's gradient. */
function powerOf(x: tf.Tensor, exponent: number): tf.Tensor {
  if (exponent === 2) return tf.square(x);
  if (exponent === -1) return tf.reciprocal(x);
  if (exponent === -1 / 2) return tf.rsqrt(x);
  return tf.pow(x, exponent);
}

const images = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [1, 1, -1, x.shape.at(-1)!]);

function padded(x: tf.Tensor, padding: number, value: number): tf.Tensor4D {
  const sides: [number, number] = [padding, padding];
  return padding === 0 ? (x as tf.Tensor4D) : tf.pad4d(x as tf.Tensor4D, [[0, 0], sides, sides, [0, 0]], value); // prettier-ignore
}
