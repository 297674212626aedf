// One factor for the layer.
export function filterNormalised(direction: readonly number[], weights: readonly number[]): number[] {
  const factor = Math.hypot(...direction) === 0 ? 0 : Math.hypot(...weights) / Math.hypot(...direction);
  return direction.map((value) => value * factor);
}
