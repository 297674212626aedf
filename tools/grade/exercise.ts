// An exercise as the grader sees it: what learners were given, and where its drive and its hidden checks lie.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { joined, parseNotebook } from "../notebooks/notebook";
import { UserError } from "../notebooks/user-error";

/** One exercise. */
export interface Exercise {
  /** `03-option-a`. */
  readonly slug: string;
  /** The learner's folder, in which the cells run. */
  readonly folder: string;
  readonly drive: string;
  readonly hidden: string;
  /** What the notebook checks, where it checks anything. */
  readonly public?: string;
  /** Code cells before the first solution cell that learners must not change: the grader runs these and not theirs. */
  readonly setup: readonly string[];
  /** All code cells that learners must not change. */
  readonly locked: readonly { readonly gradeId?: string; readonly code: string }[];
  /** What stands in the cells that learners fill in. */
  readonly stubs: readonly string[];
  /** The ids of its solution cells. */
  readonly solutionIds: readonly string[];
  /** Changes when anything that decides a score changes. */
  readonly fingerprint: string;
}

/** Where exercises lie. */
export interface ExerciseFolders {
  readonly exercises: string;
  readonly solutions: string;
}

/** Every exercise that has both hidden checks and a notebook for learners. @throws UserError when a notebook is missing. */
export function findExercises({ exercises, solutions }: ExerciseFolders): Exercise[] {
  return readdirSync(solutions)
    .filter((slug) => existsSync(join(solutions, slug, "hidden.ts")))
    .sort()
    .map((slug) => readExercise(slug, join(exercises, slug), join(solutions, slug)));
}

function readExercise(slug: string, folder: string, master: string): Exercise {
  const path = join(folder, `${slug}.ipynb`);
  if (!existsSync(path))
    throw new UserError(`${slug} has hidden checks but no notebook for learners at ${path}`);
  const code = parseNotebook(readFileSync(path, "utf8"), path)
    .cells.filter((cell) => cell.cell_type === "code")
    .map((cell) => {
      const nbgrader = (cell.metadata["nbgrader"] ?? {}) as {
        grade_id?: string;
        locked?: boolean;
        solution?: boolean;
      };
      return {
        code: joined(cell.source),
        solution: nbgrader.solution === true,
        locked: nbgrader.locked === true && nbgrader.solution !== true,
        ...(nbgrader.grade_id === undefined ? {} : { gradeId: nbgrader.grade_id }),
      };
    });
  const first = code.findIndex((cell) => cell.solution);
  return {
    slug,
    folder,
    drive: join(master, "drive.ts"),
    hidden: join(master, "hidden.ts"),
    ...(existsSync(join(master, "public.ts")) ? { public: join(master, "public.ts") } : {}),
    setup: code
      .slice(0, first)
      .filter((cell) => cell.locked)
      .map((cell) => cell.code),
    locked: code.filter((cell) => cell.locked),
    stubs: code.filter((cell) => cell.solution).map((cell) => cell.code),
    solutionIds: code.flatMap((cell) => (cell.solution && "gradeId" in cell ? [cell.gradeId] : [])),
    fingerprint: fingerprint([folder, master]),
  };
}

function fingerprint(folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      const path = join(folder, name);
      if (name.includes("node_modules") || !statSync(path).isFile()) continue;
      hash.update(`${name}\0`).update(readFileSync(path)).update("\0");
    }
  }
  return hash.digest("hex");
}
