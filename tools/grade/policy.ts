// Which attempt counts, and what lateness costs.
import { UserError } from "../notebooks/user-error";
import { isZonedTime } from "./intake/times";
import type { AttemptRecord, ExerciseRecord } from "./record";

/** A course's rules, as the file of `--policy` gives them. Without one, the best attempt counts and nothing is late. */
export interface Policy {
  /** The attempt that counts. */
  readonly counts?: "best" | "last";
  /** Attempts after this many are not graded; the first 20 are, where the policy says nothing. */
  readonly attempts?: number;
  /** When an exercise is due (ISO 8601 with a zone), by its name; `*` for all others. */
  readonly due?: Readonly<Record<string, string>>;
  readonly late?: {
    /** Minutes after `due` that cost nothing. */
    readonly graceMinutes?: number;
    /** Percent of the points that each day begun costs. */
    readonly percentPerDay: number;
    /** After this many days an attempt earns nothing. */
    readonly days: number;
  };
}

const DAY = 86_400_000;

/** Reads a policy for these exercises. @throws UserError naming the rule that it breaks. */
export function parsePolicy(text: string, exercises: readonly string[]): Policy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`the policy must be JSON: ${(error as Error).message}`);
  }
  const policy = fieldsOf("a policy", value, ["counts", "attempts", "due", "late"]) as Policy;
  const { counts = "best", attempts = 1, due = {}, late } = policy;
  if (!["best", "last"].includes(counts)) throw new UserError(`counts must be best or last; got ${counts}`);
  if (!Number.isInteger(attempts) || attempts < 1)
    throw new UserError(`attempts must be a whole number, at least 1; got ${attempts}`);
  for (const [exercise, time] of Object.entries(fieldsOf("due", due, [...exercises, "*"]))) {
    if (typeof time !== "string" || !isZonedTime(time))
      throw new UserError(
        `due must be a time with its zone, like 2026-12-01T23:59:00+01:00; got ${JSON.stringify(time)} for ${exercise}`,
      );
  }
  if (late === undefined) return policy;
  const { graceMinutes = 0, percentPerDay, days } = fieldsOf("late", late, ["graceMinutes", "percentPerDay", "days"]); // prettier-ignore
  if (!isFrom0To(100, percentPerDay) || !isFrom0To(Infinity, days) || !isFrom0To(Infinity, graceMinutes))
    throw new UserError(
      `late needs the numbers percentPerDay, from 0 to 100, and days and graceMinutes of at least 0; got ${JSON.stringify(late)}`,
    );
  return policy;
}

/** The fields of an object that may have these alone. */
function fieldsOf(what: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UserError(`${what} must be an object like {"${known[0]!}": ...}; got ${JSON.stringify(value)}`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new UserError(`${what} knows ${known.join(", ")}; got ${unknown}`);
  return value as Record<string, unknown>;
}

const isFrom0To = (most: number, value: unknown): boolean =>
  typeof value === "number" && value >= 0 && value <= most;

/**
 * The attempt at one exercise that counts; `attempts` are one learner's, in any order, at least one, of the `handedIn` that there were.
 */
export function applyPolicy(
  attempts: readonly AttemptRecord[],
  policy: Policy,
  handedIn = attempts.length,
): ExerciseRecord {
  const inOrder = [...attempts].sort((a, b) => compare(a.submitted, b.submitted) || compare(a.file, b.file));
  const scored = inOrder.slice(0, policy.attempts ?? inOrder.length).map((attempt) => {
    const penalty = round(attempt.points * latenessOf(attempt, policy));
    return { ...attempt, attempts: handedIn, penalty, score: round(attempt.points - penalty) };
  });
  const last = scored.at(-1)!;
  if (policy.counts === "last") return last;
  return scored.reduce((best, attempt) => (attempt.score > best.score ? attempt : best));
}

/** The share of its points, from 0 to 1, that an attempt loses for being late. */
export function latenessOf(
  { exercise, submitted }: Pick<AttemptRecord, "exercise" | "submitted">,
  { due, late }: Policy,
): number {
  const time = due?.[exercise] ?? due?.["*"];
  if (time === undefined) return 0;
  const over = Date.parse(submitted) - Date.parse(time) - (late?.graceMinutes ?? 0) * 60_000;
  if (over <= 0) return 0;
  if (!late) return 1;
  const days = Math.ceil(over / DAY);
  return days > late.days ? 1 : Math.min(1, (late.percentPerDay * days) / 100);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const round = (points: number): number => Math.round(points * 100) / 100;
