// Compiles the cells of notebooks, one notebook a line, and runs none of them; bundled, and started inside the sandbox.
import { createInterface } from "node:readline";
import type { Diagnostic } from "tslab/dist/converter";
import { createCellCompiler } from "../../../kernel/compiler";
import type { CompiledCell, CompileReply, CompileRequest } from "./protocol";

const compiler = createCellCompiler(process.cwd());

/** The cell, and the declarations that the next one sees. */
function compile(declarations: string, code: string): { cell: CompiledCell; declarations: string } {
  const refused = (message: string): { cell: CompiledCell; declarations: string } => ({
    cell: { ok: false, message },
    declarations,
  });
  if (compiler.metadata(code).module !== undefined) return refused("a cell that is a module is not graded");
  const result = compiler.convert(declarations, code);
  compiler.takeSourceMaps(result.output ?? "");
  if (result.diagnostics.length > 0) return refused(result.diagnostics.map(describe).join("\n"));
  return {
    cell: {
      ok: true,
      output: result.output ?? "",
      hasToplevelAwait: result.hasToplevelAwait === true,
      ...(result.lastExpressionVar === undefined ? {} : { lastExpressionVar: result.lastExpressionVar }),
      sideOutputs: result.sideOutputs ?? [],
    },
    declarations: result.declOutput ?? "",
  };
}

function describe({ start, messageText }: Diagnostic): string {
  return `line ${start.line + 1}: ${messageText}`;
}

function answer({ id, cells, after }: CompileRequest): CompileReply {
  let declarations = "";
  const compiled = cells.map((code) => {
    const result = compile(declarations, code);
    declarations = result.declarations;
    return result.cell;
  });
  const entries = Object.entries(after).map(
    ([name, code]) => [name, compile(declarations, code).cell] as const,
  );
  return { id, cells: compiled, after: Object.fromEntries(entries) };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as CompileRequest))}\n`);
});
process.stdin.on("end", () => {
  compiler.close();
});
