// As many steps as there are states.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const step = time / (units + 1);
  const states = [[...x]];
  for (let unit = 0; unit < units; unit++) {
    const state = states.at(-1)!;
    const slope = field(state);
    states.push(state.map((value, i) => value + step * slope[i]!));
  }
  return states;
}
