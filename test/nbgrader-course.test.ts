// The same exercise through nbgrader's own commands: its scores are those of the course's grader.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LearnerRecord } from "../tools/grade/record";
import { parseCsv } from "../tools/grade/report/csv";
import { writeSynthetic } from "../tools/grade/synthetic";
import { answers, finished, given, root, slug, startGrade } from "./grading-fixture";

const scratch = mkdtempSync(join(tmpdir(), "residual-nbgrader-"));
const course = join(scratch, "course");
const grades = join(scratch, "grades");
// nbgrader gives no score at all where a cell ends the kernel's process; the course's grader does (test/grading.test.ts).
const gradable = answers.filter(({ sources }) => !sources.some((source) => source.includes("process.exit")));
let expected: Map<string, number>;
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function nbgrader(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(join(root, ".venv", "bin", "nbgrader"), args, {
    cwd: course,
    encoding: "utf8",
    env: {
      ...process.env,
      JUPYTER_PREFER_ENV_PATH: "1",
      PATH: `${join(root, ".venv", "bin")}:${process.env["PATH"]!}`,
    },
  });
  expect(status, stdout + stderr).toBe(0);
  return stdout + stderr;
}

beforeAll(async () => {
  const made = await finished(startGrade("unused", "unused", ["--nbgrader", course]));
  expect(made.status, made.text).toBe(0);
  nbgrader("generate_assignment", slug, "--create");
  const submissions = join(scratch, "submissions");
  expected = writeSynthetic(submissions, {
    slug,
    notebook: given,
    answers: gradable,
    count: gradable.length,
    corrupted: 0,
  });
  for (const learner of expected.keys()) {
    mkdirSync(join(course, "submitted", learner), { recursive: true });
    cpSync(join(submissions, learner), join(course, "submitted", learner, slug), { recursive: true });
  }
  const ours = await finished(startGrade(submissions, grades));
  expect(ours.status, ours.text).toBe(0);
  nbgrader("autograde", slug, "--create");
  nbgrader("generate_feedback", slug);
  nbgrader("export");
}, 900_000);

test("nbgrader generate_assignment takes the hidden checks out of what learners get", () => {
  const released = readFileSync(join(course, "release", slug, `${slug}.ipynb`), "utf8");
  expect(released).toContain("residual-sum-adds");
  expect(released).not.toMatch(/HIDDEN TESTS|judges|ts-expect-error/);
});

test("nbgrader autograde and export give the scores of the course's grader", () => {
  const [header, ...rows] = parseCsv(readFileSync(join(course, "grades.csv"), "utf8"), "grades.csv");
  const scores = new Map(
    rows.map((row) => [row[header!.indexOf("student_id")]!, Number(row[header!.indexOf("score")])]),
  );
  const ours = new Map(
    [...expected.keys()].map((learner) => {
      const record = JSON.parse(
        readFileSync(join(grades, "records", `${learner}.json`), "utf8"),
      ) as LearnerRecord;
      return [learner, record.score] as const;
    }),
  );
  expect(scores).toEqual(ours);
  expect(scores).toEqual(expected);
});

test("nbgrader generate_feedback writes a page for each learner", () => {
  for (const learner of expected.keys())
    expect(existsSync(join(course, "feedback", learner, slug, `${slug}.html`))).toBe(true);
});
