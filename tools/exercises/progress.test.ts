// The learner's side: what is solved, what comes next, and solutions that open after an attempt.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { formatNotebook, parseNotebook } from "../notebooks/notebook";
import { inOrder, readMaster, solutionOf } from "./master";

// Several processes a test, each of which compiles TypeScript: more than this on a busy machine means that one hangs.
vi.setConfig({ testTimeout: 600_000 });

const root = resolve(__dirname, "..", "..");
const [typed, first, second] = ["03-growing-unit", "04-batch-norm-vjp", "09-path-lengths"] as const;
let folder: string;

beforeAll(() => {
  mkdirSync(join(root, "runs"), { recursive: true });
  folder = mkdtempSync(join(root, "runs", "progress-"));
  for (const slug of [typed, first, second]) {
    for (const part of ["solutions", "exercises"]) {
      cpSync(join(root, part, slug), join(folder, part, slug), { recursive: true });
    }
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function learner(
  command: "progress" | "solution",
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(
    process.execPath,
    ["-r", "./tools/typescript.cjs", `tools/exercises/${command}-main.ts`, ...args, "--root", folder],
    { cwd: root, encoding: "utf8" },
  );
}

/** Writes an answer in the notebook, as a learner would save it. */
function write(slug: string, answer: string): void {
  const path = join(folder, "exercises", slug, `${slug}.ipynb`);
  const notebook = parseNotebook(readFileSync(path, "utf8"), path);
  const cell = notebook.cells.find(
    ({ metadata }) => (metadata["nbgrader"] as { grade_id?: string } | undefined)?.grade_id === slug.slice(3),
  )!;
  cell.source = answer;
  writeFileSync(path, formatNotebook(notebook));
}

test("inOrder() goes by chapter, and within a chapter from easy to hard: first write a block, then find another's bugs", () => {
  const order = inOrder(root).map(({ slug }) => slug);
  const ofChapter = (number: string) => order.filter((slug) => slug.startsWith(number));
  expect(ofChapter("02")).toEqual(["02-residual-block", "02-find-the-bugs", "02-stack-of-units"]);
  expect(order.slice(-3)).toEqual(ofChapter("12"));
});

test("npm run progress and npm run solution follow a learner from nothing to everything", () => {
  const untouched = learner("progress");
  expect(untouched.stdout, untouched.stderr).toContain(`0 of 3 solved. Next: ${typed}`);
  expect(untouched.stdout).toMatch(new RegExp(`${second} +not begun`));
  const refused = learner("solution", second);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain("a solution opens after an attempt");
  expect(refused.stdout).not.toContain("Through the shortcut");

  const talkative = 'console.log("# own words"); process.stdout.write("and more"); return [n];';
  write(second, `function pathLengths(n: number): number[] { ${talkative} }`);
  const { stdout } = learner("progress");
  expect(stdout).toMatch(
    new RegExp(`^${typed}[^]*${second} +begun \\(0 of 3 checks\\)[^]*0 of 3 solved\\. Next: ${second}`),
  );
  expect(stdout).not.toMatch(/own words|and more/);
  write(second, "function pathLengths(n: number): number[] { return ] }");
  expect(learner("progress").stdout).toMatch(new RegExp(`${second} +begun`));
  const opened = learner("solution", second);
  expect(opened.status, opened.stderr).toBe(0);
  expect(opened.stdout).toContain("Through the shortcut a path keeps its length");

  for (const slug of [typed, first, second]) write(slug, solutionOf(readMaster(root, slug)));
  expect(learner("progress").stdout).toContain("3 of 3 solved. Every exercise is solved.");
  // Right numbers, but a type that says less: the notebook's cell behind the check does not compile.
  const solution = solutionOf(readMaster(root, typed));
  write(typed, solution.replace("type Output = shapes.Images<16, 16, 32>", "type Output = shapes.Shape"));
  expect(learner("progress").stdout).toMatch(
    new RegExp(`${typed} +begun \\(2 of 3 checks\\)[^]*2 of 3 solved`),
  );
});
