// Has the course's grader and nbgrader grade the known answers of exercises, and says where they differ.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { listAnswers, type Answer } from "../exercises/answers";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { findSubmissions } from "./intake/discover";
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
  readonly takes?: (answer: Answer, slug: string) => boolean;
  /** Notebooks at once, in either grader; 1 unless said. */
  readonly jobs?: number;
}

const secret = "known to everybody";

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

/** The scores of nbgrader's gradebook, as its own export writes them, by `LEARNER/NN-slug`: the place of what was handed in. */
export async function nbgraderScores(course: string): Promise<Map<string, number>> {
  await nbgrader(course, "export");
  const [header, ...rows] = parseCsv(readFileSync(join(course, "grades.csv"), "utf8"), "grades.csv");
  const [student, assignment, score] = ["student_id", "assignment", "score"].map((title) =>
    header!.indexOf(title),
  );
  return new Map(rows.map((row) => [`${row[student!]!}/${row[assignment!]!}`, Number(row[score!])]));
}

/** Grades the exercises' known answers with both graders. */
export async function compareGraders(
  exercises: readonly Exercise[],
  { scratch, takes = () => true, jobs = 1 }: AgreementOptions,
): Promise<Agreement[]> {
  const submitted = join(scratch, "submitted");
  const answers = new Map<string, Answer>();
  for (const { slug, folder } of exercises) {
    const given = parseNotebook(readFileSync(join(folder, `${slug}.ipynb`), "utf8"), slug);
    for (const answer of listAnswers(root, slug).filter((each) => takes(each, slug))) {
      const place = `${answer.name.replace("/", "-")}/${slug}`;
      answers.set(place, answer);
      await writeText(
        join(submitted, place, `${slug}.ipynb`),
        formatNotebook(filled(given, [answer.source])),
      );
    }
  }
  const { attempts, failed } = await gradeAll(findSubmissions(submitted, { exercises }).submissions, {
    gradebook: new Gradebook(join(scratch, "grades")),
    sandbox: chooseSandbox({}),
    limits: defaultLimits,
    jobs,
    secret,
  });
  if (failed.length > 0) throw new Error(failed.map(({ why }) => why).join("\n"));
  const scores = await autograde(exercises, { submitted, places: [...answers.keys()], scratch, jobs });
  return attempts.map((attempt) => {
    const place = `${attempt.learner}/${attempt.exercise}`;
    return agreementOf(attempt, answers.get(place)!, scores.get(place) ?? Number.NaN);
  });
}

/** What nbgrader is given. */
interface Handed {
  readonly submitted: string;
  /** `LEARNER/NN-slug`, in `submitted`. */
  readonly places: readonly string[];
  readonly scratch: string;
  readonly jobs: number;
}

/** nbgrader's scores. It takes one notebook after the other, and a course has one database: so `jobs` courses share the work. */
async function autograde(
  exercises: readonly Exercise[],
  { submitted, places, scratch, jobs }: Handed,
): Promise<Map<string, number>> {
  const courses = Array.from({ length: Math.min(jobs, places.length) }, (_, lane) => ({
    folder: join(scratch, `course-${lane}`),
    places: places.filter((_place, index) => index % jobs === lane),
  }));
  const [{ folder: first }, ...others] = courses as [(typeof courses)[0], ...typeof courses];
  // In nbgrader's own way, whose judge shares nothing with the sandbox: the course's answers do no harm.
  await writeNbgraderCourse(first, exercises, secret, { isTrusted: true });
  // It takes a pattern for the assignment's name.
  await nbgrader(first, "generate_assignment", "*", "--create");
  mkdirSync(join(first, "autograded"), { recursive: true });
  for (const { folder } of others) cpSync(first, folder, { recursive: true });
  const scores = await Promise.all(
    courses.map(async ({ folder, places: own }) => {
      for (const place of own)
        cpSync(join(submitted, place), join(folder, "submitted", place), { recursive: true });
      await nbgrader(folder, "autograde", "*", "--create");
      const all = await nbgraderScores(folder);
      return own.map((place) => [place, all.get(place) ?? Number.NaN] as const);
    }),
  );
  return new Map(scores.flat());
}

function agreementOf(attempt: AttemptRecord, answer: Answer, other: number): Agreement {
  const { exercise, points: course, outOf } = attempt;
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
