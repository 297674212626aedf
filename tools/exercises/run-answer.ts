// Runs an answer where an exercise lies: its setup, its drive and its public check, with nothing that only the master knows.
import { createRequire } from "node:module";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import ts from "typescript";
import type { check } from "residual";
import { UserError } from "../notebooks/user-error";
import { counted, turnName } from "./turns";

const load = createRequire(__filename);

/** What an answer stands on. */
export interface Place {
  /** The folder that its imports are looked up from, which holds `drive.ts` and `public.ts`. */
  readonly folder: string;
  /** The code of the setup cells. */
  readonly setup: string;
}

/** The names that an answer defines. */
export type Names = Readonly<Record<string, unknown>>;

/** The properties that `public.ts` of a folder asks: those of types apart, for each of which the notebook has a cell. */
export function loadProperties(folder: string): readonly check.Property[] {
  return (load(join(folder, "public.ts")) as { properties: readonly check.Property[] }).properties;
}

/** How the answers of the exercise in a folder are called. @throws UserError where `drive.ts` holds no drive of this id */
export function loadDriveOf(folder: string, id: string): check.Drive {
  const { drives } = load(join(folder, "drive.ts")) as { drives: Record<string, check.Drive> };
  const drive = drives[id];
  if (!drive) throw new UserError(`${join(folder, "drive.ts")} needs a drive named ${id}`);
  return drive;
}

/** Whether a text is a whole module that exports, as answers in files are; cells of a notebook stand on the setup. */
export function standsAlone(source: string): boolean {
  return /^export /m.test(source);
}

/** An answer's text, compiled once. Each call runs it anew and gives the names that it defines. */
export type Compiled = () => Promise<Names>;

/** How an answer is compiled. */
export interface CompileOptions {
  /** What is done at each turn of a loop and each call of a function of the answer, such as to end one that never ends. */
  readonly atEachTurn?: () => void;
}

/**
 * Compiles an answer's text. A text that exports nothing gets the exercise's setup before it.
 * It runs in this process: only for the course's own answers, and for a learner's on the learner's machine.
 *
 * @throws SyntaxError where it does not parse
 */
export function compileIn(
  { folder, setup }: Place,
  source: string,
  needs: readonly string[],
  { atEachTurn }: CompileOptions = {},
): Compiled {
  const whole = standsAlone(source) ? source : `${setup}\n${source}`;
  const missing = needs.filter((name) => !new RegExp(`^export [a-z *]*\\b${name}\\b`, "m").test(whole));
  const { outputText } = ts.transpileModule(`${whole}\nexport { ${missing.join(", ")} };\n`, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
    ...(atEachTurn ? { transformers: { before: [counted] } } : {}),
  });
  const path = join(folder, "answer.js");
  // In an async function, because cells may await at their top level.
  const run = runInThisContext(`(async (exports, require, ${turnName}) => {\n${outputText}\n})`, path) as Run;
  const requireThere = createRequire(path);
  return async () => {
    const exports: Record<string, unknown> = {};
    await run(exports, requireThere, atEachTurn);
    return exports;
  };
}

type Run = (
  exports: Record<string, unknown>,
  require: NodeJS.Require,
  atEachTurn: (() => void) | undefined,
) => Promise<void>;
