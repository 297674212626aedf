// Takes images out of a bag until it is empty.
import { check } from "residual";

export function batches(seed: number, epoch: number, images: number, size: number): number[][] {
  const draw = check.stream(seed, String(epoch));
  const bag = Array.from({ length: images }, (_, image) => image);
  const taken: number[][] = [];
  while (bag.length > 0) {
    if ((taken.at(-1)?.length ?? size) === size) taken.push([]);
    taken.at(-1)!.push(...bag.splice(draw.integer(bag.length), 1));
  }
  return taken;
}
