import { expect, test } from "vitest";
import { answer } from "./answer.js";

const hint = "Count the units again.";

test("answer() a right number is right, within its tolerance", () => {
  expect(answer(18, () => 18, { hint }).state).toBe("right");
  expect(answer(0.66, () => 2 / 3, { hint, tolerance: 0.01 }).state).toBe("right");
});

test("answer() a wrong number is wrong and gets the hint, not the answer", () => {
  const verdict = answer(17, () => 18, { hint });
  expect(verdict.state).toBe("wrong");
  expect(verdict.message).toBe("Not 17. Count the units again.");
});

test("answer() NaN, infinity and text are wrong, whatever the tolerance", () => {
  for (const given of [Number.NaN, Number.POSITIVE_INFINITY, "18" as unknown as number]) {
    expect(answer(given, () => 18, { hint, tolerance: 100 }).state).toBe("wrong");
  }
});

test("answer() undefined is open", () => {
  expect(answer(undefined, () => 18, { hint }).state).toBe("open");
});

test("answer() shows its message in a notebook", () => {
  const verdict = answer(18, () => 18, { hint }) as unknown as Record<symbol, () => unknown>;
  expect(verdict[Symbol.for("Jupyter.display")]!()).toEqual({ "text/plain": "Right: 18." });
});
