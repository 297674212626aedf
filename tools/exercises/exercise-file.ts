// exercise.json: what the learner's own commands know of an exercise, so that they need neither its master nor its hidden checks.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { check } from "residual";

/** The file's name, beside the learner's notebook. */
export const exerciseFileName = "exercise.json";

/** What stands in it. */
export interface ExerciseFile {
  readonly slug: string;
  readonly title: string;
  /** 1 (a few lines) to 5 (an evening). */
  readonly difficulty: number;
  /** 1 (an aside) to 5 (the course stands on it). */
  readonly importance: number;
  readonly minutes: number;
  /** The names that an answer defines. */
  readonly needs: readonly string[];
  /** The code of the setup cells. */
  readonly setup: string;
  /** The answer cell as it was handed out. */
  readonly stub: string;
  /** The properties of types: for each the notebook has a cell that compiles only where it holds. */
  readonly types: readonly check.TypeProperty[];
}

/** Reads an exercise's file. */
export function readExerciseFile(root: string, slug: string): ExerciseFile {
  return JSON.parse(readFileSync(join(root, "exercises", slug, exerciseFileName), "utf8")) as ExerciseFile;
}

/** The folders of all exercises, sorted. */
export function exerciseFolders(root: string): string[] {
  return readdirSync(join(root, "exercises"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d{2}-/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** What an order goes by. */
type Placed = Pick<ExerciseFile, "slug" | "difficulty" | "importance">;

/** As a learner takes them: by chapter, and within a chapter what is easy and what matters first. */
export function asTaken(a: Placed, b: Placed): number {
  const chapter = ({ slug }: Placed) => Number(slug.slice(0, 2));
  return chapter(a) - chapter(b) || a.difficulty - b.difficulty || b.importance - a.importance;
}
