// One notebook's run: what is the learner's doing, and what is the machine's or the exercise's.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Exercise } from "./exercise";
import type { NotebookCompiler } from "./compiler";
import { Judge } from "./judge/judge";
import { NotebookRun } from "./notebook-run";
import { chooseSandbox, defaultLimits } from "./sandbox/sandbox";

const folder = mkdtempSync(join(tmpdir(), "residual-run-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("NotebookRun calls it a fault, and no learner's mistake, where a program ends before any of the learner's code has run", async () => {
  // As where the engine is missing.
  const run = join(folder, "run.js");
  writeFileSync(run, 'console.error("tensorflow is not there"); process.exit(1);');
  const exercise: Exercise = {
    slug: "01-x",
    folder,
    drive: "",
    hidden: "",
    setup: [],
    locked: [],
    stubs: [],
    solutionIds: [],
    fingerprint: "",
  };
  const question = { id: "x", title: "X", needs: ["x"], seconds: 30 };
  const notebook = new NotebookRun({
    cells: [{ ok: true, code: "" } as never],
    after: { "name x": { ok: true, code: "" } as never },
    place: (index) => `cell ${index}`,
    exercise,
    learner: "ada",
    attempt: "",
    options: {
      compiler: undefined as unknown as NotebookCompiler,
      judge: new Judge(),
      sandbox: chooseSandbox({ name: "none" }),
      programs: { folder, compile: "", run, driveOf: () => "", remove: () => undefined },
      limits: defaultLimits,
      secret: "",
      deadline: performance.now() + 60_000,
    },
  });
  const { properties } = await notebook.grade({
    ...question,
    properties: [{ id: "p", title: "P", points: 2 }],
  });
  expect(properties[0]).toMatchObject({
    points: 0,
    message: "this property could not be judged; your instructor will look at it",
  });
  expect(properties[0]).not.toHaveProperty("mistake");
  expect(properties[0]!.fault).toContain("tensorflow is not there");
});
