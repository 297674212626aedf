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

/**
 * What JavaScript's library has gained since the oldest Node that the kernel runs on: TypeScript's name for each part, and something of it that
 * the running Node either has or has not. The checker knows what is there, so a cell is told of what is missing before it runs.
 */
const newer: Readonly<Record<string, string>> = {
  "es2024.collection": "Map.groupBy",
  "es2024.object": "Object.groupBy",
  "es2024.promise": "Promise.withResolvers",
  "es2025.collection": "Set.prototype.union",
  "es2025.float16": "Float16Array",
  "es2025.intl": "Intl.DurationFormat",
  "es2025.iterator": "Iterator",
  "es2025.promise": "Promise.try",
  "es2025.regexp": "RegExp.escape",
  "esnext.array": "Array.fromAsync",
  "esnext.collection": "Map.prototype.getOrInsert",
  "esnext.date": "Date.prototype.toTemporalInstant",
  "esnext.disposable": "DisposableStack",
  "esnext.error": "Error.isError",
  "esnext.sharedmemory": "Atomics.pause",
  "esnext.temporal": "Temporal",
  "esnext.typedarrays": "Uint8Array.fromBase64",
};

/** Whether this Node has what a path such as `Map.groupBy` names; a getter on the way is not asked. */
const isThere = (path: string): boolean => {
  const steps = path.split(".");
  const last = steps.pop()!;
  const holder = steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], globalThis);
  return last in (holder as object);
};

/** The parts of JavaScript's library that this Node has, in the order in which TypeScript lists them. */
const library = [
  "es2023",
  ..."arraybuffer regexp sharedmemory string".split(" ").map((part) => `es2024.${part}`),
  "esnext.decorators",
]
  .concat(Object.keys(newer).filter((part) => isThere(newer[part]!)))
  .map((part) => `lib.${part}.d.ts`);

/** What a notebook's own settings may change. */
const defaults: ts.CompilerOptions = {
  lib: library,
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
  target: ts.ScriptTarget.ES2024,
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
