// Small programs in three ways: as a module in plain Node, as one cell, and as a cell for each of their statements.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { ofType, written, type Notebook, type Result } from "./kernel-notebook";

/** One program. */
export interface Program {
  readonly name: string;
  readonly code: string;
  /** Why the program means something else when each statement is a cell, where it does: hoisting ends with a cell. */
  readonly whole?: string;
}

/** What a program printed, and the error that ended it, if any. */
export interface Ending {
  readonly printed: string;
  readonly error?: string;
}

/**
 * The programs of a folder: each begins with a line `// %% name`, or `// %% name | whole: reason`. Those of `names.ts` come last,
 * because a session in which `Error` or `console` is a variable is another one.
 */
export function readPrograms(folder: string): Program[] {
  const files = readdirSync(folder).filter((file) => file !== "names.ts");
  return [...files, "names.ts"].flatMap((file) => {
    const [, ...texts] = readFileSync(join(folder, file), "utf8").split(/^\/\/ %% /m);
    return texts.map((text) => {
      const end = text.indexOf("\n");
      const [title, whole] = text.slice(0, end).split(" | whole: ");
      const program = { name: `${file.replace(".ts", "")}: ${title!}`, code: text.slice(end + 1).trimEnd() };
      return whole === undefined ? program : { ...program, whole };
    });
  });
}

/** A cell for each statement of a program; signatures of overloads stand with what implements them. */
export function statements(code: string): string[] {
  const file = ts.createSourceFile("program.ts", code, ts.ScriptTarget.Latest, true);
  const cells: string[] = [];
  let begin = 0;
  for (const one of file.statements) {
    const isSignature =
      ts.isFunctionDeclaration(one) &&
      one.body === undefined &&
      ts.getModifiers(one)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) !== true;
    if (isSignature) continue;
    cells.push(code.slice(begin, one.end));
    begin = one.end;
  }
  return cells;
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  removeComments: false,
};

/** What plain Node runs: a module imports each program in turn and tells how it ended. */
const runner = `
import { inspect } from "node:util";
const endings = [];
const write = process.stdout.write.bind(process.stdout);
for (let i = 0; i < Number(process.argv[2]); i++) {
  let printed = "";
  process.stdout.write = (text) => { printed += text; return true; };
  try {
    await import("./" + i + ".mjs");
    endings.push({ printed });
  } catch (error) {
    const isError = error instanceof Error || error instanceof DOMException;
    endings.push({ printed, error: isError ? error.name + ": " + error.message : "Error: " + inspect(error) });
  }
}
process.stdout.write = write;
write(JSON.stringify(endings), () => process.exit());
`;

/** Runs programs as modules in one plain Node, less their types. */
export function endingsInNode(programs: readonly Program[], node = process.execPath): Ending[] {
  const folder = mkdtempSync(join(tmpdir(), "residual-programs-"));
  try {
    programs.forEach(({ code }, i) => {
      const { outputText } = ts.transpileModule(code, { compilerOptions });
      writeFileSync(join(folder, `${String(i)}.mjs`), outputText);
    });
    writeFileSync(join(folder, "runner.mjs"), runner);
    const args = [join(folder, "runner.mjs"), String(programs.length)];
    return JSON.parse(execFileSync(node, args, { encoding: "utf8", maxBuffer: 1 << 26 })) as Ending[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program as cells of a kernel, one after another. */
export async function endingInCells(notebook: Notebook, cells: readonly string[]): Promise<Ending> {
  const results = (await notebook.command("execute", { cells })) as Result[];
  const printed = results.map((result) => written(result, "stdout")).join("");
  const [failure] = results.flatMap((result) => ofType(result, "error"));
  if (!failure) return { printed };
  const { ename, evalue } = failure.content as { ename: string; evalue: string };
  return { printed, error: `${ename}: ${evalue}` };
}
