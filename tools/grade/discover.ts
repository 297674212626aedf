// Finds what was handed in: a folder for each learner, notebooks in it, however deep.
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { UserError } from "../notebooks/user-error";
import type { Exercise } from "./exercise";

/** One file that was handed in. */
export interface Submission {
  readonly learner: string;
  readonly exercise: Exercise;
  readonly path: string;
  /** The path as records name it. */
  readonly file: string;
  /** ISO 8601: from `timestamp.txt` beside it (nbgrader writes one), or the file's own time. */
  readonly submitted: string;
}

/** What was found, and what could not be placed. */
export interface Found {
  readonly submissions: readonly Submission[];
  readonly unplaced: readonly string[];
}

/**
 * The submissions of a folder. The first level names the learner; a file belongs to the exercise in whose name its own begins, or
 * its folder's. Links are not followed: they could lead to another learner's work.
 * @throws UserError when the folder does not exist or holds no learner.
 */
export function findSubmissions(folder: string, exercises: readonly Exercise[]): Found {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UserError(`SUBMISSIONS_DIR must be a folder with one folder for each learner; got ${folder}`);
  const learners = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (learners.length === 0) throw new UserError(`${folder} holds no folder of a learner`);
  const submissions: Submission[] = [];
  const unplaced: string[] = [];
  for (const { name: learner } of learners.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const path of filesIn(join(folder, learner))) {
      const file = relative(folder, path);
      const exercise = exerciseOf(path, exercises);
      if (exercise) submissions.push({ learner, exercise, path, file, submitted: timeOf(path) });
      else if (path.endsWith(".ipynb"))
        unplaced.push(`${file}: no exercise is named like this file or its folder`);
    }
  }
  return { submissions, unplaced };
}

/** One file as a submission. @throws UserError when it belongs to no exercise. */
export function singleSubmission(path: string, learner: string, exercises: readonly Exercise[]): Submission {
  const exercise = exerciseOf(path, exercises) ?? (exercises.length === 1 ? exercises[0] : undefined);
  if (!exercise)
    throw new UserError(
      `${path} must be named like its exercise (NN-slug.ipynb), or name one with --exercise`,
    );
  return { learner, exercise, path, file: basename(path), submitted: timeOf(path) };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter(
      (path) => path.endsWith(".ipynb") && !path.includes(".ipynb_checkpoints") && lstatSync(path).isFile(),
    )
    .sort();
}

function exerciseOf(path: string, exercises: readonly Exercise[]): Exercise | undefined {
  const names = [basename(path), basename(dirname(path))];
  // The longest name first: one exercise's name may begin with another's.
  const longest = [...exercises].sort((a, b) => b.slug.length - a.slug.length);
  for (const name of names) {
    const found = longest.find(({ slug }) => name.startsWith(slug) || name.includes(`_${slug}`));
    if (found) return found;
  }
  return undefined;
}

function timeOf(path: string): string {
  const stamp = join(dirname(path), "timestamp.txt");
  const text =
    existsSync(stamp) && statSync(stamp).size < 100
      ? readFileSync(stamp, "utf8").trim().replace(/ UTC$/, "Z")
      : "";
  const time = Date.parse(text.replace(" ", "T"));
  return new Date(Number.isNaN(time) ? statSync(path).mtimeMs : time).toISOString();
}
