import { expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { pairCorrelation } from "./autocorrelation.js";
import { correlationLaw, shareLaw } from "./correlation-laws.js";
import { inputSlopes } from "./input-slopes.js";
import { meanInterval } from "./interval.js";

test("correlationLaw() is 2^-L, (3/4)^L and 1/√L at right angles", () => {
  const plain = correlationLaw(shareLaw("plain", 10));
  const residual = correlationLaw(shareLaw("residual", 10));
  plain.forEach((value, i) => {
    expect(value).toBeCloseTo(2 ** -(i + 1), 14);
  });
  residual.forEach((value, i) => {
    expect(value).toBeCloseTo(0.75 ** (i + 1), 14);
  });
  for (const beta of [0.1, 1]) {
    const law = correlationLaw(shareLaw("normalised residual", 40_000, { beta }));
    // Sublinear: four times the depth halves it. The theorem's own constant, 1/(beta √L), is the limit of a small beta.
    expect(law[39_999]! / law[9_999]!).toBeCloseTo(1 / 2, beta === 1 ? 3 : 1);
    if (beta < 1) expect(law[39_999]! * beta * Math.sqrt(40_000)).toBeCloseTo(1, 1);
  }
});

test("shareLaw() gives De and Smith's 1/(l + 1), a half without a norm, and the gradient's growth of Theorem 3", () => {
  shareLaw("normalised residual", 5).forEach((share, i) => {
    expect(share).toBeCloseTo(1 / (i + 2), 14);
  });
  expect(shareLaw("residual", 2)).toEqual([0.5, 0.5]);
  expect(shareLaw("plain", 2)).toEqual([1, 1]);
  expect(shareLaw("residual", 1, { beta: 0.5 })[0]).toBeCloseTo(0.25 / 1.25, 14);
  // A share s is a factor 1 / (1 - s) on the gradient's variance: beta² (L - 1) + 1 over the L - 1 blocks that the theorem counts.
  const [beta, L] = [0.3, 24];
  const growth = shareLaw("normalised residual", L - 1, { beta }).reduce((g, share) => g / (1 - share), 1);
  expect(growth).toBeCloseTo(beta ** 2 * (L - 1) + 1, 10);
  expect(() => shareLaw("plane" as "plain", 2)).toThrow(/plain/);
});

/** The gradients at two inputs, back through blocks whose units are active at random, as the theorems have it: the same weights, other masks. */
function maskedCorrelation(shares: readonly number[], seed: number): number {
  const width = 24;
  const stream = randomStream(seed, "masked");
  let pair = [0, 1].map(() => new Float64Array(width));
  for (let i = 0; i < width; i++) pair[0]![i] = pair[1]![i] = stream.normal();
  for (const share of shares) {
    // y = √(1 - s) x + √s F(x): the two ways' parts of the variance are 1 - s and s, whatever the size.
    const weights = Array.from({ length: width }, () =>
      Float64Array.from({ length: width }, () => Math.sqrt(2 / width) * stream.normal()),
    );
    pair = pair.map((g) => {
      const back = g.map((value) => Math.sqrt(1 - share) * value);
      for (let i = 0; i < width; i++) {
        if (stream.uniform() < 0.5) continue; // the unit's ReLU is shut for this input
        for (let k = 0; k < width; k++) back[i]! += Math.sqrt(share) * weights[k]![i]! * g[k]!;
      }
      return back;
    });
  }
  return pair[0]!.reduce((sum, value, i) => sum + value * pair[1]![i]!, 0) / width;
}

test.each(["plain", "residual", "normalised residual"] as const)(
  "correlationLaw() is what random masks give, %s",
  (joining) => {
    const shares = shareLaw(joining, 4);
    const runs = Array.from({ length: 400 }, (_, seed) => maskedCorrelation(shares, seed));
    const { mean, deviation, count } = meanInterval(runs);
    const standardError = deviation / Math.sqrt(count);
    expect(standardError).toBeLessThan(0.04);
    expect(Math.abs(mean - correlationLaw(shares)[3]!)).toBeLessThan(4 * standardError);
  },
);

test.each([
  ["plain", 0],
  ["plain", 0.9],
  ["residual", 0.9],
] as const)("correlationLaw() with a cosine is what wide networks give: %s, %d", (joining, cosine) => {
  const [depth, width] = [6, 96];
  const law = correlationLaw(shareLaw(joining, depth), { cosine });
  const sine = Math.sqrt(1 - cosine ** 2);
  const inputs = [[1, 0, 0], [cosine, sine, 0]]; // prettier-ignore
  // The direction is a right angle away from both, so that it says nothing of either's activity.
  const runs = Array.from({ length: 24 }, (_, seed) =>
    inputSlopes(inputs, [0, 0, 1], { depth, width, seed, shortcut: joining === "residual" }).slopes.map(
      pairCorrelation,
    ),
  );
  for (const block of [1, 3, 6]) {
    const { mean, deviation, count } = meanInterval(runs.map((run) => run[block]!));
    expect(Math.abs(mean - law[block - 1]!)).toBeLessThan((4 * deviation) / Math.sqrt(count));
  }
  // And not what the paper's law gives: its angle stays a right one, and a real one closes.
  expect(law[5]!).toBeGreaterThan(1.8 * correlationLaw(shareLaw(joining, depth))[5]!);
});

test("correlationLaw() refuses shares and cosines that are none", () => {
  expect(() => correlationLaw([1.5])).toThrow(/share/);
  expect(() => correlationLaw([1], { cosine: 2 })).toThrow(/cosine/);
});
