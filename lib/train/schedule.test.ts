import { expect, test } from "vitest";
import { constant, cosine, stepSchedule, warmUp } from "./schedule.js";

const paper = stepSchedule({ learningRate: 0.1, at: [32_000, 48_000] });

test("stepSchedule() gives 0.1 to the first 32,000 updates, 0.01 to the next 16,000, then 0.001", () => {
  const rates = [0, 31_999, 32_000, 47_999, 48_000, 64_000].map((step) => paper.learningRate(step));
  [0.1, 0.1, 0.01, 0.01, 0.001, 0.001].forEach((rate, i) => {
    expect(rates[i]).toBeCloseTo(rate, 12);
  });
});

test("warmUp() gives its rate to as many updates as it has steps, and does not shift what follows", () => {
  const schedule = warmUp({ learningRate: 0.01, steps: 400, then: paper });
  expect([0, 399, 400, 31_999].map((step) => schedule.learningRate(step))).toEqual([0.01, 0.01, 0.1, 0.1]);
  expect(schedule.learningRate(32_000)).toBeCloseTo(0.01, 12);
});

test("cosine() begins at its rate, passes the middle halfway, and stays at its end", () => {
  const schedule = cosine({ learningRate: 0.2, steps: 100, end: 0.1 });
  expect(schedule.learningRate(0)).toBe(0.2);
  expect(schedule.learningRate(50)).toBeCloseTo(0.15, 12);
  expect(schedule.learningRate(25)).toBeCloseTo(0.1 + 0.05 * (1 + Math.SQRT1_2), 12);
  expect([schedule.learningRate(100), schedule.learningRate(1000)]).toEqual([0.1, 0.1]);
});

test("schedules describe themselves completely in JSON", () => {
  const schedule = warmUp({
    learningRate: 0.01,
    steps: 400,
    then: stepSchedule({ learningRate: 0.1, at: [5], factor: 0.5 }),
  });
  expect(JSON.parse(JSON.stringify(schedule.description))).toEqual({
    schedule: "warm-up",
    learningRate: 0.01,
    steps: 400,
    shape: "constant",
    then: { schedule: "steps", learningRate: 0.1, at: [5], factor: 0.5 },
  });
  expect(constant(0.1).description).not.toEqual(constant(0.2).description);
});

test("schedules refuse negative rates, steps out of order and fractions of steps", () => {
  expect(() => constant(-0.1)).toThrow("learningRate must be a finite number of at least 0; got -0.1");
  expect(() => stepSchedule({ learningRate: 0.1, at: [5, 5] })).toThrow(
    "the steps of `at` must ascend; got 5, 5",
  );
  expect(() => stepSchedule({ learningRate: 0.1, at: [0.5] })).toThrow(
    "a step of `at` must be a whole number of at least 0; got 0.5",
  );
  expect(() => warmUp({ learningRate: NaN, steps: 4, then: paper })).toThrow(
    "learningRate must be a finite number of at least 0; got NaN",
  );
  expect(() => cosine({ learningRate: 0.1, steps: 0 })).toThrow("steps must be at least 1; got 0");
});
