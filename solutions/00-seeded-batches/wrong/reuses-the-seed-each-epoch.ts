// The epoch makes no difference.
// Believed: One seed means one order of the images.
// In class: A seed fixes a whole sequence of orders. With one order for all epochs the same images meet in the same batch every time, and the
// noise of stochastic gradient descent repeats itself. Ask which two numbers an epoch's order must follow from.
import { check } from "residual";

export function batches(
  ...[seed, , images, size]: [seed: number, epoch: number, images: number, size: number]
) {
  const order = Array.from(check.stream(seed, "order").permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
}
