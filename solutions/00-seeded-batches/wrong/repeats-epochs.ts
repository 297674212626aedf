// Knows ten epochs, and begins again.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const order = check.stream(seed, `epoch ${epoch % 10}`).permutation(images);
  const batches: ArrayLike<number>[] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
