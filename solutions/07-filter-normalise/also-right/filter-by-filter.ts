// One filter after the other.
export function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
) {
  const result = [...direction];
  for (let filter = 0; filter < outChannels; filter++) {
    let [drawn, own] = [0, 0];
    for (let i = filter; i < direction.length; i += outChannels) {
      drawn += direction[i]! * direction[i]!;
      own += weights[i]! * weights[i]!;
    }
    for (let i = filter; drawn > 0 && i < direction.length; i += outChannels)
      result[i]! *= Math.sqrt(own / drawn);
  }
  return result;
}
