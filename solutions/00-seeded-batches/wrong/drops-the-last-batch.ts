// Full batches only.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const order = Array.from(check.stream(seed, `epoch ${epoch}`).permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start + size <= images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
