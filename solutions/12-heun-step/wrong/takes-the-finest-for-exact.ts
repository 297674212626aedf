// Distances to the best end there is.
// Believed: The finest run may stand for the exact solution.
// In class: Its error is as large as the one that is to be seen: a method of order 1 seems to have log2(3), one of order 2 seems to have log2(5). Chapter 09
// takes its limit at 64 steps, and says by how much that changes the ratio.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export function heun(field: Field, x: State, from: number, to: number, steps: number): number[] {
  const h = (to - from) / steps;
  let state = [...x];
  for (let step = 0; step < steps; step++) {
    const t = from + step * h;
    const here = field(state, t);
    const ahead = field(
      state.map((value, i) => value + h * here[i]!),
      t + h,
    );
    state = state.map((value, i) => value + (h / 2) * (here[i]! + ahead[i]!));
  }
  return state;
}

export function observedOrder(coarse: State, middle: State, fine: State): number {
  const distance = (a: State, b: State) => Math.hypot(...a.map((value, i) => value - b[i]!));
  return Math.log2(distance(coarse, fine) / distance(middle, fine));
}
