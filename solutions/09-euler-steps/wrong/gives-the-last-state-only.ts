// Where it ends.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  let state = [...x];
  for (let unit = 0; unit < units; unit++) {
    const slope = field(state);
    state = state.map((value, i) => value + (time / units) * slope[i]!);
  }
  return [state];
}
