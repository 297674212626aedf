// Comments of the platform's declarations: most of the text that every kernel reads, and read only when somebody asks for them.
import ts from "typescript";

/** The JavaScript library and Node's: about 4 MB, more than half of it comments. */
const platform = /[\\/]node_modules[\\/](typescript[\\/]lib|@types[\\/]node|undici-types)[\\/]/;

/** How a file is to be read at first. */
export function commentMode(path: string): ts.JSDocParsingMode {
  return platform.test(path) ? ts.JSDocParsingMode.ParseNone : ts.JSDocParsingMode.ParseAll;
}

interface Commented extends ts.Node {
  jsDoc?: readonly ts.JSDoc[];
}

/** Gives a symbol's declarations their comments where those were left out. */
export function readComments(symbol: ts.Symbol): void {
  const files = new Map<string, ts.SourceFile>();
  for (const declaration of symbol.declarations ?? []) {
    const { fileName, text } = declaration.getSourceFile();
    if (!platform.test(fileName)) continue;
    const file =
      files.get(fileName) ?? ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, /* parents */ true);
    files.set(fileName, file);
    // A variable's comment stands at its statement.
    let twin = twinOf(declaration, file);
    for (let own: Commented = declaration; twin && !ts.isSourceFile(own); own = own.parent) {
      const { jsDoc } = twin;
      // A name that a comment links to is looked up from where the comment stands, in the file that the checker knows.
      for (const comment of jsDoc ?? []) Object.assign(comment, { parent: own });
      if (jsDoc) own.jsDoc = jsDoc;
      twin = twin.parent;
    }
  }
}

/** The node of another reading of the same file that stands where `node` does. */
function twinOf(node: ts.Node, file: ts.SourceFile): Commented | undefined {
  const search = (at: ts.Node): ts.Node | undefined => {
    if (at.pos > node.pos || at.end < node.end) return undefined;
    if (at.kind === node.kind && at.pos === node.pos && at.end === node.end) return at;
    return ts.forEachChild(at, search);
  };
  return search(file);
}
