// Cuts first, then shuffles each batch.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  const draw = check.stream(seed, `${epoch}`);
  return Array.from({ length: Math.ceil(images / size) }, (_, b) =>
    draw.permutation(Math.min(size, images - b * size)).map((i) => b * size + i),
  );
}
