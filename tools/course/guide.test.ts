// The teaching guide: its plans name what there is, and each exercise has a misconception to talk about. That the page holds
// its tables is part of `npm run exercises -- --check`, which tools/exercises/exercises.test.ts runs.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { slugs } from "../exercises/master";
import { chapters } from "../notebooks/pages";
import { hours, misconceptions } from "./guide";
import { outcomes, sixWeeks, twelveWeeks } from "./syllabus";

const root = resolve(__dirname, "..", "..");
const all = slugs(root);

test("twelveWeeks takes every exercise and every chapter, and outcomes gives every exercise a goal", () => {
  expect(twelveWeeks.flatMap(({ exercises }) => exercises).sort()).toEqual(all);
  expect(outcomes.flatMap(({ exercises }) => exercises).sort()).toEqual(all);
  const numbers = chapters(root).map(({ name }) => name.slice(0, 2));
  expect([...new Set(twelveWeeks.flatMap((week) => week.chapters))]).toEqual(numbers);
});

test.each([
  ["sixWeeks", sixWeeks],
  ["twelveWeeks", twelveWeeks],
])(
  "%s asks for no exercise twice, and for the capstone's plan alone before its chapter is read",
  (_, weeks) => {
    const read = new Set<string>();
    const asked = new Set<string>();
    for (const { chapters: numbers, exercises } of weeks) {
      for (const number of numbers) read.add(number);
      for (const slug of exercises) {
        expect(asked.has(slug), slug).toBe(false);
        asked.add(slug);
        if (slug !== "11-plan-and-budget") expect(read.has(slug.slice(0, 2)), slug).toBe(true);
      }
    }
  },
);

test("misconceptions() finds one or more for every exercise, and refuses half of one", () => {
  expect(all.filter((slug) => misconceptions(root, slug).length === 0)).toEqual([]);
  const [first] = misconceptions(root, "02-residual-block").filter(
    ({ mistake }) => mistake === "forgets-the-shortcut",
  );
  expect(first).toMatchObject({
    does: "The plain block: a test of shapes accepts it.",
    believed: "The shapes fit and the loss falls, so the block is right.",
  });
  const folder = mkdtempSync(join(tmpdir(), "residual-guide-"));
  try {
    const slug = "02-residual-block";
    cpSync(join(root, "solutions", slug, "notebook.ts"), join(folder, "solutions", slug, "notebook.ts"));
    mkdirSync(join(folder, "solutions", slug, "wrong"));
    writeFileSync(
      join(folder, "solutions", slug, "wrong", "x.ts"),
      "// It does.\n// Believed: that.\nexport {};\n",
    );
    expect(() => misconceptions(folder, slug)).toThrow('wrong/x.ts must say both "// Believed: ..."');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("hours() writes minutes as people plan by them", () => {
  expect([hours(45), hours(120), hours(125)]).toEqual(["45 min", "2 h", "2 h 05 min"]);
});
