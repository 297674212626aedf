// The same exercise through nbgrader's own commands: its scores are those of the course's grader.
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareGraders, nbgrader, nbgraderScores, type Agreement } from "../tools/grade/agreement";
import { findExercises } from "../tools/grade/exercise";
import type { LearnerRecord } from "../tools/grade/record";
import { writeSynthetic, type SyntheticAnswer } from "../tools/grade/synthetic";
import { answers, finished, given, root, slug, startGrade } from "./grading-fixture";

const scratch = mkdtempSync(join(tmpdir(), "residual-nbgrader-"));
const course = join(scratch, "course");
const grades = join(scratch, "grades");
const exchange = join(scratch, "exchange");
const wrong = "function residualSum(): any { return []; }\nvar unitsOf: any = () => -1;";
const book = JSON.stringify(join(course, "gradebook.db"));
/** Wrong answers that reach for nbgrader's verdict: for the judge's place in the kernel, for what it judges and speaks with, for the gradebook itself. */
const forgeries: readonly SyntheticAnswer[] = [
  '(false as any)["residual.kernel"].import = async () => ({ grade: async () => undefined });',
  `(Array.prototype as any).find = () => undefined;
(globalThis as any).Error = new Proxy(Error, { construct: () => ({}) });
setInterval(() => console.log(6), 1);
for (let i = 0; i < 10_000; i++) console.log("x".repeat(9_999));`,
  `import { execFileSync } from "node:child_process";
execFileSync("python3", ["-c", 'import sqlite3; b = sqlite3.connect(${book}); b.execute("update grade set manual_score = 6"); b.commit()']);`,
].map((code) => ({ sources: [`${code}\n${wrong}`, ""], points: 0 }));
// Each takes seconds; test/grading.test.ts grades all answers.
const handedIn = [...answers.filter((_answer, index) => index !== 2 && index !== 5), ...forgeries];
let expected: Map<string, number>;
let agreements: readonly Agreement[];
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

// A sample; `npm run grade:agree` compares all answers to all exercises.
const samples: Readonly<Record<string, readonly string[]>> = {
  "03-growing-unit": ["reference", "stub", "wrong/promises-another-shape", "wrong/forgets-the-shortcut"],
  "09-path-lengths": ["reference", "stub", "also-right/by-products", "wrong/gives-shares"],
};

/** Has both graders grade the samples. */
function compareSamples(): Promise<Agreement[]> {
  const all = findExercises({ exercises: join(root, "exercises"), solutions: join(root, "solutions") });
  return compareGraders(
    all.filter((exercise) => exercise.slug in samples),
    {
      scratch: join(scratch, "samples"),
      takes: (answer, name) => samples[name]!.includes(answer.name),
    },
  );
}

/** Takes the exercise from generate_assignment to generate_feedback. */
async function runCourse(): Promise<void> {
  // Everybody may put something into nbgrader's exchange, whatever the umask.
  mkdirSync(exchange);
  chmodSync(exchange, 0o777);
  const made = await finished(startGrade("unused", "unused", ["--nbgrader", course]));
  expect(made.status, made.text).toBe(0);
  await nbgrader(course, "generate_assignment", slug, "--create");
  await nbgrader(course, "release_assignment", slug, `--Exchange.root=${exchange}`);
  const submissions = join(scratch, "submissions");
  expected = writeSynthetic(submissions, {
    slug,
    notebook: given,
    answers: handedIn,
    count: handedIn.length,
    corrupted: 0,
  });
  for (const learner of expected.keys()) {
    mkdirSync(join(course, "submitted", learner), { recursive: true });
    cpSync(join(submissions, learner), join(course, "submitted", learner, slug), { recursive: true });
  }
  const ours = await finished(startGrade(submissions, grades));
  expect(ours.status, ours.text).toBe(0);
  await nbgrader(course, "autograde", slug, "--create");
  await nbgrader(course, "generate_feedback", slug);
}

// Side by side: nbgrader itself takes one notebook after the other.
beforeAll(async () => {
  [agreements] = await Promise.all([compareSamples(), runCourse()]);
}, 900_000);

test("nbgrader generate_assignment takes the hidden checks out of what learners get", () => {
  const released = readFileSync(join(course, "release", slug, `${slug}.ipynb`), "utf8");
  expect(released).toContain("residual-sum-adds");
  expect(released).not.toMatch(/HIDDEN TESTS|judges|ts-expect-error/);
});

test("nbgrader release_assignment puts the exercise where learners fetch it", () => {
  expect(existsSync(join(exchange, "residual", "outbound", slug, `${slug}.ipynb`))).toBe(true);
});

test("nbgrader autograde and export give the scores of the course's grader, also to wrong answers that reach for the verdict", async () => {
  const theirs = await nbgraderScores(course);
  expect([...theirs.keys()].sort()).toEqual(
    [...expected.keys()].map((learner) => `${learner}/${slug}`).sort(),
  );
  for (const [learner, points] of expected) {
    const path = join(grades, "records", `${learner}.json`);
    const { score } = JSON.parse(readFileSync(path, "utf8")) as LearnerRecord;
    expect([learner, score, theirs.get(`${learner}/${slug}`)]).toEqual([learner, points, points]);
  }
});

test.each(Object.entries(samples))("both graders agree on answers to %s", (name, sample) => {
  const own = agreements.filter(({ exercise }) => exercise === name);
  expect(own.map(({ answer }) => answer).sort()).toEqual([...sample].sort());
  expect(own.filter(({ problem }) => problem !== undefined)).toEqual([]);
});

test("nbgrader generate_feedback writes a page for each learner", () => {
  for (const learner of expected.keys())
    expect(existsSync(join(course, "feedback", learner, slug, `${slug}.html`))).toBe(true);
});
