// For tests: the papers' operations on images in float64 and plain JavaScript; shares no code with the library or TensorFlow.js.
import * as tf from "@tensorflow/tfjs-core";
import { expectClose, oddValues, valuesOf } from "../runtime/kernels/float64.fixture.js";
import type { Layer, Mode } from "./layer.js";

/** A batch of images [N, H, W, C], row-major. */
export interface Images {
  readonly shape: readonly [number, number, number, number];
  readonly values: readonly number[];
}

/** Images of odd values. */
export function oddImages(shape: Images["shape"], seed: number): Images {
  return { shape, values: oddValues(shape[0] * shape[1] * shape[2] * shape[3], seed) };
}

export const toTensor = ({ shape, values }: Images): tf.Tensor4D => tf.tensor4d([...values], [...shape]);

/** Every output pixel by the definition of convolution; a pixel outside the image is 0. kernel [k, k, in, out]. */
export function convolved(x: Images, kernel: Images, stride: number, padding: number): Images {
  const [n, height, width, channels] = x.shape;
  const [k, , , out] = kernel.shape;
  const rows = Math.floor((height + 2 * padding - k) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - k) / stride) + 1;
  const values: number[] = [];
  for (let image = 0; image < n; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let o = 0; o < out; o++) {
          let sum = 0;
          for (let i = 0; i < k; i++)
            for (let j = 0; j < k; j++) {
              const y = row * stride + i - padding;
              const z = column * stride + j - padding;
              if (y < 0 || y >= height || z < 0 || z >= width) continue;
              for (let c = 0; c < channels; c++)
                sum +=
                  x.values[((image * height + y) * width + z) * channels + c]! *
                  kernel.values[((i * k + j) * channels + c) * out + o]!;
            }
          values.push(sum);
        }
  return { shape: [n, rows, columns, out], values };
}

/** The mean and the biased variance of each channel. */
export function statisticsOf({ shape, values }: Images): { mean: number[]; variance: number[] } {
  const channels = shape[3];
  const of = (c: number) => values.filter((_, i) => i % channels === c);
  const average = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const mean = Array.from({ length: channels }, (_, c) => average(of(c)));
  const variance = mean.map((m, c) => average(of(c).map((value) => (value - m) ** 2)));
  return { mean, variance };
}

/** scale (x - mean) / sqrt(variance + 1e-5) + shift, by the batch's own statistics. */
export function normalised(x: Images, scale: readonly number[], shift: readonly number[]): Images {
  const { mean, variance } = statisticsOf(x);
  const channels = x.shape[3];
  const values = x.values.map((value, i) => {
    const c = i % channels;
    return (scale[c]! * (value - mean[c]!)) / Math.sqrt(variance[c]! + 1e-5) + shift[c]!;
  });
  return { shape: x.shape, values };
}

export const rectified = ({ shape, values }: Images): Images => ({
  shape,
  values: values.map((value) => Math.max(value, 0)),
});

export const added = (a: Images, b: Images): Images => ({
  shape: a.shape,
  values: a.values.map((value, i) => value + b.values[i]!),
});

/** Gives every parameter of a layer odd values, its statistics too (those are made positive). By name. */
export function setOddValues(layer: Layer): Record<string, Images> {
  const set: Record<string, Images> = {};
  layer.parameters().forEach(({ name, parameter }, index) => {
    if (!parameter.initialised) parameter.fill(new Float32Array(parameter.size));
    const odd = oddValues(parameter.size, index + 2);
    const values = parameter.role === "statistic" ? odd.map((value) => Math.abs(value) + 0.1) : odd;
    parameter.variable.assign(tf.tensor(values, [...parameter.shape]));
    set[name] = { shape: parameter.shape as unknown as Images["shape"], values };
  });
  return set;
}

/** Asserts that a layer turns x into what the reference says: shape and values. */
export async function expectForward(
  layer: Layer,
  x: Images,
  expected: { readonly shape: readonly number[]; readonly values: readonly number[] },
  mode: Mode = { training: true },
  tolerance = 2e-5,
): Promise<void> {
  const y = layer.forward(toTensor(x), mode);
  const promised = layer.outputShape(x.shape.slice(1));
  if (y.shape.join() !== expected.shape.join() || y.shape.slice(1).join() !== promised.join()) {
    throw new Error(
      `shape ${y.shape.join()}, promised ${promised.join()}, expected ${expected.shape.join()}`,
    );
  }
  expectClose(await valuesOf(y), expected.values, tolerance);
}
