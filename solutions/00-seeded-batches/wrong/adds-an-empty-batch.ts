// One batch more than there are, where no image is left.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const order = Array.from(check.stream(seed, `epoch ${epoch}`).permutation(images));
  return Array.from({ length: Math.floor(images / size) + 1 }, (_, b) =>
    order.slice(b * size, (b + 1) * size),
  );
}
