// Reads a shape as an image or as features, and says which rule a wrong one breaks.
import type { Shape } from "./layer.js";

/**
 * [H, W, C] of a layer's input.
 * @throws RangeError if it is no image, or has not `channels` channels.
 */
export function imageOf(input: Shape, layer: string, channels?: number): readonly [number, number, number] {
  const [height, width, depth] = input;
  if (height === undefined || width === undefined || depth === undefined || input.length !== 3) {
    throw new RangeError(`${layer} needs an image [H, W, C]; got [${input.join(", ")}]`);
  }
  if (channels !== undefined && depth !== channels) {
    throw new RangeError(`${layer} needs ${channels} channels; got ${depth} in [${input.join(", ")}]`);
  }
  return [height, width, depth];
}
