// Has notebooks compared by a program within bounds, exercise by exercise, so that no notebook costs the class its reports.
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatBytes } from "../../notebooks/duration";
import type { Submission } from "../intake/discover";
import { bounded, defaultLimits, type Limits } from "../sandbox/sandbox";
import { Supervised } from "../sandbox/supervise";
import type { Comparison, SimilarPair } from "./similar-pairs";

const root = resolve(__dirname, "..", "..", "..");

/** A notebook of more bytes is not compared: all of them share the time, and reading a gibibyte of outputs takes ten seconds. */
const MOST_BYTES = 2 ** 27;

/** What comparing may use. */
export interface CompareOptions {
  /** For one exercise, in milliseconds; five minutes unless said. */
  readonly patienceMs?: number;
  readonly limits?: Limits;
}

/** Pairs that are alike, and a line for each exercise that could not be compared. */
export interface Compared {
  readonly pairs: readonly SimilarPair[];
  readonly problems: readonly string[];
}

/** Compares each exercise's submissions, one of each learner's: the latest. */
export async function compareSubmissions(
  submissions: readonly Submission[],
  { patienceMs = 300_000, limits = defaultLimits }: CompareOptions = {},
): Promise<Compared> {
  const pairs: SimilarPair[] = [];
  const problems: string[] = [];
  let program: Supervised | undefined;
  for (const exercise of new Set(submissions.map((submission) => submission.exercise))) {
    const latest = new Map<string, Submission>();
    for (const submission of submissions.filter((each) => each.exercise === exercise)) {
      const known = latest.get(submission.learner);
      if (!known || known.submitted <= submission.submitted) latest.set(submission.learner, submission);
    }
    for (const [learner, { path }] of latest) {
      const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes <= MOST_BYTES) continue;
      latest.delete(learner);
      problems.push(
        `${exercise.slug}: ${learner}'s notebook of ${formatBytes(bytes)} is too large to be compared`,
      );
    }
    if (latest.size < 2) continue;
    const comparison: Comparison = {
      exercise: exercise.slug,
      given: [...exercise.locked.map(({ code }) => code), ...exercise.stubs],
      notebooks: [...latest.values()].map(({ learner, path }) => ({ learner, path })),
    };
    program ??= start(limits);
    program.send(JSON.stringify(comparison));
    const line = await program.next(performance.now() + patienceMs);
    if (line === undefined) {
      problems.push(
        `${exercise.slug}: notebooks could not be compared (${program.reason ?? "exit"}) ${program.stderr.slice(0, 300)}`,
      );
      program = undefined;
    } else for (const pair of JSON.parse(line) as SimilarPair[]) pairs.push(pair);
  }
  await program?.end();
  return { pairs, problems };
}

function start(limits: Limits): Supervised {
  const main = join(__dirname, "similarity-main.ts");
  return new Supervised(bounded({}), {
    command: [process.execPath, "-r", "./tools/typescript.cjs", main],
    cwd: root,
    readable: [],
    hidden: [],
    limits,
  });
}
