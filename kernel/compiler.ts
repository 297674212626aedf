// Checks cells against each other with the repository's own TypeScript, and compiles them to JavaScript.
import type { SourceMapPayload } from "node:module";
import { join, relative } from "node:path";
import ts from "typescript";
import { cellCode } from "./cell-code";
import { nestedVariables, reachedEntries, topLevelNames } from "./cell-names";
import { completionsAt, type Completion } from "./completion";
import { Declarations, keywordOf, type Entry } from "./declarations";
import { declarationsOf } from "./declared-types";
import { compilerOptions } from "./compiler-options";
import { AssignedNames } from "./constants";
import { advised, isExportedAgain, isUnseen, isUntyped, untyped } from "./advice";
import { flatten, type Diagnostic } from "./diagnostic";
import { HeldLoops } from "./held-loops";
import { inspectionAt, type Inspected } from "./inspection";
import { runtimeName, SessionNames } from "./names";
import { LocalModules, mapComment, waitOf, type CompiledModule } from "./local-modules";
import { mergedDeclarations, putFirst, unite, variableLists, type Part } from "./merging";
import { Programs, type CellProgram } from "./programs";
import { replScript } from "./repl-script";
import { boundNames } from "./syntax";
import { isCompleteCode } from "./tslab";

/** A cell that may run. */
export interface CompiledCell {
  readonly output: string;
  readonly map: SourceMapPayload;
  /** Variables that must be there before the cell runs. */
  readonly declared: ReadonlySet<string>;
  /** Local modules that are new or have changed. */
  readonly modules: readonly CompiledModule[];
  /** Whether a loop of it holds variables of the session while it runs. */
  readonly holds: boolean;
  readonly warnings: readonly Diagnostic[];
  /** Makes the cell's declarations known to later cells, those of its first `reached` statements if it did not end. */
  keep(reached?: number): void;
}

/** What compiling a cell gives: either all that is wrong with it, or a cell that may run. */
export type Compilation =
  | { readonly errors: readonly Diagnostic[]; readonly cell?: never }
  | { readonly errors?: never; readonly cell: CompiledCell };

interface CheckerInternals extends ts.TypeChecker {
  getSuggestionDiagnostics(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[];
}

/** Suggestions that a cell's author should see: deprecated, code that is never reached, and `{ a: 1 }`, which is a block with a label. */
const isWarning = ({ code, reportsDeprecated }: ts.Diagnostic): boolean =>
  reportsDeprecated !== undefined || code === 7027 || code === 7028;

/** A cell's text, and what was found out before it is checked. */
interface Parsed {
  readonly code: string;
  readonly name: string | undefined;
  readonly parsed: ts.SourceFile;
  /** Declarations of earlier cells that it goes on with. */
  readonly merged: readonly Part[];
}

/** TypeScript's number for a template that does not end. */
const unterminatedTemplate = 1160;

/** The compiler for the cells of one notebook, which lie, as it were, in the folder `cwd`. */
export class CellCompiler {
  readonly #cwd: string;
  readonly #options: ts.CompilerOptions;
  /** What of the folder's tsconfig.json is not understood; told by the first cell that runs. */
  #problems: readonly Diagnostic[];
  readonly #programs: Programs;
  readonly #declarations = new Declarations();
  /** Names that cells have declared as variables. */
  readonly #variables = new Set<string>();
  readonly #heldLoops = new HeldLoops();
  readonly #assigned = new AssignedNames();
  #temporaries = 0;
  readonly #modules: LocalModules;

  /** A compiler that knows no cell yet; it shares what `like`, one for the same folder, has read from the disk. */
  constructor(cwd: string, like?: CellCompiler) {
    this.#cwd = cwd;
    const { options, problems } = compilerOptions(cwd);
    this.#options = options;
    this.#problems = problems;
    this.#programs = new Programs(cwd, options, like ? like.#programs : undefined);
    this.#modules = new LocalModules(this.#programs.cellPath, options, this.#programs.host);
  }

  /** Compiles a cell against those whose declarations were kept; `name` is what the notebook calls it. */
  compile(code: string, name?: string): Compilation {
    const parsed = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
    // Declarations are emitted for what is exported. What stands behind the code moves no place in it; behind an unfinished
    // function it would be taken for a part of it, and the error that names the missing brace would stand behind the cell's end.
    const isParsed = parseErrors(parsed).length === 0;
    const exported = isParsed ? topLevelNames(parsed) : [];
    // Interfaces, namespaces and enums go on with those of earlier cells, as they would within one file.
    const earlier = (one: string): readonly Entry[] => this.#declarations.find(one);
    const merged = isParsed ? mergedDeclarations(parsed, earlier, name) : [];
    // TypeScript reads `global`, with `export` behind it, as the start of a declaration.
    const end = /\bglobal$/.test(parsed.statements.at(-1)?.getText(parsed) ?? "") ? "\n;" : "\n";
    // Under names that no list of the cell's own has: `export { a as b }` may stand beside a `b`.
    const list = exported.map((one) => `${one} as "the cell's ${one}"`).join(", ");
    const added = [
      ...(exported.length > 0 ? [`export { ${list} };`] : []),
      ...merged.map(({ text }) => text),
    ];
    const suffix = added.length > 0 ? `${end}${added.join("\n")}` : "";
    const make = (made: CellProgram): Compilation => this.#compile(made, { code, name, parsed, merged });
    // What earlier cells declared means more in this cell, so no other checker may know of it.
    const anew = merged.some(({ entry }) => entry);
    return this.#programs.with(code + suffix, this.#declarations.texts(name ?? code), make, anew);
  }

  #compile({ program, cell, layers }: CellProgram, { code, name, parsed, merged }: Parsed): Compilation {
    const checker = program.getTypeChecker();
    putFirst(cell, code.length, checker);
    for (const { name: again, entry } of merged) if (entry) this.#programs.forget(unite(again, cell, layers));
    const found = this.#errors(program, cell, code.length).filter(
      (one) => !isUnseen(one) && !merged.some(({ name: again }) => isExportedAgain(one, again)),
    );
    const errors = found.filter((one) => !isUntyped(one));
    if (errors.length > 0) return { errors: errors.map(advised) };

    const warnings = (checker as CheckerInternals)
      .getSuggestionDiagnostics(cell)
      .filter(isWarning)
      .flatMap((one) => flatten(one, undefined))
      .concat(found.flatMap((one) => untyped(one) ?? []));
    const names = new SessionNames(checker, cell, layers);
    const changed = this.#assigned.warnings(cell, names, name);
    const declared = new Set<string>();
    const declare = (one: string): void => {
      declared.add(one);
    };
    const variables = variableLists(parsed).flatMap(({ declarations }) =>
      declarations.flatMap((one) => boundNames(one.name).map(({ text }) => text)),
    );
    const anew = [...new Set(variables)]
      .filter(
        (one) => !this.#declarations.find(one).some((entry) => /^(var|function)$/.test(keywordOf(entry))),
      )
      .map(runtimeName)
      .filter((one) => this.#variables.has(one));
    const held = this.#heldLoops.of(cell, names);
    const before = cellCode(cell, {
      length: code.length,
      names,
      isVariable: (one) => this.#variables.has(one),
      declare,
      resolve: (specifier) => this.#modules.standsFor(program, cell, specifier) ?? specifier,
      held,
    });
    const after = replScript({
      merged: new Set(merged.map((one) => runtimeName(one.name))),
      anew,
      declare,
      nextNumber: () => ++this.#temporaries,
      variable: (one) => this.#variables.add(one),
    });
    const { output, map, ...emitted } = emit(program, cell, { before: [before], after: [after] });
    const { entries, notes } = declarationsOf(cell, checker, emitted, merged);
    const nested = nestedVariables(cell, checker);
    const modules = this.#modules.areImportedBy(cell, program) ? this.#modules.compile(program) : [];
    const itself = name ?? code;
    const keep = (reached?: number): void => {
      this.#problems = [];
      const own = reachedEntries(cell, [...entries, ...nested], reached ?? cell.statements.length);
      const byCell = (one: Entry): Entry => ({ ...one, cell: one.name === undefined ? itself : name });
      this.#declarations.add(
        own.map((one) => ("cell" in one ? one : byCell(one))),
        itself,
      );
    };
    return {
      cell: {
        output,
        map,
        declared,
        modules,
        holds: held.size > 0,
        warnings: [...this.#problems, ...warnings, ...changed, ...notes],
        keep,
      },
    };
  }

  /** Makes a text a local module `name` that cells import by `./name`; gives what is wrong with it. */
  addModule(name: string, code: string): readonly Diagnostic[] {
    const path = join(this.#cwd, `${name}.ts`);
    const file = this.#programs.addFile(path, code);
    return this.#with(`import "./${name}";`, ({ program }) => this.#errorsOf(program, file, `${name}.ts`));
  }

  /** Names that fit at `position` (UTF-16 units) of an unfinished cell, the best first. */
  complete(code: string, position: number): Completion {
    return this.#with(code, ({ program, cell }) =>
      completionsAt({ program, cell, host: this.#completionHost(cell), position }),
    );
  }

  /** What stands at `position` (UTF-16 units), or the call in whose arguments it is; undefined where there is neither. */
  inspect(code: string, position: number): Inspected | undefined {
    return this.#with(code, ({ program, cell }) => inspectionAt(program, cell, position));
  }

  /** Whether a cell's text is a whole program; if not, the indentation of its next line. */
  completeness(code: string): { status: "complete" | "invalid" } | { status: "incomplete"; indent: string } {
    const errors = parseErrors(ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest));
    // A template may go on in the next line as it likes.
    if (errors.some((one) => one.code === unterminatedTemplate)) return { status: "incomplete", indent: "" };
    const { completed, indent = "" } = isCompleteCode(code);
    if (!completed) return { status: "incomplete", indent };
    return { status: errors.length > 0 ? "invalid" : "complete" };
  }

  #with<T>(code: string, use: (made: CellProgram) => T): T {
    return this.#programs.with(code, this.#declarations.texts(), use);
  }

  #errors(program: ts.Program, cell: ts.SourceFile, length: number): Diagnostic[] {
    // A local module that is wrong concerns the cells that import it, not those that come after them.
    const local = this.#modules.areImportedBy(cell, program) ? this.#modules.of(program) : [];
    const recheck = local.some((file) => this.#modules.isNew(file)) ? local : [];
    return [
      ...this.#errorsOf(program, cell, undefined).filter(({ start }) => start.offset <= length),
      ...recheck.flatMap((file) => {
        const name = relative(this.#cwd, file.fileName);
        return [...this.#errorsOf(program, file, name), ...waitOf(file, name)];
      }),
    ];
  }

  #errorsOf(program: ts.Program, file: ts.SourceFile, name: string | undefined): Diagnostic[] {
    const syntax = program.getSyntacticDiagnostics(file);
    const found = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file);
    return ts.sortAndDeduplicateDiagnostics(found).flatMap((one) => flatten(one, name));
  }

  #completionHost({ fileName }: ts.SourceFile): object {
    return {
      ...this.#programs.host,
      getCompilationSettings: () => this.#options,
      getScriptFileNames: () => [fileName],
      readDirectory: (...args: Parameters<ts.System["readDirectory"]>) => ts.sys.readDirectory(...args),
      directoryExists: (path: string) => ts.sys.directoryExists(path),
      getDirectories: (path: string) => ts.sys.getDirectories(path),
    };
  }
}

/** What is syntactically wrong with a file. */
const parseErrors = (file: ts.SourceFile): readonly ts.Diagnostic[] =>
  (file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics;

function emit(
  program: ts.Program,
  cell: ts.SourceFile,
  transformers: ts.CustomTransformers,
): { output: string; map: SourceMapPayload; text: string; diagnostics: readonly ts.Diagnostic[] } {
  const texts = new Map<string, string>();
  const write: ts.WriteFileCallback = (path, text) =>
    texts.set(/\.(d\.ts|js\.map|js)$/.exec(path)?.[1] ?? path, text);
  // Declarations are written also where one of them cannot be.
  const emitInFull = program.emit.bind(program) as (...all: unknown[]) => ts.EmitResult;
  const { diagnostics } = emitInFull(cell, write, undefined, false, transformers, true);
  return {
    // A line by which a shell finds the interpreter stays a line.
    output: (texts.get("js") ?? "").replace(mapComment, "").replace(/^#!.*/, ""),
    map: JSON.parse(texts.get("js.map") ?? "{}") as SourceMapPayload,
    text: texts.get("d.ts") ?? "",
    diagnostics,
  };
}
