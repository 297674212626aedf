import { expect, test } from "vitest";
import { randomStream } from "./index.js";

test("randomStream() same seed and path give the same numbers; another path gives others", () => {
  const draw = (path: string) => {
    const stream = randomStream(7, path);
    return [stream.uniform(), stream.integer(1000), stream.normal()];
  };
  expect(draw("shuffle")).toEqual(draw("shuffle"));
  expect(draw("shuffle")).not.toEqual(draw("crop"));
});

test("randomStream() normals have mean 0 and standard deviation 1", () => {
  const stream = randomStream(3, "normal");
  const draws = Array.from({ length: 20_000 }, () => stream.normal());
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
  // Five standard errors: a false alarm once in two million seeds, and the seed is fixed.
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(20_000));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 20_000));
});

test("randomStream() permutation holds every index once", () => {
  const order = randomStream(1, "p").permutation(500);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i));
  expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
});

test("randomStream() refuses a seed that is not an integer", () => {
  expect(() => randomStream(0.5)).toThrow("a seed must be an integer; got 0.5");
});
