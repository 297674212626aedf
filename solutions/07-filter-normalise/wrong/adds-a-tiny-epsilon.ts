// A number so small that it must be harmless.
export function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
): number[] {
  const norm = (values: readonly number[], filter: number) =>
    Math.sqrt(values.reduce((sum, value, i) => (i % outChannels === filter ? sum + value ** 2 : sum), 0));
  const factors = Array.from({ length: outChannels }, (_, filter) => {
    const own = norm(direction, filter);
    const wanted = norm(weights, filter);
    return wanted / (own + 1e-10);
  });
  return direction.map((value, i) => value * factors[i % outChannels]!);
}
