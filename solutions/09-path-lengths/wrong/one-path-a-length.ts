// The units taken for alike.
// Believed: A network of n units has n + 1 paths.
// In class: It has n + 1 lengths. Each unit is passed or skipped, so the paths double with each unit. Let the class list all paths of three
// units.
export function pathLengths(n: number): number[] {
  return Array<number>(n + 1).fill(1);
}
