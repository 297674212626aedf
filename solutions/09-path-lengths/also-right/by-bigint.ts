// Products and quotients in whole numbers of any size.
export function pathLengths(n: number): number[] {
  const counts = [1n];
  for (let k = 1n; k <= BigInt(n); k++) counts.push((counts.at(-1)! * (BigInt(n) - k + 1n)) / k);
  return counts.map(Number);
}
