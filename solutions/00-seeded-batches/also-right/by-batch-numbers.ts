// Each place of the order says which batch it belongs to: no slice.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const filled: number[][] = Array.from({ length: Math.ceil(images / size) }, () => []);
  check
    .stream(seed, ["epoch", epoch].join())
    .permutation(images)
    .forEach((image, place) => filled[Math.floor(place / size)]!.push(image));
  return filled;
}
