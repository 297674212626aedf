// The judges: what is right passes, a known mistake is named, and an example is judged by its own numbers.
import { expect, test } from "vitest";
import { graded, judgeBy, worked } from "./judge.js";

interface Pair {
  readonly a: number;
  readonly b: number;
}

const judge = judgeBy<Pair>(
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
    message: "the difference is not right",
  });
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

const words = { "reverses-the-sign": "it is b - a" };

test("judgeBy() and worked() take mistakes by their names, with the words of one table", () => {
  const byName = judgeBy<Pair>(({ a, b }) => a - b, { "reverses-the-sign": ({ a, b }) => b - a }, { words });
  const finding = { mistake: "reverses-the-sign", message: "it is b - a" };
  expect(byName({ a: 5, b: 2 }, { value: -3 })).toMatchObject(finding);
  const input = { a: 5, b: 2 };
  const example = worked([{ input, right: 3, slips: { "reverses-the-sign": -3 } }], { words });
  expect(example.judge(input, { value: -3 })).toMatchObject(finding);
  const wordless = worked([{ input, right: 3, slips: { adds: 7 } }], { words });
  expect(() => wordless.judge(input, { value: 7 })).toThrow("there are no words for the mistake adds");
});

const property = { id: "by-hand", title: "by hand", points: 2, ...examples };

test("graded() asks the public examples and those that are drawn, by the judge of any input", () => {
  const [own] = graded([property], { "by-hand": (draw) => [{ a: draw.integer(100), b: 200 }] }, judge);
  const cases = own!.cases(1);
  expect(cases).toHaveLength(3);
  expect(cases.slice(0, 2)).toEqual(examples.cases(1));
  expect(own!.cases(2)).not.toEqual(cases);
  const { a, b } = cases[2] as { a: number; b: number };
  expect(own!.judge({ a, b }, { value: b - a })).toMatchObject({ mistake: "reverses-the-sign" });
  expect(own).toMatchObject({ id: "by-hand", title: "by hand", points: 2 });
});

test("graded() refuses cases for a property that is not there: nobody would ask them", () => {
  expect(() => graded([property], { another: () => [1] }, judge)).toThrow(
    "a property that is not there: another",
  );
});
