import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExactly, stringifyExactly } from "./exact-json.js";

const value = fc.anything({
  key: fc.oneof(fc.string(), fc.constantFrom("$number", "$$number", "$", "__proto__", "constructor")),
  values: [
    fc.boolean(),
    fc.constant(null),
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 2 ** 53 + 2),
    fc.string({ unit: "binary" }),
    fc.constantFrom("NaN", "\ud800", "\u2028", "😀", ""),
  ],
});

test("parseExactly() gives every value that stringifyExactly() wrote, and the text is JSON", () => {
  fc.assert(
    fc.property(value, (given) => {
      const text = stringifyExactly(given);
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(parseExactly(text)).toEqual(given);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("parseExactly() refuses a number that nobody writes so", () => {
  expect(() => parseExactly('{"$number":"7"}')).toThrow("$number must be NaN, Infinity, -Infinity or -0");
});
