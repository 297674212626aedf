// Puts a call at each turn of a program's loops and functions, so that one that never ends can be ended from within.
import ts from "typescript";

/** The name that is called. */
export const turnName = "__turn";

/** A transformer for `ts.transpileModule`. */
export const counted: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const { factory } = context;
  const turn = () =>
    factory.createExpressionStatement(
      factory.createCallExpression(factory.createIdentifier(turnName), undefined, []),
    );
  const withTurn = (body: ts.Statement): ts.Block =>
    factory.createBlock([turn(), ...(ts.isBlock(body) ? body.statements : [body])], true);
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isForStatement(visited)) {
      const { initializer, condition, incrementor, statement } = visited;
      return factory.updateForStatement(visited, initializer, condition, incrementor, withTurn(statement));
    }
    if (ts.isForOfStatement(visited)) {
      const { awaitModifier, initializer, expression, statement } = visited;
      return factory.updateForOfStatement(
        visited,
        awaitModifier,
        initializer,
        expression,
        withTurn(statement),
      );
    }
    if (ts.isForInStatement(visited)) {
      return factory.updateForInStatement(
        visited,
        visited.initializer,
        visited.expression,
        withTurn(visited.statement),
      );
    }
    if (ts.isWhileStatement(visited))
      return factory.updateWhileStatement(visited, visited.expression, withTurn(visited.statement));
    if (ts.isDoStatement(visited))
      return factory.updateDoStatement(visited, withTurn(visited.statement), visited.expression);
    // A constructor keeps its `super()` in front.
    if (ts.isBlock(visited) && ts.isFunctionLike(node.parent) && !ts.isConstructorDeclaration(node.parent))
      return factory.updateBlock(visited, [turn(), ...visited.statements]);
    return visited;
  };
  return (file) => ts.visitNode(file, visit, ts.isSourceFile);
};
