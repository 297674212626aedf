// Loops over float32 arrays, into one result that grows channel by channel.
import { runtime, shapes } from "residual";

type Output = shapes.Images<8, 8, 14>;

/** Adds to `all` the channels `from` to `from + 4`, made of the rectified channels before them. */
function grow(all: Float32Array, kernel: ArrayLike<number>, from: number): void {
  for (let pixel = 0; pixel < all.length / 14; pixel++) {
    const [row, column] = [Math.floor(pixel / 8) % 8, pixel % 8];
    for (let down = -1; down <= 1; down++)
      for (let across = -1; across <= 1; across++) {
        if (Math.max(row + down, column + across) > 7 || Math.min(row + down, column + across) < 0) continue;
        const neighbour = 14 * (pixel + 8 * down + across);
        const tap = 3 * (down + 1) + across + 1;
        for (let c = 0; c < from; c++)
          for (let o = 0; o < 4; o++)
            all[14 * pixel + from + o]! +=
              Math.max(all[neighbour + c]!, 0) * kernel[(tap * from + c) * 4 + o]!;
      }
  }
}

export function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  const images = x.tensor.shape[0];
  const all = new Float32Array(images * 64 * 14);
  x.tensor.dataSync().forEach((value, i) => (all[14 * Math.floor(i / 6) + (i % 6)] = value));
  grow(all, first.tensor.dataSync(), 6);
  grow(all, second.tensor.dataSync(), 10);
  return shapes.shaped(runtime.tf.tensor(all, [images, 8, 8, 14]), ["N", 8, 8, 14]);
}
