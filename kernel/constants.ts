// Constants, classes and the like that a function of an earlier cell changes: it was written when the name was a variable's, and V8 keeps one for both.
import ts from "typescript";
import { flatten, type Diagnostic } from "./diagnostic";
import type { SessionNames } from "./names";
import { isAssignmentTarget, isClosure } from "./syntax";

/** What functions and classes of the session's cells assign to. */
export class AssignedNames {
  readonly #byCell = new Map<string | undefined, Set<string>>();

  /** Notes a cell, by what the notebook calls it, and gives a warning for each name that it fixes and that a function of another cell assigns to. */
  warnings(cell: ts.SourceFile, names: SessionNames, cellName: string | undefined): Diagnostic[] {
    // Cells without a name are never the same one.
    const others = [...this.#byCell].filter(([other]) => other === undefined || other !== cellName);
    const found = names
      .fixed()
      .filter(({ text }) => others.some(([, assigned]) => assigned.has(text)))
      .flatMap((id) => warning(cell, id));
    const before = cellName === undefined ? this.#byCell.get(undefined) : undefined;
    const assigned = before ?? new Set<string>();
    this.#byCell.set(cellName, assigned);
    const visit = (node: ts.Node, isWithin: boolean): void => {
      if (isWithin && ts.isIdentifier(node) && isAssignmentTarget(node))
        if (names.mayBeShared(node) && !names.isConstant(node)) assigned.add(node.text);
      ts.forEachChild(node, (child) => {
        visit(child, isWithin || isClosure(node));
      });
    };
    visit(cell, false);
    return found;
  }
}

function warning(file: ts.SourceFile, id: ts.Identifier): Diagnostic[] {
  const { text } = id;
  const at = {
    file,
    start: id.getStart(file),
    length: text.length,
    category: ts.DiagnosticCategory.Warning,
    code: 2588,
  };
  const messageText = `a function of an earlier cell assigns to ${text}, which was a variable then; if it is called again it changes what this cell declares. Choose another name here, or run the function's cell again without the assignment.`;
  return flatten({ ...at, messageText }, undefined);
}
