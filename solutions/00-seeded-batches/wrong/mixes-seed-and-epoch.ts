// Puts the digits of the two numbers side by side: seed 1 in epoch 11 is seed 11 in epoch 1.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const order = check.stream(0, `${seed}${epoch}`).permutation(images);
  const batches: ArrayLike<number>[] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
