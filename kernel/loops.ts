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
 * millisecond or so meanwhile, since nothing runs any more in a loop that is interrupted: when a budget of turns is spent, the loop is
 * left, and entered again after the copying.
 *
 *     { let s·· = s·, turns·left = 0;
 *       try {
 *         let i = 0;
 *         do {
 *           if (turns·left < 0) { s· = s··; turns·left = pace(); }
 *           for (; i < n; i++) { s·· += i; if (--turns·left < 0) { i++; break; } }
 *         } while (turns·left < 0);
 *       } finally { s· = s··; } }
 *
 * V8 makes much of little here. With the call to pace() within the loop itself, or after it in the same block, or with the budget as a
 * part of the loop's own condition, a short loop is four times slower than in a function; so written it is 1.1 to 1.6 times slower.
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
  const renew = f.createAssignment(f.createIdentifier(counter), f.createCallExpression(pace, undefined, []));
  const paced = savingInTurns(loop, [...back, f.createExpressionStatement(renew)]);
  return f.createBlock([
    declare([...declarations, count]),
    f.createTryStatement(f.createBlock([paced]), undefined, f.createBlock(back)),
  ]);
}

/** Has a loop, and the loops in it, do `save` whenever the budget of turns is spent; while a body runs, the budget is not below 0. */
function savingInTurns(loop: ts.Statement, save: readonly ts.Statement[]): ts.Statement {
  let loops = 0;
  const visit = (node: ts.Node): ts.Node => {
    if (isClosure(node) || ts.isExpression(node)) return node;
    const labels: ts.Identifier[] = [];
    let inner = node;
    for (; ts.isLabeledStatement(inner); inner = inner.statement) labels.unshift(inner.label);
    const visited = ts.visitEachChild(inner, visit, undefined);
    const labeled = (statement: ts.Statement): ts.Statement =>
      labels.reduce((inside, label) => f.createLabeledStatement(label, inside), statement);
    if (!isLoop(visited)) return labels.length > 0 ? labeled(visited as ts.Statement) : visited;
    if (!canBeLeft(visited))
      return labeled(withFirst(visited, [f.createIfStatement(isSpent(), f.createBlock(save))]));
    const turn = f.createIdentifier(`turn·${String(++loops)}`);
    const real = labeled(leavingWhenSpent(visited, turn, new Set(labels.map(({ text }) => text))));
    const isLeft = (): ts.Expression =>
      f.createLessThan(f.createIdentifier(counter), f.createNumericLiteral(0));
    const again = f.createBlock([f.createIfStatement(isLeft(), f.createBlock(save)), real]);
    const head = ts.isForStatement(visited) ? asStatements(visited.initializer) : [];
    return f.createBlock([...head, f.createDoStatement(again, isLeft())]);
  };
  return visit(loop) as ts.Statement;
}

/** One turn less; whether that was one too many. */
const isSpent = (): ts.Expression =>
  f.createLessThan(f.createPrefixDecrement(f.createIdentifier(counter)), f.createNumericLiteral(0));

type ResumableLoop = ts.ForStatement | ts.WhileStatement | ts.DoStatement;

/** Whether a loop may be left after a turn and entered again: all that it remembers from turn to turn stands in variables. */
function canBeLeft(loop: ts.IterationStatement): loop is ResumableLoop {
  if (ts.isWhileStatement(loop) || ts.isDoStatement(loop)) return true;
  if (!ts.isForStatement(loop)) return false;
  const { initializer } = loop;
  if (!initializer || !ts.isVariableDeclarationList(initializer)) return true;
  if ((initializer.flags & ts.NodeFlags.Using) !== 0) return false;
  // A function that sees such a variable sees another one each turn.
  const names = initializer.declarations.flatMap(({ name }) => boundNames(name)).map(({ text }) => text);
  return !isMentionedByClosures(loop, new Set(names));
}

/** Whether a function or class inside `node` mentions one of the names. */
function isMentionedByClosures(node: ts.Node, names: ReadonlySet<string>, inside = false): boolean {
  if (inside && ts.isIdentifier(node) && names.has(node.text)) return true;
  const within = inside || isClosure(node);
  return ts.forEachChild(node, (child) => isMentionedByClosures(child, names, within) || undefined) === true;
}

function asStatements(initializer: ts.ForInitializer | undefined): ts.Statement[] {
  if (!initializer) return [];
  return ts.isVariableDeclarationList(initializer)
    ? [f.createVariableStatement(undefined, initializer)]
    : [f.createExpressionStatement(initializer)];
}

/** A loop, less its head, that ends between two turns when the budget is spent. What goes on with its next turn ends the block `turn`. */
function leavingWhenSpent(
  loop: ResumableLoop,
  turn: ts.Identifier,
  labels: ReadonlySet<string>,
): ts.IterationStatement {
  const visit = (node: ts.Node, isInner: boolean): ts.Node => {
    if (isClosure(node) || ts.isExpression(node)) return node;
    if (ts.isContinueStatement(node) && (node.label ? labels.has(node.label.text) : !isInner))
      return f.createBreakStatement(turn);
    const within = isInner || isLoop(node);
    return ts.visitEachChild(node, (child) => visit(child, within), undefined);
  };
  const visited = visit(loop.statement, false) as ts.Statement;
  const leave = f.createBlock([...betweenTurns(loop), f.createBreakStatement()]);
  const body = f.createBlock([
    visited === loop.statement ? visited : f.createLabeledStatement(turn, visited),
    f.createIfStatement(isSpent(), leave),
  ]);
  return replaceBody(ts.isForStatement(loop) ? withoutHead(loop) : loop, body);
}

const withoutHead = (loop: ts.ForStatement): ts.ForStatement =>
  f.updateForStatement(loop, undefined, loop.condition, loop.incrementor, loop.statement);

/** What a loop does between a turn's body and where it is entered again, which is at its condition, or a `do` at its body. */
function betweenTurns(loop: ResumableLoop): ts.Statement[] {
  if (ts.isForStatement(loop)) return loop.incrementor ? [f.createExpressionStatement(loop.incrementor)] : [];
  if (ts.isWhileStatement(loop)) return [];
  const end = f.createAssignment(f.createIdentifier(counter), f.createNumericLiteral(0));
  return [f.createIfStatement(f.createLogicalNot(loop.expression), f.createExpressionStatement(end))];
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
