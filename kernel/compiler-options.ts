// How cells are checked and compiled: what cells need, and above that the tsconfig.json that lies beside the notebook.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Diagnostic } from "./diagnostic";

const load = createRequire(__filename);

/** Where TypeScript looks for `@types` packages by itself from `folder`, then the kernel's own. */
const typeRoots = (folder: string): string[] => [
  ...ts.getEffectiveTypeRoots({}, { getCurrentDirectory: () => folder })!,
  dirname(dirname(load.resolve("@types/node/package.json"))),
];

/** What cells have without an import; it lies beside the sources, one above the built files. */
const cellGlobals = join(__dirname, __dirname.endsWith("dist") ? ".." : ".", "globals.d.ts");

/** What a notebook's own settings may change. */
const defaults: ts.CompilerOptions = {
  lib: ["lib.esnext.d.ts"],
  strict: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  allowJs: true,
  checkJs: false,
  jsx: ts.JsxEmit.React,
  skipLibCheck: true,
};

/** What it may not, because cells run as they do: one script each, remembered by its declarations. */
const fixed: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  preserveConstEnums: true,
  noEmitOnError: false,
  declaration: true,
  sourceMap: true,
};

/** Settings of a project that say nothing about what its code means. */
const unread =
  /^(outDir|outFile|rootDirs?|(declaration|source|inline)\w*|emit\w+Only|noEmit|composite|incremental|tsBuildInfoFile|isolated\w+|verbatimModuleSyntax|removeComments|noUnused\w+|configFilePath)$/;

/** The options for the cells of a notebook in the folder `cwd`, and what of its tsconfig.json is not understood. */
export function compilerOptions(cwd: string): {
  readonly options: ts.CompilerOptions;
  readonly problems: readonly Diagnostic[];
} {
  const path = join(cwd, "tsconfig.json");
  const read: { config?: unknown; error?: ts.Diagnostic } = existsSync(path)
    ? ts.readConfigFile(path, (file) => ts.sys.readFile(file))
    : {};
  const parsed = ts.parseJsonConfigFileContent(read.config ?? {}, ts.sys, cwd, undefined, path);
  const own = Object.entries(parsed.options).filter(([name]) => !unread.test(name));
  const options: ts.CompilerOptions = {
    ...defaults,
    ...Object.fromEntries(own),
    ...fixed,
    outDir: join(cwd, ".residual-cells"),
    types: [...new Set(["node", cellGlobals, ...(parsed.options.types ?? [])])],
    typeRoots: parsed.options.typeRoots ?? typeRoots(cwd),
  };
  // Cells need not be among the files that the project names.
  const noFiles = [18002, 18003];
  const problems = [read.error ?? [], parsed.errors].flat().filter(({ code }) => !noFiles.includes(code));
  return { options, problems: problems.map(asDiagnostic) };
}

function asDiagnostic({ messageText, category, code }: ts.Diagnostic): Diagnostic {
  const start = { offset: 0, line: 0, character: 0 };
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  return { start, end: start, messageText: text, category, code, fileName: "tsconfig.json" };
}
