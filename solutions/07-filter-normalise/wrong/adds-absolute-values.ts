// Another norm.
export function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
): number[] {
  const norm = (values: readonly number[], filter: number) =>
    values.reduce((sum, value, i) => (i % outChannels === filter ? sum + Math.abs(value) : sum), 0);
  const factors = Array.from({ length: outChannels }, (_, filter) => {
    const own = norm(direction, filter);
    const wanted = norm(weights, filter);
    return own === 0 ? 0 : wanted / own;
  });
  return direction.map((value, i) => value * factors[i % outChannels]!);
}
