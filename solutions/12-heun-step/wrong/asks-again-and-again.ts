// f for every number of the state.
// Believed: How often f is called is the computer's business.
// In class: f is the network. Ask what training costs if each of a thousand channels evaluates it anew.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export function heun(field: Field, x: State, from: number, to: number, steps: number): number[] {
  const h = (to - from) / steps;
  let state = [...x];
  for (let step = 0; step < steps; step++) {
    const [old, t] = [state, from + step * h];
    const ahead = old.map((value, i) => value + h * field(old, t)[i]!);
    state = old.map((value, i) => value + (h / 2) * (field(old, t)[i]! + field(ahead, t + h)[i]!));
  }
  return state;
}

export function observedOrder(coarse: State, middle: State, fine: State): number {
  const distance = (a: State, b: State) => Math.hypot(...a.map((value, i) => value - b[i]!));
  return Math.log2(distance(coarse, middle) / distance(middle, fine));
}
