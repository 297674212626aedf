// What lies side by side for all output channels.
export function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
): number[] {
  const norm = (values: readonly number[], filter: number) =>
    Math.sqrt(
      values.reduce((sum, value, i) => (Math.floor(i / outChannels) === filter ? sum + value ** 2 : sum), 0),
    );
  const factors = Array.from({ length: outChannels }, (_, filter) => {
    const own = norm(direction, filter);
    const wanted = norm(weights, filter);
    return own === 0 ? 0 : wanted / own;
  });
  return direction.map((value, i) => value * (factors[Math.floor(i / outChannels) % outChannels] ?? 0));
}
