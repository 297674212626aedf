// Shuffles the batches, and leaves the images in each as they lie.
// Also moves-blocks: images that stay together keep their neighbours from one run to another.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const all = Array.from({ length: Math.ceil(images / size) }, (_, b) =>
    Array.from({ length: Math.min(size, images - b * size) }, (_, i) => b * size + i),
  );
  // The smaller batch stays last.
  const full = all.filter(({ length }) => length === size);
  const order = Array.from(check.stream(seed, `epoch ${epoch}`).permutation(full.length));
  return [...order.map((b) => full[b]!), ...all.slice(full.length)];
}
