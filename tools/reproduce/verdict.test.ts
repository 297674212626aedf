// The rules that decide claims: what they must call reproduced, and what they must not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentQuantile } from "../../lib/analysis/student";
import { turns } from "../../notebooks/turns/11";
import { aboveVerdict, countVerdict, differenceVerdict, equivalentVerdict } from "./verdict";

const oneRun = (value: number) => ({ value, runs: 1 });

describe("equivalentVerdict()", () => {
  it("does not call 9.30 to 10.40 reproduced for 8.75, nor ResNet-56's error for ResNet-32's row", () => {
    const { status } = equivalentVerdict([9.3, 9.6, 9.85, 10.1, 10.4], 5, oneRun(8.75), 0.5);
    expect(status).toBe("within noise");
    const of56 = [6.9, 7.0, 7.05, 6.95, 6.97, 6.99, 6.93, 7.0, 6.94];
    expect(equivalentVerdict(of56, 9, oneRun(7.51), 0.27).status).toBe("not reproduced");
    expect(equivalentVerdict(of56, 9, oneRun(6.97), 0.27).status).toBe("reproduced");
  });

  it("decides nothing before all planned seeds are there", () => {
    const verdict = equivalentVerdict([8.75, 8.76, 8.74], 4, oneRun(8.75), 0.5);
    expect(verdict).toEqual({ status: "not run", because: "3 of 4 seeds have a record" });
  });

  it("is never `reproduced` where the mean lies beyond the margin, and never `not reproduced` where it is the value", () => {
    const values = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 2, maxLength: 12 });
    const margins = fc.double({ min: 0.01, max: 2, noNaN: true });
    fc.assert(
      fc.property(values, margins, fc.double({ min: 0, max: 20, noNaN: true }), (errors, margin, value) => {
        const { status } = equivalentVerdict(errors, errors.length, oneRun(value), margin);
        const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
        if (Math.abs(mean - value) > margin + 1e-9) expect(status).not.toBe("reproduced");
        if (Math.abs(mean - value) < 1e-12) expect(status).not.toBe("not reproduced");
      }),
    );
  });

  it("takes the paper's own spread where it has one", () => {
    const ours = [7.0, 7.02, 6.98, 7.01, 6.99];
    const published = { value: 6.61, deviation: 0.16, runs: 5 };
    expect(equivalentVerdict(ours, 5, published, 0.18).status).toBe("not reproduced");
    expect(equivalentVerdict(ours, 5, { ...published, deviation: 0.5 }, 0.18).status).toBe("within noise");
  });
});

describe("aboveVerdict() and differenceVerdict()", () => {
  it("look at the interval and not at the mean", () => {
    expect(aboveVerdict([22, 23, 24], 3, 20).status).toBe("reproduced");
    expect(aboveVerdict([18, 22, 30], 3, 20).status).toBe("within noise");
    expect(aboveVerdict([10, 11, 12], 3, 20).status).toBe("not reproduced");
  });

  it("compare by pairs: what scatters alike between seeds cancels", () => {
    const [more, less] = [[10, 20, 30], [9, 18.9, 29.1]] as const; // prettier-ignore
    expect(differenceVerdict(more, less, 3).status).toBe("reproduced");
    expect(() => differenceVerdict([1, 2], [1], 2)).toThrow("a difference is of pairs; got 2 and 1 values");
  });
});

describe("countVerdict()", () => {
  it("goes by half of the last printed digit", () => {
    expect(countVerdict(0.269722, 0.27, 2).status).toBe("reproduced");
    expect(countVerdict(0.65, 0.6, 1).status).toBe("reproduced");
    expect(countVerdict(3.66, 3.6, 1).status).toBe("not reproduced");
  });
});

describe("chapter 11's rules", () => {
  const errors = fc.array(fc.double({ min: 8, max: 10, noNaN: true }), { minLength: 2, maxLength: 9 });
  const margins = fc.double({ min: 0.05, max: 1, noNaN: true });

  it("agrees() is what equivalentVerdict() calls reproduced", () => {
    fc.assert(
      fc.property(errors, margins, (values, margin) => {
        const t = studentQuantile(0.9, values.length - 1);
        const isReproduced =
          equivalentVerdict(values, values.length, oneRun(9), margin).status === "reproduced";
        expect(turns.agrees.ours(values, 9, margin, t)).toBe(isReproduced);
      }),
    );
  });

  it("pairedVerdict() is differenceVerdict(), of records in any order and also where some are missing", () => {
    fc.assert(
      fc.property(
        errors,
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.boolean(),
        (values, shift, isWhole) => {
          const planned = values.map((_, i) => i + 1);
          const more = values.map((error, i) => ({ seed: i + 1, error: error + shift + i / 10 }));
          const less = values.map((_, i) => ({ seed: i + 1, error: 9 })).reverse();
          if (!isWhole) less.pop();
          const differences = less.map(({ seed }) => more[seed - 1]!.error).reverse();
          const { status } = differenceVerdict(differences, less.map(({ error }) => error), planned.length); // prettier-ignore
          const t = studentQuantile(0.95, planned.length - 1);
          expect(turns.pairedVerdict.ours(more, less, planned, t)).toBe(status);
        },
      ),
    );
  });
});
