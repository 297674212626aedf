// 2^n paths, misremembered.
export function pathLengths(n: number): number[] {
  return Array.from({ length: n + 1 }, (_, k) => 2 ** k);
}
