// A chapter's "your turn" cells as they stand in its source: the stub, and the solution folded below it.
import ts from "typescript";
import { UserError } from "./user-error";

/** One cell that a reader fills in. */
export interface WrittenTurn {
  readonly name: string;
  /** The function that calls `check.unwritten`, as it stands in the source. */
  readonly stub: string;
  /** What opens by a click, as a reader would copy it. */
  readonly solution: string;
}

const call = /await check\.yourTurn\((\w+), turns\.(\w+)\)/g;
const fold = /^\/\/ <summary>Solution<\/summary>\n\/\/\n\/\/ ```ts\n((?:\/\/.*\n)*?)\/\/ ```$/m;

/**
 * The turns of a chapter, in order.
 * @param source the chapter's `.ts`
 * @throws UserError where a call names two things, or lacks its stub, its hint or its solution
 */
export function turnsOf(source: string): WrittenTurn[] {
  const file = ts.createSourceFile("chapter.ts", source, ts.ScriptTarget.Latest);
  return [...source.matchAll(call)].map(({ 0: text, 1: name, 2: turn, index }) => {
    if (name !== turn) throw new UserError(`a turn and what it judges have one name; got ${text}`);
    const stub = functionIn(file, name!);
    if (!stub?.getText(file).includes("check.unwritten("))
      throw new UserError(`${text} needs a function ${name} that calls check.unwritten`);
    const next = source.slice(index).search(/\n\/\/ %% *(?:tags|\n)/);
    const below = source.slice(index, next < 0 ? undefined : index + next);
    const [, folded] = fold.exec(below) ?? [];
    if (folded === undefined || !below.includes("// <summary>Hint</summary>"))
      throw new UserError(`${text} needs a hint and a solution, folded, in the text below its cell`);
    const solution = folded.replaceAll(/^\/\/ ?/gm, "").trimEnd();
    return { name: name!, stub: stub.getText(file), solution };
  });
}

/** The chapter as a reader leaves it who has written every part. */
export function solved(source: string): string {
  return turnsOf(source).reduce((text, { stub, solution }) => text.replace(stub, () => solution), source);
}

/** A function's text in a program, or undefined where it has none of that name. */
export function functionText(program: string, name: string): string | undefined {
  const file = ts.createSourceFile("program.ts", program, ts.ScriptTarget.Latest);
  return functionIn(file, name)?.getText(file);
}

/** What stands before a function's body: its name, parameters and type. */
export const headOf = (text: string): string => text.slice(0, text.indexOf("{\n")).trim();

function functionIn(file: ts.SourceFile, name: string): ts.FunctionDeclaration | undefined {
  return file.statements.find(
    (statement): statement is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
}
