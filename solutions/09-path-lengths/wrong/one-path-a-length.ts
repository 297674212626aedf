// The units taken for alike.
export function pathLengths(n: number): number[] {
  return Array<number>(n + 1).fill(1);
}
