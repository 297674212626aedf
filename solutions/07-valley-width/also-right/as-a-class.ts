// A curve that knows its value anywhere, searched outwards by halving.
class Curve {
  constructor(
    private readonly xs: readonly number[],
    private readonly ys: readonly number[],
  ) {}

  at(x: number): number {
    const i = Math.max(
      1,
      this.xs.findIndex((other) => other >= x),
    );
    const [a, b] = [this.xs[i - 1]!, this.xs[i]!];
    return this.xs.length === 1 ? this.ys[0]! : ((b - x) * this.ys[i - 1]! + (x - a) * this.ys[i]!) / (b - a);
  }

  /** The last place up to which the curve stays at or under a level. */
  edge(knots: readonly number[], level: number): number {
    let low = 0;
    for (const knot of knots) {
      if (this.at(knot) <= level) {
        low = knot;
        continue;
      }
      let high = knot;
      for (let i = 0; i < 80; i++) {
        const middle = (low + high) / 2;
        if (this.at(middle) <= level) low = middle;
        else high = middle;
      }
      break;
    }
    return low;
  }
}

export const valleyWidth = (alphas: number[], losses: number[], rise: number) => {
  const curve = new Curve(alphas, losses);
  const level = losses[alphas.indexOf(0)]! + rise;
  const right = alphas.filter((x) => x > 0);
  const left = alphas.filter((x) => x < 0).reverse();
  return curve.edge(right, level) - curve.edge(left, level);
};
