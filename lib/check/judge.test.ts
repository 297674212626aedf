// The judges: what is right passes, a known mistake is named, and an example is judged by its own numbers.
import { expect, test } from "vitest";
import { judgeBy, worked } from "./judge.js";

interface Pair {
  readonly a: number;
  readonly b: number;
}

const { judge, publish } = judgeBy<Pair>(
  ({ a, b }) => a - b,
  [
    { mistake: "reverses-the-sign", message: "it is b - a", gives: ({ a, b }) => b - a },
    { mistake: "adds", message: "it is a + b", gives: ({ a, b }) => a + b },
  ],
  { what: "the difference" },
);

test("judgeBy() names the mistake that gives the same on this input", () => {
  const input = { a: 5, b: 2 };
  expect(judge(input, { value: 3 })).toBeUndefined();
  expect(judge(input, { value: -3 })).toMatchObject({ mistake: "reverses-the-sign" });
  expect(judge(input, { value: 7 })).toMatchObject({ mistake: "adds" });
  expect(judge(input, { value: 8 })).toMatchObject({
    mistake: "wrong-values",
    message: "wrong numbers in the difference",
  });
});

test("judgeBy() publishes an input as an example that says what is right and what each mistake gives", () => {
  const input = { a: 5, b: 2 };
  const example = publish(input);
  expect(example).toMatchObject({
    input,
    right: 3,
    what: "the difference",
    slips: [{ gives: -3 }, { gives: 7 }],
  });
  const { cases, judge: publicly } = worked([example]);
  expect(cases(9)).toEqual([input]);
  for (const value of [3, -3, 7, 8]) {
    expect(publicly(input, { value })).toEqual(judge(input, { value }));
  }
});

test("judgeBy() asks the arithmetic of each input how far off a number may be", () => {
  const far = judgeBy<Pair>(({ a }) => a, [], { within: ({ b }) => b });
  expect(far.judge({ a: 5, b: 2 }, { value: 7 })).toBeUndefined();
  expect(far.judge({ a: 5, b: 1 }, { value: 7 })).toMatchObject({ mistake: "wrong-values" });
  expect(far.publish({ a: 5, b: 2 }).within).toBe(2);
});

const examples = worked([
  {
    input: { a: 5, b: 2 },
    right: 3,
    slips: [{ mistake: "reverses-the-sign", message: "it is b - a", gives: -3 }],
  },
  { input: { a: 4, b: 4 }, right: 0 },
]);

test("worked() judges each example by its own numbers", () => {
  expect(examples.cases(1)).toEqual([
    { a: 5, b: 2 },
    { a: 4, b: 4 },
  ]);
  expect(examples.judge({ a: 4, b: 4 }, { value: 0 })).toBeUndefined();
  expect(examples.judge({ a: 4, b: 4 }, { value: 3 })).toMatchObject({ mistake: "wrong-values" });
  expect(examples.judge({ a: 5, b: 2 }, { value: -3 })).toMatchObject({ mistake: "reverses-the-sign" });
});

test("worked() refuses an input that is no example of its own: a fault of the exercise", () => {
  expect(() => examples.judge({ a: 1, b: 1 }, { value: 0 })).toThrow("can judge no other input");
});
