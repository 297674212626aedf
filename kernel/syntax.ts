// Questions about TypeScript's syntax, and nodes made from others.
import ts from "typescript";

const { factory: f } = ts;

/** Functions of TypeScript that are there at run time but not declared. */
interface Internals {
  /** Whether something is assigned to an expression, also by a pattern or the head of a loop. */
  readonly isAssignmentTarget: (node: ts.Node) => boolean;
  /** What stands in parentheses or is asserted to have a type. */
  readonly skipOuterExpressions: (node: ts.Expression) => ts.Expression;
  /** Whether one of these words stands before a declaration. */
  readonly hasSyntacticModifier: (node: ts.Node, flags: ts.ModifierFlags) => boolean;
}

export const { hasSyntacticModifier, skipOuterExpressions } = ts as unknown as Internals;

/** Whether something is assigned to an expression, also where its type is asserted: `(a as number) = 1`. */
export function isAssignmentTarget(node: ts.Node): boolean {
  const { parent } = node;
  const isOuter =
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isTypeAssertionExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isParenthesizedExpression(parent);
  return isOuter ? isAssignmentTarget(parent) : (ts as unknown as Internals).isAssignmentTarget(node);
}

/** What TypeScript's binder found that a file declares. */
export const localsOf = (file: ts.SourceFile): ts.SymbolTable | undefined =>
  (file as unknown as { locals?: ts.SymbolTable }).locals;

/** Functions and classes: what runs later, or again. */
export const isClosure = (node: ts.Node): boolean => ts.isFunctionLike(node) || ts.isClassLike(node);

/** Whether declarations are those of a `var`. */
export const isVarList = (node: ts.Node): node is ts.VariableDeclarationList =>
  ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0;

/** The identifiers that a declaration's name binds. */
export function boundNames(name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

/** A node that stands for another, with its place in the cell. */
export function from<T extends ts.Node>(made: T, node: ts.Node): T {
  ts.setSourceMapRange(made, ts.getSourceMapRange(node));
  return ts.setOriginalNode(made, node);
}

/** A value that is called `name` if it is a function or a class without a name. */
export function namedAs(name: string, value: ts.Expression): ts.Expression {
  const inner = skipOuterExpressions(value);
  const isNameless =
    ts.isArrowFunction(inner) ||
    ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && inner.name === undefined);
  if (!isNameless) return value;
  const key = f.createStringLiteral(name);
  const holder = f.createObjectLiteralExpression([
    f.createPropertyAssignment(f.createComputedPropertyName(key), value),
  ]);
  return f.createElementAccessExpression(holder, key);
}

const awaitUsing: number = ts.NodeFlags.AwaitUsing;

/** The first place at which a function's body or a file waits itself, functions inside it aside. */
export function firstWait(node: ts.Node): ts.Node | undefined {
  const isWait =
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (ts.isVariableDeclarationList(node) && (node.flags & awaitUsing) === awaitUsing);
  return isWait ? node : ts.forEachChild(node, (child) => (isClosure(child) ? undefined : firstWait(child)));
}

export const isImportCall = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;

export const isImportMeta = (node: ts.Node): boolean =>
  ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;

/** Whether a statement adds to the platform's types, or to those of a module. */
export const isAugmentation = (node: ts.Node): boolean =>
  ts.isModuleDeclaration(node) &&
  (ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0);
