// Grades many submissions at once, each lane one at a time, and tells how it goes.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { NotebookCompiler } from "./compiler";
import { handedInBy } from "./intake/attempts";
import type { Refusal, Submission } from "./intake/discover";
import { fingerprintOf } from "./fingerprint";
import { gradeNotebook } from "./grade-notebook";
import type { AttemptKey, Gradebook } from "./gradebook";
import { Judge } from "./judge/judge";
import { printable } from "./intake/names";
import { readSubmitted } from "./notebook/submitted";
import { bundlePrograms } from "./programs";
import { hasFault, total, type AttemptRecord } from "./record";
import type { Limits, Sandbox } from "./sandbox/sandbox";

const root = resolve(__dirname, "..", "..");

/** How a batch is graded. */
export interface GradeAllOptions {
  readonly gradebook: Gradebook;
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  /** Submissions at once. */
  readonly jobs: number;
  /** Decides the hidden cases. */
  readonly secret: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a batch is. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  /** Taken from an earlier run. */
  readonly kept: number;
  readonly record: AttemptRecord;
}

/** What a batch gave. */
export interface Batch {
  readonly attempts: readonly AttemptRecord[];
  /** Submissions at which the grader itself failed, and how. They are tried again by the next run. */
  readonly failed: readonly Refusal[];
  readonly kept: number;
  readonly seconds: number;
  /** The largest memory of one learner's program. */
  readonly peakBytes: number;
}

/** Grades every submission that an earlier run has not. Stops after those at hand when the signal aborts. */
export async function gradeAll(submissions: readonly Submission[], options: GradeAllOptions): Promise<Batch> {
  const { gradebook, sandbox, limits, jobs, secret, signal, onProgress } = options;
  const began = performance.now();
  const exercises = [...new Set(submissions.map(({ exercise }) => exercise))];
  const programs = await bundlePrograms(exercises);
  const common = fingerprintOf(root, sandbox.name, sandbox.image, limits, secret);
  const fingerprints = new Map(
    exercises.map((exercise) => [
      exercise,
      createHash("sha256").update(`${common} ${exercise.fingerprint}`).digest("hex"),
    ]),
  );
  const attempts: AttemptRecord[] = [];
  const failed: Refusal[] = [];
  let kept = 0;
  let peakBytes = 0;
  // Exercise by exercise: a lane's compiler stays with one as long as it can.
  const queue = [...submissions].sort((a, b) => (a.exercise.slug < b.exercise.slug ? -1 : 1));

  const doubtful: Submission[] = [];
  const spent = new Map<string, number>();

  /** Grades one, and keeps what came of it unless it should be tried once more with the machine to itself. */
  const gradeOne = async (submission: Submission, lane: Lane, isAlone: boolean): Promise<void> => {
    const { learner, exercise, path, file, submitted: time, notes } = submission;
    // Reading counts: a gibibyte of outputs takes seconds.
    const start = performance.now();
    const submitted = await readSubmitted(path);
    const key: AttemptKey = {
      learner,
      file,
      submitted: time,
      sha256: submitted.sha256,
      fingerprint: fingerprints.get(exercise)!,
    };
    const owner = handedInBy(learner, exercise.slug);
    const before = spent.get(owner) ?? 0;
    const spend = (seconds: number): void => void spent.set(owner, (spent.get(owner) ?? 0) + seconds);
    const earlier = gradebook.find(key);
    let record = earlier?.record;
    if (earlier) {
      kept++;
      spend(earlier.seconds);
    } else {
      const { isDoubtful, ...graded } = await gradeNotebook(submitted, exercise, learner, {
        ...lane,
        sandbox,
        programs,
        limits,
        secret,
        deadline: start + (limits.learnerSeconds - before) * 1000,
        onPeak: (bytes) => {
          peakBytes = Math.max(peakBytes, bytes);
        },
      });
      const seconds = (performance.now() - start) / 1000;
      spend(seconds);
      if (isDoubtful && !isAlone) {
        doubtful.push(submission);
        return;
      }
      record = {
        learner,
        exercise: exercise.slug,
        file,
        sha256: submitted.sha256,
        submitted: time,
        points: total(graded.questions, ({ points }) => points),
        outOf: total(graded.questions, ({ outOf }) => outOf),
        ...graded,
        notes: [...notes, ...graded.notes],
      };
      // What failed by no fault of the learner's is tried again by the next run.
      if (!hasFault(record)) await gradebook.keep(key, { record, seconds });
    }
    attempts.push(record!);
    onProgress?.({ done: attempts.length, of: submissions.length, kept, record: record! });
  };
  const work = async (waiting: Submission[], isAlone: boolean): Promise<void> => {
    const lane = {
      judge: new Judge(),
      compiler: new NotebookCompiler({ sandbox, programs, limits }),
    };
    try {
      for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift()) {
        // One notebook that breaks the grader must not take the class with it.
        await gradeOne(next, lane, isAlone).catch((error: unknown) => {
          failed.push({ learner: next.learner, why: `${next.file}: ${printable(String(error))}` });
        });
      }
    } finally {
      await lane.judge.close();
      await lane.compiler.close();
    }
  };
  try {
    const lanes = Array.from({ length: Math.min(jobs, submissions.length) }, () => work(queue, false));
    await Promise.all(lanes);
    // Neighbours may have taken their time: what they get now they keep.
    if (doubtful.length > 0) await work(doubtful, true);
  } finally {
    programs.remove();
  }
  return { attempts, failed, kept, seconds: (performance.now() - began) / 1000, peakBytes };
}

interface Lane {
  readonly judge: Judge;
  readonly compiler: NotebookCompiler;
}
