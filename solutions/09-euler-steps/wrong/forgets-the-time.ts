// h = 1 / n.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], _time: number, units: number): number[][] {
  const step = 1 / units;
  const states = [[...x]];
  for (let unit = 0; unit < units; unit++) {
    const state = states.at(-1)!;
    const slope = field(state);
    states.push(state.map((value, i) => value + step * slope[i]!));
  }
  return states;
}
