// Loops over float32 arrays: a 1x1 convolution is a matrix product for each pixel.
import { runtime, shapes } from "residual";

type Output = shapes.Images<4, 4, 16>;

/** Pixels by a matrix of weights; each pixel is a row. */
function multiplied(
  pixels: Float32Array,
  weights: ArrayLike<number>,
  from: number,
  to: number,
): Float32Array {
  return Float32Array.from({ length: (pixels.length / from) * to }, (_, at) => {
    const [pixel, out] = [Math.floor(at / to), at % to];
    let sum = 0;
    for (let c = 0; c < from; c++) sum += pixels[pixel * from + c]! * weights[c * to + out]!;
    return sum;
  });
}

const rectified = (values: Float32Array) => values.map((value) => Math.max(value, 0));

export function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  const images = x.tensor.shape[0];
  const seen = x.tensor.dataSync();
  const places = Array.from({ length: images * 16 }, (_, at) => {
    const [image, row, column] = [Math.floor(at / 16), Math.floor((at % 16) / 4), at % 4];
    return ((image * 8 + 2 * row) * 8 + 2 * column) * 8;
  });
  const pixels = Float32Array.from(places.flatMap((place) => [...seen.slice(place, place + 8)]));
  const narrow = rectified(multiplied(pixels, reduce.tensor.dataSync(), 8, 4));
  // Each pixel with its eight neighbours, 36 numbers in the order of the kernel; zeros beyond the border.
  const neighbours = places.flatMap((_, at) => {
    const [image, row, column] = [Math.floor(at / 16), Math.floor((at % 16) / 4), at % 4];
    return [-1, 0, 1].flatMap((down) =>
      [-1, 0, 1].flatMap((across) => {
        const [r, c] = [row + down, column + across];
        const inside = r >= 0 && r < 4 && c >= 0 && c < 4;
        const from = (image * 16 + r * 4 + c) * 4;
        return inside ? [...narrow.slice(from, from + 4)] : [0, 0, 0, 0];
      }),
    );
  });
  const hidden = rectified(multiplied(Float32Array.from(neighbours), spatial.tensor.dataSync(), 36, 4));
  const residual = multiplied(hidden, expand.tensor.dataSync(), 4, 16);
  const shortcut = multiplied(pixels, projection.tensor.dataSync(), 8, 16);
  const sum = rectified(residual.map((value, i) => value + shortcut[i]!));
  return shapes.shaped(runtime.tf.tensor(sum, [images, 4, 4, 16]), ["N", 4, 4, 16]);
}
