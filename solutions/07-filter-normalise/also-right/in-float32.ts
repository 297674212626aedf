// Sums of squares in float32 arrays, and their quotient's root.
export function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
) {
  const squares = (values: readonly number[]) => {
    const sums = new Float32Array(outChannels);
    for (const [i, value] of values.entries()) sums[i % outChannels]! += Math.fround(value) ** 2;
    return sums;
  };
  const [own, wanted] = [squares(direction), squares(weights)];
  return Float32Array.from(direction, (value, i) => {
    const filter = i % outChannels;
    return own[filter]! > 0 ? value * Math.sqrt(wanted[filter]! / own[filter]!) : 0;
  });
}
