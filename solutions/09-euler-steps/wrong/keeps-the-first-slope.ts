// A straight line.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  const slope = field(x);
  return Array.from({ length: units + 1 }, (_, unit) =>
    x.map((value, i) => value + ((unit * time) / Math.max(units, 1)) * slope[i]!),
  );
}
