// The course's notebooks, run from top to bottom at their smallest setting: their claims hold, and fail where they should.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listSources } from "../tools/notebooks/source";
import { solved, turnsOf } from "../tools/notebooks/turns";

const root = resolve(__dirname, "..");
// Inside the repository, so that a cell's `import ... from "residual"` finds the library, and outside node_modules, where TypeScript compiles no
// chapter's `./turns`.
const cache = join(root, "runs");
let folder: string;
const children = new Set<ChildProcess>();

beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "course-"));
  const turns = join(root, "notebooks", "turns");
  if (existsSync(turns)) cpSync(turns, join(folder, "turns"), { recursive: true });
  // Chapter 05 reads a file that PyTorch wrote, which lies in the library; chapter 12 trains a study's networks, which lie in the results.
  for (const beside of ["lib", "results"])
    if (!existsSync(join(cache, beside))) symlinkSync(join(root, beside), join(cache, beside));
});

afterAll(() => {
  for (const child of children) child.kill(); // those of a test that hung
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs a copy of a notebook's source at the setting `ci`. Two run at a time (`maxConcurrency`), each with one thread and one process for
 * its sweeps, because networks so small take a fifth more of a processor's time with two threads. Sums are rounded otherwise so than with a
 * reader's number of threads; a chapter's claims must bear that.
 */
async function run(name: string, text: string): Promise<{ status: number | null; output: string }> {
  const path = join(folder, name);
  writeFileSync(path, text);
  const child = spawn(process.execPath, ["-r", "./tools/typescript.cjs", "tools/notebooks/main.ts", path], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, RESIDUAL_SETTING: "ci", TF_NUM_INTRAOP_THREADS: "1", OMP_NUM_THREADS: "1" },
  });
  children.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [status] = (await once(child, "close")) as [number | null];
  children.delete(child);
  return { status, output };
}

/** A chapter's source with passages replaced. @throws Error where it does not hold one of them */
function changed(chapter: string, replacements: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(root, "notebooks", `${chapter}.ts`), "utf8");
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${chapter}.ts must hold what is to be changed: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

const sources = listSources(join(root, "notebooks"));

// As a reader leaves it who has written every part: that it runs untouched, the executed notebook shows.
test.concurrent.each(sources.map(({ source }) => [basename(source), source]))(
  "%s runs with its reader's own parts and bears out its claims",
  async (name, path) => {
    const source = readFileSync(path, "utf8");
    const { status, output } = await run(name, solved(source));
    expect(status, output).toBe(0);
    const written = readFileSync(join(folder, name.replace(/\.ts$/, ".ipynb")), "utf8");
    const holds = written.match(/"It holds\. From here on the chapter works with yours\."/g) ?? [];
    expect(holds).toHaveLength(turnsOf(source).length);
  },
);

test.concurrent("01-the-degradation-problem stops where there is no degradation", async () => {
  // Both depths become 20, so no gap can be there, however short the run.
  const { status, output } = await run(
    "92-flat.ts",
    changed("01-the-degradation-problem", {
      "options: { depth,": "options: { depth: Math.min(depth, 20),",
      "epochs: 3,": "epochs: 1,",
      'setting === "ci" ? 300': 'setting === "ci" ? 40',
    }),
  );
  expect(status).toBe(1);
  expect(output).toContain("no degradation shown");
});

test.concurrent("04-backpropagation-derived stops at a line of a derivation that is wrong", async () => {
  // ReLU's gate is turned round.
  const { status, output } = await run(
    "93-wrong-line.ts",
    changed("04-backpropagation-derived", {
      'at(value("x"), i, j) > 0': 'at(value("x"), i, j) < 0',
    }),
  );
  expect(status).toBe(1);
  expect(output).toMatch(/Step 1 .*breaks/);
});

test.concurrent("02-residual-learning stops where nothing is added", async () => {
  // Both kinds are plain, so nothing can be won, however short the run.
  const { status, output } = await run(
    "94-nothing-added.ts",
    changed("02-residual-learning", {
      'kind === "plain" ? "none" : "A"': '"none"',
      "options: networkOptions(kind, depth)": "options: networkOptions(kind, 20)",
      "epochs: 4, perClass: 200,": "epochs: 1, perClass: 20,",
    }),
  );
  expect(status).toBe(1);
  expect(output).toContain("2. shortcuts win at 56 layers: plain-56 minus residual-56: 0.00 to 0.00");
});

test.concurrent("05-bottlenecks-and-imagenet stops at a count that is not the published one", async () => {
  const { status, output } = await run(
    "95-wrong-count.ts",
    changed("05-bottlenecks-and-imagenet", { "50: 25_557_032": "50: 25_557_033" }),
  );
  expect(status).toBe(1);
  expect(output).toContain("ResNet-50 has 25557032 parameters; published are 25557033");
});
