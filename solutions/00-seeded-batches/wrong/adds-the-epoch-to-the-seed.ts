// Neighbouring seeds share their orders.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const order = Array.from(check.stream(seed + epoch, "order").permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
