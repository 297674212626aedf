// The random numbers of one forward pass: what a layer such as dropout draws from, fresh in each step and reproducible from its seed.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import { statelessUniform } from "./kernels/stateless-uniform.js";

/** A source of random numbers for the layers of one forward pass. It is stateful: each call draws anew. */
export interface RandomDraws {
  /** Numbers uniform in [0, 1), float32, of that shape. The same seed and the same order of calls give the same numbers. */
  uniform<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R>;
}

/**
 * The draws that follow from a step's seed, [2] int32. The seed is a tensor and never read by the host on the native engine, so a
 * compiled step draws new numbers whenever it is given a new seed.
 *
 * @example
 * ```ts
 * const [first, second] = [1, 2].map(() => runtime.randomDraws(tf.tensor1d([1, 2], "int32")).uniform([3]));
 * tf.all(tf.equal(first, second)); // 1
 * ```
 */
export function randomDraws(seed: tf.Tensor1D): RandomDraws {
  let drawn = 0;
  return {
    uniform: (shape) => statelessUniform(shape, seed, drawn++),
  };
}

/**
 * The seed of the update that follows `step` updates, for {@link randomDraws}: [2] int32. The run's seed and the step name it, so a
 * resumed run draws what an uninterrupted one would have drawn.
 *
 * @throws RangeError where the run's seed is no integer
 *
 * @example
 * ```ts
 * runtime.stepSeed(1, 100).shape; // [2]
 * ```
 */
export function stepSeed(seed: number, step: number): tf.Tensor1D {
  const stream = randomStream(seed, "layers", step);
  return tf.tensor1d([stream.integer(2 ** 31), stream.integer(2 ** 31)], "int32");
}
