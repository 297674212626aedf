// Another order each time.
export function batches(...[, , images, size]: [seed: number, epoch: number, images: number, size: number]) {
  const keys = Array.from({ length: images }, () => Math.random());
  const order = keys.map((_, image) => image).sort((a, b) => keys[a]! - keys[b]!);
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
