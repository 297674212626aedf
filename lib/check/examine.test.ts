// Examining an answer: the first finding ends a property, an error is an output, and a report teaches.
import fc from "fast-check";
import { expect, test } from "vitest";
import { compare } from "./compare.js";
import { oddNumbers, stream } from "./draw.js";
import { examine, report, run } from "./examine.js";
import type { CaseProperty, Drive } from "./question.js";

const doubled: CaseProperty = {
  id: "doubled",
  title: "it gives 2x",
  points: 2,
  cases: (seed) => oddNumbers(stream(seed, "doubled"), 3),
  judge: (input, output) => compare(output, 2 * (input as number)),
};
const drive: Drive = ({ double }, input) => (double as (x: number) => number)(input as number);

test("examine() a right answer has no finding", async () => {
  const result = await examine(doubled, drive, { double: (x: number) => x + x }, 4);
  expect(result).toEqual({ id: "doubled", title: "it gives 2x", points: 2 });
});

test("examine() asks with a copy: an answer that changes its input spoils no later examination", async () => {
  const cases = [[1, 2]];
  const first: CaseProperty = {
    id: "first",
    title: "it gives the first number",
    points: 1,
    cases: () => cases,
    judge: (input, output) => compare(output, (input as number[])[0]!),
  };
  const spoiling: Drive = (_, input) => (input as number[]).splice(0, 1, 9)[0]!;
  expect((await examine(first, spoiling, {}, 1)).finding).toBeUndefined();
  expect(cases).toEqual([[1, 2]]);
});

test("examine() stops at the first finding and keeps its input", async () => {
  const seen: number[] = [];
  const double = (x: number) => {
    seen.push(x);
    return seen.length === 2 ? 0 : 2 * x;
  };
  const { finding, input } = await examine(doubled, drive, { double }, 4);
  expect(finding?.mistake).toBe("wrong-values");
  expect(seen).toHaveLength(2);
  expect(input).toBe(seen[1]);
});

test("examine() what an answer throws is its output; what a property throws is thrown", async () => {
  const double = () => {
    throw new Error("no such number");
  };
  const { finding } = await examine(doubled, drive, { double }, 4);
  expect(finding).toEqual({ mistake: "throws", message: "it threw Error: no such number" });
  const faulty = { ...doubled, judge: () => { throw new Error("fault of the exercise"); } }; // prettier-ignore
  await expect(examine(faulty, drive, { double }, 4)).rejects.toThrow("fault of the exercise");
});

test("stream() the same seed gives the same cases, another seed others", () => {
  expect(doubled.cases(7)).toEqual(doubled.cases(7));
  expect(doubled.cases(7)).not.toEqual(doubled.cases(8));
});

test("run() says what holds, and for what does not the input, what came and what was expected", async () => {
  const wrong = await run([doubled], drive, { double: (x: number) => x });
  expect(wrong.passed).toBe(false);
  expect(wrong.message).toMatch(
    /^wrong {3}it gives 2x\n {8}wrong numbers in the result \(wrong-values\)\n {8}input: (-?[\d.]+)\n {8}expected: -?[\d.]+\n {8}got: \1\n1 of 1 checks fail/,
  );
  const right = await run([doubled], drive, { double: (x: number) => 2 * x });
  expect(right.passed).toBe(true);
  expect(right.message).toMatch(/^right {3}it gives 2x\nAll public checks pass/);
});

test("report() speaks of no input where there is none", () => {
  const finding = { mistake: "wrong-values", message: "the record is not right" };
  const { message } = report([{ id: "record", title: "it adds up", points: 1, finding, input: null }]);
  expect(message).toMatch(
    /^wrong {3}it adds up\n {8}the record is not right \(wrong-values\)\n1 of 1 checks/,
  );
});

test("run() calls an answer that is not written yet neither wrong nor right, and one that is half written by its halves", async () => {
  const tripled: CaseProperty = {
    ...doubled,
    id: "tripled",
    title: "it gives 3x",
    judge: (input, output) => compare(output, 3 * (input as number)),
  };
  const triple: Drive = (names, input) => drive({ double: names["triple"] }, input);
  const stub = () => {
    throw new Error("not written yet");
  };
  const both = async (double: (x: number) => number) => {
    const results = [
      await examine(doubled, drive, { double }, 4),
      await examine(tripled, triple, { triple: stub }, 4),
    ];
    return report(results);
  };
  const untouched = await both(stub);
  expect(untouched.passed).toBe(false);
  expect(untouched.message).toBe(
    "not yet it gives 2x\nnot yet it gives 3x\nThe answer is not written yet. Write it, run its cell, then run this one again.",
  );
  expect(shownBy(untouched)["text/html"]).not.toMatch(/wrong|✗|input|threw/);
  const half = await both((x) => 2 * x);
  expect(half.message.split("\n").at(-1)).toMatch(/^1 waits for what is not written yet\. Write it/);
  expect(shownBy(half)["text/html"]).not.toContain("✗");
  const wrong = await both((x) => x);
  expect(wrong.message.split("\n").at(-1)).toMatch(
    /^1 of 2 checks fail, 1 waits for what is not written yet\./,
  );
  expect(shownBy(wrong)["text/html"]).toContain("✗ wrong");
});

const shownBy = (value: unknown): Record<string, string> =>
  (value as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!();

test("report() shows its message to a terminal, and to a notebook HTML with sign, input, expected and got", async () => {
  const wrong = await run([doubled], drive, { double: (x: number) => x });
  const shown = shownBy(wrong);
  expect(shown["text/plain"]).toBe(wrong.message);
  const words = shown["text/html"]!.replace(/<[^>]*>/g, " ").replace(/ +/g, " ");
  expect(words).toMatch(
    /✗ wrong &ensp; it gives 2x .* input -?[\d.]+ expected -?[\d.]+ got -?[\d.]+ ✗ 1 of 1 checks fail/,
  );
  const right = shownBy(await run([doubled], drive, { double: (x: number) => 2 * x }))["text/html"]!;
  expect(right).toContain("✓ right");
  expect(right).not.toContain("✗");
});

test("report() links to the passage where something fails, and to the next exercise where nothing does", () => {
  const links = { read: "../notebooks/02-residual-learning.ipynb#One-addition", next: "../02-b/02-b.ipynb" };
  const finding = { mistake: "wrong-values", message: "not so" };
  const failed = report([{ id: "a", title: "a", points: 1, finding }], links);
  expect(failed.message.split("\n").at(-1)).toBe("Read again: 02-residual-learning, One addition");
  expect(shownBy(failed)["text/html"]).toContain(
    `<a href="${links.read}">02-residual-learning, One addition</a>`,
  );
  expect(shownBy(failed)["text/html"]).not.toContain(links.next);
  const passed = report([{ id: "a", title: "a", points: 1 }], links);
  expect(passed.message.split("\n").at(-1)).toBe("Next exercise: 02-b");
  expect(shownBy(passed)["text/html"]).toContain(`<a href="${links.next}">02-b</a>`);
});

test("report() shows whatever an exercise and an answer say as text: its HTML has the verdict's own elements only", () => {
  const hostile = fc.string().map((text) => `<img src=x onerror=alert(1)>"'&${text}`);
  const elementsOf = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];
  const made = (text: string): string =>
    shownBy(
      report(
        [
          { id: "a", title: text, points: 1 },
          {
            id: "b",
            title: text,
            points: 1,
            input: text,
            finding: { mistake: text, message: text, detail: text },
          },
          {
            id: "c",
            title: text,
            points: 1,
            finding: { mistake: text, message: text, detail: { got: text, expected: text, where: text } },
          },
        ],
        { read: "a.ipynb#b" },
      ),
    )["text/html"]!;
  const own = elementsOf(made("x"));
  fc.assert(fc.property(hostile, (text) => { expect(elementsOf(made(text))).toEqual(own); })); // prettier-ignore
});

test("examine() an answer that changes its input changes neither the case nor what is judged", async () => {
  const cases = [[2, 1]];
  const sorted: CaseProperty = { ...doubled, cases: () => cases, judge: (input) => compare({ value: input }, [2, 1]) }; // prettier-ignore
  const result = await examine(sorted, (_, input) => (input as number[]).sort(), {}, 1);
  expect(result.finding).toBeUndefined();
  expect(cases).toEqual([[2, 1]]);
});
