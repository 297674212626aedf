// One slope a step.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export function heun(field: Field, x: State, from: number, to: number, steps: number): number[] {
  const h = (to - from) / steps;
  let state = [...x];
  for (let step = 0; step < steps; step++) {
    const slope = field(state, from + step * h);
    state = state.map((value, i) => value + h * slope[i]!);
  }
  return state;
}

export function observedOrder(coarse: State, middle: State, fine: State): number {
  const distance = (a: State, b: State) => Math.hypot(...a.map((value, i) => value - b[i]!));
  return Math.log2(distance(coarse, middle) / distance(middle, fine));
}
