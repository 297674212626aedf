// Draws, not an order.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const draw = check.stream(seed, `epoch ${epoch}`);
  const order = Array.from({ length: images }, () => draw.integer(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
