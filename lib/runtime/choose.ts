// Chooses among the backends of a platform: the first that starts, or the one that was asked for, and says why.
import { Unavailable, type BackendName, type Candidate, type Started, type StartOptions } from "./backend.js";

/** One backend that was tried. */
export interface Attempt {
  readonly backend: BackendName;
  /** Absent when it started. */
  readonly problem?: string;
  /** What to do about the problem. */
  readonly remedy?: string;
}

/** The backend that started, and every attempt until then. */
export interface Choice extends Started {
  readonly backend: BackendName;
  readonly tried: readonly Attempt[];
}

/**
 * Starts the first candidate that can, or only `requested` when it is given.
 *
 * @param candidates in the order of preference
 * @param requested the name of the one to use, as the user wrote it
 * @throws RangeError when `requested` is not the name of a candidate
 * @throws Unavailable when the requested one, or none, starts
 */
export async function chooseBackend(
  candidates: readonly Candidate[],
  requested: string | undefined,
  options: Omit<StartOptions, "forced">,
): Promise<Choice> {
  const eligible = requested === undefined ? candidates : candidates.filter(({ name }) => name === requested);
  if (eligible.length === 0) {
    const valid = candidates.map(({ name }) => name).join(", ");
    throw new RangeError(`RESIDUAL_BACKEND must be one of ${valid}; got ${requested ?? "no backend at all"}`);
  }
  const tried: Attempt[] = [];
  let cause: unknown;
  for (const candidate of eligible) {
    try {
      const started = await candidate.start({ ...options, forced: requested !== undefined });
      return { ...started, backend: candidate.name, tried: [...tried, { backend: candidate.name }] };
    } catch (error) {
      cause ??= error;
      tried.push({ backend: candidate.name, problem: problemOf(error), remedy: remedyOf(error) });
    }
  }
  const [first] = tried;
  throw new Unavailable(
    requested === undefined
      ? `no backend starts: ${tried.map(describeAttempt).join("; ")}`
      : `RESIDUAL_BACKEND=${requested} does not start: ${first!.problem!}. Remedy: ${first!.remedy!}`,
    first!.remedy!,
    { cause },
  );
}

/** One attempt in words: `tensorflow: the native engine is not installed (remedy: npm run setup)`. */
export function describeAttempt({ backend, problem, remedy }: Attempt): string {
  return problem === undefined
    ? `${backend}: started`
    : `${backend}: ${problem} (remedy: ${remedy ?? "none"})`;
}

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n", 1)[0]!;
}

function remedyOf(error: unknown): string {
  return error instanceof Unavailable ? error.remedy : "npm run doctor";
}
