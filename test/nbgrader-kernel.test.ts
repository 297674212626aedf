// What nine learners' notebooks score in nbgrader with this kernel: right work scores full, and a mistake costs its own cells alone.
import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatNotebook, parseNotebook, type Cell, type Output } from "../tools/notebooks/notebook";
import { ownJupyterEnv } from "./jupyter-env";
import { codeCell, writeNotebook } from "./notebook-file";

const root = resolve(__dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "residual-nbgrader-kernel-"));
const course = join(scratch, "course");
const slug = "units";

/** A cell as nbgrader marks it; points make it a test. */
function marked(id: string, source: string, points?: number): Cell {
  const kind =
    points === undefined
      ? { grade: false, locked: false, solution: true }
      : { grade: true, locked: true, solution: false, points };
  return codeCell(source, id, { nbgrader: { schema_version: 3, grade_id: id, task: false, ...kind } });
}

/** The instructor's notebook: two questions, of 2 and of 3 points, so that a sum says which was lost. */
const master = [
  marked(
    "double",
    "function double(x: number): number {\n  // BEGIN SOLUTION\n  return 2 * x;\n  // END SOLUTION\n}",
  ),
  marked("double-test", 'if (double(3) !== 6) throw new Error("double(3) must be 6");', 2),
  marked(
    "sum",
    "function sum(xs: readonly number[]): number {\n  // BEGIN SOLUTION\n  return xs.reduce((a, b) => a + b, 0);\n  // END SOLUTION\n}",
  ),
  marked(
    "sum-test",
    'if (sum([1, 2]) !== 3) throw new Error("sum([1, 2]) must be 3");\n' +
      "// BEGIN HIDDEN TESTS\nif (sum([]) !== 0) throw new Error('sum([]) must be 0');\n// END HIDDEN TESTS",
    3,
  ),
];

/** What a learner wrote into the cells, and what it scores. `own` is a cell of the learner's, before all others. */
interface Submission {
  readonly double?: string;
  readonly sum?: string;
  readonly own?: string;
  readonly score: number;
}

const double = "function double(x: number): number {\n  return x + x;\n}";
const sum =
  "function sum(xs: readonly number[]): number {\n  let total = 0;\n  for (const x of xs) total += x;\n  return total;\n}";
const noSum = "function sum(xs: readonly number[]): number {\n  return xs[0]! + xs[1]!;\n}";

const submissions: Readonly<Record<string, Submission>> = {
  "partly-right": { double, sum: noSum, score: 2 },
  wrong: { double: double.replace("x + x", "x ** 2"), sum: noSum, score: 0 },
  "type-error": { double, sum: sum.replace("total = 0", 'total: number = "0"'), score: 2 },
  "missing-brace": { double: double.slice(0, -1), sum, score: 3 },
  untouched: { score: 0 },
  "endless-loop": { double: double.replace("return x + x;", "while (true) x++;"), sum, score: 3 },
  "endless-wait": { double: `${double}\nawait new Promise(() => {});`, sum, score: 5 },
  "right-and-throws-elsewhere": { double, sum, own: 'throw new Error("a try of mine");', score: 5 },
  "writes-to-stderr-and-prints-a-gigabyte": {
    double: double.replace("return", 'console.error("doubling"); return'),
    sum: `console.warn("summing");\n${sum.replace(
      "let total = 0;",
      'const line = "x".repeat(9_999);\n  for (let i = 0; i < 100_000; i++) console.log(line);\n  let total = 0;',
    )}`,
    score: 5,
  },
};

const env = ownJupyterEnv(scratch);

function nbgrader(...args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    const options = { cwd: course, env, maxBuffer: 1 << 26 };
    execFile(join(root, ".venv", "bin", "nbgrader"), args, options, (error, stdout, stderr) => {
      if (error) fail(new Error(stdout + stderr, { cause: error }));
      else done();
    });
  });
}

/**
 * Grades in two commands side by side, each with a gradebook of its own: the cells that never end are waited for until their
 * time is out, and take it from no other's work.
 */
async function autograde(): Promise<void> {
  const endless = Object.keys(submissions).filter((learner) => learner.startsWith("endless-"));
  copyFileSync(join(course, "gradebook.db"), join(course, "endless.db"));
  const limit = (seconds: number): string => `--ExecutePreprocessor.timeout=${String(seconds)}`;
  await Promise.all([
    nbgrader(
      "autograde",
      slug,
      "--create",
      `--CourseDirectory.student_id_exclude=${endless.join()}`,
      limit(120),
    ),
    nbgrader("autograde", slug, "--create", "--student=endless-*", "--db=sqlite:///endless.db", limit(10)),
  ]);
}

const notebookIn = (...folders: string[]): string => join(course, ...folders, slug, `${slug}.ipynb`);
const nbgraderId = (cell: Cell): string | undefined =>
  (cell.metadata["nbgrader"] as { grade_id?: string } | undefined)?.grade_id;

/** Every learner's scores, by the cell's name, as nbgrader's own gradebook has them. */
let scores: Record<string, { total: number; cells: Record<string, number> }>;

beforeAll(async () => {
  mkdirSync(join(course, "source", slug), { recursive: true });
  writeFileSync(
    join(course, "nbgrader_config.py"),
    `c = get_config()
c.CourseDirectory.course_id = "kernel"
c.ClearSolutions.code_stub = {"typescript": 'throw new Error("no answer yet");'}
`,
  );
  writeNotebook(notebookIn("source"), master);
  await nbgrader("generate_assignment", slug, "--create");
  const released = parseNotebook(readFileSync(notebookIn("release"), "utf8"), "release");
  for (const [learner, { own, ...answers }] of Object.entries(submissions)) {
    const cells = released.cells.map((cell) => {
      const answer = answers[nbgraderId(cell) as "double" | "sum"];
      return answer === undefined ? cell : { ...cell, source: answer };
    });
    if (own !== undefined) cells.unshift(codeCell(own, "own"));
    mkdirSync(join(course, "submitted", learner, slug), { recursive: true });
    writeFileSync(notebookIn("submitted", learner), formatNotebook({ ...released, cells }));
  }
  await autograde();
  scores = { ...readScores("gradebook.db"), ...readScores("endless.db") };
}, 900_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function readScores(gradebook: string): typeof scores {
  const script = `import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///${gradebook}") as book:
    print(json.dumps({s.student.id: {"total": s.score, "cells": {g.name: g.score for n in s.notebooks for g in n.grades}}
                      for s in book.assignment_submissions("${slug}")}))`;
  const python = join(root, ".venv", "bin", "python");
  const { status, stdout, stderr } = spawnSync(python, ["-c", script], {
    cwd: course,
    encoding: "utf8",
    env,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as typeof scores;
}

it("generate_assignment takes solutions and hidden tests out of what learners get", () => {
  const text = readFileSync(notebookIn("release"), "utf8");
  expect(text).toContain("no answer yet");
  expect(text).not.toMatch(/reduce|SOLUTION|HIDDEN|sum\(\[\]\)/);
});

it.each(Object.entries(submissions))("autograde gives %s its points and no more", (learner, { score }) => {
  // The scores are 2 and 3, so the sum says which cells are lost.
  const cells = { "double-test": score === 5 || score === 2 ? 2 : 0, "sum-test": score >= 3 ? 3 : 0 };
  expect(scores[learner]).toEqual({ total: score, cells });
});

it("a notebook that printed a gigabyte stays small enough to be opened", () => {
  expect(statSync(notebookIn("autograded", "writes-to-stderr-and-prints-a-gigabyte")).size).toBeLessThan(
    30e6,
  );
});

it("what learners wrote to stderr is kept, where it does them no harm", () => {
  const notebook = parseNotebook(
    readFileSync(notebookIn("autograded", "writes-to-stderr-and-prints-a-gigabyte"), "utf8"),
    "graded",
  );
  const outputs = notebook.cells.flatMap((cell): Output[] => cell.outputs ?? []);
  expect(JSON.stringify(outputs)).toMatch(/doubling.*summing/);
});
