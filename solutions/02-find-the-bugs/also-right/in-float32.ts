// Typed arrays, filled number by number.
type Vector = readonly number[];
type Matrix = readonly Vector[];
interface Norm {
  readonly scale: Vector;
  readonly shift: Vector;
}

function layer(w: Matrix, x: ArrayLike<number>, { scale, shift }: Norm, plus: Vector = []): Float32Array {
  const output = new Float32Array(w.length);
  for (let i = 0; i < w.length; i++) {
    for (let j = 0; j < x.length; j++) output[i]! += w[i]![j]! * x[j]!;
    output[i] = Math.max(scale[i]! * output[i]! + shift[i]! + (plus[i] ?? 0), 0);
  }
  return output;
}

export function block(x: Vector, first: Matrix, firstNorm: Norm, second: Matrix, secondNorm: Norm) {
  return layer(second, layer(first, x, firstNorm), secondNorm, x);
}
