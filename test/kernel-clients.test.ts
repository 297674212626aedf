// The kernel, installed by its own command, in the programs that people run notebooks with: nothing of them is replaced.
import { execFile, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { joined, parseNotebook, type Output } from "../tools/notebooks/notebook";
import { ownJupyterEnv } from "./jupyter-env";
import { codeCell, writeNotebook } from "./notebook-file";

const root = resolve(__dirname, "..");
const bin = join(root, ".venv", "bin");
// Outside of the repository: this is a Jupyter that knows nothing of the course.
const scratch = mkdtempSync(join(tmpdir(), "residual-clients-"));
const prefix = join(scratch, "environment");
const kernels = join(prefix, "share", "jupyter", "kernels");
const env = { ...ownJupyterEnv(scratch), JUPYTER_PATH: join(prefix, "share", "jupyter") };

interface Ended {
  readonly status: number | null;
  readonly text: string;
}

/** Runs a program to its end; the text is what it wrote, less colours. */
function run(program: string, args: readonly string[], cwd = scratch): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(program, args, { cwd, env, maxBuffer: 1 << 26 }, (_error, stdout, stderr) => {
      done({ status: child.exitCode, text: plain(stdout + stderr) });
    });
  });
}

// eslint-disable-next-line no-control-regex -- the escape that begins a colour
const plain = (text: string): string => text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
const jupyter = (program: string, ...args: string[]): Promise<Ended> => run(join(bin, program), args);
const kernelCommand = (...args: string[]): Promise<Ended> =>
  run(process.execPath, ["-r", "./tools/typescript.cjs", "tools/kernel/main.ts", ...args], root);

/** The outputs of each code cell of a notebook in the scratch folder. */
function outputsOf(name: string): Output[][] {
  const path = join(scratch, name);
  return parseNotebook(readFileSync(path, "utf8"), path).cells.map((cell) => cell.outputs ?? []);
}

/** Whose kernels Jupyter finds, by name. */
function kernelFolders(): Map<string, string> {
  const { status, stdout, stderr } = spawnSync(join(bin, "jupyter"), ["kernelspec", "list", "--json"], {
    env,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const { kernelspecs } = JSON.parse(stdout) as { kernelspecs: Record<string, { resource_dir: string }> };
  return new Map(Object.entries(kernelspecs).map(([name, spec]) => [name, spec.resource_dir]));
}

beforeAll(async () => {
  mkdirSync(prefix);
  const installed = await kernelCommand("install", "--prefix", prefix);
  expect(installed.status, installed.text).toBe(0);
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const cells = [
  'console.log("printed"); const a: number = 20; a + 1',
  'import { plot } from "residual"; plot.latex("x_L = x_l + F")',
  "for (const step of progress(3, { label: 'steps' })) console.log(step);",
  'throw new RangeError("depth must be 6n+2; got 21")',
  "a",
];

/** What every client must have got of `cells`. */
function expectOutputs([first, formula, bar, failure, last]: readonly Output[][]): void {
  expect(first!.map((output) => output.output_type)).toEqual(["stream", "execute_result"]);
  expect(joined(first![0]!.text!)).toBe("printed\n");
  expect(first![1]!.data).toEqual({ "text/plain": ["21"] });
  expect(Object.keys(formula![0]!.data!)).toContain("text/latex");
  const shown = bar!.filter((output) => output.output_type === "display_data");
  expect(shown.map((output) => joined(output.data!["text/plain"] as string[]))).toEqual([
    expect.stringMatching(/^steps: .*3\/3 after/),
  ]);
  expect(failure![0]).toMatchObject({ output_type: "error", ename: "RangeError" });
  expect(failure![0]!.evalue).toBe("depth must be 6n+2; got 21");
  expect(last![0]!.data).toEqual({ "text/plain": ["20"] });
}

// Each client starts a kernel of its own and waits for it: side by side they wait together.
describe.concurrent("the installed kernel", () => {
  it("nbclient runs a notebook with it: text, results, an output in place, a readable error", async () => {
    writeNotebook(join(scratch, "a.ipynb"), cells);
    const { status, text } = await jupyter(
      "jupyter-execute",
      "--allow-errors",
      "--output=a.out.ipynb",
      "a.ipynb",
    );
    expect(status, text).toBe(0);
    expectOutputs(outputsOf("a.out.ipynb"));
  });

  it("nbconvert --execute writes the outputs into a page, and fails where a cell fails", async () => {
    writeNotebook(join(scratch, "b.ipynb"), cells);
    const args = ["--to", "html", "--execute", "b.ipynb"];
    const [failed, made] = await Promise.all([
      jupyter("jupyter-nbconvert", ...args),
      jupyter("jupyter-nbconvert", ...args, "--allow-errors", "--output", "made"),
    ]);
    expect(failed.status).toBe(1);
    expect(failed.text).toContain("RangeError: depth must be 6n+2; got 21\n    at cell[4]:1:7");
    expect(existsSync(join(scratch, "b.html"))).toBe(false);
    expect(made.status, made.text).toBe(0);
    const page = readFileSync(join(scratch, "made.html"), "utf8");
    for (const shown of ["printed", "x_L = x_l + F", "3/3 after", "RangeError"])
      expect(page).toContain(shown);
  });

  it("papermill leaves the failed cell in its output", async () => {
    writeNotebook(join(scratch, "d.ipynb"), cells);
    const failed = await jupyter("papermill", "--no-progress-bar", "d.ipynb", "d.out.ipynb");
    expect(failed.status).toBe(1);
    expect(failed.text).toContain("RangeError: depth must be 6n+2; got 21");
    const outputs = outputsOf("d.out.ipynb").filter((each) => each.length > 0);
    expect(outputs.at(-1)![0]).toMatchObject({ output_type: "error", ename: "RangeError" });
  });

  it("papermill runs a notebook with it, and gives it its parameters (-p), in the form of C#, which is TypeScript too", async () => {
    const source = 'let depth = 8;\nlet rate = 0.1;\nlet shortcut = "B";\nlet deep = false;';
    const defaults = codeCell(source, "defaults", { tags: ["parameters"] });
    const use = "const sum: number = depth + rate; const not: boolean = !deep; [sum, shortcut, not]";
    writeNotebook(join(scratch, "p.ipynb"), [defaults, ...cells.slice(0, 3), use]);
    const parameters = { depth: "20", rate: "0.5", shortcut: 'a "quoted" A', deep: "true" };
    const given = Object.entries(parameters).flatMap(([name, value]) => ["-p", name, value]);
    const args = ["--no-progress-bar", "--language", ".net-csharp", ...given, "p.ipynb", "p.out.ipynb"];
    const { status, text } = await jupyter("papermill", ...args);
    expect(status, text).toBe(0);
    const outputs = outputsOf("p.out.ipynb").filter((each) => each.length > 0);
    expect(outputs[0]![1]!.data).toEqual({ "text/plain": ["21"] });
    expect(joined(outputs.at(-1)![0]!.data!["text/plain"] as string[])).toBe(
      `[ 20.5, 'a "quoted" A', false ]`,
    );
  });

  it("jupyter console talks to it, and Ctrl-C stops a loop there", async () => {
    const args = ["--kernel", "residual", "--simple-prompt"];
    const client = spawn(join(bin, "jupyter-console"), args, { cwd: scratch, env });
    let text = "";
    for (const stream of [client.stdout, client.stderr])
      stream.setEncoding("utf8").on("data", (piece: string) => (text += plain(piece)));
    const ended = new Promise<void>((done) =>
      client.once("close", () => {
        done();
      }),
    );
    const shows = async (wanted: RegExp): Promise<void> => {
      const limit = performance.now() + 60_000;
      while (!wanted.test(text)) {
        if (client.exitCode !== null || client.signalCode !== null || performance.now() > limit)
          throw new Error(`jupyter console does not show ${String(wanted)}:\n${text}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    };
    try {
      await shows(/TypeScript 6\.0\.3 on Node v[^]*In \[1\]/);
      client.stdin.write("const a: number = 20;\na + 1\n");
      await shows(/Out\[2\]: 21/);
      client.stdin.write('let b: number = "one";\n');
      await shows(/Type 'string' is not assignable to type 'number'/);
      client.stdin.write('for (let i = 0; ; i++) if (i % 1e7 === 0) console.log("looping");\n');
      await shows(/looping\s+looping/);
      client.kill("SIGINT");
      await shows(/KeyboardInterrupt/);
      client.stdin.write("a + 2\n");
      await shows(/Out\[5\]: 22/);
    } finally {
      client.stdin.end();
      const force = setTimeout(() => client.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(force);
    }
  });
});

// After the clients, which it would leave without a kernel.
describe("the kernel's installation", () => {
  it("stands beside stock tslab, which keeps working; uninstall takes away ours alone", async () => {
    const tslab = join(root, "node_modules", ".bin", "tslab");
    const added = await run(tslab, [
      "install",
      "--prefix",
      prefix,
      "--python",
      join(bin, "python"),
      "--binary",
      tslab,
    ]);
    expect(added.status, added.text).toBe(0);
    const folders = kernelFolders();
    expect(folders.get("residual")).toBe(join(kernels, "residual"));
    expect(folders.get("tslab")).toBe(join(kernels, "tslab"));

    const removed = await kernelCommand("uninstall", "--prefix", prefix);
    expect(removed.status, removed.text).toBe(0);
    expect(existsSync(join(kernels, "residual"))).toBe(false);
    expect(kernelFolders().get("tslab")).toBe(join(kernels, "tslab"));
    // A chapter opened with it computes, and says first which kernel shows its figures.
    symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));
    const chapter = [
      "const x: number = 20;\nconsole.log(x + 1);",
      "import { nn } from 'residual';\nconsole.log(nn.conv2d(3, 8, { kernel: 3, stride: 1 }).outputShape([4, 4, 3]).join());",
    ];
    writeNotebook(join(scratch, "e.ipynb"), chapter, "tslab");
    const ran = await jupyter("jupyter-execute", "--output=e.out.ipynb", "e.ipynb");
    expect(ran.status, ran.text).toBe(0);
    const [plainly, opened] = outputsOf("e.out.ipynb").map((each) => each.map(({ text }) => joined(text!)));
    expect(plainly).toEqual(["21\n"]);
    expect(opened![0]).toMatch(/^This is the kernel of the published tslab.*"TypeScript \(Residual\)"/);
    expect(opened!.at(-1)).toBe("4,4,8\n");

    const again = await kernelCommand("install", "--prefix", prefix);
    expect(again.status, again.text).toBe(0);
    expect(kernelFolders().get("residual")).toBe(join(kernels, "residual"));
  });
});
