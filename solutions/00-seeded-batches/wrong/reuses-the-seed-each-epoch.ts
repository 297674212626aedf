// The epoch makes no difference.
import { check } from "residual";

export function batches(
  ...[seed, , images, size]: [seed: number, epoch: number, images: number, size: number]
) {
  const order = Array.from(check.stream(seed, "order").permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
