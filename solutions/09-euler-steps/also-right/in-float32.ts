// States in float32 arrays.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): Float32Array[] {
  const states = [Float32Array.from(x)];
  for (let unit = 1; unit <= units; unit++) {
    const next = new Float32Array(states[unit - 1]!);
    field(Array.from(next)).forEach((slope, i) => (next[i]! += Math.fround(time / units) * slope));
    states.push(next);
  }
  return states;
}
