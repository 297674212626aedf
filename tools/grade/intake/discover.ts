// Finds what was handed in: a folder for each learner, notebooks in it, however deep. Everything there may have been made to do harm.
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../notebooks/user-error";
import type { Exercise } from "../exercise";
import { printable, safeNames } from "./names";
import type { TimeOf } from "./times";
import { foreign, kindOf, oneFile, walk, type FoundFile } from "./walk";

/** One file that was handed in. */
export interface Submission {
  /** A name that is safe to print and to name files with: the folder's, or one made from it. */
  readonly learner: string;
  readonly exercise: Exercise;
  /** Without a link on its way, so that whoever opens it can see whether one has been put there since. */
  readonly path: string;
  /** The path as records name it. */
  readonly file: string;
  /** ISO 8601: from the instructor's list, or the file's own time. */
  readonly submitted: string;
  /** What was odd about how it was handed in, for the learner. */
  readonly notes: readonly string[];
}

/** Something of a learner's that is not graded. */
export interface Refusal {
  readonly learner: string;
  /** What and why, in words for the learner. */
  readonly why: string;
}

/** What was found, and what was refused. */
export interface Found {
  readonly submissions: readonly Submission[];
  readonly refused: readonly Refusal[];
  /** What only the instructor should read: two learners' names, or a file that is one for both. */
  readonly warnings: readonly string[];
}

/** What is known besides the folder. */
export interface FindOptions {
  /** What is graded. */
  readonly exercises: readonly Exercise[];
  /** All that there are, where only some are graded: what was handed in for another is passed over. */
  readonly all?: readonly Exercise[];
  /** The instructor's list of times. */
  readonly timeOf?: TimeOf;
}

/** Reasons told of one learner's folder; more are counted. */
const MOST_REASONS = 20;

/**
 * The submissions of a folder. The first level names the learner; a file belongs to the exercise in whose name its own begins, or
 * its folder's. Links are not followed: they could lead to another learner's work.
 * @throws UserError when the folder does not exist or holds no learner.
 */
export function findSubmissions(place: string, options: FindOptions): Found {
  if (!existsSync(place) || !statSync(place).isDirectory())
    throw new UserError(`SUBMISSIONS_DIR must be a folder with one folder for each learner; got ${place}`);
  const folder = realpathSync(place);
  const submissions: Submission[] = [];
  const refused: Refusal[] = [];
  const without: Refusal[] = [];
  const warnings: string[] = [];
  const owners = new Map<string, Set<string>>();
  // An archive unpacked on a Mac brings a folder beside the learners', and so does a repository of hand-ins.
  const names = readdirSync(folder)
    .filter((name) => !foreign.has(name))
    .sort();
  const kinds = names.map((name) => kindOf(join(folder, name)));
  // A file beside the learners' folders is the instructor's own.
  const own = names.filter((_, index) => {
    const kind = kinds[index]!;
    return typeof kind === "string" || kind.isDirectory();
  });
  if (own.length === 0) throw new UserError(`${place} holds no folder of a learner`);
  const safe = safeNames(own);
  own.forEach((name, index) => {
    const learner = safe[index]!;
    if (learner !== name)
      warnings.push(`the folder ${printable(name)} is called ${learner} in the gradebook`);
    const kind = kinds[names.indexOf(name)]!;
    const walked =
      typeof kind === "string" ? { files: [], refused: [kind], others: [] } : walk(join(folder, name));
    const reasons = [...walked.refused];
    for (const file of walked.files) {
      const exercise = exerciseOf(file.within, options.all ?? options.exercises);
      if (exercise && !options.exercises.includes(exercise)) continue;
      if (!exercise) {
        reasons.push(`${printable(file.within)}: no exercise is named like this file or its folder`);
        continue;
      }
      if (file.shared !== undefined)
        owners.set(file.shared, (owners.get(file.shared) ?? new Set()).add(learner));
      submissions.push(submissionOf(file, name, { learner, exercise }, options));
    }
    if (walked.files.length + reasons.length === 0)
      without.push({ learner, why: withoutNotebook(walked.others) });
    for (const why of reasons.slice(0, MOST_REASONS)) refused.push({ learner, why });
    if (reasons.length > MOST_REASONS)
      refused.push({ learner, why: `and ${reasons.length - MOST_REASONS} more like these` });
  });
  for (const learners of owners.values())
    if (learners.size > 1)
      warnings.push(
        `${[...learners].join(" and ")} hold one and the same file, by hard links: look whose it is`,
      );
  // Where nobody has handed in anything, it is another folder that was meant.
  const isMeant = submissions.length + refused.length > 0;
  return { submissions, refused: isMeant ? [...refused, ...without] : [], warnings };
}

/** Said of a folder in which no notebook lies. */
function withoutNotebook(others: readonly string[]): string {
  return others.length === 0
    ? "the folder holds no file"
    : `the folder holds no notebook, whose name ends in .ipynb, but ${others.join(", ")}`;
}

/** One file as a submission. @throws UserError when it belongs to no exercise or is no regular file. */
export function singleSubmission(path: string, learner: string, options: FindOptions): Submission {
  const { exercises } = options;
  const exercise =
    exerciseOf(join(basename(dirname(path)), basename(path)), exercises) ??
    (exercises.length === 1 ? exercises[0] : undefined);
  if (!exercise)
    throw new UserError(
      `${printable(path)} must be named like its exercise (NN-slug.ipynb), or name one with --exercise`,
    );
  const file = existsSync(dirname(path))
    ? oneFile(join(realpathSync(dirname(path)), basename(path)))
    : oneFile(path);
  if (typeof file === "string") throw new UserError(`${printable(path)}: ${file}`);
  const [safe] = safeNames([learner]) as [string];
  return {
    ...submissionOf(file, learner, { learner: safe, exercise }, options),
    file: printable(basename(path)),
  };
}

function submissionOf(
  { path, within, modified }: FoundFile,
  folder: string,
  { learner, exercise }: Pick<Submission, "learner" | "exercise">,
  { timeOf }: FindOptions,
): Submission {
  const listed = timeOf?.(folder, exercise.slug, within);
  const notes =
    timeOf && listed === undefined
      ? ["its time of hand-in is the file's own: the list of times has none"]
      : [];
  return {
    learner,
    exercise,
    path,
    file: `${learner}/${printable(within)}`,
    submitted: listed ?? new Date(modified).toISOString(),
    notes,
  };
}

/** The exercise that a path within a learner's folder is named for. */
function exerciseOf(within: string, exercises: readonly Exercise[]): Exercise | undefined {
  const names = [basename(within), basename(dirname(within))];
  // The longest name first: one exercise's name may begin with another's.
  const longest = [...exercises].sort((a, b) => b.slug.length - a.slug.length);
  for (const name of names) {
    const found = longest.find(({ slug }) => name.startsWith(slug) || name.includes(`_${slug}`));
    if (found) return found;
  }
  return undefined;
}
