// One state after the other, in one list that is copied when it is given away.
type Field = (x: readonly number[]) => number[];

export function* evolve(
  field: Field,
  x: readonly number[],
  time: number,
  units: number,
): Generator<number[]> {
  const now = x.slice();
  yield now.slice();
  for (let left = units; left > 0; left--) {
    const slope = field(now);
    for (const i of now.keys()) now[i] = now[i]! + (slope[i]! / units) * time;
    yield now.slice();
  }
}
