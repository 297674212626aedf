// Puts a type property's snippet into a cell of nbgrader's: compiled with the cell, and never run.
import ts from "typescript";
import { UserError } from "../../notebooks/user-error";

/**
 * The snippet as a function that nobody calls. `declare const x: T` may stand at the top level only, so it becomes a constant of the
 * same type. Lines stay as they are: `@ts-expect-error` is about the line after it.
 * @throws UserError for statements that a function cannot hold: imports, exports, and declarations of anything but variables
 */
export function uncalled(snippet: string): string {
  const file = ts.createSourceFile("snippet.ts", snippet, ts.ScriptTarget.Latest, true);
  const edits: { from: number; to: number; text: string }[] = [];
  for (const statement of file.statements) {
    const [modifier] = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const declares = modifier?.kind === ts.SyntaxKind.DeclareKeyword;
    if (declares && ts.isVariableStatement(statement)) {
      edits.push({ from: modifier.getStart(), to: modifier.end + 1, text: "" });
      // `any` keeps the declared type as it is, where another value would narrow it.
      for (const { end } of statement.declarationList.declarations)
        edits.push({ from: end, to: end, text: " = undefined as any" });
    } else if (modifier || ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
      throw new UserError(
        `a snippet of types may declare variables, and import by import("..."); got ${statement.getText().split("\n")[0]!}`,
      );
    }
  }
  let text = snippet;
  for (const { from, to, text: put } of edits.reverse()) text = text.slice(0, from) + put + text.slice(to);
  return `void (async () => {\n${text}\n});`;
}
