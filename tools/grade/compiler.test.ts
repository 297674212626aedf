// What one learner's notebook leaves in the compiler's program costs no other learner anything.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { NotebookCompiler } from "./compiler";
import type { Exercise } from "./exercise";
import type { Programs } from "./programs";
import { bounded, defaultLimits } from "./sandbox/sandbox";

const folder = mkdtempSync(join(tmpdir(), "residual-compiler-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A compiler whose program answers one request, and ends at the second as if the first had filled its memory; at "bad", at once. */
function filledByOne(): NotebookCompiler {
  const compile = join(folder, "compile.js");
  writeFileSync(
    compile,
    `const fs = require("fs");
const lines = require("readline").createInterface({ input: fs.createReadStream("", { fd: 3 }) });
let key, asked = 0;
lines.on("line", (line) => {
  if (key === undefined) { key = line; return; }
  const { id, cells, after } = JSON.parse(line);
  if (++asked === 2 || cells.includes("bad")) process.exit(1);
  fs.writeSync(4, key + " " + JSON.stringify({ id, cells: cells.map((output) => ({ ok: true, output, declared: [], modules: [] })), after }) + "\\n");
});`,
  );
  const programs = { compile, folder } as Programs;
  return new NotebookCompiler({ sandbox: bounded({}), programs, limits: defaultLimits });
}

test("NotebookCompiler.compile() tries a notebook in a program of its own before the notebook is to blame", async () => {
  const compiler = filledByOne();
  const exercise = { slug: "03-option-a", folder } as Exercise;
  try {
    for (const cell of ["one", "two", "three"])
      expect(await compiler.compile(exercise, [cell], {})).toMatchObject({
        ok: true,
        cells: [{ output: cell }],
      });
    expect(await compiler.compile(exercise, ["bad"], {})).toMatchObject({
      ok: false,
      reason: "breaks the compiler",
    });
    expect(await compiler.compile(exercise, ["four"], {})).toMatchObject({ ok: true });
  } finally {
    await compiler.close();
  }
});
