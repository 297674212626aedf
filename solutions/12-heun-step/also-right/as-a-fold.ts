// A fold over the times at which steps begin.
type State = readonly number[];
type Field = (x: State, t: number) => number[];

export const heun = (field: Field, x: State, from: number, to: number, steps: number): State => {
  const h = (to - from) / steps;
  const plus = (a: State, b: State, times: number) => a.map((value, i) => value + times * b[i]!);
  return Array.from({ length: steps }, (_, k) => from + k * h).reduce<State>((state, t) => {
    const k1 = field(state, t);
    const k2 = field(plus(state, k1, h), t + h);
    return plus(plus(state, k1, h / 2), k2, h / 2);
  }, x);
};

export const observedOrder = async (...ends: [State, State, State]): Promise<number> => {
  const [first, last] = [0, 1].map((k) =>
    Math.sqrt(ends[k]!.reduce((sum, value, i) => sum + (value - ends[k + 1]![i]!) ** 2, 0)),
  );
  return Promise.resolve(Math.log10(first! / last!) / Math.log10(2));
};
