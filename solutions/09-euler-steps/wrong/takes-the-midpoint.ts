// A better method.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const step = time / units;
  const states = [[...x]];
  for (let unit = 0; unit < units; unit++) {
    const state = states.at(-1)!;
    const half = field(state).map((value, i) => state[i]! + (step / 2) * value);
    const slope = field(half);
    states.push(state.map((value, i) => value + step * slope[i]!));
  }
  return states;
}
