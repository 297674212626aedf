// Runs a learner's compiled cells, then answers cases through the exercise's drive; bundled, and started inside the sandbox.
import { join } from "node:path";
import { types } from "node:util";
import type { CellCompiler, Compilation } from "../../../kernel/compiler";
import { Session } from "../../../kernel/session";
import type { check } from "residual";
import { openChannel } from "./channel";
import { fixModules, harden } from "./harden";
import type { CompiledCell, RunEvent, RunJob } from "./protocol";
import { decode, encode } from "./wire";

// Figures have nowhere to go.
(globalThis as Record<symbol, unknown>)[Symbol.for("residual.display")] = () => undefined;
// A learner's stray rejection must not end the program; what it leaves undone shows in the answers.
process.on("unhandledRejection", () => undefined);

function messageOf(error: unknown): { name: string; message: string } {
  try {
    const { name, message }: { name: unknown; message: unknown } =
      error instanceof Error ? error : new Error(String(error));
    return { name: String(name), message: String(message) };
  } catch {
    return { name: "Error", message: "what was thrown cannot be read" };
  }
}

const noMap = {
  file: "",
  version: 3,
  sources: [],
  sourcesContent: [],
  names: [],
  mappings: "",
  sourceRoot: "",
};

/** The kernel's session needs a compiler; this one hands out what was compiled before. */
function replay(next: () => CompiledCell): CellCompiler {
  const compile = (): Compilation => {
    const cell = next();
    if (!cell.ok) throw new Error("a cell that did not compile cannot run");
    return {
      cell: {
        ...cell,
        map: noMap,
        declared: new Set(cell.declared),
        modules: cell.modules.map((each) => ({ ...each, map: noMap })),
        holds: false,
        warnings: [],
        keep: () => undefined,
      },
    };
  };
  return { compile } as unknown as CellCompiler;
}

const { isPromise } = types;

async function main(): Promise<void> {
  const channel = openChannel();
  const event = (message: RunEvent): void => {
    channel.say(JSON.stringify(message));
  };
  const job = JSON.parse(channel.read()!) as RunJob;
  // Before the learner's code, which could put itself in their place.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundle is known only now
  const { drives } = require(job.drive) as { drives: Record<string, check.Drive> };
  const drive = drives[job.question]!;
  // Code that waits for nothing that comes is stopped by the clock and does not end the program.
  setInterval(() => undefined, 2 ** 30);
  let current: CompiledCell = { ok: true, output: "", declared: [], modules: [] };
  const session = new Session({ cwd: job.cwd, compiler: replay(() => current) });
  // The session runs cells by an inspector of its own, which it connects for the first one: before none can be any more.
  await session.run("", "first");
  harden();
  // The bundle lies in node_modules/.cache/residual/grade-…/.
  fixModules(join(__dirname, "..", "..", "..", "..", "lib", "dist", "/"));
  for (const { index, cell } of job.cells) {
    event({ cell: index });
    current = cell;
    const outcome = await session.run("", `cell-${index}`);
    if (outcome.status === "threw") {
      const { name, message } = messageOf(outcome.error);
      event({ failed: index, message: `${name}: ${message}` });
    }
  }
  const names: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const { name, cell } of job.names) {
    current = cell;
    const outcome = await session.run("", `name-${name}`);
    // The cell that defines it may have been left out, or may have stopped before it.
    const value = outcome.status === "ok" ? (outcome.value as Record<string, unknown>)[name] : undefined;
    // Nothing has any type that a cast gives it.
    if (value === undefined || value === null) missing.push(name);
    else names[name] = value;
  }
  event({ ready: true, missing });
  for (let line = channel.read(); line !== undefined; line = channel.read()) {
    const { input } = decode(line) as { input: check.Plain };
    channel.say(await answer(line, () => drive(names, input)));
  }
  process.exit(0);
}

/** The question goes back with its answer: a program that the learner's code started could have put another in its place. */
async function answer(asked: string, call: () => check.Plain | Promise<check.Plain>): Promise<string> {
  try {
    const value = call();
    // Only a promise is waited for: anything else with a method `then` would answer for itself.
    return encode({ asked, value: isPromise(value) ? await value : value });
  } catch (error) {
    return encode({ asked, error: messageOf(error) });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error).message}\n`);
  process.exit(1);
});
