// Where less than half a batch is left, it goes into the batch before.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const order = check.stream(seed, `${epoch}`).permutation(images);
  const count = Math.max(1, Math.round(images / size));
  return Array.from({ length: count }, (_, b) =>
    order.slice(b * size, b === count - 1 ? images : (b + 1) * size),
  );
}
