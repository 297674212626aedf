// States in float32 arrays, which are written over.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export function heun(field: Field, x: State, from: number, to: number, steps: number): Float32Array {
  const state = Float32Array.from(x);
  const ahead = new Float32Array(x.length);
  const h = Math.fround((to - from) / steps);
  let t = Math.fround(from);
  for (let left = steps; left > 0; left--) {
    const first = Float32Array.from(field([...state], t));
    for (let i = 0; i < ahead.length; i++) ahead[i] = state[i]! + h * first[i]!;
    t = Math.fround(t + h);
    const second = Float32Array.from(field([...ahead], t));
    for (let i = 0; i < state.length; i++) state[i]! += Math.fround(0.5 * h) * (first[i]! + second[i]!);
  }
  return state;
}

export function observedOrder(coarse: State, middle: State, fine: State): number {
  const [c, m, f] = [coarse, middle, fine].map((state) => Float32Array.from(state));
  const sums = new Float32Array(2);
  for (let i = 0; i < c!.length; i++) {
    sums[0]! += Math.fround(c![i]! - m![i]!) ** 2;
    sums[1]! += Math.fround(m![i]! - f![i]!) ** 2;
  }
  return Math.fround(0.5 * Math.log2(sums[0]! / sums[1]!));
}
