// A seed and its negative give one stream.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const order = check.stream(Math.abs(seed), `${epoch}`).permutation(images);
  return Array.from({ length: Math.ceil(images / size) }, (_, b) => order.slice(b * size, (b + 1) * size));
}
