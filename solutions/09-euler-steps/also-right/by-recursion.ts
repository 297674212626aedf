// One unit, then the rest of the time.
type Field = (x: readonly number[]) => number[];

export function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  if (units === 0) return [[...x]];
  const step = time / units;
  const next = field(x).map((slope, i) => x[i]! + step * slope);
  return [[...x], ...evolve(field, next, time - step, units - 1)];
}
