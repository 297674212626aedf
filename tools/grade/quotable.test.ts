// Words of a learner's program on their way to the learner.
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { blandOf, exampleFor, feedbackFor, withoutPlaces } from "./quotable";

const root = resolve(__dirname, "..", "..");
const judge = ({ error: { name, message } }: { error: { name: string; message: string } }) =>
  name === "RangeError" && message.includes("must be odd")
    ? null
    : { mistake: "throws", message: `it threw ${name}: ${message}` };

test("feedbackFor() tells the kind of an error and nothing that the learner's code chose while it knew a case", () => {
  for (const [name, message] of [
    ["Error", "[0.25,7]"],
    ["[0.25,7]", ""],
    ["RangeError", "[0.25,7]"],
  ] as const) {
    const output = { error: { name, message } };
    const bland = blandOf(output) as typeof output;
    const told = feedbackFor(judge(output)!, judge(bland), bland);
    expect(told.mistake).toBe("throws");
    expect(told.message).toBe(`it threw ${name === "RangeError" ? name : "Error"}`);
  }
  // A judge that reads the text may judge the bland one otherwise.
  const bland = blandOf({ error: { name: "X", message: "7" } });
  expect(feedbackFor({ mistake: "wrong-text", message: "it said 7" }, null, bland)).toEqual({
    mistake: "wrong-text",
    message: "it threw Error",
  });
});

test("feedbackFor() says of an answer that is not written yet just that, whatever else its error says", () => {
  const output = { error: { name: "Error", message: "not written yet: [0.25,7]" } };
  const finding = { mistake: "not-written", message: "it is not written yet: [0.25,7]" };
  const bland = blandOf(output);
  expect(feedbackFor(finding, { mistake: "throws", message: "it threw Error: " }, bland)).toEqual({
    mistake: "not-written",
    message: "it is not written yet",
  });
});

test("feedbackFor() leaves what is said of a value as it is", () => {
  const finding = { mistake: "wrong-shape", message: "the shape is [2]" };
  expect(feedbackFor(finding, finding, blandOf({ value: 1 }))).toEqual(finding);
});

test("feedbackFor() and exampleFor() keep a page's worth of what an answer made a check say by megabytes", () => {
  const flood = { mistake: "wrong-shape", message: `the stream: shape [${"1, ".repeat(1 << 20)}1] in place of shape [2]` }; // prettier-ignore
  const { message } = feedbackFor(flood, flood, blandOf({ value: 1 }));
  expect(message).toMatch(/^the stream: shape \[1, 1, /);
  expect(message.length).toBeLessThanOrEqual(1000);
  const lines = exampleFor(`got: ${"\n".repeat(1 << 20)}`).split("\n");
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([41, "got: ", "..."]);
  expect(exampleFor("input x: 1\ngot: 2\u001b[2J")).toBe("input x: 1\ngot: 2\\u{1b}[2J");
});

test("withoutPlaces() names no folder of this machine, keeps lines and shows what a terminal would obey", () => {
  expect(withoutPlaces(`Cannot find ${root}/solutions/x.ts\n\u001b[2J`)).toBe(
    "Cannot find ./solutions/x.ts\n\\u{1b}[2J",
  );
  expect(withoutPlaces("x".repeat(10_000)).length).toBeLessThanOrEqual(300);
});
