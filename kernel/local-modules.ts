// Local modules, which are not cells: which files of a program they are, which specifiers mean them, and what runs of them.
import type { SourceMapPayload } from "node:module";
import ts from "typescript";
import { call } from "./cell-code";
import { flatten, type Diagnostic } from "./diagnostic";
import { isPath } from "./specifier";
import { firstWait, isImportCall, isImportMeta } from "./syntax";

const { factory: f } = ts;

/** A local module, compiled. */
export interface CompiledModule {
  /** The file of its TypeScript. */
  readonly path: string;
  readonly output: string;
  readonly map: SourceMapPayload;
}

/** The last line of compiled code, which names its map. */
export const mapComment = /\n?\/\/# sourceMappingURL=\S*\s*$/;

/** The local modules of one notebook's cells. */
export class LocalModules {
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.ModuleResolutionHost;
  readonly #cellPath: string;
  /** Those whose latest text was compiled. */
  readonly #compiled = new Set<ts.SourceFile>();

  constructor(cellPath: string, options: ts.CompilerOptions, host: ts.ModuleResolutionHost) {
    this.#cellPath = cellPath;
    this.#options = options;
    this.#host = host;
  }

  /** Whether a module's text was not compiled yet. */
  isNew(file: ts.SourceFile): boolean {
    return !this.#compiled.has(file);
  }

  /** Those of a program. */
  of(program: ts.Program): ts.SourceFile[] {
    return program
      .getSourceFiles()
      .filter(
        (file) =>
          !file.isDeclarationFile &&
          file.fileName !== this.#cellPath &&
          !file.fileName.includes("/node_modules/") &&
          !program.isSourceFileFromExternalLibrary(file) &&
          !/\.(json|mjs)$/.test(file.fileName),
      );
  }

  /** Compiles those of a program whose text is new. */
  compile(program: ts.Program): CompiledModule[] {
    return this.of(program)
      .filter((file) => !this.#compiled.has(file))
      .map((file) => {
        this.#compiled.add(file);
        const { outputText, sourceMapText = "{}" } = ts.transpileModule(file.text, {
          fileName: file.fileName,
          transformers: {
            before: [moduleCode(file, (specifier) => this.standsFor(program, file, specifier))],
          },
          compilerOptions: { ...this.#options, module: ts.ModuleKind.CommonJS, declaration: false, lib: [] },
        });
        return {
          path: file.fileName,
          output: outputText.replace(mapComment, ""),
          map: JSON.parse(sourceMapText) as SourceMapPayload,
        };
      });
  }

  /** The path of the local module that a specifier means by the `paths` of the folder's tsconfig.json. */
  standsFor(program: ts.Program, file: ts.SourceFile, specifier: ts.Expression): ts.Expression | undefined {
    if (!this.#options.paths || !ts.isStringLiteralLike(specifier) || isPath(specifier.text))
      return undefined;
    const found = ts.resolveModuleName(
      specifier.text,
      file.fileName,
      this.#options,
      this.#host,
    ).resolvedModule;
    const isOurs = found && this.of(program).some((one) => one.fileName === found.resolvedFileName);
    return isOurs ? ts.factory.createStringLiteral(found.resolvedFileName) : undefined;
  }

  /** Whether a cell's text names a module by a path, or by a name that stands for one. */
  areImportedBy(cell: ts.SourceFile, program: ts.Program): boolean {
    const { importedFiles } = ts.preProcessFile(cell.text, true, true);
    return importedFiles.some(
      ({ fileName }) =>
        isPath(fileName) ||
        this.standsFor(program, cell, ts.factory.createStringLiteral(fileName)) !== undefined,
    );
  }
}

/** An error where a local module waits at its top level. */
export function waitOf(file: ts.SourceFile, name: string): Diagnostic[] {
  const wait = firstWait(file);
  if (!wait) return [];
  const messageText =
    "a local TypeScript module cannot await at its top level, because cells load it in one go; await in a function of it that the cell awaits, or make it an .mjs file";
  const start = wait.getStart(file);
  const at = { file, start, length: wait.end - start, category: ts.DiagnosticCategory.Error, code: 1378 };
  return flatten({ ...at, messageText }, name);
}

/**
 * The transformation of local modules, which are not cells: only what `import()` and `import.meta` mean changes, and specifiers that
 * `resolve` knows as another module's.
 */
const moduleCode =
  (
    { fileName }: ts.SourceFile,
    resolve: (specifier: ts.Expression) => ts.Expression | undefined,
  ): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (file) => {
    const own = f.createStringLiteral(fileName);
    const visit = (node: ts.Node): ts.Node => {
      if (ts.isStringLiteral(node) && isSpecifier(node)) return resolve(node) ?? node;
      const visited = ts.visitEachChild(node, visit, context);
      if (isImportMeta(visited)) return call("metaOf", own);
      if (!isImportCall(visited)) return visited;
      const [id, options = f.createVoidZero()] = visited.arguments;
      return call("import", id!, options, own);
    };
    return ts.visitEachChild(file, visit, context);
  };

/** Whether a string names the module of an `import`, an `export` or an `import()`. */
const isSpecifier = ({ parent }: { readonly parent?: ts.Node }): boolean =>
  parent !== undefined &&
  (ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isExternalModuleReference(parent) ||
    isImportCall(parent));
