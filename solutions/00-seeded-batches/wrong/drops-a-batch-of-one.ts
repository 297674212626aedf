// A last batch of one image is left out, because batch normalisation cannot train on it.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const order = check.stream(seed, `${epoch}`).permutation(images);
  const all = Array.from({ length: Math.ceil(images / size) }, (_, b) =>
    order.slice(b * size, (b + 1) * size),
  );
  return size > 1 && all.at(-1)!.length === 1 ? all.slice(0, -1) : all;
}
