// Eigenvectors of a small symmetric matrix, by Jacobi's rotations.
import { norm } from "../numeric.js";

/** An eigenvalue and its eigenvector of length 1. */
export interface Eigenpair {
  readonly value: number;
  readonly vector: readonly number[];
}

/**
 * The `count` largest eigenvalues of a symmetric matrix with their eigenvectors, largest first; fewer where the matrix is smaller.
 *
 * Jacobi's method: rotate in the plane of two axes so that the element between them becomes 0, over all pairs, until nothing is left
 * off the diagonal. For matrices of some dozen rows.
 */
export function leadingEigenvectors(matrix: readonly (readonly number[])[], count: number): Eigenpair[] {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((_unused, j) => Number(i === j))); // columns: the eigenvectors
  const size = norm(a.flat());
  const off = () => norm(a.flatMap((row, i) => row.filter((_, j) => j !== i)));
  for (let sweep = 0; sweep < 60 && off() > 1e-14 * size; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  }
  return a
    .map((row, i) => ({ value: row[i]!, vector: v.map((components) => components[i]!) }))
    .sort((one, other) => other.value - one.value)
    .slice(0, count);
}

/** Makes a[p][q] zero: a <- R^T a R and v <- v R, R a rotation in the plane of p and q. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  if (a[p]![q] === 0) return;
  const ratio = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (x: number, y: number): [number, number] => [cosine * x - sine * y, sine * x + cosine * y];
  for (const row of a) [row[p], row[q]] = turn(row[p]!, row[q]!);
  const [top, bottom] = [a[p]!, a[q]!];
  for (let k = 0; k < a.length; k++) [top[k], bottom[k]] = turn(top[k]!, bottom[k]!);
  for (const row of v) [row[p], row[q]] = turn(row[p]!, row[q]!);
}
