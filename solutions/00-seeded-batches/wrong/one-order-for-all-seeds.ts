// A seed of its own.
import { check } from "residual";

export function batches(
  ...[, epoch, images, size]: [seed: number, epoch: number, images: number, size: number]
) {
  const order = Array.from(check.stream(42, `epoch ${epoch}`).permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
