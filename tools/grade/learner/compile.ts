// Compiles the cells of notebooks, one notebook a line, and runs none of them; bundled, and started inside the sandbox.
import { CellCompiler } from "../../../kernel/compiler";
import { codeMetadata } from "../../../kernel/tslab";
import { openChannel } from "./channel";
import type { CompiledCell, CompileReply, CompileRequest } from "./protocol";

const channel = openChannel();
/** Has read TypeScript's libraries and the course's types; each notebook gets a compiler that shares them. */
const first = new CellCompiler(process.cwd());

function compile(compiler: CellCompiler, code: string, keep: boolean): CompiledCell {
  if (codeMetadata(code).module !== undefined)
    return { ok: false, message: "a cell that is a module is not graded" };
  const { errors, cell } = compiler.compile(code);
  if (errors)
    return {
      ok: false,
      message: errors.map((one) => `line ${one.start.line + 1}: ${one.messageText}`).join("\n"),
    };
  if (keep) cell.keep();
  const { output, declared, modules } = cell;
  return {
    ok: true,
    output,
    declared: [...declared],
    modules: modules.map((each) => ({ path: each.path, output: each.output })),
  };
}

function answer({ id, cells, after }: CompileRequest): CompileReply {
  const compiler = new CellCompiler(process.cwd(), first);
  const compiled = cells.map((code) => compile(compiler, code, true));
  const entries = Object.entries(after).map(
    ([name, code]) => [name, compile(compiler, code, false)] as const,
  );
  return { id, cells: compiled, after: Object.fromEntries(entries) };
}

for (let line = channel.read(); line !== undefined; line = channel.read())
  channel.say(JSON.stringify(answer(JSON.parse(line) as CompileRequest)));
