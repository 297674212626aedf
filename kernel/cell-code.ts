// What of a cell V8's REPL mode does not know: imports, exports, the last expression's value, and the check after each `await`.
import ts from "typescript";
import { gateKey, type Gate } from "./gate";
import { holding } from "./held-loops";
import { runtimeName, type SessionNames } from "./names";
import {
  firstWait,
  from,
  hasSyntacticModifier,
  isAssignmentTarget,
  isClosure,
  isImportCall,
  isImportMeta,
  namedAs,
  skipOuterExpressions,
} from "./syntax";

const { factory: f } = ts;

/** `false["residual.kernel"].member` */
export const reach = (member: keyof Gate): ts.PropertyAccessExpression =>
  f.createPropertyAccessExpression(
    f.createElementAccessExpression(f.createFalse(), f.createStringLiteral(gateKey)),
    member,
  );

/** `false["residual.kernel"].method(...)` */
export const call = (method: keyof Gate, ...args: ts.Expression[]): ts.Expression =>
  f.createCallExpression(reach(method), undefined, args);

const statement = (expression: ts.Expression): ts.Statement => f.createExpressionStatement(expression);

const assign = (target: ts.Expression, value: ts.Expression): ts.Statement =>
  statement(f.createAssignment(target, value));

/** What Node gives a CommonJS module as parameters, and what a cell has in its place. */
const moduleNames = new Map<string, keyof Gate>([
  ["require", "require"],
  ["module", "module"],
  ["__dirname", "dirname"],
  ["__filename", "filename"],
]);

/** Options for {@link cellCode}. */
export interface CellCodeOptions {
  /** UTF-16 units of the cell as it was written; what stands behind only helps the compiler. */
  readonly length: number;
  readonly names: SessionNames;
  /** Whether an earlier cell has declared a name as a variable: it hides what an import puts on the global object. */
  readonly isVariable: (name: string) => boolean;
  /** Takes the names of imports that become variables. */
  readonly declare: (name: string) => void;
  /** The module that a specifier stands for at run time. */
  readonly resolve: (specifier: ts.Expression) => ts.Expression;
  /** Loops that hold variables of the session, with these variables' names as they run. */
  readonly held: ReadonlyMap<ts.Node, readonly string[]>;
}

/** The transformation of a cell's TypeScript before its types are removed. */
export const cellCode =
  (cell: ts.SourceFile, options: CellCodeOptions): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (file) =>
    file === cell ? new CellTransformer(context, options).file(file) : file;

/** What `a ??= b` and its like do before they assign. */
const shortCircuits = new Map<ts.SyntaxKind, ts.LogicalOperator | ts.SyntaxKind.QuestionQuestionToken>([
  [ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.QuestionQuestionToken],
  [ts.SyntaxKind.BarBarEqualsToken, ts.SyntaxKind.BarBarToken],
  [ts.SyntaxKind.AmpersandAmpersandEqualsToken, ts.SyntaxKind.AmpersandAmpersandToken],
]);

/** Assignments by which a nameless function or class gets the name of the variable. */
const givesName = ({ kind }: ts.Node): boolean =>
  kind === ts.SyntaxKind.EqualsToken || shortCircuits.has(kind);

const isTypeOnly = ({ importClause }: ts.ImportDeclaration): boolean =>
  importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;

class CellTransformer {
  readonly #context: ts.TransformationContext;
  readonly #options: CellCodeOptions;
  /** In an async function: the variable that holds the cell that called it. */
  #caller: ts.Identifier | undefined;
  /** Whether `this` is a function's or a class's own; at a cell's top level it is undefined, as in a module. */
  #hasThis = false;

  constructor(context: ts.TransformationContext, options: CellCodeOptions) {
    this.#context = context;
    this.#options = options;
  }

  file(file: ts.SourceFile): ts.SourceFile {
    const own = file.statements.filter(({ pos }) => pos < this.#options.length);
    const last = own.findLastIndex((one) => !ts.isExportDeclaration(one) && !ts.isEmptyStatement(one));
    const imports: ts.Statement[] = [];
    const statements = own.flatMap((one, i) => {
      if (ts.isImportDeclaration(one)) {
        for (const made of this.#import(one)) imports.push(made);
      } else if (ts.isExportDeclaration(one)) {
        if (one.moduleSpecifier) imports.push(statement(this.#loaded(one.moduleSpecifier, one.attributes)));
      } else if (ts.isImportEqualsDeclaration(one)) return this.#importEquals(one);
      else {
        const visited = this.#top(one, i === last);
        const isDone = visited.length === 0 || visited.every(ts.isExpressionStatement);
        return isDone ? visited : [...visited, assign(reach("reached"), f.createNumericLiteral(i + 1))];
      }
      return [];
    });
    // As in a module, imports come before all else.
    if (imports.length > 0) imports.push(assign(reach("reached"), f.createNumericLiteral(0)));
    return f.updateSourceFile(file, [...imports, ...statements]);
  }

  #top(node: ts.Statement, isLast: boolean): ts.Statement[] {
    const expression = expressionOf(node);
    if (!expression) return [this.#renamedClass(node) ?? withoutExport(this.#visit(node) as ts.Statement)];
    const visited = this.#visit(expression) as ts.Expression;
    // A module's nameless default has a name all the same.
    const value = ts.isExpressionStatement(node) ? visited : namedAs("default", visited);
    const kept = isLast ? assign(reach("result"), value) : statement(value);
    return [ts.setTextRange(kept, node)];
  }

  /** A class that runs under another name keeps its own, by which it knows itself. */
  #renamedClass(node: ts.Statement): ts.Statement | undefined {
    if (!ts.isClassDeclaration(node) || !node.name || !this.#options.names.isRenamed(node.name))
      return undefined;
    if (hasSyntacticModifier(node, ts.ModifierFlags.Ambient)) return undefined;
    const { modifiers, typeParameters, heritageClauses, members } = withoutExport(
      this.#visit(node) as ts.ClassDeclaration,
    );
    const own = f.createClassExpression(modifiers, node.name, typeParameters, heritageClauses, members);
    const made = f.createVariableDeclaration(this.#named(node.name), undefined, undefined, from(own, node));
    return from(
      f.createVariableStatement(undefined, f.createVariableDeclarationList([made], ts.NodeFlags.Let)),
      node,
    );
  }

  #loaded(specifier: ts.Expression, attributes?: ts.ImportAttributes): ts.Expression {
    const options = attributes
      ? [
          f.createObjectLiteralExpression([
            f.createPropertyAssignment(
              "with",
              f.createObjectLiteralExpression(
                attributes.elements.map(({ name, value }) => f.createPropertyAssignment(name, value)),
              ),
            ),
          ]),
        ]
      : [];
    return this.#resumed(
      f.createAwaitExpression(call("waited", call("load", this.#options.resolve(specifier), ...options))),
    );
  }

  /** `import { a as b } from "c"` as `gate.bind(await gate.load("c"), "b", "a")`. */
  #import(node: ts.ImportDeclaration): ts.Statement[] {
    if (isTypeOnly(node)) return [];
    const loaded = (): ts.Expression => this.#loaded(node.moduleSpecifier, node.attributes);
    const { name, namedBindings } = node.importClause ?? {};
    if (!name && !namedBindings) return [statement(loaded())];
    const pairs: [ts.Identifier, string][] = name ? [[name, "default"]] : [];
    if (namedBindings && ts.isNamespaceImport(namedBindings)) pairs.push([namedBindings.name, "*"]);
    if (namedBindings && ts.isNamedImports(namedBindings))
      for (const element of namedBindings.elements)
        if (!element.isTypeOnly) pairs.push([element.name, (element.propertyName ?? element.name).text]);
    return this.#bound(loaded, pairs).map((one) => ts.setTextRange(one, node));
  }

  #importEquals(node: ts.ImportEqualsDeclaration): ts.Statement[] {
    const { moduleReference, name } = node;
    if (node.isTypeOnly || !this.#options.names.isValue(name)) return [];
    if (ts.isExternalModuleReference(moduleReference)) {
      const required = call("require", moduleReference.expression);
      const module = f.createObjectLiteralExpression([f.createPropertyAssignment("default", required)]);
      return this.#bound(() => module, [[name, "default"]]);
    }
    const own = f.createVariableDeclaration(this.#named(name), undefined, undefined, entity(moduleReference));
    return [f.createVariableStatement(undefined, f.createVariableDeclarationList([own]))];
  }

  /** Binds names to what `module` exports. Types alone need no module at run time. */
  #bound(module: () => ts.Expression, pairs: readonly (readonly [ts.Identifier, string])[]): ts.Statement[] {
    const values = pairs
      .filter(([id]) => this.#options.names.isValue(id))
      .map(([id, exported]) => [this.#named(id).text, exported] as const);
    const literals = (pair: readonly string[]): ts.Expression[] =>
      pair.map((text) => f.createStringLiteral(text));
    const hidden = values.filter(([name]) => this.#options.isVariable(name));
    const live = values.filter((pair) => !hidden.includes(pair));
    for (const [name] of hidden) this.#options.declare(name);
    return [
      ...(live.length > 0 ? [statement(call("bind", module(), ...live.flatMap(literals)))] : []),
      ...hidden.map((pair) =>
        assign(f.createIdentifier(pair[0]), call("bind", module(), ...literals(["", pair[1]]))),
      ),
    ];
  }

  #named(id: ts.Identifier): ts.Identifier {
    return this.#options.names.isRenamed(id)
      ? ts.setTextRange(f.createIdentifier(runtimeName(id.text)), id)
      : id;
  }

  readonly #visit = (node: ts.Node): ts.Node => {
    const visited = this.#visitNode(node);
    const held = this.#options.held.get(node);
    return held ? from(holding(visited as ts.Statement, held), node) : visited;
  };

  #visitNode(node: ts.Node): ts.Node {
    // The class that another extends is an expression, though it may have type arguments.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isIdentifier(node)) return this.#identifier(node);
    if (ts.isShorthandPropertyAssignment(node)) return this.#shorthand(node);
    if (ts.isBindingElement(node)) return this.#bindingElement(node);
    if (node.kind === ts.SyntaxKind.ThisKeyword && !this.#hasThis) return f.createVoidZero();
    if (isClosure(node) && !ts.isArrowFunction(node) && !this.#hasThis) {
      this.#hasThis = true;
      const visited = this.#visit(node);
      this.#hasThis = false;
      return visited;
    }
    if (ts.isFunctionLike(node)) return this.#function(node);
    if (ts.isAwaitExpression(node)) return this.#resumed(this.#awaited(node));
    if (ts.isForOfStatement(node) && node.awaitModifier)
      return withCheck(this.#visitChildren(node), this.#resumed());
    if (ts.isBinaryExpression(node) && givesName(node.operatorToken)) return this.#assignment(node);
    if (ts.isVariableDeclaration(node)) {
      const { name, type, initializer } = this.#visitChildren(node);
      return f.updateVariableDeclaration(node, name, undefined, type, this.#nameKept(node.name, initializer));
    }
    if (isImportMeta(node)) return reach("meta");
    if (isImportCall(node)) {
      const [id, ...options] = this.#visitChildren(node).arguments;
      return call("import", this.#options.resolve(id!), ...options);
    }
    return this.#visitChildren(node);
  }

  #bindingElement(node: ts.BindingElement): ts.Node {
    const { name, propertyName, dotDotDotToken, initializer } = this.#visitChildren(node);
    const isKeyed = ts.isObjectBindingPattern(node.parent) && !propertyName && !dotDotDotToken;
    const key =
      isKeyed && ts.isIdentifier(node.name) && name !== node.name
        ? f.createIdentifier(node.name.text)
        : propertyName;
    return f.updateBindingElement(node, dotDotDotToken, key, name, this.#nameKept(node.name, initializer));
  }

  /** An assignment to a variable that runs under another name, or one that only happens if the variable is empty. */
  #assignment(node: ts.BinaryExpression): ts.Node {
    const visited = this.#visitChildren(node);
    const target = skipOuterExpressions(node.left);
    if (!ts.isIdentifier(target)) return visited;
    const operator = shortCircuits.get(node.operatorToken.kind);
    if (operator !== undefined && this.#options.names.isConstant(target)) {
      const assigned = f.createAssignment(visited.left, visited.right);
      return f.createBinaryExpression(
        this.#named(target),
        operator,
        f.createParenthesizedExpression(assigned),
      );
    }
    const { left, operatorToken, right } = visited;
    return f.updateBinaryExpression(visited, left, operatorToken, this.#nameKept(node.left, right));
  }

  /** What a variable gets: a nameless function or class takes the variable's name as it was written, not as it runs. */
  #nameKept<T extends ts.Expression | undefined>(name: ts.Node, value: T): T | ts.Expression {
    return value && ts.isIdentifier(name) && this.#options.names.isRenamed(name)
      ? namedAs(name.text, value)
      : value;
  }

  #visitChildren<T extends ts.Node>(node: T): T {
    return ts.visitEachChild(node, this.#visit, this.#context);
  }

  #identifier(node: ts.Identifier): ts.Node {
    const member = moduleNames.get(node.text);
    if (member && this.#options.names.isFree(node)) return ts.setTextRange(reach(member), node);
    if (isAssignmentTarget(node) && this.#options.names.isConstant(node))
      return ts.setTextRange(reach("constant"), node);
    return this.#named(node);
  }

  #shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const value = this.#identifier(node.name) as ts.Expression;
    const initial = node.objectAssignmentInitializer;
    const fallback = this.#nameKept(node.name, initial && (this.#visit(initial) as ts.Expression));
    if (value === node.name) return f.updateShorthandPropertyAssignment(node, node.name, fallback);
    const { text } = node.name;
    // `{ __proto__: value }` would be the object's prototype.
    const key = text === "__proto__" ? f.createComputedPropertyName(f.createStringLiteral(text)) : text;
    return f.createPropertyAssignment(key, fallback ? f.createAssignment(value, fallback) : value);
  }

  /** An `await`; at the cell's top level `await gate.waited(...)`. */
  #awaited(node: ts.AwaitExpression): ts.AwaitExpression {
    const visited = this.#visitChildren(node);
    return this.#caller ? visited : f.updateAwaitExpression(visited, call("waited", visited.expression));
  }

  /** `gate.resumed(cell, await ...)`: the cell is read before the wait. */
  #resumed(...value: ts.Expression[]): ts.Expression {
    return call("resumed", this.#caller ?? reach("cell"), ...value);
  }

  /** An async function that waits remembers the cell that called it. */
  #function(node: ts.SignatureDeclaration): ts.Node {
    const outer = this.#caller;
    const { body } = node as { body?: ts.ConciseBody };
    const isWaiting = body !== undefined && firstWait(body) !== undefined;
    this.#caller = isWaiting ? f.createUniqueName("cell") : undefined;
    const caller = this.#caller;
    const visited = this.#visitChildren(node);
    this.#caller = outer;
    if (!caller) return visited;
    const own = f.createVariableDeclaration(caller, undefined, undefined, reach("cell"));
    const remember = f.createVariableStatement(
      undefined,
      f.createVariableDeclarationList([own], ts.NodeFlags.Const),
    );
    return this.#withFirst(visited, remember);
  }

  #withFirst(node: ts.SignatureDeclaration, first: ts.Statement): ts.Node {
    const visit = (child: ts.Node): ts.Node => {
      const { body } = node as { body?: ts.ConciseBody };
      if (child !== body) return child;
      return ts.isBlock(body)
        ? f.updateBlock(body, [first, ...body.statements])
        : f.createBlock([first, ts.setTextRange(f.createReturnStatement(body), body)]);
    };
    return ts.visitEachChild(node, visit, undefined);
  }
}

/** The expression that a statement is, also one that would be a module's nameless default. */
function expressionOf(node: ts.Statement): ts.Expression | undefined {
  if (ts.isExpressionStatement(node) || ts.isExportAssignment(node)) return node.expression;
  if (ts.isFunctionDeclaration(node) && !node.name && node.body)
    return f.createFunctionExpression(
      withoutExport(node).modifiers?.filter(ts.isModifier),
      node.asteriskToken,
      undefined,
      undefined,
      node.parameters,
      undefined,
      node.body,
    );
  if (ts.isClassDeclaration(node) && !node.name)
    return f.createClassExpression(
      withoutExport(node).modifiers,
      undefined,
      undefined,
      node.heritageClauses,
      node.members,
    );
  return undefined;
}

const entity = (name: ts.EntityName | ts.ModuleReference): ts.Expression =>
  ts.isQualifiedName(name)
    ? f.createPropertyAccessExpression(entity(name.left), name.right)
    : (name as ts.Identifier);

/** A declaration of a module's export as a plain one: all that a cell declares is the session's. */
function withoutExport<T extends ts.Statement>(node: T): T & ts.HasModifiers {
  const { ExportKeyword, DefaultKeyword } = ts.SyntaxKind;
  const modified = node as T & ts.HasModifiers;
  const kept = modified.modifiers?.filter(({ kind }) => kind !== ExportKeyword && kind !== DefaultKeyword);
  if (!ts.canHaveModifiers(node) || !kept || kept.length === modified.modifiers?.length) return modified;
  if (ts.canHaveDecorators(node)) return f.replaceDecoratorsAndModifiers(node, kept);
  return f.replaceModifiers(node, kept.filter(ts.isModifier));
}

/** A `for await` whose body begins with the check. */
function withCheck(loop: ts.ForOfStatement, check: ts.Expression): ts.ForOfStatement {
  const body = ts.isBlock(loop.statement) ? loop.statement.statements : [loop.statement];
  const { awaitModifier, initializer, expression } = loop;
  return f.updateForOfStatement(
    loop,
    awaitModifier,
    initializer,
    expression,
    f.createBlock([statement(check), ...body]),
  );
}
