// A step of setup, and the loop that runs those whose result is missing, outdated or damaged.
import { join } from "node:path";
import type { Progress } from "./ground/progress.mjs";
import type { Run } from "./ground/processes.mjs";
import { Problem, Unavailable } from "./problem";
import type { Stamps } from "./stamp";

/** What a step works with. */
export interface StepContext {
  /** The absolute path of the repository, or of a project that has the library installed. */
  readonly root: string;
  /** A Python with pip. */
  readonly python: string;
  readonly run: Run;
  /** Shows what is going on now, behind the step's name. */
  readonly detail: (text: string) => void;
  /** The known reason for which npm or pip failed, read from its output; `what` could not be had. */
  readonly diagnose: Diagnose;
}

/** See `ground/problem.mjs`: plain JavaScript, because the step before TypeScript needs it too. */
export type Diagnose = (output: string, what: string) => Error | undefined;

/** One thing that setup brings about. Running it twice does no harm; killed at any point, it can run again. */
export interface Step {
  /** Names its stamp. */
  readonly id: string;
  /** Names it to the reader. */
  readonly name: string;
  /** Everything the result depends on, hashed; a change means that the step runs again. */
  readonly fingerprint: () => string;
  /** What is wrong with the result as it lies there, or undefined. Cheap: it runs on each start. */
  readonly damage: () => string | undefined;
  /** Makes the result. @throws Problem with a remedy where a person can mend what hinders it. */
  readonly make: (context: StepContext) => Promise<void>;
  /** The course can do without it: where the machine cannot offer it (Unavailable), setup says so and goes on. */
  readonly optional?: boolean;
  /** What must have worked before this one can. */
  readonly needs?: readonly string[];
}

/** Options of {@link runSteps}. */
export interface RunStepsOptions {
  readonly root: string;
  /** A Python with pip; by default that of `.venv`. */
  readonly python?: string;
  readonly run: Run;
  readonly diagnose: Diagnose;
  readonly stamps: Stamps;
  readonly progress: Progress;
}

/**
 * Runs the steps in order; one whose stamp matches its fingerprint and whose result is undamaged is only named.
 *
 * A stamp is removed before its step begins and written after its result was checked, so a killed step never counts.
 *
 * @returns what the machine cannot offer, of the optional steps; the steps that need them were left out
 * @throws Problem of any other failure
 */
export async function runSteps(steps: readonly Step[], options: RunStepsOptions): Promise<Unavailable[]> {
  const { root, python = join(root, ".venv", "bin", "python"), run, diagnose, stamps, progress } = options;
  const failed = new Set<string>();
  const unavailable: Unavailable[] = [];
  for (const step of steps) {
    if (step.needs?.some((id) => failed.has(id)) === true) {
      failed.add(step.id);
      progress.ready(step.name, "left out");
      continue;
    }
    const reason = reasonToRun(step, stamps);
    if (reason === undefined) {
      progress.ready(step.name);
      continue;
    }
    // Taken before the work: what changes meanwhile is not in the result.
    const inputs = step.fingerprint();
    stamps.remove(step.id);
    try {
      await progress.step(step.name, reason, async (detail) => {
        await step.make({ root, python, run, detail, diagnose });
        const damage = step.damage();
        if (damage !== undefined) {
          throw new Problem(
            `${step.name}: made, but ${damage}.`,
            "Read the end of .setup/setup.log, then run the command again.",
          );
        }
      });
    } catch (error) {
      if (step.optional !== true || !(error instanceof Unavailable)) throw error;
      failed.add(step.id);
      unavailable.push(error);
      progress.warn(`${error.message} ${error.remedy}`);
      continue;
    }
    await stamps.write(step.id, inputs);
  }
  return unavailable;
}

/** Why a step has to run, or undefined. */
export function reasonToRun(step: Step, stamps: Stamps): string | undefined {
  const stamp = stamps.read(step.id);
  if (stamp === undefined) return "not there yet";
  if (stamp !== step.fingerprint()) return "outdated";
  return step.damage();
}
