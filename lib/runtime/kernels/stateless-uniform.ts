// Uniform random numbers that are a function of a seed held in a tensor, so that a recorded step draws anew when it is replayed.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../../random/index.js";
import { attributesOf, isNative, type NativeBackend } from "./native.js";

/**
 * Numbers uniform in [0, 1), in steps of at most 2^-23. The same seed, draw and shape give the same numbers on the same
 * backend; different draws from one seed are independent. Nothing is differentiated.
 *
 * Native: TensorFlow's `StatelessRandomUniform`, which reads the seed on the device. Elsewhere a `randomStream` of the same name,
 * uploaded: its numbers differ from the native ones.
 *
 * @param shape of the result
 * @param seed [2] int32. Elsewhere than on the native engine its values must lie on the host still: a tensor made from numbers
 * that no operation has used.
 * @param draw tells apart several draws from one seed, a whole number of at least 0
 * @returns float32
 * @throws TypeError unless the seed is two int32 numbers; RangeError where `draw` is no such number
 *
 * @example
 * ```ts
 * const seed = tf.tensor1d([1, 2], "int32");
 * runtime.statelessUniform([2, 3], seed).shape; // [2, 3]
 * ```
 */
export function statelessUniform<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: tf.Tensor1D,
  draw = 0,
): tf.Tensor<R> {
  if (seed.dtype !== "int32" || seed.size !== 2) {
    throw new TypeError(`a seed must be a tensor of two int32 numbers; got ${seed.dtype} [${seed.shape.join(", ")}]`); // prettier-ignore
  }
  if (!Number.isSafeInteger(draw) || draw < 0) {
    throw new RangeError(`draw must be a whole number of at least 0; got ${draw}`);
  }
  return isNative() ? drawNative(shape, seed, draw) : statelessUniformPortable(shape, seed, draw);
}

/** {@link statelessUniform} on every backend, with other numbers than the native engine's. */
export function statelessUniformPortable<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: tf.Tensor1D,
  draw = 0,
): tf.Tensor<R> {
  const [first, second] = seed.dataSync<"int32">();
  const stream = randomStream(first!, "uniform", second!, draw);
  // Whole multiples of 2^-24 below 1: a number of 53 bits could round up to 1 in float32.
  const next = () => Math.floor(stream.uniform() * 2 ** 24) / 2 ** 24;
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, next);
  return tf.tensor(values, shape, "float32");
}

function drawNative<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: tf.Tensor1D, draw: number): tf.Tensor<R> {
  const backend = tf.backend() as unknown as NativeBackend;
  const { type } = attributesOf(backend);
  return tf.tidy(() => {
    const place = draw === 0 ? seed : tf.add(seed, tf.tensor1d([0, draw], "int32"));
    return backend.executeSingleOutput(
      "StatelessRandomUniform",
      [type("dtype", "float32"), type("T", "int32"), type("Tseed", "int32")],
      [tf.tensor1d(shape, "int32"), place],
    ) as tf.Tensor<R>;
  });
}
