// What is left of the time, by all units.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const states = [[...x]];
  let left = time;
  for (let unit = 0; unit < units; unit++) {
    const step = left / units;
    const state = states.at(-1)!;
    const slope = field(state);
    states.push(state.map((value, i) => value + step * slope[i]!));
    left -= step;
  }
  return states;
}
