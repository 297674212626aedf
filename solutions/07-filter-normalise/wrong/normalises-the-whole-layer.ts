// One factor for the layer.
// Believed: One factor for each layer makes directions comparable.
// In class: Where a batch norm follows, each filter can be scaled without changing what the network computes, so each filter needs a length of
// its own. Scale one filter by ten and ask what the picture does.
export function filterNormalised(direction: readonly number[], weights: readonly number[]): number[] {
  const factor = Math.hypot(...direction) === 0 ? 0 : Math.hypot(...weights) / Math.hypot(...direction);
  return direction.map((value) => value * factor);
}
