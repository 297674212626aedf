// The two one-sided tests and their power, against SciPy's numbers (scipy/make_equivalence.py), and what they are there to refuse.
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { equivalence, equivalencePower, runsForEquivalence, type EquivalencePlan } from "./equivalence.js";

const scipy = JSON.parse(readFileSync(new URL("scipy/equivalence.json", import.meta.url), "utf8")) as {
  readonly tests: readonly { values: number[]; to: number; margin: number; p: number; lower: number; upper: number }[];
  readonly powers: readonly (Required<Omit<EquivalencePlan, "power">> & { runs: number; power: number })[];
}; // prettier-ignore

describe("equivalence()", () => {
  test.each(scipy.tests)(
    "of $values to $to within $margin is SciPy's",
    ({ values, to, margin, ...expected }) => {
      const { p, lower, upper, isEquivalent } = equivalence(values, { to, margin });
      expect(p).toBeCloseTo(expected.p, 10);
      expect(lower).toBeCloseTo(expected.lower, 8);
      expect(upper).toBeCloseTo(expected.upper, 8);
      expect(isEquivalent).toBe(expected.p < 0.05);
      // Both ways of saying it agree.
      expect(isEquivalent).toBe(lower > to - margin && upper < to + margin);
    },
  );

  it("does not take 9.30 to 10.40 for 8.75, nor ResNet-56's error for ResNet-32's row", () => {
    expect(equivalence([9.3, 9.6, 9.85, 10.1, 10.4], { to: 8.75, margin: 0.5 }).isEquivalent).toBe(false);
    expect(equivalence([7.4, 7.29, 7.4, 6.89, 8.42, 7.95], { to: 7.51, margin: 0.27 }).isEquivalent).toBe(
      false,
    );
    expect(equivalence([6.95, 6.97, 6.99, 6.96, 6.98], { to: 7.51, margin: 0.27 }).isEquivalent).toBe(false);
  });

  it("without any spread says where the values lie, and refuses those at the margin", () => {
    expect(equivalence([1, 1, 1], { to: 1.2, margin: 0.3 })).toMatchObject({ p: 0, isEquivalent: true });
    expect(equivalence([1, 1, 1], { to: 1.5, margin: 0.5 }).isEquivalent).toBe(false);
    expect(equivalence([1, 1, 1], { to: 2, margin: 0.5 }).isEquivalent).toBe(false);
  });

  it("refuses a margin of 0, and a single run", () => {
    expect(() => equivalence([1, 2], { to: 1, margin: 0 })).toThrow("margin must be above 0");
    expect(() => equivalence([1], { to: 1, margin: 1 })).toThrow("at least 2 runs; got 1");
  });
});

describe("equivalencePower()", () => {
  test.each(scipy.powers)(
    "of $runs runs within $margin at $deviation is SciPy's",
    ({ runs, power, ...plan }) => {
      expect(equivalencePower(runs, plan)).toBeCloseTo(power, 6);
    },
  );
});

describe("runsForEquivalence()", () => {
  it("gives the least number with the power", () => {
    for (const deviation of [0.05, 0.2, 0.9]) {
      const plan = { deviation, margin: 0.27, difference: 0.03 };
      const runs = runsForEquivalence(plan);
      expect(equivalencePower(runs, plan)).toBeGreaterThanOrEqual(0.8);
      if (runs > 2) expect(equivalencePower(runs - 1, plan)).toBeLessThan(0.8);
    }
  });

  it("refuses what no number of runs can show", () => {
    expect(() => runsForEquivalence({ deviation: 1, margin: 0.2, difference: 0.2 })).toThrow("difference must be smaller than margin"); // prettier-ignore
    expect(() => runsForEquivalence({ deviation: 1, margin: 1e-3 })).toThrow("10,000 runs would not");
    expect(() => runsForEquivalence({ deviation: 0, margin: 1 })).toThrow("deviation must be above 0");
  });
});
