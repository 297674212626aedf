// Turns the JavaScript that TypeScript makes of a cell into a script whose names any later cell may declare again, as anything.
import ts from "typescript";
import { boundNames, from, isClosure, isVarList, namedAs } from "./syntax";
import { isMarked, temporaryName, withoutMark } from "./names";

const { factory: f } = ts;

/** Options for {@link replScript}. */
export interface ReplScriptOptions {
  /** Names, as they run, of enums and namespaces that go on with what an earlier cell declared. */
  readonly merged: ReadonlySet<string>;
  /** Names, as they run, of `var`s that are `undefined` again, because what an earlier cell declared by them was no `var`. */
  readonly anew: readonly string[];
  /** Takes the names that must be there as variables when the script begins. */
  readonly declare: (name: string) => void;
  /** Takes every name that is a variable of the session from now on. */
  readonly variable: (name: string) => void;
  /** Numbers for variables that TypeScript adds; none comes twice in a session. */
  readonly nextNumber: () => number;
}

/**
 * In V8's REPL mode a later `let` or class replaces a `let` or a class, and nothing else replaces anything. So whatever else a cell declares
 * becomes a `let`: `const x = 1` runs as `let x = 1`. What is there from the cell's beginning is declared before the script runs and assigned:
 * `function f() {}` runs as `f = function () {};` at the top, `var x = 1` as `x = 1`.
 */
export const replScript =
  (options: ReplScriptOptions): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (file) =>
    new ScriptMaker(context, options).file(file);

/** What TypeScript notes at nodes that it makes. */
interface Emitted extends ts.Node {
  readonly emitNode?: {
    readonly flags?: ts.EmitFlags;
    readonly helpers?: readonly ts.EmitHelper[];
    readonly autoGenerate?: { readonly id: number };
  };
}

const generatedId = (node: ts.Node): number | undefined => (node as Emitted).emitNode?.autoGenerate?.id;
const isHelper = (node: ts.Node): boolean =>
  (((node as Emitted).emitNode?.flags ?? 0) & ts.EmitFlags.HelperName) !== 0;

class ScriptMaker {
  readonly #context: ts.TransformationContext;
  readonly #options: ReplScriptOptions;
  /** New names of the variables that TypeScript adds at top level. */
  readonly #temporaries = new Map<number, string>();
  /** Classes of this cell, which a namespace goes on with. */
  readonly #classes = new Set<string>();

  constructor(context: ts.TransformationContext, options: ReplScriptOptions) {
    this.#context = context;
    this.#options = options;
  }

  file(file: ts.SourceFile): ts.SourceFile {
    const functions: ts.Statement[] = [];
    const statements = file.statements.flatMap((one): ts.Statement[] => {
      if (ts.isExportDeclaration(one)) return [];
      if (!ts.isFunctionDeclaration(one) || !one.name) return this.#top(one);
      functions.push(this.#function(one, one.name));
      return [];
    });
    const anew = this.#options.anew.map((name) => f.createVariableDeclaration(name));
    const begun = f.createVariableStatement(
      undefined,
      f.createVariableDeclarationList(anew, ts.NodeFlags.Let),
    );
    const made = f.updateSourceFile(file, [...(anew.length > 0 ? [begun] : []), ...functions, ...statements]);
    const helpers = [...((file as Emitted).emitNode?.helpers ?? [])];
    return this.#temporaries.size > 0 || helpers.length > 0 ? this.#withOwnNames(made, helpers) : made;
  }

  #top(node: ts.Statement): ts.Statement[] {
    if (ts.isClassDeclaration(node) && node.name) {
      this.#classes.add(node.name.text);
      this.#options.variable(node.name.text);
    }
    if (!ts.isVariableStatement(node)) return [this.#inner(node) as ts.Statement];
    const { declarations, flags } = node.declarationList;
    const temporary = declarations.filter(({ name }) => generatedId(name) !== undefined);
    for (const { name } of temporary)
      this.#temporaries.set(generatedId(name)!, temporaryName(this.#options.nextNumber()));
    const isLet = (flags & ts.NodeFlags.BlockScoped) !== 0;
    if (isLet) return [this.#let(declarations, node)];
    const own = declarations.filter((one) => !temporary.includes(one));
    const rest = own.length > 0 ? this.#assigned(own, node) : [];
    return temporary.length > 0 ? [this.#let(temporary, node), ...rest] : rest;
  }

  #let(declarations: readonly ts.VariableDeclaration[], node: ts.Statement): ts.Statement {
    for (const { name, initializer } of declarations) {
      if (initializer && ts.isClassExpression(initializer)) this.#classes.add((name as ts.Identifier).text);
      for (const id of boundNames(name)) this.#options.variable(id.text);
    }
    const list = f.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
    return from(f.createVariableStatement(undefined, list), node);
  }

  #function(node: ts.FunctionDeclaration, name: ts.Identifier): ts.Statement {
    const { modifiers, asteriskToken, parameters, body } = node;
    const kept = modifiers?.filter(ts.isModifier);
    const made = f.createFunctionExpression(
      kept,
      asteriskToken,
      undefined,
      undefined,
      parameters,
      undefined,
      body!,
    );
    this.#declare(name);
    const value = from(made, node);
    const named = isMarked(name.text) ? namedAs(withoutMark(name.text), value) : value;
    return from(f.createExpressionStatement(f.createAssignment(name, named)), node);
  }

  #declare({ text }: ts.Identifier): void {
    this.#options.variable(text);
    this.#options.declare(text);
  }

  /** `var` declarations as assignments to variables that are there already. */
  #assigned(declarations: readonly ts.VariableDeclaration[], node: ts.Statement): ts.Statement[] {
    const original = ts.getOriginalNode(node);
    const isOwn = ts.isVariableStatement(original) || ts.isVariableDeclarationList(original);
    const expressions = this.#assignments(declarations);
    if (expressions.length > 0) return [statementOf(expressions, node)];
    // The variable of an enum or a namespace, which begins anew.
    return isOwn || ts.isImportEqualsDeclaration(original)
      ? []
      : declarations.flatMap(({ name }) =>
          this.#goesOn(name as ts.Identifier)
            ? []
            : [f.createExpressionStatement(f.createAssignment(name as ts.Identifier, f.createVoidZero()))],
        );
  }

  /** Whether an enum or a namespace goes on with an earlier part of it. */
  #goesOn({ text }: ts.Identifier): boolean {
    return this.#options.merged.has(text) || this.#classes.has(text);
  }

  #assignments(declarations: readonly ts.VariableDeclaration[]): ts.Expression[] {
    for (const { name } of declarations) for (const id of boundNames(name)) this.#declare(id);
    return declarations.flatMap((one) =>
      one.initializer ? [from(f.createAssignment(targetOf(one.name), one.initializer), one)] : [],
    );
  }

  /** A statement of the top level, with the `var`s in it turned into assignments. */
  readonly #inner = (node: ts.Node): ts.Node => {
    if (isClosure(node) || ts.isExpression(node)) return node;
    const visited = ts.visitEachChild(node, this.#inner, this.#context);
    if (ts.isVariableStatement(visited) && isVarList(visited.declarationList)) {
      const made = this.#assigned(visited.declarationList.declarations, visited);
      return made.length === 1 ? made[0]! : from(f.createEmptyStatement(), visited);
    }
    if (ts.isForStatement(visited) && visited.initializer && isVarList(visited.initializer)) {
      const assignments = this.#assignments(visited.initializer.declarations);
      const head = assignments.length > 0 ? commas(assignments) : undefined;
      return f.updateForStatement(visited, head, visited.condition, visited.incrementor, visited.statement);
    }
    if (ts.isForInStatement(visited) && isVarList(visited.initializer))
      return f.updateForInStatement(
        visited,
        this.#target(visited.initializer),
        visited.expression,
        visited.statement,
      );
    if (ts.isForOfStatement(visited) && isVarList(visited.initializer)) {
      const { awaitModifier, initializer, expression, statement } = visited;
      const target = this.#target(initializer);
      // `for (async of` is kept for an arrow function, whatever stands behind it.
      const isReserved = ts.isIdentifier(target) && target.text === "async";
      const head = isReserved ? f.createParenthesizedExpression(target) : target;
      return f.updateForOfStatement(visited, awaitModifier, head, expression, statement);
    }
    return visited;
  };

  #target({ declarations }: ts.VariableDeclarationList): ts.Expression {
    this.#assignments(declarations);
    return targetOf(declarations[0]!.name);
  }

  /** TypeScript's helpers and its top-level variables get names that no cell can write. */
  #withOwnNames(file: ts.SourceFile, helpers: readonly ts.EmitHelper[]): ts.SourceFile {
    const names = new Map<string, string>();
    for (const helper of helpers) {
      ts.removeEmitHelper(file, helper);
      const [, declared, name] =
        /^\s*(var (\w+) = \(this && this\.\w+\) \|\| )/.exec(String(helper.text)) ?? [];
      if (declared === undefined || name === undefined)
        throw new Error(`TypeScript's helper ${helper.name} is not understood`);
      const own = temporaryName(this.#options.nextNumber());
      names.set(name, own);
      const text = (helper.text as string).replace(declared, `let ${own} = `);
      ts.addEmitHelper(file, { name: `residual:${own}`, scoped: false, text });
    }
    const visit = (node: ts.Node): ts.Node => {
      if (!ts.isIdentifier(node)) return ts.visitEachChild(node, visit, this.#context);
      const name = isHelper(node) ? names.get(node.text) : this.#temporaries.get(generatedId(node) ?? -1);
      return name === undefined ? node : f.createIdentifier(name);
    };
    return ts.visitEachChild(file, visit, this.#context);
  }
}

/**
 * Assignments as a statement. TypeScript puts what begins with a brace into parentheses, but does not look into a list, whose object pattern
 * in front would begin a block.
 */
function statementOf(expressions: readonly ts.Expression[], node: ts.Statement): ts.Statement {
  const list = commas(expressions);
  const isBlockLike = expressions.length > 1 && beginsWithBrace(expressions[0]!);
  return from(f.createExpressionStatement(isBlockLike ? f.createParenthesizedExpression(list) : list), node);
}

const beginsWithBrace = (expression: ts.Expression): boolean =>
  ts.isBinaryExpression(expression) && ts.isObjectLiteralExpression(expression.left);

const commas = (expressions: readonly ts.Expression[]): ts.Expression =>
  expressions.length === 1 ? expressions[0]! : f.createCommaListExpression(expressions);

/** What a declaration's name or pattern is in an assignment. */
function targetOf(name: ts.BindingName): ts.Expression {
  if (ts.isIdentifier(name)) return name;
  const withDefault = ({ name: inner, initializer }: ts.BindingElement): ts.Expression =>
    initializer ? f.createAssignment(targetOf(inner), initializer) : targetOf(inner);
  if (ts.isArrayBindingPattern(name))
    return f.createArrayLiteralExpression(
      name.elements.map((element) =>
        ts.isOmittedExpression(element)
          ? element
          : element.dotDotDotToken
            ? f.createSpreadElement(targetOf(element.name))
            : withDefault(element),
      ),
    );
  return f.createObjectLiteralExpression(
    name.elements.map((element) =>
      element.dotDotDotToken
        ? f.createSpreadAssignment(targetOf(element.name))
        : f.createPropertyAssignment(
            element.propertyName ?? f.createIdentifier((element.name as ts.Identifier).text),
            withDefault(element),
          ),
    ),
  );
}
