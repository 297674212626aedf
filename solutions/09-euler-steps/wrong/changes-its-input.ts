// x itself moves.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const state = x as number[];
  const states = [[...state]];
  for (let unit = 0; unit < units; unit++) {
    const slope = field(state);
    slope.forEach((value, i) => (state[i]! += (time / units) * value));
    states.push([...state]);
  }
  return states;
}
