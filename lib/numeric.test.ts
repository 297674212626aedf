import fc from "fast-check";
import { expect, test } from "vitest";
import { highest, lowest, norm } from "./numeric.js";

const numbers = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1e200, 1e-200)), { maxLength: 30 }); // prettier-ignore

test("highest(), lowest() and norm() are Math.max, Math.min and Math.hypot", () => {
  fc.assert(
    fc.property(numbers, (values) => {
      expect(highest(values)).toBe(Math.max(...values));
      expect(lowest(values)).toBe(Math.min(...values));
      const [found, expected] = [norm(values), Math.hypot(...values)];
      if (Number.isFinite(expected)) expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-15 * expected);
      else expect(found).toBe(expected);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("highest(), lowest() and norm() take more numbers than a call takes arguments", () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i % 2 === 0 ? 3 : -4));
  expect([highest(values), lowest(values), norm(values)]).toEqual([3, -4, Math.sqrt(12.5e6)]);
});
