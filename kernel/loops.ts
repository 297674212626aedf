// Makes loops at a cell's top level as fast as loops in a function: inside, variables of the session are plain locals.
import ts from "typescript";
import { boundNames, isClosure, isLoop, type SessionNames } from "./names";
import { slot } from "./slots";

const { factory: f } = ts;

/** What a loop uses of the session's variables. */
export interface LoopVariables {
  readonly read: readonly string[];
  readonly written: readonly string[];
}

/** The local that stands for a variable of the session within a loop. */
export const loopLocal = (name: string): string => `${slot(name)}·`;

const counter = "turns·left";

/** The session's variables that a loop uses itself and that no function can see meanwhile. */
export function loopVariables(
  loop: ts.Node,
  names: SessionNames,
  shared: ReadonlySet<string>,
): LoopVariables {
  const used = new Set<string>();
  const written = new Set<string>();
  const write = (target: ts.Node): void => {
    if (ts.isIdentifier(target)) written.add(target.text);
    else ts.forEachChild(target, write);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || isClosure(node)) return;
    if (ts.isIdentifier(node) && names.refers(node)) used.add(node.text);
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) write(node.left);
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator))
      write(node.operand);
    if (
      (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
      !ts.isVariableDeclarationList(node.initializer)
    )
      write(node.initializer);
    if (ts.isVariableDeclaration(node))
      for (const id of boundNames(node.name))
        if (names.declares(id)) {
          used.add(id.text);
          written.add(id.text);
        }
    ts.forEachChild(node, visit);
  };
  visit(loop);
  const own = [...used].filter((name) => !shared.has(name));
  return {
    read: own.filter((name) => !written.has(name)),
    written: own.filter((name) => written.has(name)),
  };
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

const isStep = (operator: ts.PrefixUnaryOperator | ts.PostfixUnaryOperator): boolean =>
  operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;

const assign = (target: string, value: string): ts.Statement =>
  f.createExpressionStatement(f.createAssignment(f.createIdentifier(target), f.createIdentifier(value)));

/**
 * A loop in which locals stand for the session's variables. They are copied back when the loop ends in any way, and every
 * millisecond or so meanwhile, since nothing runs any more in a loop that is interrupted.
 *
 *     { let s·· = s·, turns·left = 0;
 *       try { for (...) { if (--turns·left < 0) { s· = s··; turns·left = pace(); } s·· += i; } }
 *       finally { s· = s··; } }
 */
export function withLocals(
  loop: ts.Statement,
  { read, written }: LoopVariables,
  pace: ts.Expression,
): ts.Statement {
  const copy = (name: string): ts.VariableDeclaration =>
    f.createVariableDeclaration(loopLocal(name), undefined, undefined, f.createIdentifier(slot(name)));
  const declarations = [...read, ...written].map(copy);
  if (declarations.length === 0) return loop;
  const back = written.map((name) => assign(slot(name), loopLocal(name)));
  const declare = (list: ts.VariableDeclaration[]): ts.Statement =>
    f.createVariableStatement(undefined, f.createVariableDeclarationList(list, ts.NodeFlags.Let));
  if (back.length === 0) return f.createBlock([declare(declarations), loop]);
  const count = f.createVariableDeclaration(counter, undefined, undefined, f.createNumericLiteral(0));
  const save = f.createIfStatement(
    f.createLessThan(f.createPrefixDecrement(f.createIdentifier(counter)), f.createNumericLiteral(0)),
    f.createBlock([
      ...back,
      f.createExpressionStatement(
        f.createAssignment(f.createIdentifier(counter), f.createCallExpression(pace, undefined, [])),
      ),
    ]),
  );
  const saving = savingEachTurn(loop, save);
  return f.createBlock([
    declare([...declarations, count]),
    f.createTryStatement(f.createBlock([saving]), undefined, f.createBlock(back)),
  ]);
}

/** Puts `save` at the beginning of the body of a loop and of the loops in it. */
function savingEachTurn(loop: ts.Statement, save: ts.Statement): ts.Statement {
  const visit = (node: ts.Node): ts.Node => {
    if (isClosure(node) || ts.isExpression(node)) return node;
    const visited = ts.visitEachChild(node, visit, undefined);
    return isLoop(visited) ? withFirst(visited, [save]) : visited;
  };
  return visit(loop) as ts.Statement;
}

/** A loop whose body begins with `statements`. */
export function withFirst<T extends ts.IterationStatement>(loop: T, statements: readonly ts.Statement[]): T {
  const body = ts.isBlock(loop.statement)
    ? f.updateBlock(loop.statement, [...statements, ...loop.statement.statements])
    : f.createBlock([...statements, loop.statement]);
  return replaceBody(loop, body) as T;
}

function replaceBody(loop: ts.IterationStatement, body: ts.Statement): ts.IterationStatement {
  if (ts.isForStatement(loop))
    return f.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
  if (ts.isForInStatement(loop)) return f.updateForInStatement(loop, loop.initializer, loop.expression, body);
  if (ts.isForOfStatement(loop))
    return f.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
  if (ts.isWhileStatement(loop)) return f.updateWhileStatement(loop, loop.expression, body);
  return f.updateDoStatement(loop as ts.DoStatement, body, (loop as ts.DoStatement).expression);
}
