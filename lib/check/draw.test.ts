// How the cases of a property are drawn.
import { expect, test } from "vitest";
import { drawUntil, stream } from "./draw.js";

test("drawUntil() gives the first draw that fits", () => {
  const draw = stream(1, "numbers");
  expect(
    drawUntil(
      () => draw.integer(6),
      (number) => number === 5,
      "a five",
    ),
  ).toBe(5);
});

test("drawUntil() ends in one clear error where nothing ever fits, such as where a mistake equals what is right", () => {
  expect(() =>
    drawUntil(
      () => 1,
      () => false,
      "a batch on which each mistake shows",
    ),
  ).toThrow("1000 draws gave not once a batch on which each mistake shows: draw other cases, or");
});
