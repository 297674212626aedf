// Runs a learner's compiled cells, then answers cases through the exercise's drive; bundled, and started inside the sandbox.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { CellCompiler, Compilation } from "../../../kernel/compiler";
import { Session } from "../../../kernel/session";
import type { check } from "residual";
import type { CompiledCell, RunEvent, RunJob } from "./protocol";
import { decode, encode } from "./wire";

// Standard output carries the protocol; what cells print goes to standard error.
Object.defineProperty(process, "stdout", { get: () => process.stderr });
// Figures have nowhere to go.
(globalThis as Record<symbol, unknown>)[Symbol.for("residual.display")] = () => undefined;
// A learner's stray rejection must not end the program; what it leaves undone shows in the answers.
process.on("unhandledRejection", () => undefined);

function say(line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  let written = 0;
  while (written < bytes.length) written += writeSync(1, bytes, written);
}

const event = (message: RunEvent): void => {
  say(JSON.stringify(message));
};

function messageOf(error: unknown): { name: string; message: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
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
        warnings: [],
        keep: () => undefined,
      },
    };
  };
  return { compile } as unknown as CellCompiler;
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const read = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  const job = JSON.parse((await read())!) as RunJob;
  let current: CompiledCell;
  const session = new Session({ cwd: job.cwd, compiler: replay(() => current) });
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
    if (value === undefined) missing.push(name);
    else names[name] = value;
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundle is known only now
  const { drives } = require(job.drive) as { drives: Record<string, check.Drive> };
  const drive = drives[job.question]!;
  event({ ready: true, missing });
  for (let line = await read(); line !== undefined; line = await read()) {
    const { id, input } = decode(line) as { id: string; input: check.Plain };
    say(await answer(id, () => drive(names, input)));
  }
  process.exit(0);
}

async function answer(id: string, call: () => check.Plain | Promise<check.Plain>): Promise<string> {
  try {
    return encode({ id, value: await call() });
  } catch (error) {
    return encode({ id, error: messageOf(error) });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error).message}\n`);
  process.exit(1);
});
