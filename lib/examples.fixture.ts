// For tests: the `@example` of every public function, as the compiler reads them from the documentation of the library's index.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** One public function or class with the examples in its documentation. */
export interface Documented {
  /** As users write it: `train.fit`. The tables of a folder that is exported under two names count once. */
  readonly name: string;
  readonly examples: readonly string[];
}

const library = dirname(fileURLToPath(import.meta.url));

/** Reads the types; takes some seconds. */
export function documentedFunctions(): readonly Documented[] {
  const config = ts.readConfigFile(`${dirname(library)}/tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, dirname(library));
  const program = ts.createProgram([`${library}/index.ts`], options);
  const checker = program.getTypeChecker();
  const declared = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const found = new Map<ts.Symbol, Documented>();
  for (const namespace of checker.getExportsOfModule(
    checker.getSymbolAtLocation(program.getSourceFile(`${library}/index.ts`)!)!,
  )) {
    for (const exported of checker.getExportsOfModule(declared(namespace))) {
      const symbol = declared(exported);
      if (!(symbol.flags & ts.SymbolFlags.Value) || found.has(symbol)) continue;
      const file = symbol.declarations?.[0]?.getSourceFile().fileName;
      const type = checker.getTypeOfSymbol(symbol);
      const isCalled = type.getCallSignatures().length + type.getConstructSignatures().length > 0;
      if (!isCalled || file?.startsWith(library) !== true) continue;
      const examples = symbol
        .getJsDocTags(checker)
        .filter((tag) => tag.name === "example")
        .map((tag) => ts.displayPartsToString(tag.text));
      found.set(symbol, { name: `${namespace.name}.${exported.name}`, examples });
    }
  }
  return [...found.values()];
}

/**
 * An example as the body of an async function: each expression with a comment behind it on its line calls `expect_` with its value and
 * the comment's text. Types are taken away.
 */
export function runnable(example: string): string {
  const code = example.replaceAll(/^```\w*\n?|```$/gm, "");
  const file = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true);
  let body = "";
  for (const statement of file.statements) {
    const behind = ts.getTrailingCommentRanges(code, statement.end)?.[0];
    const text = statement.getText(file).replace(/;$/, "");
    body +=
      ts.isExpressionStatement(statement) && behind !== undefined
        ? `expect_(${text}, ${JSON.stringify(code.slice(behind.pos + 2, behind.end).trim())});\n`
        : `${text};\n`;
  }
  return ts.transpile(body, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext });
}
