// Every image gets a random key, and the keys are sorted.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const draw = check.stream(seed, `keys of epoch ${epoch}`);
  const keys = Array.from({ length: images }, () => draw.uniform());
  const order = keys.map((_, image) => image).sort((a, b) => keys[a]! - keys[b]!);
  return Array.from({ length: Math.ceil(images / size) }, (_, k) => order.slice(k * size, (k + 1) * size));
}
