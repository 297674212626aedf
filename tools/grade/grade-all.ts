// Grades many submissions at once, each lane one at a time, and tells how it goes.
import { createHash } from "node:crypto";
import { NotebookCompiler } from "./compiler";
import type { Refusal, Submission } from "./intake/discover";
import { gradeNotebook } from "./grade-notebook";
import type { AttemptKey, Gradebook } from "./gradebook";
import { Judge } from "./judge/judge";
import { printable } from "./intake/names";
import { readSubmitted } from "./notebook/submitted";
import { bundlePrograms } from "./programs";
import { total, type AttemptRecord } from "./record";
import type { Limits, Sandbox } from "./sandbox/sandbox";

/** How a batch is graded. */
export interface GradeAllOptions {
  readonly gradebook: Gradebook;
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  /** Submissions at once. */
  readonly jobs: number;
  readonly seed: string;
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
  const { gradebook, sandbox, limits, jobs, seed, signal, onProgress } = options;
  const began = performance.now();
  const exercises = [...new Set(submissions.map(({ exercise }) => exercise))];
  const programs = await bundlePrograms(exercises);
  const attempts: AttemptRecord[] = [];
  const failed: Refusal[] = [];
  let kept = 0;
  let peakBytes = 0;
  // Exercise by exercise: a lane's compiler stays with one as long as it can.
  const queue = [...submissions].sort((a, b) => (a.exercise.slug < b.exercise.slug ? -1 : 1));

  const gradeOne = async (submission: Submission, lane: Lane): Promise<void> => {
    const { learner, exercise, path, file, submitted: time, notes } = submission;
    const submitted = await readSubmitted(path);
    const settings = createHash("sha256").update(JSON.stringify([exercise.fingerprint, limits, seed]));
    const key: AttemptKey = {
      learner,
      file,
      submitted: time,
      sha256: submitted.sha256,
      fingerprint: settings.digest("hex"),
    };
    let record = gradebook.find(key);
    if (record) kept++;
    else {
      const graded = await gradeNotebook(submitted, exercise, learner, {
        ...lane,
        sandbox,
        programs,
        limits,
        seed,
        onPeak: (bytes) => {
          peakBytes = Math.max(peakBytes, bytes);
        },
      });
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
      await gradebook.keep(key, record);
    }
    attempts.push(record);
    onProgress?.({ done: attempts.length, of: submissions.length, kept, record });
  };
  const work = async (index: number): Promise<void> => {
    const lane = {
      lane: index,
      judge: new Judge(),
      compiler: new NotebookCompiler({ sandbox, programs, limits, lane: index }),
    };
    try {
      for (let next = queue.shift(); next && !signal?.aborted; next = queue.shift()) {
        // One notebook that breaks the grader must not take the class with it.
        await gradeOne(next, lane).catch((error: unknown) => {
          failed.push({ learner: next.learner, why: `${next.file}: ${printable(String(error))}` });
        });
      }
    } finally {
      lane.judge.close();
      await lane.compiler.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, submissions.length) }, (_, index) => work(index)));
  } finally {
    programs.remove();
  }
  return { attempts, failed, kept, seconds: (performance.now() - began) / 1000, peakBytes };
}

interface Lane {
  readonly lane: number;
  readonly judge: Judge;
  readonly compiler: NotebookCompiler;
}
