// Number by number, in one list.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const step = time / units;
  const states = [[...x]];
  for (let unit = 0; unit < units; unit++) {
    const state = states.at(-1)!;
    const next = [...state];
    for (let i = 0; i < next.length; i++) next[i]! += step * field(next)[i]!;
    states.push(next);
  }
  return states;
}
