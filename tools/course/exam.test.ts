// The exam: every number is computed, every chapter is asked about, and the page is what its questions give.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { agreed, inFormula, powerOfTen, shown } from "../../solutions/exam/question";
import { questions } from "../../solutions/exam/questions";
import { chapters } from "../notebooks/pages";
import { examPage, examPath } from "./exam";

const root = resolve(__dirname, "..", "..");

test("solutions/exam/exam.md holds the questions and the numbers that the library gives: npm run course -- exam", async () => {
  expect(readFileSync(join(root, examPath), "utf8")).toBe(await examPage(root));
});

test("examPage() gives the questions first, without their answers, numbered within each chapter", async () => {
  const question = { chapter: "02", points: 1, question: "Why?", answer: "Because.", wrong: "No." };
  const page = await examPage(root, [question, { ...question, points: 2 }]);
  const [asked, answered] = page.split("## Answers");
  expect(asked).toContain("**02.1** (1 point) Why?");
  expect(asked).toContain("**02.2** (2 points) Why?");
  expect(asked).not.toContain("Because.");
  expect(answered).toContain("### 02.2\n\nWhy?\n\n**Answer** (2 points). Because.");
});

test("the exam asks about every chapter, with points, an answer and the wrong answer to expect", () => {
  const asked = new Set(questions.map(({ chapter }) => chapter));
  expect([...asked]).toEqual(chapters(root).map(({ name }) => name.slice(0, 2)));
  expect(questions.length).toBeGreaterThanOrEqual(24);
  for (const { points, question, answer, wrong } of questions) {
    expect(Number.isInteger(points) && points > 0, question).toBe(true);
    for (const text of [question, answer, wrong]) expect(text.length, question).toBeGreaterThan(20);
    expect(`${question}${answer}${wrong}`).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test("agreed() refuses a number on which two ways differ, or that is none", () => {
  expect(agreed(2, 2)).toBe(2);
  expect(agreed(100, 100.05, 1e-3)).toBe(100);
  expect(() => agreed(100, 100.2, 1e-3)).toThrow("got 100 and 100.2");
  expect(() => agreed(NaN, NaN)).toThrow("must come out alike");
});

test("shown(), inFormula() and powerOfTen() write numbers as a page and a formula do", () => {
  expect(shown(464154)).toBe("464,154");
  expect(shown(0.1, 2)).toBe("0.10");
  expect(inFormula(4096)).toBe("4{,}096");
  expect(powerOfTen(5.8e-6)).toBe(String.raw`5.8 \times 10^{-6}`);
});
