// `npm run grade`: grades what learners handed in and writes the gradebook.
import { readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes, formatSeconds } from "../notebooks/duration";
import { UserError } from "../notebooks/user-error";
import { findExercises, type Exercise } from "./exercise";
import { gradeAll, type Progress } from "./grade-all";
import { Gradebook } from "./gradebook";
import { chooseAttempts } from "./intake/attempts";
import { printable } from "./intake/names";
import { findSubmissions, singleSubmission, type FindOptions, type Found } from "./intake/discover";
import { parseTimes } from "./intake/times";
import { codeOf } from "./intake/walk";
import { remedyFor } from "./machine-fault";
import { parseOverrides, unusedOverrides } from "./overrides";
import { parsePolicy } from "./policy";
import type { LearnerRecord } from "./record";
import { parseCanvas } from "./report/canvas";
import { writeAutograder, writeRefusal, writeResults } from "./report/gradescope";
import { lessonOf } from "./report/lesson";
import { parseMoodle } from "./report/moodle";
import { writeReports } from "./report/reports";
import { defaultSecretPath, readSecret } from "./secret";
import { controlGroupsMissing, inControlGroups } from "./sandbox/control-groups";
import { firstInSight } from "./sandbox/in-sight";
import { chooseSandbox, defaultLimits, type Limits, type Sandbox, type SandboxName } from "./sandbox/sandbox";

const help = `npm run grade -- SUBMISSIONS_DIR [options]
npm run grade -- NOTEBOOK [options]

Grades notebooks against the exercises' hidden checks and writes the gradebook. SUBMISSIONS_DIR holds a folder for each learner,
with notebooks named NN-slug.ipynb in it (nbgrader's submitted/ fits as it is). Each learner's code runs in a sandbox, each question in
a process of its own. Ctrl-C stops after the notebooks at hand; the same command goes on from there.

--out DIR               the gradebook (default grades)
--exercise NN-slug      only this exercise; may be repeated
--exercises DIR         what learners were given (default exercises)
--solutions DIR         drives and hidden checks (default solutions)
--policy FILE           attempts, due dates and lateness, in JSON (docs/grading.md)
--overrides FILE        scores decided by hand, each with its reason: a CSV file (docs/grading.md); may be repeated
--times FILE            when notebooks were handed in, as the LMS tells it: a CSV file (docs/grading.md)
--canvas FILE           a gradebook exported from Canvas: written again with the scores, ready to import
--moodle FILE           a grading worksheet downloaded from Moodle: written again with grades and feedback, ready to upload
--gradescope FILE       with one NOTEBOOK: write Gradescope's results.json
--autograder FILE.zip   grade nothing: build Gradescope's autograder for the exercises named by --exercise
--nbgrader DIR          grade nothing: write a course folder for nbgrader, with every exercise in source/
--learner NAME          with one NOTEBOOK: whose it is (default learner)
--jobs N                notebooks at once (default ${availableParallelism()})
--memory MIB            memory of one learner's program (default ${defaultLimits.memoryBytes / 2 ** 20})
--secret FILE           decides the hidden cases, with the learner's name and the notebook; made if there is none (default
                        ${defaultSecretPath})
--sandbox NAME          bubblewrap (default), podman, docker, or account (another user; for graders in a container)
--image NAME            the container's image (default node:20-bookworm-slim)
--no-sandbox            run learners' code with your own rights
--help                  this text
`;

const root = resolve(__dirname, "..", "..");
/** With less, TensorFlow and the compiler do not start. */
const LEAST_MIB = 512;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const folders = { exercises: resolve(values.exercises), solutions: resolve(values.solutions) };
  const all = findExercises(folders);
  const slugs = all.map(({ slug }) => slug);
  const exercises = chosen(all, values.exercise);
  if (values.autograder !== undefined) {
    const bytes = await writeAutograder(resolve(values.autograder), exercises, {
      root,
      ...folders,
      secret: readSecret(resolve(values.secret)),
    });
    console.log(`${values.autograder}: ${exercises.length} exercises, ${formatBytes(bytes)}`);
    return 0;
  }
  if (values.nbgrader !== undefined) {
    // Only here: it brings TypeScript, which is half of what a grader would hold.
    const { writeNbgraderCourse } = await import("./nbgrader");
    await writeNbgraderCourse(resolve(values.nbgrader), exercises, readSecret(resolve(values.secret)));
    console.log(`${values.nbgrader}: ${exercises.length} exercises; go on with nbgrader generate_assignment`);
    return 0;
  }
  const [target, ...rest] = positionals;
  if (target === undefined || rest.length > 0)
    throw new UserError(`name one SUBMISSIONS_DIR or NOTEBOOK\n\n${help}`);
  const policy = values.policy === undefined ? {} : parsePolicy(readText(values.policy, "--policy"), slugs);
  const overrides = parseOverrides(...values.overrides.map((path) => readText(path, "--overrides")));
  // Read before hours of grading, so that a wrong file is noticed now.
  const rosters = {
    ...(values.canvas === undefined ? {} : { canvas: readText(values.canvas, "--canvas") }),
    ...(values.moodle === undefined ? {} : { moodle: readText(values.moodle, "--moodle") }),
  };
  if (rosters.canvas !== undefined) parseCanvas(rosters.canvas);
  if (rosters.moodle !== undefined) parseMoodle(rosters.moodle);
  const memoryBytes = wholeNumber("--memory", values.memory, LEAST_MIB) * 2 ** 20;
  const limits: Limits = { ...defaultLimits, memoryBytes };
  const jobs = wholeNumber("--jobs", values.jobs);
  const out = resolve(values.out);
  mustBeApart(out, resolve(target));
  const walls = chooseSandbox({
    name: values["no-sandbox"] ? "none" : (values.sandbox as SandboxName),
    ...(values.image === undefined ? {} : { image: values.image }),
  });
  if (walls.name === "none") console.error("No sandbox: learners' code runs with all your rights.");
  const seen =
    walls.name === "bubblewrap" ? firstInSight([root, target, ...Object.values(folders)]) : undefined;
  if (seen !== undefined)
    throw new UserError(
      `${seen} lies in a folder of the system, which learners' programs can read: move it elsewhere, such as to your home`,
    );
  const { sandbox, note } = held(walls, limits);
  const timeOf =
    values.times === undefined ? undefined : parseTimes(readText(values.times, "--times"), slugs);
  let found: Found;
  try {
    found = find(resolve(target), values.learner, { exercises, all, ...(timeOf && { timeOf }) });
  } catch (error) {
    if (values.gradescope !== undefined && error instanceof UserError)
      await writeRefusal(resolve(values.gradescope), error.message);
    throw error;
  }
  if (policy.due && values.times === undefined)
    console.error("Due dates are held against the files' own times, because no --times says when they came.");
  const { submissions, passedOver, handedIn } = chooseAttempts(found.submissions, policy);
  const refused = [...found.refused, ...passedOver];
  for (const { learner, why } of refused) console.error(`${learner}: ${why}`);
  for (const line of found.warnings) console.error(line);
  // Of one notebook, often one's own, nothing else has to be kept safe.
  if (note !== undefined && submissions.length > 1) console.error(note);
  if (submissions.length + refused.length === 0)
    throw new UserError(`${target} holds no notebook of ${exercises.map(({ slug }) => slug).join(", ")}`);

  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => {
      console.error("\nStopping after the notebooks at hand; the same command goes on from there.");
      stop.abort();
    });
  }
  const gradebook = new Gradebook(out);
  const progress = showProgress();
  const batch = await gradeAll(submissions, {
    gradebook,
    sandbox,
    limits,
    jobs,
    secret: readSecret(resolve(values.secret)),
    signal: stop.signal,
    onProgress: progress,
  });
  if (stop.signal.aborted) {
    console.error(`${batch.attempts.length} of ${submissions.length} graded and kept`);
    return 130;
  }
  for (const { why } of batch.failed) console.error(`not graded: ${why}`);
  const ungraded = batch.failed.map(({ learner }) => ({
    learner,
    why: "a notebook could not be graded; your instructor will look at it",
  }));
  const records = await gradebook.conclude(batch.attempts, {
    policy,
    refused: [...refused, ...ungraded],
    handedIn,
    overrides,
  });
  const graded = records.flatMap((record) => record.exercises);
  for (const { learner, exercise } of unusedOverrides(overrides, graded))
    console.error(`--overrides: ${learner} has handed in no ${exercise}`);
  const lessons = new Map(exercises.map((each) => [each.slug, lessonOf(each, policy, Date.now())]));
  await writeReports(gradebook.folder, records, { rosters, submissions, lessons });
  if (values.gradescope !== undefined) await writeResults(resolve(values.gradescope), records[0]!);
  summarise(records, batch, values.out);
  return faults(records).length + batch.failed.length === 0 ? 0 : 1;
}

/** The walls, with Linux's own bound on each program's whole tree where this machine has it; containers bring theirs. */
function held(walls: Sandbox, limits: Limits): { readonly sandbox: Sandbox; readonly note?: string } {
  if (walls.name !== "bubblewrap" && walls.name !== "account") return { sandbox: walls };
  const missing = controlGroupsMissing(limits);
  if (missing === undefined) return { sandbox: inControlGroups(walls) };
  return {
    sandbox: walls,
    note: `Without control groups (${missing}) memory and processes are counted twenty times a second: see docs/grading.md`,
  };
}

function find(target: string, learner: string, options: FindOptions): Found {
  // A notebook may be a learner's, and a link, which is refused there. A link to a folder is the instructor's own.
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === false)
    return { submissions: [singleSubmission(target, learner, options)], refused: [], warnings: [] };
  return findSubmissions(target, options);
}

function chosen(all: readonly Exercise[], slugs: readonly string[]): readonly Exercise[] {
  if (all.length === 0) throw new UserError("there is no exercise with hidden checks in --solutions");
  if (slugs.length === 0) return all;
  return slugs.map((slug) => {
    const exercise = all.find((candidate) => candidate.slug === slug);
    if (!exercise)
      throw new UserError(`no exercise ${slug}; there are ${all.map((each) => each.slug).join(", ")}`);
    return exercise;
  });
}

/** A line for each notebook, with the time that is left. */
function showProgress(): (progress: Progress) => void {
  const began = performance.now();
  return ({ done, of, kept, record }) => {
    const fresh = done - kept;
    const left = fresh === 0 ? 0 : ((performance.now() - began) / 1000 / fresh) * (of - done);
    const time = done === of || fresh === 0 ? "" : `, about ${formatSeconds(left)} left`;
    console.log(`${done}/${of} ${record.file}: ${record.points} of ${record.outOf}${time}`);
  };
}

function summarise(
  records: readonly LearnerRecord[],
  batch: Awaited<ReturnType<typeof gradeAll>>,
  out: string,
): void {
  const fresh = batch.attempts.length - batch.kept;
  const rate = (fresh / batch.seconds) * 60;
  const own = process.resourceUsage().maxRSS * 1024;
  console.log(
    `${records.length} ${records.length === 1 ? "learner" : "learners"} in ${join(out, "records")}; ${fresh} graded, ${batch.kept} kept from earlier, in ` +
      `${formatSeconds(batch.seconds)} (${rate.toFixed(1)} submissions a minute)\n` +
      `peak memory: grader ${formatBytes(own)}, largest learner's program ${formatBytes(batch.peakBytes)}`,
  );
  for (const line of faults(records)) console.error(line);
}

/** A line for each property that could not be judged by no fault of the learner's. */
function faults(records: readonly LearnerRecord[]): string[] {
  return records.flatMap(({ learner, exercises }) =>
    exercises.flatMap(({ exercise, questions }) =>
      questions.flatMap(({ properties }) =>
        properties.flatMap(({ id, fault }) =>
          fault === undefined ? [] : [`not judged: ${learner}, ${exercise}, ${id}: ${printable(fault)}`],
        ),
      ),
    ),
  );
}

/** The gradebook must be a folder of its own: among the hand-ins it would be taken for a learner's the next time. */
function mustBeApart(out: string, target: string): void {
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UserError(`--out must name a folder, new or one of an earlier grading; ${out} is a file`);
  if (`${out}/`.startsWith(`${target}/`))
    throw new UserError(
      `--out must lie outside of the hand-ins, where it would be taken for a learner's folder; got ${out}`,
    );
}

function readText(path: string, option: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`${option} must name a file that can be read; got ${path} (${codeOf(error)})`);
  }
}

function wholeNumber(option: string, text: string, least = 1): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least)
    throw new UserError(`${option} must be a whole number, at least ${least}; got ${text}`);
  return number;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        autograder: { type: "string" },
        canvas: { type: "string" },
        exercise: { type: "string", multiple: true, default: [] },
        exercises: { type: "string", default: join(root, "exercises") },
        gradescope: { type: "string" },
        help: { type: "boolean", default: false },
        image: { type: "string" },
        jobs: { type: "string", default: `${availableParallelism()}` },
        learner: { type: "string", default: "learner" },
        memory: { type: "string", default: `${defaultLimits.memoryBytes / 2 ** 20}` },
        moodle: { type: "string" },
        nbgrader: { type: "string" },
        "no-sandbox": { type: "boolean", default: false },
        out: { type: "string", default: "grades" },
        overrides: { type: "string", multiple: true, default: [] },
        policy: { type: "string" },
        sandbox: { type: "string", default: "bubblewrap" },
        secret: { type: "string", default: defaultSecretPath },
        times: { type: "string" },
        solutions: { type: "string", default: join(root, "solutions") },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`);
  }
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const isTheirs = error instanceof UserError;
    console.error(isTheirs ? error.message : (remedyFor(error) ?? error));
    process.exitCode = isTheirs ? 2 : 1;
  },
);
