// A fold over the units.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  return Array.from({ length: units }).reduce<number[][]>(
    (states) => {
      const now = states[states.length - 1]!;
      const f = field(now);
      return [...states, now.map((value, i) => value + (time * f[i]!) / units)];
    },
    [Array.from(x)],
  );
}
