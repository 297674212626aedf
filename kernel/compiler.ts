// Puts the repository's own TypeScript under tslab's cell compiler, with strict checks and modern module resolution.
import Module, { createRequire, type SourceMapPayload } from "node:module";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import type * as TslabConverter from "tslab/dist/converter";
import type * as TslabMetadata from "tslab/dist/metadata";
import { resolveFromCellsOrKernel } from "./resolution";

/** The parts of tslab that compile cells. */
export interface CellCompiler extends TslabConverter.Converter {
  /** Whether a cell's text is a whole program; if not, the indentation of its next line. */
  isComplete(code: string): TslabConverter.IsCompleteResult;
  /** What a cell's doc comment says of it: tslab's `@module name` makes the cell a module that others import. */
  metadata(code: string): TslabMetadata.CodeMetadata;
  /**
   * The maps from a compiled cell's text to its TypeScript, the last step of compilation first. The compiler puts one line before
   * the cell's own. Each text can be asked for once.
   */
  takeSourceMaps(output: string): readonly SourceMapPayload[];
  /** tslab's public module, which `import "tslab"` in a cell gives. */
  readonly tslab: unknown;
}

/** Functions of TypeScript that are exported at run time but not declared. */
interface Internals {
  readonly nullTransformationContext: ts.TransformationContext;
  readonly Completions: { getCompletionsAtPosition(...rest: unknown[]): ts.CompletionInfo | undefined };
  readonly SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      container: ts.Node | undefined,
      node: ts.Node,
    ): {
      symbolKind: ts.ScriptElementKind;
      displayParts: ts.SymbolDisplayPart[];
      documentation: ts.SymbolDisplayPart[];
      tags: ts.JSDocTagInfo[];
    };
  };
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  getContainerNode(node: ts.Node): ts.Node | undefined;
  createTextSpanFromNode(node: ts.Node, file: ts.SourceFile): ts.TextSpan;
}

const internals = ts as unknown as Internals;
const load = createRequire(__filename);

/** The diagnostic by which tslab recognises a top-level await; its fork of TypeScript reports it, the published one does not. */
const topLevelAwaitCode = 1308;

/** Every top-level `await`, `for await` and `await using` of a cell, as the diagnostics that tslab waits for. */
function topLevelAwaits(file: ts.SourceFile): ts.Diagnostic[] {
  const found: ts.Diagnostic[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    const keyword = awaitKeyword(node, file);
    if (keyword) {
      const start = keyword.getStart(file);
      found.push({
        file,
        start,
        length: keyword.end - start,
        code: topLevelAwaitCode,
        category: ts.DiagnosticCategory.Error,
        messageText: "await at top level",
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function awaitKeyword(node: ts.Node, file: ts.SourceFile): ts.Node | undefined {
  if (ts.isAwaitExpression(node)) return node.getFirstToken(file);
  if (ts.isForOfStatement(node)) return node.awaitModifier;
  const { AwaitUsing } = ts.NodeFlags;
  // `await using` is two flags at once; either alone means something else.
  const awaitsDisposal =
    ts.isVariableDeclarationList(node) && (node.flags & AwaitUsing) === (AwaitUsing as number);
  return awaitsDisposal ? node.getFirstToken(file) : undefined;
}

/** All that is wrong with `files`, and where they await at top level. */
function getPreEmitDiagnosticsOfFiles(
  program: ts.Program,
  files: readonly ts.SourceFile[],
): readonly ts.Diagnostic[] {
  const diagnostics: ts.Diagnostic[] = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
  ];
  for (const file of files) {
    diagnostics.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
    if (!file.isDeclarationFile)
      diagnostics.push(...program.getDeclarationDiagnostics(file), ...topLevelAwaits(file));
  }
  return ts.sortAndDeduplicateDiagnostics(diagnostics);
}

/** The type and documentation of the symbol at `position`, as an editor shows them on hover. */
function getQuickInfoAtPosition(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  _cancellation: unknown,
  position: number,
): ts.QuickInfo | undefined {
  let node = internals.getTouchingPropertyName(file, position);
  if (node === file) return undefined;
  if (ts.isNewExpression(node.parent) && node.pos === node.parent.pos) node = node.parent.expression;
  const symbol = checker.getSymbolAtLocation(node);
  if (!symbol) return undefined;
  const { symbolKind, ...shown } = internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
    checker,
    symbol,
    file,
    internals.getContainerNode(node),
    node,
  );
  const textSpan = internals.createTextSpanFromNode(node, file);
  return { kind: symbolKind, kindModifiers: "", textSpan, ...shown };
}

/** `node_modules/@types` of `folder` and of each folder above it, then the kernel's own. */
function typeRoots(folder: string): string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const root = join(at, "node_modules", "@types");
    if (existsSync(root)) roots.push(root);
    if (dirname(at) === at) break;
  }
  roots.push(dirname(dirname(load.resolve("@types/node/package.json"))));
  return roots;
}

/** What cells have without an import; it lies beside the sources, one above the built files. */
const cellGlobals = join(__dirname, __dirname.endsWith("dist") ? ".." : ".", "globals.d.ts");

/** Options of tslab's fork, or of older TypeScript, that TypeScript 6 rejects. */
const retiredOptions = new Set(["disableTopLevelAwait", "noImplicitUseStrict"]);

/** tslab's compiler options, less what TypeScript 6 no longer knows, plus what the course's own code is checked with. */
function cellOptions(options: ts.CompilerOptions, cwd: string): ts.CompilerOptions {
  const known = Object.entries(options).filter(([name]) => !retiredOptions.has(name));
  return {
    ...Object.fromEntries(known),
    strict: true,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node", cellGlobals],
    typeRoots: typeRoots(cwd),
    lib: ["lib.esnext.d.ts"],
    inlineSourceMap: true,
  };
}

/** The published TypeScript with the few functions that tslab's fork adds to it. */
function typescriptForTslab(cwd: string, maps: Map<string, readonly SourceMapPayload[]>): object {
  const createWatchCompilerHost = (
    files: readonly string[],
    options: ts.CompilerOptions,
    system: ts.System,
    ...rest: [undefined, ts.DiagnosticReporter, ts.WatchStatusReporter]
  ): ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.SemanticDiagnosticsBuilderProgram> => {
    const host = ts.createWatchCompilerHost<ts.SemanticDiagnosticsBuilderProgram>(
      [...files],
      cellOptions(options, cwd),
      system,
      ...rest,
    );
    return Object.assign(host, resolveFromCellsOrKernel(host, { cwd, kernelFolder: __dirname }));
  };
  const getCompletionsAtPositionForTslab = (...rest: unknown[]): ts.CompletionInfo | undefined =>
    internals.Completions.getCompletionsAtPosition(...rest);
  return {
    ...ts,
    createWatchCompilerHost,
    transpileModule: mappedTranspileModule(maps),
    getPreEmitDiagnosticsOfFiles,
    getQuickInfoAtPosition,
    getDefaultTypeRoots: () => typeRoots(cwd),
    getNullTransformationContext: () => internals.nullTransformationContext,
    Completions: { ...internals.Completions, getCompletionsAtPositionForTslab },
  };
}

const mapComment = /\n?\/\/# sourceMappingURL=(?:data:application\/json;base64,)?(\S*)\s*$/;

/** `ts.transpileModule`, tslab's last step, which also notes the way back: its own map and the one in its input. */
function mappedTranspileModule(maps: Map<string, readonly SourceMapPayload[]>): typeof ts.transpileModule {
  return (input, options) => {
    const inner = mapComment.exec(input)?.[1];
    const result = ts.transpileModule(input.replace(mapComment, ""), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
    });
    const outputText = result.outputText.replace(mapComment, "");
    const texts = [result.sourceMapText, inner && Buffer.from(inner, "base64").toString("utf8")];
    const parsed = texts.filter((text): text is string => text !== undefined && text !== "");
    maps.set(
      outputText,
      parsed.map((text) => JSON.parse(text) as SourceMapPayload),
    );
    return { ...result, outputText };
  };
}

/** Installed packages do not change while a kernel runs; watching their hundreds of files would cost a watch handle each. */
function watchOnlyOwnFiles(): void {
  const watchFile = ts.sys.watchFile?.bind(ts.sys);
  if (!watchFile) return;
  ts.sys.watchFile = (path, ...rest) =>
    /\.d\.[cm]?ts$|[\\/]node_modules[\\/]|package\.json$/.test(path)
      ? { close: () => undefined }
      : watchFile(path, ...rest);
}

/**
 * The compiler for cells that lie, as it were, in the folder `cwd`.
 *
 * tslab asks for its own fork of TypeScript 5.0.4 by name, so the published TypeScript takes that name in Node's module
 * cache before tslab loads. It can be done once a process, and for one folder.
 */
export function createCellCompiler(cwd: string): CellCompiler {
  const name = load.resolve("@tslab/typescript-for-tslab");
  if (load.cache[name]) throw new Error("createCellCompiler() must run before tslab is loaded, and once");
  const substitute = new Module(name);
  substitute.filename = name;
  substitute.loaded = true;
  const maps = new Map<string, readonly SourceMapPayload[]>();
  substitute.exports = typescriptForTslab(cwd, maps);
  load.cache[name] = substitute;
  watchOnlyOwnFiles();

  const converter = load("tslab/dist/converter") as typeof TslabConverter;
  const metadata = load("tslab/dist/metadata") as typeof TslabMetadata;
  return {
    ...converter.createConverter({ isJS: false, isBrowser: false }),
    isComplete: converter.isCompleteCode,
    metadata: metadata.getCodeMetadata,
    takeSourceMaps(output) {
      const found = maps.get(output) ?? [];
      // Local modules leave maps here that nobody asks for.
      maps.clear();
      return found;
    },
    get tslab() {
      return load("tslab") as unknown;
    },
  };
}
