// How long each state is.
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
  const [one, two, four] = [coarse, middle, fine].map((state) => Math.hypot(...state));
  return Math.log2(Math.abs(one! - two!) / Math.abs(two! - four!));
}
