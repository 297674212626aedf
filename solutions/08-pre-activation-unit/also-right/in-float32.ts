// Loops over float32 arrays.
import { runtime, shapes } from "residual";

type Output = shapes.Images<4, 4, 8>;

/** A batch of square images, row-major. */
interface Batch {
  readonly side: number;
  readonly channels: number;
  readonly values: Float32Array;
}

function activated(
  { side, channels, values }: Batch,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): Batch {
  return {
    side,
    channels,
    values: values.map((value, i) => Math.max(value * scale[i % channels]! + shift[i % channels]!, 0)),
  };
}

function convolved(
  { side, channels, values }: Batch,
  kernel: ArrayLike<number>,
  out: number,
  stride: number,
): Batch {
  const [images, small] = [values.length / side ** 2 / channels, side / stride];
  const result = new Float32Array(images * small ** 2 * out);
  for (let at = 0; at < result.length; at++) {
    const [o, column, row] = [at % out, Math.floor(at / out) % small, Math.floor(at / out / small) % small];
    const image = Math.floor(at / out / small ** 2);
    for (let tap = 0; tap < 9; tap++) {
      const [r, c] = [row * stride + Math.floor(tap / 3) - 1, column * stride + (tap % 3) - 1];
      if (r < 0 || r >= side || c < 0 || c >= side) continue;
      const from = ((image * side + r) * side + c) * channels;
      for (let i = 0; i < channels; i++)
        result[at]! += values[from + i]! * kernel[(tap * channels + i) * out + o]!;
    }
  }
  return { side: small, channels: out, values: result };
}

export function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  const norm = ({ scale, shift }: shapes.Norm<number>) =>
    [scale.tensor.dataSync(), shift.tensor.dataSync()] as const;
  const input: Batch = { side: 8, channels: 4, values: Float32Array.from(x.tensor.dataSync()) };
  const hidden = convolved(activated(input, ...norm(firstNorm)), first.tensor.dataSync(), 8, 2);
  const { values } = convolved(activated(hidden, ...norm(secondNorm)), second.tensor.dataSync(), 8, 1);
  for (let at = 0; at < values.length; at++) {
    const [c, column, row, image] = [
      at % 8,
      Math.floor(at / 8) % 4,
      Math.floor(at / 32) % 4,
      Math.floor(at / 128),
    ];
    if (c < 4) values[at]! += input.values[((image * 8 + 2 * row) * 8 + 2 * column) * 4 + c]!;
  }
  return shapes.shaped(runtime.tf.tensor(values, [values.length / 128, 4, 4, 8]), ["N", 4, 4, 8]);
}
