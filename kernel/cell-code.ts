// Turns a cell's syntax into what runs: its top-level names become variables that all cells share.
import ts from "typescript";
import { loopLocal, loopVariables, withFirst, withLocals } from "./loops";
import { boundNames, captured, isClosure, isLoop, waits, type SessionNames } from "./names";
import { kernelName, slot } from "./slots";

const { factory: f } = ts;

/** In an async function: the cell that called it. */
const callerName = "cell·";

const call = (method: string, ...args: ts.Expression[]): ts.Expression =>
  f.createCallExpression(
    f.createPropertyAccessExpression(f.createIdentifier(kernelName), method),
    undefined,
    args,
  );

const statement = (expression: ts.Expression): ts.Statement => f.createExpressionStatement(expression);

const isStatic = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;

/** What the compiler learns of a cell while it transforms it. */
export interface CellCode {
  readonly transformer: ts.TransformerFactory<ts.SourceFile>;
  /** Variables that the functions of this cell use. */
  readonly captured: ReadonlySet<string>;
  /** Names that the cell gives the session at run time. */
  readonly declared: ReadonlySet<string>;
}

/**
 * The transformation of one cell. `shared` names the variables that functions of earlier cells use.
 *
 * A declaration stays as it is and is then copied: `let x = 1` becomes `let x = 1; x· = x;`, and all that uses `x` uses
 * `x·`, a variable of V8's script scope. So a function always sees the latest value, also after another cell declared the
 * name again, and at native speed.
 */
export function cellCode(cell: ts.SourceFile, names: SessionNames, shared: ReadonlySet<string>): CellCode {
  const own = captured(cell, names);
  const visible = new Set([...shared, ...own]);
  const declared = new Set<string>();
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => (file) =>
    file === cell ? new Transformer(context, names, visible, declared).file(file) : file;
  return { transformer, captured: own, declared };
}

/** The transformation of local modules, which are not cells: only what `import()` means changes. */
export const moduleCode: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visit = (node: ts.Node): ts.Node => dynamicImport(ts.visitEachChild(node, visit, context));
  return ts.visitEachChild(file, visit, context);
};

const dynamicImport = (node: ts.Node): ts.Node =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    ? call("import", ...node.arguments)
    : node;

class Transformer {
  readonly #context: ts.TransformationContext;
  readonly #names: SessionNames;
  readonly #visible: ReadonlySet<string>;
  readonly #declared: Set<string>;
  /** Variables that are locals of the loop being visited. */
  #locals: ReadonlySet<string> | undefined;
  #inClosure = false;
  #imports = 0;

  constructor(
    context: ts.TransformationContext,
    names: SessionNames,
    visible: ReadonlySet<string>,
    declared: Set<string>,
  ) {
    this.#context = context;
    this.#names = names;
    this.#visible = visible;
    this.#declared = declared;
  }

  file(file: ts.SourceFile): ts.SourceFile {
    const last = file.statements.findLastIndex(
      (one) => !ts.isExportDeclaration(one) && !ts.isEmptyStatement(one),
    );
    const functions = file.statements.filter(
      (one): one is ts.FunctionDeclaration =>
        ts.isFunctionDeclaration(one) && one.body !== undefined && !isStatic(one),
    );
    // Functions are there before the first statement runs.
    const hoisted = functions.flatMap(({ name }) => (name ? this.#publish([name]) : []));
    const statements = file.statements.flatMap((one, i) => {
      const visited = this.#top(one, i === last);
      const progress = f.createAssignment(
        f.createPropertyAccessExpression(f.createIdentifier(kernelName), "reached"),
        f.createNumericLiteral(i + 1),
      );
      return ts.isExpressionStatement(one) || visited.length === 0
        ? visited
        : [...visited, statement(progress)];
    });
    return f.updateSourceFile(file, [...hoisted, ...statements]);
  }

  #top(node: ts.Statement, isLast: boolean): ts.Statement[] {
    if (ts.isImportDeclaration(node)) return this.#import(node);
    if (ts.isExportDeclaration(node)) return [];
    if (ts.isExportAssignment(node)) return [statement(this.#visit(node.expression) as ts.Expression)];
    if (isLast && ts.isExpressionStatement(node)) {
      const result = f.createPropertyAccessExpression(f.createIdentifier(kernelName), "result");
      const keep = statement(f.createAssignment(result, this.#visit(node.expression) as ts.Expression));
      return [ts.setTextRange(keep, node)];
    }
    return listed(this.#visit(node)).map(withoutExport);
  }

  /** `import { a } from "b"` as `const m = await kernel.load("b"); a· = m.a;`. */
  #import(node: ts.ImportDeclaration): ts.Statement[] {
    const clause = node.importClause;
    const load = f.createAwaitExpression(call("load", node.moduleSpecifier));
    if (!clause) return [statement(load)];
    if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
    const module = f.createIdentifier(`module·${String(++this.#imports)}`);
    const found: ts.Statement[] = [];
    const take = (id: ts.Identifier, value: ts.Expression): void => {
      if (this.#names.isValue(id)) found.push(this.#store(id.text, value));
    };
    const { name, namedBindings } = clause;
    if (name) take(name, f.createPropertyAccessExpression(module, "default"));
    if (namedBindings && ts.isNamespaceImport(namedBindings)) take(namedBindings.name, module);
    if (namedBindings && ts.isNamedImports(namedBindings))
      for (const element of namedBindings.elements) {
        const { propertyName = element.name } = element;
        const member = ts.isStringLiteral(propertyName)
          ? f.createElementAccessExpression(module, propertyName)
          : f.createPropertyAccessExpression(module, propertyName);
        if (!element.isTypeOnly) take(element.name, member);
      }
    // Types alone need no module at run time.
    if (found.length === 0) return [];
    const declaration = f.createVariableDeclaration(module, undefined, undefined, load);
    return [
      f.createVariableStatement(
        undefined,
        f.createVariableDeclarationList([declaration], ts.NodeFlags.Const),
      ),
      ...found,
    ];
  }

  #store(name: string, value: ts.Expression): ts.Statement {
    this.#declared.add(name);
    return statement(f.createAssignment(f.createIdentifier(this.#place(name)), value));
  }

  #place(name: string): string {
    return this.#locals?.has(name) === true ? loopLocal(name) : slot(name);
  }

  #publish(ids: readonly ts.Identifier[]): ts.Statement[] {
    return ids.map((id) => this.#store(id.text, f.createIdentifier(id.text)));
  }

  #owned(list: ts.VariableDeclarationList): ts.Identifier[] {
    return list.declarations
      .flatMap(({ name }) => boundNames(name))
      .filter((id) => !this.#inClosure && this.#names.declares(id));
  }

  readonly #visit = (node: ts.Node): ts.VisitResult<ts.Node | undefined> => {
    if (ts.isTypeNode(node)) return node;
    if (ts.isIdentifier(node))
      return this.#names.refers(node)
        ? ts.setTextRange(f.createIdentifier(this.#place(node.text)), node)
        : node;
    if (ts.isShorthandPropertyAssignment(node) && this.#names.refers(node.name)) {
      const value = f.createIdentifier(this.#place(node.name.text));
      const fallback = node.objectAssignmentInitializer;
      const initializer = fallback
        ? f.createAssignment(value, this.#visit(fallback) as ts.Expression)
        : value;
      return f.createPropertyAssignment(node.name, initializer);
    }
    if (!this.#inClosure && ts.isClassDeclaration(node)) return this.#named(node);
    if (isClosure(node)) return this.#closure(node);
    if (!this.#inClosure) {
      const labeled = ts.isLabeledStatement(node) && isLoop(node.statement) ? node.statement : undefined;
      if (isLoop(node) || labeled)
        return this.#loop(node as ts.Statement, labeled ?? (node as ts.IterationStatement));
      if (ts.isVariableStatement(node)) return this.#variables(node);
      if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return this.#named(node);
    }
    if (ts.isAwaitExpression(node)) {
      const cell = this.#inClosure ? [f.createIdentifier(callerName)] : [];
      const visited = ts.visitEachChild(node, this.#visit, this.#context);
      return call("resumed", visited, ...cell);
    }
    if (ts.isForOfStatement(node) && node.awaitModifier) {
      const visited = ts.visitEachChild(node, this.#visit, this.#context);
      return withFirst(visited, [this.#check()]);
    }
    return dynamicImport(this.#visitChildren(node));
  };

  #visitChildren<T extends ts.Node>(node: T): T {
    return ts.visitEachChild(node, this.#visit, this.#context);
  }

  #check(): ts.Statement {
    const cell = this.#inClosure ? [f.createIdentifier(callerName)] : [];
    return statement(call("resumed", f.createVoidZero(), ...cell));
  }

  /** A function or class: what it uses, it uses whenever it runs. An async one remembers the cell that called it. */
  #closure(node: ts.Node): ts.Node {
    const [outside, locals] = [this.#inClosure, this.#locals];
    this.#inClosure = true;
    this.#locals = undefined;
    const visited = this.#visitChildren(node);
    this.#inClosure = outside;
    this.#locals = locals;
    if (!ts.isFunctionLike(visited) || !waitsItself(node)) return visited;
    return rememberingCaller(visited);
  }

  #named(node: ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration): ts.VisitResult<ts.Node> {
    const { name } = node;
    const visited = ts.isClassDeclaration(node) ? this.#closure(node) : this.#closureLike(node);
    const publishes =
      !isStatic(node) &&
      name &&
      ts.isIdentifier(name) &&
      this.#names.declares(name) &&
      this.#names.isValue(name);
    return publishes ? [visited, ...this.#publish([name])] : visited;
  }

  #closureLike(node: ts.Node): ts.Node {
    const outside = this.#inClosure;
    this.#inClosure = true;
    const visited = this.#visitChildren(node);
    this.#inClosure = outside;
    return visited;
  }

  #variables(node: ts.VariableStatement): ts.VisitResult<ts.Node | undefined> {
    if (isStatic(node)) return undefined;
    const visited = this.#visitChildren(node);
    const plain = f.updateVariableStatement(visited, undefined, visited.declarationList);
    return [plain, ...this.#publish(this.#owned(node.declarationList))];
  }

  #loop(whole: ts.Statement, loop: ts.IterationStatement): ts.VisitResult<ts.Node> {
    if (this.#locals || waits(loop)) return this.#bare(whole, loop);
    const before = ts.isForStatement(loop) ? this.#head(loop) : undefined;
    const variables = loopVariables(whole, this.#names, this.#visible);
    const beforeLoop = before && this.#variables(before);
    this.#locals = new Set([...variables.read, ...variables.written]);
    const visited = this.#bare(whole, loop, before !== undefined);
    this.#locals = undefined;
    const pace = f.createPropertyAccessExpression(f.createIdentifier(kernelName), "pace");
    const fast = withLocals(only(visited), variables, pace);
    return [...listed(beforeLoop), fast];
  }

  /** The `var` declarations of a for loop's head, as a statement before it: their names are the session's. */
  #head(loop: ts.ForStatement): ts.VariableStatement | undefined {
    const { initializer } = loop;
    if (!initializer || !ts.isVariableDeclarationList(initializer) || this.#owned(initializer).length === 0)
      return undefined;
    return f.createVariableStatement(undefined, initializer);
  }

  #bare(whole: ts.Statement, loop: ts.IterationStatement, headIsOut = false): ts.VisitResult<ts.Node> {
    const head = ts.isForStatement(loop) ? this.#head(loop) : undefined;
    const first: ts.Statement[] = [];
    if (
      (ts.isForOfStatement(loop) || ts.isForInStatement(loop)) &&
      ts.isVariableDeclarationList(loop.initializer)
    )
      for (const statement of this.#publish(this.#owned(loop.initializer))) first.push(statement);
    if (ts.isForOfStatement(loop) && loop.awaitModifier) first.push(this.#check());
    let visited = this.#visitChildren(loop);
    if (head && ts.isForStatement(visited))
      visited = f.updateForStatement(
        visited,
        undefined,
        visited.condition,
        visited.incrementor,
        visited.statement,
      );
    if (first.length > 0) visited = withFirst(visited, first);
    const labeled = ts.isLabeledStatement(whole)
      ? f.updateLabeledStatement(whole, whole.label, visited)
      : visited;
    return head && !headIsOut ? [...listed(this.#variables(head)), labeled] : labeled;
  }
}

const listed = (result: ts.VisitResult<ts.Node | undefined>): ts.Statement[] =>
  result === undefined ? [] : ((Array.isArray(result) ? result : [result]) as ts.Statement[]);

const only = (result: ts.VisitResult<ts.Node | undefined>): ts.Statement => {
  const list = listed(result);
  return list.length === 1 ? list[0]! : f.createBlock(list);
};

/** A declaration of a module's export as a plain one: all that a cell declares is the session's. */
function withoutExport(node: ts.Statement): ts.Statement {
  if (!ts.canHaveModifiers(node) || !node.modifiers) return node;
  const { ExportKeyword, DefaultKeyword } = ts.SyntaxKind;
  const kept = node.modifiers.filter(({ kind }) => kind !== ExportKeyword && kind !== DefaultKeyword);
  return kept.length === node.modifiers.length ? node : f.replaceModifiers(node, kept as ts.Modifier[]);
}

/** Whether an async function awaits in its own body. */
function waitsItself(node: ts.Node): boolean {
  const { body } = node as ts.Node & { body?: ts.Node };
  return body !== undefined && waits(body);
}

/** An async function that begins with `const cell· = kernel·.cell`. */
function rememberingCaller(node: ts.Node): ts.Node {
  const remember = f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      [
        f.createVariableDeclaration(
          callerName,
          undefined,
          undefined,
          f.createPropertyAccessExpression(f.createIdentifier(kernelName), "cell"),
        ),
      ],
      ts.NodeFlags.Const,
    ),
  );
  const block = (body: ts.ConciseBody): ts.Block =>
    ts.isBlock(body)
      ? f.updateBlock(body, [remember, ...body.statements])
      : f.createBlock([remember, f.createReturnStatement(body)]);
  if (ts.isArrowFunction(node))
    return f.updateArrowFunction(
      node,
      node.modifiers,
      node.typeParameters,
      node.parameters,
      node.type,
      node.equalsGreaterThanToken,
      block(node.body),
    );
  if (ts.isFunctionDeclaration(node))
    return f.updateFunctionDeclaration(
      node,
      node.modifiers,
      node.asteriskToken,
      node.name,
      node.typeParameters,
      node.parameters,
      node.type,
      block(node.body!),
    );
  if (ts.isFunctionExpression(node))
    return f.updateFunctionExpression(
      node,
      node.modifiers,
      node.asteriskToken,
      node.name,
      node.typeParameters,
      node.parameters,
      node.type,
      block(node.body),
    );
  if (ts.isMethodDeclaration(node))
    return f.updateMethodDeclaration(
      node,
      node.modifiers,
      node.asteriskToken,
      node.name,
      node.questionToken,
      node.typeParameters,
      node.parameters,
      node.type,
      block(node.body!),
    );
  return node;
}
