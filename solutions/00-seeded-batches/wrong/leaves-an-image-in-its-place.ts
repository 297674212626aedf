// All images are shuffled but the first.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const others = check.stream(seed, `${epoch}`).permutation(images - 1);
  const order = [0, ...Array.from(others, (image) => image + 1)];
  return Array.from({ length: Math.ceil(images / size) }, (_, b) => order.slice(b * size, (b + 1) * size));
}
