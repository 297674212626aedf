// h f(x) alone.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const step = time / units;
  const states = [[...x]];
  for (let unit = 0; unit < units; unit++) {
    const state = states.at(-1)!;
    const slope = field(state);
    states.push(slope.map((value) => step * value));
  }
  return states;
}
