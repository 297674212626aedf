// Number by number over typed arrays, each gradient added where its product was made.
type Vector = readonly number[];
type Matrix = readonly Vector[];

export function unitVjp(x: Vector, first: Matrix, second: Matrix, dy: Vector) {
  const [n, m] = [x.length, first.length];
  const [a, z] = [new Float32Array(m), Float32Array.from(x)];
  for (let k = 0; k < m; k++) for (let j = 0; j < n; j++) a[k]! += first[k]![j]! * x[j]!;
  for (let i = 0; i < n; i++) for (let k = 0; k < m; k++) z[i]! += second[i]![k]! * Math.max(a[k]!, 0);
  const dz = Float32Array.from(dy, (d, i) => (z[i]! > 0 ? d : 0));
  const dx = Float32Array.from(dz);
  const da = new Float32Array(m);
  for (let k = 0; k < m; k++) {
    if (a[k]! <= 0) continue;
    for (let i = 0; i < n; i++) da[k]! += second[i]![k]! * dz[i]!;
    for (let j = 0; j < n; j++) dx[j]! += first[k]![j]! * da[k]!;
  }
  return {
    dx,
    dFirst: Array.from(da, (d) => Float32Array.from(x, (value) => d * value)),
    dSecond: Array.from(dz, (d) => a.map((value) => d * Math.max(value, 0))),
  };
}
