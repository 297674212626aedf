// What the notebook checks of batch normalisation's gradient: what a common shift must do, and all that is graded by public numbers.
import { check } from "residual";
import { cases } from "./cases";

/** One channel and the gradient that arrives. */
export type Channel = {
  readonly dy: readonly number[];
  readonly x: readonly number[];
  readonly scale: number;
  readonly epsilon: number;
};

/** What channels of the kinds that a learner may meet look like; the numbers are drawn. epsilon is large, so that forgetting it shows. */
const kinds: readonly { readonly length: number; readonly sign: number; readonly constant?: boolean }[] = [
  { length: 4, sign: 1 },
  { length: 7, sign: -1 },
  { length: 2, sign: 1 },
  { length: 5, sign: -1, constant: true },
  { length: 3, sign: 0 },
  { length: 12, sign: 1 },
];

/** Channels from a stream: of even and odd length, with either sign of the scale and none, and one without any variance. */
export function channels(draw: ReturnType<typeof check.stream>): Channel[] {
  return kinds.map(({ length, sign, constant }) => {
    const x = check.oddNumbers(draw, length);
    return {
      dy: check.oddNumbers(draw, length),
      // A number whose mean is exact, so that the variance is 0 and not almost.
      x: constant ? x.map(() => 1.5 * Math.sign(x[0]!)) : x,
      scale: sign * (0.5 + draw.uniform()),
      epsilon: 0.05 + 0.1 * draw.uniform(),
    };
  });
}

/** How far float32 may be off: sums over the batch, of terms that grow with x, with the scale, and with a small divisor. */
export function rounding({ dy, x, scale, epsilon }: Channel): number {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((total, value) => total + (value - mean) ** 2, 0) / x.length;
  const deviation = Math.sqrt(variance + epsilon);
  const normalised = 1 + check.largest(x) / deviation;
  const magnitude = (1 + Math.abs(scale) / deviation) * check.largest(dy) * x.length * normalised ** 2;
  return check.float32(4 * x.length + 16, magnitude);
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** What needs no formula. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "a-common-shift",
    title: "moving every x by the same amount changes nothing, so dx adds up to zero",
    points: 1,
    cases: (seed) => channels(check.stream(seed, "a-common-shift")),
    judge(input, output) {
      const channel = input as unknown as Channel;
      if ("error" in output) return check.compare(output, null);
      // With a scale of 0 no x moves y.
      const moves = channel.scale !== 0;
      const { dx } = (output.value ?? {}) as Record<string, check.Plain>;
      if (
        !check.isNumbers(dx) ||
        dx.length !== channel.x.length ||
        (moves && dx.every((value) => value === 0))
      ) {
        return { mistake: "wrong-shape", message: "dx needs one number for each x, and not all zeros" };
      }
      const total = sum(dx);
      if (Math.abs(total) <= rounding(channel) * dx.length) return undefined;
      return {
        mistake: "does-not-add-up",
        message: "dx does not add up to zero: the way back through the mean is missing or wrong",
        detail: `got ${check.show(dx)}, which add up to ${check.show(total)}; expected 0`,
      };
    },
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.CaseProperty[] = [...byHand, ...check.published(cases)];
