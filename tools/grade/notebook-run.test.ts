// One notebook's run: what is the learner's doing, and what is the machine's or the exercise's.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Exercise } from "./exercise";
import type { NotebookCompiler } from "./compiler";
import { Judge } from "./judge/judge";
import type { QuestionSummary } from "./judge/protocol";
import { NotebookRun } from "./notebook-run";
import { chooseSandbox, defaultLimits } from "./sandbox/sandbox";

const folder = mkdtempSync(join(tmpdir(), "residual-run-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const publicChecks = join(folder, "public.js");
const exercise: Exercise = {
  slug: "01-x",
  folder,
  drive: "",
  hidden: "",
  public: publicChecks,
  setup: [],
  locked: [],
  stubs: [],
  solutionIds: [],
  fingerprint: "",
};
const question: QuestionSummary = {
  id: "x",
  title: "X",
  needs: ["x"],
  seconds: 30,
  properties: [{ id: "p", title: "P", points: 2 }],
};
const judge = new Judge();
afterAll(() => judge.close());

/** A notebook of one cell, run by the script `run`; its name `x` compiles or does not. */
function notebookOf(run: string, ok: boolean): NotebookRun {
  const cell = (ok ? { ok, code: "" } : { ok, message: "there is no x" }) as never;
  return new NotebookRun({
    cells: [{ ok: true, code: "" } as never],
    after: { "name x": cell },
    place: (index) => `cell ${index}`,
    exercise,
    learner: "ada",
    attempt: "",
    options: {
      compiler: undefined as unknown as NotebookCompiler,
      judge,
      sandbox: chooseSandbox({ name: "none" }),
      programs: { folder, compile: "", run, driveOf: () => "", remove: () => undefined },
      limits: defaultLimits,
      secret: "",
      deadline: performance.now() + 60_000,
    },
  });
}

test("NotebookRun calls it a fault, and no learner's mistake, where a program ends before any of the learner's code has run", async () => {
  // As where the engine is missing.
  const run = join(folder, "run.js");
  writeFileSync(run, 'console.error("tensorflow is not there"); process.exit(1);');
  const { properties } = await notebookOf(run, true).grade(question);
  expect(properties[0]).toMatchObject({
    points: 0,
    message: "this property could not be judged; your instructor will look at it",
  });
  expect(properties[0]).not.toHaveProperty("mistake");
  expect(properties[0]!.fault).toContain("tensorflow is not there");
});

test("withExamples() starts no program for an answer that nobody could ask: its name is not defined", async () => {
  const [run, started] = [join(folder, "started.js"), join(folder, "started")];
  writeFileSync(run, `require("node:fs").writeFileSync(${JSON.stringify(started)}, "");`);
  writeFileSync(
    publicChecks,
    'exports.properties = [{ id: "p", title: "P", points: 2, cases: () => [1], judge: () => null }];',
  );
  const notebook = notebookOf(run, false);
  const record = await notebook.grade(question);
  expect(record.properties[0]).toMatchObject({ points: 0, mistake: "not-defined" });
  expect(await notebook.withExamples(question, record)).toEqual(record);
  expect(existsSync(started)).toBe(false);
});
