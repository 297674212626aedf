// What is kept of the mutants of an exercise: those that are no mistake, with the reason, and how many of all lost points.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../notebooks/user-error";
import { listAnswers, setupOf, type Answer } from "../answers";
import type { Outcome } from "./pool";

/** A mutant that gives what is right for everything that the exercise asks of an answer. */
export interface Equivalent {
  /** The answer's name, such as `also-right/in-float32`. */
  readonly answer: string;
  /** `a > b -> a >= b` */
  readonly mutant: string;
  /** The text of the line that it begins in. */
  readonly line: string;
  /** Why no right judge can tell it from the answer. */
  readonly reason: string;
}

/** The counts of an exercise: `solutions/NN/mutants.json`. */
export interface MutantRecord {
  readonly mutants: number;
  readonly killed: number;
  readonly equivalent: number;
  /** A hash of what they were counted with. */
  readonly of: string;
}

/** The right answers of an exercise: those that are mutated. */
export function rightAnswers(root: string, slug: string): Answer[] {
  return listAnswers(root, slug).filter(({ expected }) => expected === "right");
}

const listPath = (slug: string): string => `solutions/${slug}/equivalent-mutants.json`;
const recordPath = (root: string, slug: string): string => join(root, "solutions", slug, "mutants.json");

/** The mutants that are listed as equivalent. @throws UserError for an entry that lacks something */
export function readEquivalents(root: string, slug: string): Equivalent[] {
  const path = join(root, listPath(slug));
  if (!existsSync(path)) return [];
  const entries = JSON.parse(readFileSync(path, "utf8")) as unknown;
  const keys = ["answer", "mutant", "line", "reason"] as const;
  const whole = (entry: unknown): entry is Equivalent =>
    typeof entry === "object" &&
    entry !== null &&
    keys.every((key) => {
      const value = (entry as Record<string, unknown>)[key];
      return typeof value === "string" && value !== "";
    });
  if (!Array.isArray(entries)) throw new UserError(`${listPath(slug)} must hold a list`);
  const broken = entries.find((entry) => !whole(entry)) as unknown;
  if (broken !== undefined)
    throw new UserError(
      `each entry of ${listPath(slug)} needs ${keys.join(", ")}; got ${JSON.stringify(broken)}`,
    );
  return entries as Equivalent[];
}

/** An exercise's survivors against its list: what is wrong, a line each, and how many mutants are rightly listed. */
export function settle(
  slug: string,
  outcomes: ReadonlyMap<string, Outcome>,
  listed: readonly Equivalent[],
  { sampled }: { readonly sampled: boolean },
): { readonly problems: string[]; readonly equivalent: number } {
  const unused = [...listed];
  const problems = [...outcomes].flatMap(([answer, { survivors }]) =>
    survivors.flatMap(({ mutant, line, seed }) => {
      const index = unused.findIndex(
        (entry) => entry.answer === answer && entry.mutant === mutant && entry.line === line,
      );
      if (index >= 0) {
        unused.splice(index, 1);
        return [];
      }
      return [`${slug}, ${answer}: ${mutant} gets all points of learner ${seed}, in the line ${line}`];
    }),
  );
  const equivalent = listed.length - unused.length;
  // A sample meets few of those that are listed.
  const stale = sampled ? [] : unused;
  return {
    problems: [
      ...problems,
      ...stale.map(
        ({ answer, mutant, line }) =>
          `${listPath(slug)} lists what does not survive: ${answer}: ${mutant}, in the line ${line}`,
      ),
    ],
    equivalent,
  };
}

/** A hash of all that decides what becomes of one answer's mutants, but for the library. */
export function outcomeKey(root: string, slug: string, source: string, seeds: readonly number[]): string {
  return hash([...judging(root, slug), setupOf(root, slug), source, seeds.join()]);
}

function recordKey(root: string, slug: string): string {
  const answers = rightAnswers(root, slug).map(({ name, source }) => `${name}\n${source}`);
  return hash([
    ...judging(root, slug),
    setupOf(root, slug),
    ...answers,
    JSON.stringify(readEquivalents(root, slug)),
  ]);
}

function judging(root: string, slug: string): string[] {
  return [
    ...["hidden.ts", "public.ts", "drive.ts"].map((name) => join(root, "solutions", slug, name)),
    join(__dirname, "mutants.ts"),
  ].map((path) => readFileSync(path, "utf8"));
}

const hash = (texts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);

/** Keeps the counts of an exercise without problems. */
export function writeRecord(
  root: string,
  slug: string,
  { mutants, equivalent }: { readonly mutants: number; readonly equivalent: number },
): void {
  const record: MutantRecord = {
    mutants,
    killed: mutants - equivalent,
    equivalent,
    of: recordKey(root, slug),
  };
  writeFileSync(recordPath(root, slug), `${JSON.stringify(record, null, 2)}\n`);
}

/** The counts of an exercise, stale where it changed since they were made; undefined where they never were. */
export function readRecord(root: string, slug: string): MutantRecord | "stale" | undefined {
  const path = recordPath(root, slug);
  if (!existsSync(path)) return undefined;
  const record = JSON.parse(readFileSync(path, "utf8")) as MutantRecord;
  return record.of === recordKey(root, slug) ? record : "stale";
}
