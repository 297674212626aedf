// Has the course's grader and nbgrader grade the known answers of an exercise, and says where they differ.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { listAnswers, type Answer } from "../exercises/answers";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { findSubmissions } from "./discover";
import type { Exercise } from "./exercise";
import { gradeAll } from "./grade-all";
import { Gradebook, writeText } from "./gradebook";
import { writeNbgraderCourse } from "./nbgrader";
import type { AttemptRecord } from "./record";
import { parseCsv } from "./report/csv";
import { chooseSandbox, defaultLimits } from "./sandbox/sandbox";
import { filled } from "./synthetic";

const root = resolve(__dirname, "..", "..");

/** How one known answer came out. */
export interface Agreement {
  readonly exercise: string;
  readonly answer: string;
  readonly outOf: number;
  readonly course: number;
  readonly nbgrader: number;
  /** What is not as it should be, for a person to read; undefined where all is well. */
  readonly problem?: string;
}

/** What is compared, and where. */
export interface AgreementOptions {
  /** An empty folder for submissions, grades and nbgrader's course. */
  readonly scratch: string;
  /** The answers to take; all unless said. */
  readonly takes?: (answer: Answer) => boolean;
}

const seed = "residual";

/** Runs one of nbgrader's commands in its course folder. @throws Error with what it printed when it fails */
export async function nbgrader(course: string, ...args: string[]): Promise<void> {
  const bin = join(root, ".venv", "bin");
  const env = { ...process.env, JUPYTER_PREFER_ENV_PATH: "1", PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const child = spawn(join(bin, "nbgrader"), args, { cwd: course, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const status = await new Promise<number | null>((done, fail) => {
    child.once("error", fail).once("close", done);
  });
  if (status !== 0) throw new Error(`nbgrader ${args.join(" ")} ended with ${status}:\n${printed}`);
}

/** The scores of nbgrader's gradebook, as its own export writes them, by student. */
export async function nbgraderScores(course: string): Promise<Map<string, number>> {
  await nbgrader(course, "export");
  const [header, ...rows] = parseCsv(readFileSync(join(course, "grades.csv"), "utf8"), "grades.csv");
  const [student, score] = ["student_id", "score"].map((title) => header!.indexOf(title));
  return new Map(rows.map((row) => [row[student!]!, Number(row[score!])]));
}

/** Grades the exercise's known answers with both graders. */
export async function compareGraders(
  exercise: Exercise,
  { scratch, takes = () => true }: AgreementOptions,
): Promise<Agreement[]> {
  const { slug, folder } = exercise;
  const answers = new Map(
    listAnswers(root, slug)
      .filter(takes)
      .map((answer) => [answer.name.replace("/", "-"), answer] as const),
  );
  const given = parseNotebook(readFileSync(join(folder, `${slug}.ipynb`), "utf8"), slug);
  const submitted = join(scratch, "submitted");
  for (const [learner, { source }] of answers)
    await writeText(join(submitted, learner, slug, `${slug}.ipynb`), formatNotebook(filled(given, [source])));
  const course = join(scratch, "course");
  await writeNbgraderCourse(course, [exercise], seed);
  cpSync(submitted, join(course, "submitted"), { recursive: true });

  const { attempts, failed } = await gradeAll(findSubmissions(submitted, [exercise]).submissions, {
    gradebook: new Gradebook(join(scratch, "grades")),
    sandbox: chooseSandbox({}),
    limits: defaultLimits,
    jobs: 1,
    seed,
  });
  if (failed.length > 0) throw new Error(failed.join("\n"));
  await nbgrader(course, "generate_assignment", slug, "--create");
  mkdirSync(join(course, "autograded"), { recursive: true });
  await nbgrader(course, "autograde", slug, "--create");
  const scores = await nbgraderScores(course);
  return attempts.map((attempt) => agreementOf(attempt, answers.get(attempt.learner)!, scores));
}

function agreementOf(attempt: AttemptRecord, answer: Answer, scores: ReadonlyMap<string, number>): Agreement {
  const { exercise, learner, points: course, outOf } = attempt;
  const other = scores.get(learner) ?? Number.NaN;
  const problem =
    other === course ? unexpected(attempt, answer) : `nbgrader gives ${other}, the course's grader ${course}`;
  const agreement = { exercise, answer: answer.name, outOf, course, nbgrader: other };
  return problem === undefined ? agreement : { ...agreement, problem };
}

/** What an answer should have come to and did not. */
function unexpected(
  { points, outOf, questions, notes }: AttemptRecord,
  { expected }: Answer,
): string | undefined {
  const missing = questions.flatMap(({ properties }) =>
    properties.flatMap(({ id, mistake, message, fault }) =>
      fault === undefined && mistake === undefined ? [] : [{ id, mistake, said: fault ?? message ?? "" }],
    ),
  );
  const told = [
    ...missing.map(({ id, mistake, said }) => `${id}: ${mistake ?? "fault"}, ${said}`),
    ...notes,
  ].join("; ");
  if (expected === "right")
    return points === outOf ? undefined : `right, and gets ${points} of ${outOf}: ${told}`;
  if (expected === "stub") return points === 0 ? undefined : `the stub gets ${points} points`;
  if (points === outOf) return `wrong, and gets all ${outOf} points`;
  return missing.some(({ mistake }) => mistake === expected.mistake)
    ? undefined
    : `wrong, but not by its name: ${told}`;
}
