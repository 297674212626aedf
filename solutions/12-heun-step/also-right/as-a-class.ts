// A traveller who knows time and place, and yields the numbers of its last state.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

class Traveller {
  constructor(
    private readonly field: Field,
    private place: number[],
    private time: number,
  ) {}

  walk(h: number): void {
    const slopes = [this.field([...this.place], this.time)];
    this.time += h;
    slopes.push(
      this.field(
        this.place.map((value, i) => value + slopes[0]![i]! * h),
        this.time,
      ),
    );
    this.place.forEach((_, i) => {
      for (const slope of slopes) this.place[i]! += (slope[i]! * h) / slopes.length;
    });
  }

  *[Symbol.iterator](): Generator<number> {
    yield* this.place;
  }
}

export function heun(field: Field, x: State, from: number, to: number, steps: number): Iterable<number> {
  const traveller = new Traveller(field, x.slice(), from);
  for (let step = 0; step < steps; step++) traveller.walk((to - from) / steps);
  return traveller;
}

export function observedOrder(coarse: State, middle: State, fine: State): number {
  let [first, last] = [0, 0];
  for (const [i, value] of middle.entries()) {
    first = Math.hypot(first, coarse[i]! - value);
    last = Math.hypot(last, fine[i]! - value);
  }
  return Math.log2(first) - Math.log2(last);
}
