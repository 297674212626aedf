import fc from "fast-check";
import { expect, test } from "vitest";
import { answer, seal } from "./answer.js";

const hint = "Count the units again.";

test("answer() a right number is right, within its tolerance", () => {
  expect(answer(18, seal(18), { hint }).state).toBe("right");
  expect(answer(0.66, seal(2 / 3, 0.01), { hint }).state).toBe("right");
});

test("answer() a wrong number is wrong and gets the hint, not the answer", () => {
  const verdict = answer(17, seal(18), { hint });
  expect(verdict.state).toBe("wrong");
  expect(verdict.message).toBe("Not 17. Count the units again.");
});

test("answer() within the tolerance is right and beyond twice of it wrong, wherever the number lies", () => {
  const numbers = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(
      numbers,
      fc.constantFrom(0.001, 0.01, 0.5),
      fc.double({ min: -0.99, max: 0.99, noNaN: true }),
      (value, tolerance, share) => {
        const sealed = seal(value, tolerance);
        expect(answer(value + share * tolerance, sealed, { hint }).state).toBe("right");
        expect(answer(value + 2.01 * tolerance, sealed, { hint }).state).toBe("wrong");
        expect(answer(value - 2.01 * tolerance, sealed, { hint }).state).toBe("wrong");
      },
    ),
  );
});

test("answer() the neighbours of a whole number are wrong", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), (value) => {
      expect(answer(value, seal(value), { hint }).state).toBe("right");
      expect(answer(value + 1, seal(value), { hint }).state).toBe("wrong");
      expect(answer(value - 1, seal(value), { hint }).state).toBe("wrong");
    }),
  );
});

test("seal() shows no digit of the answer that a reader could read", () => {
  expect(seal(51_456)).not.toContain("51456");
  expect(seal(0.49, 0.001)).not.toContain("49 ");
  expect(answer(0, seal(-0), { hint }).state).toBe("right");
});

test("seal() refuses what is no number, and answer() what is no seal", () => {
  expect(() => seal(Number.NaN)).toThrow("seal() needs a finite number");
  expect(() => seal(1, -1)).toThrow("a tolerance of at least 0; got 1 and -1");
  expect(() => answer(1, "18", { hint })).toThrow(
    'a sealed answer is what seal() gives, such as "0.01 5eafb042"; got "18"',
  );
});

test("answer() NaN, infinity and text are wrong, whatever the tolerance", () => {
  for (const given of [Number.NaN, Number.POSITIVE_INFINITY, "18" as unknown as number]) {
    expect(answer(given, seal(18, 100), { hint }).state).toBe("wrong");
  }
});

test("answer() undefined is open", () => {
  expect(answer(undefined, seal(18), { hint }).state).toBe("open");
});

test("answer() shows its message in a notebook, with a sign once there is an answer", () => {
  const shown = (given: number | undefined): unknown =>
    (answer(given, seal(18), { hint: "Is it < 20?" }) as unknown as Record<symbol, () => unknown>)[
      Symbol.for("Jupyter.display")
    ]!();
  expect(shown(18)).toEqual({
    "text/plain": "Right: 18.",
    "text/html": expect.stringMatching(/✓<\/b>&ensp;Right: 18\./) as string,
  });
  expect(shown(17)).toMatchObject({ "text/html": expect.stringMatching(/✗.*Is it &lt; 20\?/) as string });
  expect(shown(undefined)).not.toHaveProperty(["text/html"]);
});
