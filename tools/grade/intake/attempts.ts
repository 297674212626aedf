// Decides, before anything is graded, which attempts are looked at: by number and by lateness, so that grading costs what it may cost.
import { latenessOf, type Policy } from "../policy";
import type { Refusal, Submission } from "./discover";

/** Attempts that are graded where the policy names no number: many hand-ins would try out the hidden cases. */
export const MOST_ATTEMPTS = 20;

/** The attempts to grade, and why others are not. */
export interface Chosen {
  readonly submissions: readonly Submission[];
  readonly passedOver: readonly Refusal[];
  /** How many there were, by learner and exercise. */
  readonly handedIn: ReadonlyMap<string, number>;
}

/** The key of `handedIn`. */
export const handedInBy = (learner: string, exercise: string): string => `${learner}\0${exercise}`;

/** Of each learner's attempts at an exercise the earliest that count; of those, what the policy makes worthless is left out too. */
export function chooseAttempts(all: readonly Submission[], policy: Policy): Chosen {
  const groups = new Map<string, Submission[]>();
  for (const submission of all) {
    const key = handedInBy(submission.learner, submission.exercise.slug);
    groups.set(key, [...(groups.get(key) ?? []), submission]);
  }
  const submissions: Submission[] = [];
  const passedOver: Refusal[] = [];
  const handedIn = new Map<string, number>();
  const most = policy.attempts ?? MOST_ATTEMPTS;
  for (const [key, group] of groups) {
    handedIn.set(key, group.length);
    const inOrder = [...group].sort(
      (a, b) => compare(a.submitted, b.submitted) || compare(a.file, b.file) || compare(a.path, b.path),
    );
    const counted = inOrder.slice(0, most);
    const { learner, exercise } = group[0]!;
    if (counted.length < group.length)
      passedOver.push({
        learner,
        why: `${exercise.slug}: ${group.length} attempts, of which the first ${most} are looked at`,
      });
    if (policy.counts === "last") {
      submissions.push(counted.at(-1)!);
      continue;
    }
    // One that comes too late is graded only where it is all there is, for the feedback.
    const timely = counted.filter(
      ({ submitted }) => latenessOf({ exercise: exercise.slug, submitted }, policy) < 1,
    );
    for (const submission of timely.length > 0 ? timely : counted.slice(-1)) submissions.push(submission);
  }
  return { submissions, passedOver, handedIn };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
