// The exercises as they are committed: no copy is stale, every right answer scores full, every wrong one fails by its name.
import { fork, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { formatNotebook, joined, parseNotebook, type Notebook } from "../notebooks/notebook";
import type { Outcome } from "./commands.fixture";
import { slugs } from "./master";

// Several processes a test, each of which compiles TypeScript: more than this on a busy machine means that one hangs.
vi.setConfig({ testTimeout: 600_000 });

const root = resolve(__dirname, "..", "..");
// Inside the repository, so that answers find `residual`; not in node_modules, where no tool looks for TypeScript.
const cache = join(root, "runs");
let folder: string;

/** One process for the commands on a copy, because starting one takes as long as what most of them do. */
let commands: ChildProcess;
beforeAll(() => {
  commands = fork(join(__dirname, "commands.fixture.ts"), {
    cwd: root,
    execArgv: ["-r", "./tools/typescript.cjs"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
});
afterAll(() => {
  commands.kill();
});

async function exercises(...args: string[]): Promise<Outcome> {
  const ended = new AbortController();
  const lost = once(commands, "exit", { signal: ended.signal }).then(([status]) => {
    throw new Error(`the process of the commands ended with status ${status}`);
  });
  const outcome = once(commands, "message", { signal: ended.signal }).then(([said]) => said as Outcome);
  commands.send(args);
  try {
    return await Promise.race([outcome, lost]);
  } finally {
    ended.abort();
    await Promise.allSettled([outcome, lost]);
  }
}

test("npm run exercises -- --check finds no stale copy, and its process ends with the command's status", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["-r", "./tools/typescript.cjs", "tools/exercises/main.ts", ...args], {
      cwd: root,
      encoding: "utf8",
    });
  const { status, stdout, stderr } = run("--check");
  expect(status, stdout + stderr).toBe(0);
  const unknown = run("no-such-exercise");
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain("an exercise is named by its folder; got no-such-exercise");
});

test("npm run exercises -- --prove --check: the grader is right about every known answer, and docs/proof.md says so", async () => {
  const { status, output } = await exercises("--prove", "--check");
  expect(status, output).toBe(0);
});

test("npm run exercises -- --mutate --sample: forty small changes of right answers, drawn from all that are counted, lose points or are listed", async () => {
  const counted = slugs(root).filter((slug) => existsSync(join(root, "solutions", slug, "mutants.json")));
  const { status, output } = await exercises("--mutate", "--sample", "40", "--seed", "1", ...counted);
  expect(status, output).toBe(0);
  expect(output).toContain("40 mutants of");
});

describe("in a copy with one exercise", () => {
  const slug = "09-path-lengths";
  const solution = (...path: string[]) => join(folder, "solutions", slug, ...path);
  const notebook = () => join(folder, "exercises", slug, `${slug}.ipynb`);
  const chapter = (of: string) => join(of, "notebooks", "09-why-does-it-work.ts");

  beforeAll(() => {
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, "exercises-"));
  });
  beforeEach(() => {
    for (const part of ["solutions", "exercises"]) {
      rmSync(join(folder, part), { recursive: true, force: true });
      cpSync(join(root, part, slug), join(folder, part, slug), { recursive: true });
    }
    cpSync(join(root, "exercises", "README.md"), join(folder, "exercises", "README.md"));
    cpSync(chapter(root), chapter(folder), { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("--prove reports a wrong answer that survives or has another name, a right one refused, and a stub that scores", async () => {
    cpSync(solution("also-right", "by-products.ts"), solution("wrong", "looks-wrong.ts"));
    cpSync(solution("wrong", "gives-shares.ts"), solution("wrong", "another-name.ts"));
    rmSync(solution("also-right"), { recursive: true });
    cpSync(solution("wrong", "gives-shares.ts"), solution("also-right", "gives-shares.ts"));
    const text = readFileSync(solution("notebook.ts"), "utf8");
    const few =
      "return n > 14 ? [] : n === 0 ? [1] : [...pathLengths(n - 1), 0].map((c, k, all) => c + (k > 0 ? all[k - 1]! : 0));";
    const scoring = text.replace("  // END", `  // STUB ${few}\n  // END`);
    writeFileSync(solution("notebook.ts"), scoring);
    const { status, output } = await exercises("--prove", "--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain("wrong/looks-wrong survives: it is wrong and gets all 4 points");
    expect(output).toContain("wrong/another-name fails, but not by its name: gives-shares");
    expect(output).toContain("also-right/gives-shares is right and gets 0 of 4: gives-shares");
    expect(output).toContain("stub gets 2 points for nothing");
    expect(output).toContain(`${slug} needs at least 4 other right answers; got 1`);
    expect(output).toContain("docs/proof.md is stale");
    expect(output).toContain(`${slug}/mutants.json is stale: run npm run exercises -- ${slug} --mutate`);
  });

  test("--prove reports a wrong answer that is called by another's name, and a line that says so of none", async () => {
    writeFileSync(
      solution("wrong", "has-no-path-without-units.ts"),
      "export const pathLengths = (n: number) => (n === 0 ? [0] : Array.from({ length: n + 1 }, (_, k) => 2 ** k));\n",
    );
    const orders = readFileSync(solution("wrong", "counts-orders.ts"), "utf8");
    writeFileSync(solution("wrong", "counts-orders.ts"), `// Also gives-shares: it is not.\n${orders}`);
    const { status, output } = await exercises("--prove", "--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain(
      "wrong/has-no-path-without-units is called by another's name, doubles-at-each-length: draw cases",
    );
    expect(output).toContain("wrong/counts-orders says that it is also gives-shares, which nobody calls it");
  });

  test("--prove reports a graded property that the public check does not ask, and a wrong answer that it would call solved", async () => {
    const lenient = readFileSync(solution("public.ts"), "utf8").replace(
      "check.published(cases)",
      'check.published(cases).filter(({ id }) => id === "deep")',
    );
    writeFileSync(solution("public.ts"), lenient);
    const { status, output } = await exercises("--prove", "--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain(
      `${slug}: the public check must ask all that is graded; it lacks small, no-units`,
    );
    expect(output).toContain(
      "wrong/has-no-path-without-units is wrong and the public check has no complaint",
    );
  });

  test("--prove reports a wrong answer that costs some learners more points than others", async () => {
    const uneven = readFileSync(solution("hidden.ts"), "utf8").replace(
      'unpublished(seed, "path-lengths"),',
      "[seed === 11 ? 5 : 10],",
    );
    writeFileSync(solution("hidden.ts"), uneven);
    const shares = readFileSync(solution("wrong", "gives-shares.ts"), "utf8");
    writeFileSync(
      solution("wrong", "gives-shares.ts"),
      shares.replace("/ 2 ** n", "/ (n === 5 ? 1 : 2 ** n)"),
    );
    const { status, output } = await exercises("--prove", "--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toMatch(/wrong\/gives-shares loses \w+ with the cases of some learners only: draw cases/);
  });

  test("--mutate reports a mutant that gets all points, and an entry that none of them is", async () => {
    const lenient = readFileSync(solution("hidden.ts"), "utf8").replace(
      /cases: \(seed\) => .*/g,
      "cases: () => [0],",
    );
    writeFileSync(solution("hidden.ts"), lenient);
    rmSync(solution("also-right"), { recursive: true });
    const { status, output } = await exercises("--mutate", "--root", folder);
    expect(status, output).toBe(1);
    expect(output).toMatch(
      /09-path-lengths, reference: .* -> .* gets all points of learner 11, in the line /,
    );
    expect(output).toContain("equivalent-mutants.json lists what does not survive: also-right/by-bigint");
  });

  test("--check names stale public cases; a plain run writes them for the master and the learner", async () => {
    for (const part of ["solutions", "exercises"]) {
      const path = join(folder, part, slug, "cases.ts");
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace(`"right": [1, 3, 3, 1]`, `"right": [1, 3, 3, 2]`),
      );
    }
    const { status, output } = await exercises("--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain(`solutions/${slug}/cases.ts is stale`);
    expect(output).toContain(`exercises/${slug}/cases.ts is stale`);
    expect((await exercises("--root", folder)).status).toBe(0);
    expect((await exercises("--check", "--root", folder)).status).toBe(0);
  });

  test("--check names a stale copy; a plain run writes it", async () => {
    const text = readFileSync(solution("public.ts"), "utf8");
    writeFileSync(solution("public.ts"), `${text}// changed\n`);
    const { status, output } = await exercises("--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain(`exercises/${slug}/public.ts is stale`);
    expect((await exercises("--root", folder)).status).toBe(0);
    expect((await exercises("--check", "--root", folder)).status).toBe(0);
  });

  test("--check names a chapter that does not list its exercise; a plain run makes the table of exercises/README.md", async () => {
    const page = join(folder, "exercises", "README.md");
    const line = "How long are the paths?](path)";
    expect((await exercises("--root", folder)).status).toBe(0);
    const table = readFileSync(page, "utf8");
    expect(table).toMatch(
      /\| 09 +\| \[How long are the paths\?\]\(09-path-lengths\/09-path-lengths\.ipynb\) \| 1 /,
    );
    expect(table).not.toContain("02-residual-block");
    writeFileSync(page, table.replace("10 minutes", "90 minutes"));
    writeFileSync(
      chapter(folder),
      readFileSync(chapter(folder), "utf8").replace(/How long are the paths\?\]\([^)]*\)/, line),
    );
    const { status, output } = await exercises("--check", "--root", folder);
    expect(status).toBe(1);
    expect(output).toContain("exercises/README.md is stale");
    expect(output).toContain(
      "notebooks/09-why-does-it-work.ts needs the line // - [How long are the paths?](../exercises/09-path-lengths/",
    );
    writeFileSync(page, "no table");
    const broken = await exercises("--root", folder);
    expect(broken.status).toBe(2);
    expect(broken.output).toContain("the table of exercises/README.md stands between");
  });

  test("a notebook that holds work is not overwritten; outputs alone are no work", async () => {
    const change = (edit: (notebook: Notebook) => void) => {
      const written = parseNotebook(readFileSync(notebook(), "utf8"), notebook());
      edit(written);
      writeFileSync(notebook(), formatNotebook(written));
    };
    change(({ cells }) => (cells[1]!.execution_count = 7));
    expect((await exercises("--root", folder)).status).toBe(0);
    change(({ cells }) => (cells[2]!.source = "const mine = 1;"));
    const { status, output } = await exercises("--root", folder);
    expect(status).toBe(2);
    expect(output).toContain("holds work and is not overwritten");
    expect(readFileSync(notebook(), "utf8")).toContain("const mine = 1;");
  });

  test("the learner's notebook holds the stub, hints and nbgrader's metadata, and nothing of the solution or the hidden cases", async () => {
    rmSync(join(folder, "exercises", slug), { recursive: true });
    expect((await exercises("--root", folder)).status).toBe(0);
    const text = readFileSync(notebook(), "utf8");
    expect(text).toContain("not written yet");
    expect(text).toContain("<summary>Hint 3</summary>");
    expect(text).not.toContain("Through the shortcut a path keeps its length");
    expect(text).not.toMatch(/BEGIN SOLUTION|STUB/);
    const { cells } = parseNotebook(text, notebook());
    const sources = cells.map(({ source }) => joined(source));
    expect(sources.find((source) => source.includes("binomial distribution"))).toMatch(/^<details>/);
    expect(sources[0]).not.toContain("<details>");
    const metadata = cells.flatMap((cell) => (cell.metadata["nbgrader"] ? [cell.metadata["nbgrader"]] : []));
    expect(metadata).toContainEqual({
      grade: false,
      grade_id: "path-lengths",
      locked: false,
      schema_version: 3,
      solution: true,
      task: false,
    });
    expect(metadata).toContainEqual({
      grade: true,
      grade_id: "path-lengths-deep",
      locked: true,
      points: 2,
      schema_version: 3,
      solution: false,
      task: false,
    });
  });
});
