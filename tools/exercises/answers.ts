// Loads what belongs to an exercise: its question, its public check, how answers are called, and the answers themselves.
import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { check } from "residual";
import { UserError } from "../notebooks/user-error";
import { readMaster, solutionOf, stubOf } from "./master";
import {
  compileIn,
  loadDriveOf,
  loadProperties,
  type Compiled,
  type CompileOptions,
  type Names,
  type Place,
} from "./run-answer";

/** What an answer should come to. A wrong one is called by its own mistake, and may be by others that are true of it too. */
export type Expected =
  "right" | "stub" | { readonly mistake: string; readonly also: ReadonlyMap<string, string> };

/** One answer to an exercise. */
export interface Answer {
  /** `reference`, `stub`, `also-right/as-it-comes`, `wrong/forgets-the-shortcut`. */
  readonly name: string;
  readonly expected: Expected;
  /** The text of its cell. */
  readonly source: string;
}

const load = createRequire(__filename);

/**
 * The one question of an exercise.
 * @throws UserError if there is not exactly one, or it has another id than the folder
 */
export function loadQuestion(root: string, slug: string): check.Question {
  const { questions } = load(join(root, "solutions", slug, "hidden.ts")) as {
    questions: readonly check.Question[];
  };
  const [question] = questions;
  if (questions.length !== 1 || question?.id !== slug.slice(3)) {
    const ids = questions.map(({ id }) => id).join(", ");
    throw new UserError(
      `solutions/${slug}/hidden.ts needs one question with the id ${slug.slice(3)}; got ${ids}`,
    );
  }
  return question;
}

/** The properties that the notebook checks: those of `public.ts`, and those of types, for each of which it has a cell. */
export function loadPublic(root: string, slug: string): readonly check.Property[] {
  return [
    ...loadQuestion(root, slug).properties.filter((property) => "types" in property),
    ...loadProperties(join(root, "solutions", slug)),
  ];
}

/** What draws the inputs that are too large to be written down, by property. */
export function loadInputs(
  root: string,
  slug: string,
): Readonly<Record<string, check.CaseProperty["cases"]>> {
  const { inputs } = load(join(root, "solutions", slug, "public.ts")) as {
    inputs?: Readonly<Record<string, check.CaseProperty["cases"]>>;
  };
  return inputs ?? {};
}

/** What one learner is asked. */
export interface Asked {
  readonly seed: number;
  readonly properties: readonly check.Property[];
}

/**
 * Draws a learner's cases, once for all answers: so what is right for them, and what each mistake gives, is computed once too. The judge
 * clones each input before an answer sees it.
 */
export function drawn(properties: readonly check.Property[], seed: number): Asked {
  return {
    seed,
    properties: properties.map((property) => {
      if ("types" in property) return property;
      const cases = property.cases(seed);
      return { ...property, cases: () => cases };
    }),
  };
}

/** How the exercise's answers are called. */
export function loadDrive(root: string, slug: string): check.Drive {
  return loadDriveOf(join(root, "solutions", slug), slug.slice(3));
}

/** Every known answer: the reference, the stub, those that are right too, and the wrong ones, each named by its mistake. */
export function listAnswers(root: string, slug: string): Answer[] {
  const master = readMaster(root, slug);
  const cell = master.cells.find(({ role }) => role === "answer")!;
  const folder = (name: string): Omit<Answer, "expected">[] => {
    const path = join(root, "solutions", slug, name);
    const files = existsSync(path) ? readdirSync(path).filter((file) => file.endsWith(".ts")).sort() : []; // prettier-ignore
    return files.map((file) => ({
      name: `${name}/${basename(file, ".ts")}`,
      source: readFileSync(join(path, file), "utf8"),
    }));
  };
  return [
    { name: "reference", expected: "right", source: solutionOf(master) },
    ...folder("also-right").map((answer): Answer => ({ ...answer, expected: "right" })),
    ...folder("wrong").map((answer): Answer => ({
      ...answer,
      expected: { mistake: basename(answer.name), also: alsoOf(answer.source) },
    })),
    { name: "stub", expected: "stub", source: stubOf(cell.source) },
  ];
}

/** The mistakes by which a wrong answer may be called too, each with why it is true: its lines `// Also NAME: reason`. */
function alsoOf(source: string): Map<string, string> {
  return new Map(
    [...source.matchAll(/^\/\/ Also ([a-z0-9-]+): (.+)$/gm)].map(([, name, reason]) => [name!, reason!]),
  );
}

/** The setup cells of a master as one text: what an answer may rely on. */
export function setupOf(root: string, slug: string): string {
  return readMaster(root, slug)
    .cells.filter(({ role }) => role === "setup")
    .map(({ source }) => source)
    .join("\n");
}

/** What the answers in an exercise's master stand on. */
export function placeOf(root: string, slug: string): Place {
  return { folder: join(root, "solutions", slug), setup: setupOf(root, slug) };
}

/** Compiles an answer to an exercise's master; `compileIn` says how. @throws SyntaxError where it does not parse */
export function compileAnswer(
  root: string,
  slug: string,
  source: string,
  needs: readonly string[],
  options: CompileOptions = {},
): Compiled {
  return compileIn(placeOf(root, slug), source, needs, options);
}

/** Runs an answer's text and gives the names it defines. */
export async function runAnswer(
  root: string,
  slug: string,
  source: string,
  needs: readonly string[],
): Promise<Names> {
  return compileAnswer(root, slug, source, needs)();
}
