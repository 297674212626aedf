// The notebook tool on a real kernel: what it writes, what it leaves alone, and what it says.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPython } from "../tools/notebooks/environment";
import { formatNotebook, joined, parseNotebook, type Output } from "../tools/notebooks/notebook";
import { listSources } from "../tools/notebooks/source";
import { staleNotebooks } from "../tools/notebooks/stale";

const root = resolve(__dirname, "..");
// Inside the repository, so that a cell's `import ... from "residual"` finds the library.
const cache = join(root, "node_modules", ".cache", "residual");
let folder: string;

beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "notebooks-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const command = ["-r", "./tools/typescript.cjs", "tools/notebooks/main.ts"];

function notebooks(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...command, ...args], { cwd: root, encoding: "utf8" });
}

/** Writes a source into the test's folder. */
function source(name: string, text: string): { source: string; output: string } {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, text);
  return { source: path, output: join(folder, `${name}.ipynb`) };
}

const failing = `// %% [markdown]
// # 91 Failing

// %%
const depth: number = 21;

// %%
function build(): void {
  throw new RangeError(\`depth must be 6n+2; got \${depth}\`);
}
build();

// %%
console.log("never");
`;

describe("npm run notebooks", () => {
  test("npm run notebooks writes what a cell printed, drew and threw, and not its progress", () => {
    const path = join(folder, "90-fixture.ts");
    const output = join(folder, "90-fixture.ipynb");
    copyFileSync(join(root, "test", "fixtures", "notebooks", "90-fixture.ts"), path);
    const report = join(folder, "report.json");
    const run = notebooks(path, "--json", report);
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^90-fixture: 4 code cells/);
    expect(run.stdout).toMatch(/cell 1 of 4 \(90-fixture\.ts:7: import/);
    expect(run.stdout).toMatch(/90-fixture: written in [\d.]+ s, peak memory \d+ MiB/);
    const [entry] = JSON.parse(readFileSync(report, "utf8")) as {
      ok: boolean;
      seconds: number;
      peakBytes: number;
    }[];
    expect(entry!.ok).toBe(true);
    expect(entry!.peakBytes).toBeGreaterThan(20 * 2 ** 20);

    const text = readFileSync(output, "utf8");
    const { cells, metadata } = parseNotebook(text, output);
    expect(metadata["kernelspec"]).toMatchObject({ name: "residual", language: "typescript" });
    const outputs = cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.outputs!);
    expect(printed(outputs[0]!)).toBe("the last loss is 0.7\n");
    expect(outputs[1]![0]!.data).toMatchObject({
      "application/vnd.plotly.v1+json": { data: [{ y: [2.3, 1.1, 0.7] }] },
    });
    expect(outputs[2]!.map((one) => one.output_type)).toEqual(["stream"]);
    expect(outputs[3]!.at(-1)).toMatchObject({ ename: "RangeError", evalue: "depth must be 6n+2; got 21" });
    expect(outputs[3]!.at(-1)!.traceback!.join("\n")).not.toContain("node_modules");

    expect(notebooks(path).status).toBe(0);
    expect(readFileSync(output, "utf8")).toBe(text);
  });

  test("npm run notebooks stops at the first error, says where and why, and leaves the old notebook", () => {
    const { source: path, output } = source("91-failing", failing);
    writeFileSync(output, "the old notebook");
    const run = notebooks(path);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/91-failing stopped in cell 2 of 3 \(91-failing\.ts:8: function build\(\)/);
    expect(run.stderr).toMatch(/RangeError: depth must be 6n\+2; got 21/);
    expect(run.stdout).not.toMatch(/cell 3|written/);
    expect(readFileSync(output, "utf8")).toBe("the old notebook");
  });

  test("npm run notebooks fails on a type error and on a cell that should throw and does not", () => {
    const typed = source("92-typed", '// %%\nconst depth: number = "20";\n');
    const wrong = notebooks(typed.source);
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/not assignable to type 'number'/);
    const silent = source("93-silent", '// %% tags=["raises-exception"]\nconsole.log(1);\n');
    expect(notebooks(silent.source).stderr).toMatch(/tagged raises-exception and raised nothing/);
    expect(existsSync(typed.output) || existsSync(silent.output)).toBe(false);
  });

  test("npm run notebooks gives sweeps a fresh folder, so that nothing trained earlier is written, and takes it away", () => {
    const { source: path, output } = source(
      "95-sweeps",
      '// %%\nimport { readdirSync } from "node:fs";\nconst sweeps = process.env["RESIDUAL_SWEEPS"]!;\nconsole.log(sweeps, readdirSync(sweeps).length);\n',
    );
    expect(notebooks(path).status).toBe(0);
    const [cell] = parseNotebook(readFileSync(output, "utf8"), output).cells;
    const [sweeps, files] = printed(cell!.outputs!).trim().split(" ");
    expect(files).toBe("0");
    expect(existsSync(sweeps!)).toBe(false);
  });

  test("npm run notebooks ends a cell that exceeds --timeout", () => {
    const { source: path } = source(
      "94-endless",
      "// %%\nawait new Promise((resolve) => setTimeout(resolve, 600_000));\n",
    );
    const run = notebooks(path, "--timeout", "2");
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/cell 1 of 1 .*\n.*took longer than 2 s/);
  });

  test.each(["SIGINT", "SIGKILL"] as const)(
    "npm run notebooks leaves no kernel behind after %s",
    async (signal) => {
      const mark = join(folder, `pid-${signal}`);
      const { source: path, output } = source(
        "95-stopped",
        `// %%\nimport { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(mark)}, String(process.pid));\n` +
          "await new Promise((resolve) => setTimeout(resolve, 600_000));\n",
      );
      writeFileSync(output, "the old notebook");
      const front = spawn(process.execPath, [...command, path], { cwd: root, stdio: "ignore" });
      const kernel = await pidIn(mark, front);
      const ended = new Promise<number | null>((resolve) => front.once("exit", resolve));
      front.kill(signal);
      expect(await ended).toBe(signal === "SIGINT" ? 130 : null);
      await expect.poll(() => alive(kernel), { timeout: 20_000 }).toBe(false);
      expect(readFileSync(output, "utf8")).toBe("the old notebook");
    },
  );

  test("npm run notebooks --check names the stale notebook and the cell", () => {
    const { source: path, output } = source(
      "96-stale",
      "// %%\nconsole.log(1); // prettier-ignore\n\n// %%\nconsole.log(2);\n",
    );
    expect(notebooks(path, "--check").stderr).toMatch(/96-stale\.ipynb is stale: it was never written/);
    expect(notebooks(path).status).toBe(0);
    expect(notebooks(path, "--check").status).toBe(0);
    // Readers need not see what is said to the formatter.
    expect(readFileSync(output, "utf8")).not.toContain("prettier-ignore");
    writeFileSync(path, "// %%\nconsole.log(1);\n\n// %%\nconsole.log(3);\n");
    const check = notebooks(path, "--check");
    expect(check.status).toBe(1);
    expect(check.stderr).toMatch(
      /96-stale\.ipynb is stale: cell 2 \(96-stale\.ts:4\).*npm run notebooks -- 96/,
    );
    expect(readFileSync(output, "utf8")).toContain("console.log(2)");
  });

  test("npm run notebooks explains itself and refuses what it does not know", () => {
    expect(notebooks("--help").stdout).toMatch(/^npm run notebooks -- NOTEBOOK/);
    expect(notebooks("77").stderr).toMatch(/got 77 \(there are: .*01-the-degradation-problem/);
    expect(notebooks("01", "--timeout", "soon").stderr).toMatch(
      /whole number of seconds, at least 1; got soon/,
    );
    expect(notebooks("--forever").status).toBe(2);
  });
});

describe("the course's notebooks", () => {
  test("every written notebook holds its source", async () => {
    expect(await staleNotebooks(findPython(root), listSources(join(root, "notebooks")))).toEqual([]);
  });
});

function printed(outputs: readonly Output[]): string {
  return outputs.map((output) => joined(output.text ?? "")).join("");
}

async function pidIn(path: string, front: ChildProcess): Promise<number> {
  while (!existsSync(path) || readFileSync(path, "utf8") === "") {
    if (front.exitCode !== null) throw new Error(`the tool ended with ${front.exitCode} before its cell ran`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return Number(readFileSync(path, "utf8"));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

describe("formatNotebook()", () => {
  /** The text as Jupyter writes a notebook that it was given in JavaScript's spelling, which is what a browser sends. */
  const savedByJupyter = (text: string): string => {
    const program =
      "import json, sys; json.dump(json.load(sys.stdin), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True); print()";
    const input = JSON.stringify(JSON.parse(text));
    return spawnSync(findPython(root), ["-c", program], { input, encoding: "utf8", maxBuffer: 2 ** 28 })
      .stdout;
  };

  test("formatNotebook() writes any number as Jupyter saves it", () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
      fc.integer(),
    );
    const numbers = fc.sample(number, { numRuns: 3000, seed: 7 });
    const all = [...numbers, 0, 1e-4, 0.00003, 3e-7, 1.5e-100, 1e16, 1e21, 5e-324, Number.MAX_VALUE];
    const metadata = { values: all, empty: [], none: {}, text: '\u00e4 \u2028 "\n' };
    const text = formatNotebook({ nbformat: 4, nbformat_minor: 5, metadata, cells: [] });
    expect(text).toBe(savedByJupyter(text));
  });

  test.each(["notebooks", "exercises"])("the notebooks in %s are kept as Jupyter saves them", (name) => {
    const files = readdirSync(join(root, name), { recursive: true, encoding: "utf8" });
    const notebooks = files.filter((path) => path.endsWith(".ipynb") && !path.includes(".ipynb_checkpoints"));
    expect(notebooks.length).toBeGreaterThan(10);
    for (const path of notebooks) {
      const text = readFileSync(join(root, name, path), "utf8");
      expect(text === savedByJupyter(text), `${path} would change when it is saved`).toBe(true);
    }
  });
});
