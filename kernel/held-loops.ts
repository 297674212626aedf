// Which loops of a cell's top level hold the session's variables as their own while they run, because V8 writes those to memory on every turn.
import ts from "typescript";
import { boundNames, firstWait, isClosure, isAssignmentTarget, isVarList } from "./syntax";
import { heldNames } from "./force";
import { runtimeName, type SessionNames } from "./names";

const { factory: f } = ts;

/** Names by which a cell may run code that no cell's text shows: it may read any variable. */
const dynamic = ["eval", "Function", "constructor"];
const dynamicModule = /["'`](data:|(node:)?(vm|inspector(\/promises)?|module|repl)["'`])/;

/**
 * A loop may hold a variable only while nobody else can see it: no function or class of any cell so far names it, and no code is made from
 * strings. Then it is the same whether the loop counts in the session's variable or in its own, which it gives back at its end.
 */
export class HeldLoops {
  /** Names that functions and classes of cells have used and that may mean a variable of the session. */
  readonly #shared = new Set<string>();
  #isDynamic = false;

  /** The loops of a cell that hold variables, with the names under which these run. */
  of(cell: ts.SourceFile, names: SessionNames): ReadonlyMap<ts.Node, readonly string[]> {
    const { identifiers } = cell as unknown as { identifiers: ReadonlyMap<string, string> };
    this.#isDynamic ||= dynamic.some((name) => identifiers.has(name)) || dynamicModule.test(cell.text);
    const loops: ts.Node[] = [];
    const visit = (node: ts.Node): void => {
      if (isClosure(node) || ts.isModuleDeclaration(node)) this.#share(node, names);
      else if (ts.isIterationStatement(node, true) && firstWait(node) === undefined) {
        loops.push(node);
        this.#shareWithin(node, names);
      } else ts.forEachChild(node, visit);
    };
    visit(cell);
    if (this.#isDynamic) return new Map();
    const found = loops.map((loop) => [loop, this.#held(loop, names)] as const);
    return new Map(found.filter(([, held]) => held.length > 0));
  }

  #shareWithin(node: ts.Node, names: SessionNames): void {
    ts.forEachChild(node, (child) => {
      if (isClosure(child)) this.#share(child, names);
      else this.#shareWithin(child, names);
    });
  }

  #share(node: ts.Node, names: SessionNames): void {
    if (ts.isIdentifier(node) && names.mayBeShared(node)) this.#shared.add(node.text);
    ts.forEachChild(node, (child) => {
      this.#share(child, names);
    });
  }

  /** The variables that a loop assigns to and may hold. */
  #held(loop: ts.Node, names: SessionNames): string[] {
    const found = new Set<string>();
    const add = (id: ts.Identifier): void => {
      if (!this.#shared.has(id.text) && names.isVariableBefore(id, loop)) found.add(runtimeName(id.text));
    };
    const visit = (node: ts.Node): void => {
      if (isClosure(node)) return;
      if (ts.isIdentifier(node) && isAssignmentTarget(node)) add(node);
      if (isVarList(node))
        for (const one of node.declarations) for (const id of boundNames(one.name)) add(id);
      ts.forEachChild(node, visit);
    };
    visit(loop);
    return [...found];
  }
}

/**
 * A loop that holds variables:
 *
 *     { const held = { x }, keep = (values) => { ({ x } = values); };
 *       { let { x } = held; try { LOOP } finally { keep({ x }); } } }
 *
 * Within, `x` is the loop's own. Code that is ended by force runs no `finally`, so the force calls `keep` itself (`force.ts`).
 */
export function holding(loop: ts.Statement, names: readonly string[]): ts.Statement {
  const values = (): ts.Expression =>
    f.createObjectLiteralExpression(names.map((name) => f.createShorthandPropertyAssignment(name)));
  const constant = (name: string, value: ts.Expression): ts.VariableDeclaration =>
    f.createVariableDeclaration(name, undefined, undefined, value);
  const declared = (flags: ts.NodeFlags, ...all: ts.VariableDeclaration[]): ts.Statement =>
    f.createVariableStatement(undefined, f.createVariableDeclarationList(all, flags));
  const held = f.createIdentifier(heldNames.values);
  const assigned = f.createParenthesizedExpression(f.createAssignment(values(), held));
  const keep = f.createArrowFunction(
    undefined,
    undefined,
    [f.createParameterDeclaration(undefined, undefined, held)],
    undefined,
    undefined,
    f.createBlock([f.createExpressionStatement(assigned)]),
  );
  const pattern = f.createObjectBindingPattern(
    names.map((name) => f.createBindingElement(undefined, undefined, name)),
  );
  const kept = f.createCallExpression(f.createIdentifier(heldNames.keep), undefined, [values()]);
  return f.createBlock([
    declared(ts.NodeFlags.Const, constant(heldNames.values, values()), constant(heldNames.keep, keep)),
    f.createBlock([
      declared(ts.NodeFlags.Let, f.createVariableDeclaration(pattern, undefined, undefined, held)),
      f.createTryStatement(
        f.createBlock([loop]),
        undefined,
        f.createBlock([f.createExpressionStatement(kept)]),
      ),
    ]),
  ]);
}
