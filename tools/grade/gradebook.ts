// The gradebook on disk: each graded attempt is written whole as soon as it is known, so that a killed run loses only what it was at.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeBytesAtomically } from "../../lib/files/files.node";
import { handedInBy } from "./intake/attempts";
import type { Refusal } from "./intake/discover";
import { withOverride, type OverrideRow } from "./overrides";
import { applyPolicy, type Policy } from "./policy";
import { total, type AttemptRecord, type LearnerRecord } from "./record";

/** What decides an attempt's record besides the notebook. */
export interface AttemptKey {
  readonly learner: string;
  readonly file: string;
  readonly submitted: string;
  readonly sha256: string;
  /** Of everything else: the exercise, the course's code, the sandbox, the limits and the secret. */
  readonly fingerprint: string;
}

/** An attempt as it is kept. */
export interface KeptAttempt {
  readonly record: AttemptRecord;
  /** What grading it took: it counts against what a learner may use, also after a restart. */
  readonly seconds: number;
}

/** What a class's records are made of, besides the attempts. */
export interface ConcludeOptions {
  readonly policy: Policy;
  readonly refused?: readonly Refusal[];
  /** How many attempts there were, by learner and exercise. */
  readonly handedIn?: ReadonlyMap<string, number>;
  /** Scores set by hand. */
  readonly overrides?: readonly OverrideRow[];
}

/** A folder of records. */
export class Gradebook {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(join(folder, "attempts"), { recursive: true });
  }

  /** The record of an earlier run for the same file, exercise and settings, and how long it took. */
  find(key: AttemptKey): KeptAttempt | undefined {
    const path = this.#pathOf(key);
    if (!existsSync(path)) return undefined;
    return keptFrom(readFileSync(path, "utf8"));
  }

  /** Keeps an attempt. */
  async keep(key: AttemptKey, attempt: KeptAttempt): Promise<void> {
    const text = JSON.stringify({ ...attempt, digest: digestOf(attempt) }, null, 2);
    await writeText(this.#pathOf(key), `${text}\n`);
  }

  /** Writes one record for each learner, graded or refused, and returns them, by name. */
  async conclude(
    attempts: readonly AttemptRecord[],
    { policy, refused = [], handedIn, overrides = [] }: ConcludeOptions,
  ): Promise<LearnerRecord[]> {
    const records: LearnerRecord[] = [];
    for (const learner of [...new Set([...attempts, ...refused].map((each) => each.learner))].sort()) {
      const own = attempts.filter((attempt) => attempt.learner === learner);
      const slugs = [...new Set(own.map(({ exercise }) => exercise))].sort();
      const exercises = slugs.map((slug) =>
        withOverride(
          applyPolicy(
            own.filter(({ exercise }) => exercise === slug),
            policy,
            handedIn?.get(handedInBy(learner, slug)),
          ),
          overrides,
        ),
      );
      const record: LearnerRecord = {
        learner,
        score: total(exercises, ({ score }) => score),
        outOf: total(exercises, ({ outOf }) => outOf),
        exercises,
        refused: refused.filter((each) => each.learner === learner).map(({ why }) => why),
      };
      records.push(record);
      await writeText(
        join(this.folder, "records", `${learner}.json`),
        `${JSON.stringify(record, null, 2)}\n`,
      );
    }
    return records;
  }

  #pathOf(key: AttemptKey): string {
    const text = [key.learner, key.file, key.submitted, key.sha256, key.fingerprint].join("\0");
    return join(
      this.folder,
      "attempts",
      `${createHash("sha256").update(text).digest("hex").slice(0, 32)}.json`,
    );
  }
}

/** What is read back is what was written: a file that was cut or edited is as good as none, and its notebook is graded again. */
function keptFrom(text: string): KeptAttempt | undefined {
  try {
    const { digest, ...attempt } = JSON.parse(text) as KeptAttempt & { readonly digest: unknown };
    return digest === digestOf(attempt) ? attempt : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (attempt: KeptAttempt): string =>
  createHash("sha256").update(JSON.stringify(attempt)).digest("hex");

/** Writes a text file whole or not at all, with its folder. */
export async function writeText(path: string, text: string): Promise<void> {
  mkdirSync(join(path, ".."), { recursive: true });
  await writeBytesAtomically(path, new TextEncoder().encode(text));
}
