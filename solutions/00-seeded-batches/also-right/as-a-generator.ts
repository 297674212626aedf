// A generator of batches, each a typed array.
import { check } from "residual";

export function* batches(seed: number, epoch: number, images: number, size: number): Generator<Uint32Array> {
  const order = Uint32Array.from(check.stream(seed, String(epoch)).permutation(images));
  for (let start = 0; start < images; start += size) yield order.subarray(start, start + size);
}
