// One step, then the rest of the way.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export function heun(field: Field, x: State, from: number, to: number, steps: number): number[] {
  if (steps === 0) return [...x];
  const h = (to - from) / steps;
  const here = field(x, from);
  const guess = x.map((value, i) => value + h * here[i]!);
  const there = field(guess, from + h);
  // Euler's end, corrected by half the change of the slope.
  const next = guess.map((value, i) => value + ((there[i]! - here[i]!) / 2) * h);
  return heun(field, next, from + h, to, steps - 1);
}

const square = (a: State, b: State): number =>
  a.length === 0 ? 0 : (a[0]! - b[0]!) ** 2 + square(a.slice(1), b.slice(1));

export const observedOrder = (coarse: State, middle: State, fine: State): number =>
  (Math.log(square(coarse, middle)) - Math.log(square(middle, fine))) / Math.log(4);
