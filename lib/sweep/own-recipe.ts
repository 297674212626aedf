// The recipe of one network of a sweep: the sweep's, with what is the network's own in its place.
import type { SweepRecipe } from "./description.js";

/** Fields of the network's own go before the sweep's; its `epochs` takes the place of the sweep's `steps`, and the other way round. */
export function recipeOf(
  common: SweepRecipe,
  { recipe: own }: { readonly recipe?: SweepRecipe },
): SweepRecipe {
  const { epochs, steps, ...rest } = common;
  const length = {
    ...(epochs !== undefined && { epochs }),
    ...(steps !== undefined && { steps }),
  };
  const hasLength = own?.epochs !== undefined || own?.steps !== undefined;
  return { ...(hasLength ? {} : length), ...rest, ...own };
}
