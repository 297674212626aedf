// Typed arrays as they come, no copy.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const order = check.stream(seed, `${epoch}`).permutation(images);
  return Array.from({ length: Math.ceil(images / size) }, (_, b) =>
    order.subarray(b * size, b * size + size),
  );
}
