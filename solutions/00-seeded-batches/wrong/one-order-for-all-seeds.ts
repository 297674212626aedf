// A seed of its own.
// Also moves-blocks: where there is one order, all images keep their neighbours.
import { check } from "residual";

export function batches(
  ...[, epoch, images, size]: [seed: number, epoch: number, images: number, size: number]
) {
  const order = Array.from(check.stream(42, `epoch ${epoch}`).permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
