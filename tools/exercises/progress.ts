// `npm run progress`: which exercises are solved, by their public checks, and which to take next.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "residual";
import { joined, parseNotebook, type Cell } from "../notebooks/notebook";
import { loadDrive, loadPublic, loadQuestion, runAnswer } from "./answers";
import { readMaster, stubOf, type About } from "./master";
import { typeFindings } from "./types";
import { highest } from "../../lib/numeric";

/** Where a learner stands with one exercise. */
export interface Progress {
  readonly slug: string;
  readonly about: About;
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
  const source = answerCell(cells, loadQuestion(root, slug).needs);
  const { cells: master } = readMaster(root, slug);
  const stub = stubOf(master.find(({ role }) => role === "answer")!.source);
  return source === undefined || source.trim() === stub.trim() ? undefined : source;
}

/** Runs the public checks on what the learner has written so far. */
export async function progressOf(root: string, slug: string): Promise<Progress> {
  const { about } = readMaster(root, slug);
  const properties = loadPublic(root, slug);
  const standing = { slug, about, passed: 0, checks: properties.length };
  const source = attemptAt(root, slug);
  if (source === undefined) return { ...standing, state: "not begun" };
  try {
    const names = await runAnswer(root, slug, source, loadQuestion(root, slug).needs);
    const { results } = await check.run(properties, loadDrive(root, slug), names);
    const types = properties.flatMap((property) =>
      "types" in property ? [{ slug, answer: "mine", property, source }] : [],
    );
    const passed =
      results.filter(({ finding }) => !finding).length + types.length - typeFindings(root, types).size;
    return { ...standing, passed, state: passed === properties.length ? "solved" : "begun" };
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
  const width = highest(all.map(({ slug }) => slug.length));
  const rows = all.map(({ slug, state, passed, checks, about }) => {
    const count = state === "begun" ? ` (${passed} of ${checks} checks)` : "";
    return `${slug.padEnd(width)}  ${state}${count}, difficulty ${about.difficulty}, ${about.minutes} minutes`;
  });
  const solved = all.filter(({ state }) => state === "solved").length;
  const following = next(all);
  const advice = following
    ? `Next: ${following.slug}, ${following.about.title}. Open exercises/${following.slug}/${following.slug}.ipynb`
    : "Every exercise is solved.";
  return [...rows, "", `${solved} of ${all.length} solved. ${advice}`].join("\n");
}
