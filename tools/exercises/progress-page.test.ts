// The page "Course": every chapter and exercise with a link that holds, and what comes next.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { asTaken, exerciseFolders, readExerciseFile } from "./exercise-file";
import type { Progress } from "./progress";
import { chaptersOf, progressMarkdown } from "./progress-page";

const root = resolve(__dirname, "..", "..");
const exercises = exerciseFolders(root)
  .map((slug) => readExerciseFile(root, slug))
  .sort(asTaken);
const standing = (state: (slug: string) => Progress["state"]): Progress[] =>
  exercises.map((exercise) => ({ exercise, state: state(exercise.slug), passed: 0, checks: 1 }));
const chapters = chaptersOf(root);

test("progressMarkdown() links each chapter and each exercise once, to files that are there", () => {
  const page = progressMarkdown(
    standing(() => "solved"),
    chapters,
  );
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);
  expect(links).toHaveLength(chapters.length + exercises.length);
  expect(new Set(links).size).toBe(links.length);
  expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  expect(page).toMatch(/^\*\*Every exercise is solved\.\*\* (\d+) of \1 exercises are solved\./);
});

test("progressMarkdown() says what is solved, begun and next, and the chapter to read before", () => {
  const solved = (slug: string): boolean => slug < "02";
  const page = progressMarkdown(
    standing((slug) => (solved(slug) ? "solved" : "not begun")),
    chapters,
  );
  expect(page).toMatch(
    /^\*\*Next:\*\* \[[^\]]+\]\(exercises\/02-residual-block\/02-residual-block\.ipynb\), after chapter \[02 Residual learning\]/,
  );
  const rows = page.split("\n").filter((row) => row.startsWith("| [0"));
  expect(rows[0]).toContain("✓ [");
  expect(rows[0]).not.toContain("○");
  expect(rows[2]).toMatch(/○ \[.*\| 0 of 3 \|$/);
  const begun = progressMarkdown(
    standing((slug) => (slug.startsWith("05") ? "begun" : "not begun")),
    chapters,
  );
  expect(begun).toMatch(/^\*\*Next:\*\* \[[^\]]+\]\(exercises\/05-/);
  expect(begun).toContain("◐ [");
});

test("progressMarkdown() shows titles as text: none breaks the table or a link", () => {
  const exercise = { ...exercises[0]!, title: "a | b ] *c* <d>" };
  const page = progressMarkdown([{ exercise, state: "begun", passed: 0, checks: 1 }], chapters);
  expect(page).toContain("[a \\| b \\] \\*c\\* \\<d>]");
});
