// Draws one order for each seed, and begins it at another place in each epoch.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const drawn = Array.from(check.stream(seed, "order").permutation(images));
  const order = [...drawn.slice(epoch % images), ...drawn.slice(0, epoch % images)];
  const batches: ArrayLike<number>[] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
