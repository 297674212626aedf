// The recipe of one network of a sweep: the sweep's, with what is the network's own in its place.

/** How long a run is: either in epochs or in updates. */
interface Length {
  readonly epochs?: number;
  readonly steps?: number;
}

/** Fields of the network's own go before the sweep's; its `epochs` takes the place of the sweep's `steps`, and the other way round. */
export function recipeOf<R extends Length>(common: R, { recipe: own }: { readonly recipe?: R }): R {
  if (own?.epochs === undefined && own?.steps === undefined) return { ...common, ...own };
  const rest = Object.entries(common).filter(([option]) => option !== "epochs" && option !== "steps");
  return { ...(Object.fromEntries(rest) as R), ...own };
}
