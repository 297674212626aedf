// `npm run progress`: which exercises are solved, by their public checks, and which to take next.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "residual";
import { joined, parseNotebook, type Cell } from "../notebooks/notebook";
import { readExerciseFile, type ExerciseFile } from "./exercise-file";
import { compileIn, loadDriveOf, loadProperties } from "./run-answer";
import { typeFindings } from "./types";
import { highest } from "../../lib/numeric";

/** Where a learner stands with one exercise. */
export interface Progress {
  readonly exercise: ExerciseFile;
  readonly state: "not begun" | "begun" | "solved";
  /** How many public checks hold. */
  readonly passed: number;
  readonly checks: number;
}

/** The learner's answer cell, by what it defines: ids and metadata may be lost. */
function answerCell(cells: readonly Cell[], needs: readonly string[]): string | undefined {
  return cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => joined(source))
    .find((source) =>
      needs.every((name) =>
        new RegExp(`\\b(function\\s*\\*?|const|let|var|class)\\s+${name}\\b`).test(source),
      ),
    );
}

/** What stands in the learner's answer cell, or undefined where it is the stub or is not there. */
export function attemptAt(root: string, slug: string): string | undefined {
  const path = join(root, "exercises", slug, `${slug}.ipynb`);
  if (!existsSync(path)) return undefined;
  const { cells } = parseNotebook(readFileSync(path, "utf8"), path);
  const { needs, stub } = readExerciseFile(root, slug);
  const source = answerCell(cells, needs);
  return source === undefined || source.trim() === stub.trim() ? undefined : source;
}

/** Runs the public checks on what the learner has written so far. */
export async function progressOf(root: string, exercise: ExerciseFile): Promise<Progress> {
  const { slug, needs, setup, types } = exercise;
  const folder = join(root, "exercises", slug);
  const properties = loadProperties(folder);
  const checks = types.length + properties.length;
  const standing = { exercise, passed: 0, checks };
  const source = attemptAt(root, slug);
  if (source === undefined) return { ...standing, state: "not begun" };
  try {
    const place = { folder, setup };
    const names = await compileIn(place, source, needs)();
    const { results } = await check.run(properties, loadDriveOf(folder, slug.slice(3)), names);
    const refused = typeFindings(types.map((property) => ({ key: property.id, place, property, source })));
    const passed = results.filter(({ finding }) => !finding).length + types.length - refused.size;
    return { ...standing, passed, state: passed === checks ? "solved" : "begun" };
  } catch {
    // A cell that does not even run is an answer not finished: the notebook shows its error.
    return { ...standing, state: "begun" };
  }
}

/** What to take next: what is begun, else the first that is not, in the course's order. */
export function next(all: readonly Progress[]): Progress | undefined {
  return all.find(({ state }) => state === "begun") ?? all.find(({ state }) => state === "not begun");
}

/** The table and the suggestion. */
export function progressText(all: readonly Progress[]): string {
  const width = highest(all.map(({ exercise }) => exercise.slug.length));
  const rows = all.map(({ exercise: { slug, difficulty, minutes }, state, passed, checks }) => {
    const count = state === "begun" ? ` (${passed} of ${checks} checks)` : "";
    return `${slug.padEnd(width)}  ${state}${count}, difficulty ${difficulty}, ${minutes} minutes`;
  });
  const solved = all.filter(({ state }) => state === "solved").length;
  const following = next(all)?.exercise;
  const advice = following
    ? `Next: ${following.slug}, ${following.title}. Open exercises/${following.slug}/${following.slug}.ipynb`
    : "Every exercise is solved.";
  return [...rows, "", `${solved} of ${all.length} solved. ${advice}`].join("\n");
}
