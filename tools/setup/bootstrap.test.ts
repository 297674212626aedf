// The first file that runs, as a program in a bare folder: a stand-in for npm, and signals that are really sent.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processStart } from "./ground/processes.mjs";

/** A busy machine takes its time to start a program. */
const PATIENT = { timeout: 30_000 };

let root: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-bootstrap-"));
  cpSync(join(import.meta.dirname, "bootstrap.mjs"), join(root, "tools/setup/bootstrap.mjs"));
  cpSync(join(import.meta.dirname, "ground"), join(root, "tools/setup/ground"), { recursive: true });
  put(
    "tools/setup/commands.ts",
    "export const run = (command) => { console.log('handed over', command); return 0; };\n",
  );
  put("package.json", "{}");
  put("tsconfig.json", "{}");
  // Does nothing but let .ts be required, because no package is really there.
  put(
    "tools/typescript.cjs",
    "require.extensions['.ts'] = (module, path) => module._compile(require('fs').readFileSync(path, 'utf8').replace('export const run', 'exports.run'), path);\n",
  );
  put("package-lock.json", JSON.stringify({ packages: { "node_modules/thing": { version: "1.0.0" } } }));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Puts an npm in place that notes that it ran, runs `before`, then installs a package that holds nothing. */
function npm(before = ""): void {
  put(
    "npm-cli.js",
    `const fs = require("fs");
     fs.appendFileSync("npm-runs", process.argv.slice(2).join(" ") + "\\n");
     fs.rmSync("node_modules", { recursive: true, force: true });
     ${before}
     fs.mkdirSync("node_modules/thing", { recursive: true });
     fs.writeFileSync("node_modules/thing/package.json", "{}");
     fs.writeFileSync("node_modules/.package-lock.json",
       JSON.stringify({ packages: { "node_modules/thing": { version: "1.0.0" } } }));`,
  );
}

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** As `bootstrap`, on a machine whose programs are these alone: their names, and what each prints. */
function bootstrapWith(programs: Readonly<Record<string, string>>, ...args: string[]) {
  for (const [name, prints] of Object.entries(programs)) {
    put(`programs/${name}`, `#!/bin/sh\nprintf '${prints}'\n`);
    chmodSync(join(root, "programs", name), 0o755);
  }
  return spawnSync(process.execPath, [join(root, "tools/setup/bootstrap.mjs"), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: join(root, "programs"), npm_execpath: join(root, "npm-cli.js") },
  });
}

function bootstrap(...args: string[]): { child: ChildProcess; ended: Promise<Ended>; output: () => string } {
  const child = spawn(process.execPath, [join(root, "tools/setup/bootstrap.mjs"), ...args], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, "npm-cli.js") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (status) => {
      resolve({ status, output });
    });
  });
  return { child, ended, output: () => output };
}

const npmRuns = (): number => readFileSync(join(root, "npm-runs"), "utf8").trim().split("\n").length;

describe("bootstrap", () => {
  it("brings the npm packages with install scripts off, hands over, and does neither twice", async () => {
    npm();
    const first = await bootstrap("start").ended;
    expect(first.output).toContain("handed over start");
    expect(readFileSync(join(root, "npm-runs"), "utf8")).toContain("ci --ignore-scripts");
    const second = await bootstrap("setup").ended;
    expect(second).toMatchObject({ status: 0 });
    expect(second.output).toContain("npm packages: ready");
    expect(npmRuns()).toBe(1);
  });

  it("carries on after SIGKILL in the middle of npm, whose orphan it ends first", async () => {
    npm(
      `if (!fs.existsSync("go")) { fs.writeFileSync("orphan", String(process.pid)); setInterval(() => {}, 1000); return; }`,
    );
    const { child, ended } = bootstrap("setup");
    await expect.poll(() => existsSync(join(root, "orphan")), PATIENT).toBe(true);
    child.kill("SIGKILL");
    await ended;
    put("go", "");
    const again = await bootstrap("setup").ended;
    expect(again.output).toContain("handed over setup");
    expect(processStart(Number(readFileSync(join(root, "orphan"), "utf8")))).toBeUndefined();
    expect(npmRuns()).toBe(2);
  });

  it("says that it was stopped and ends npm on SIGINT", async () => {
    npm(`fs.writeFileSync("npm-pid", String(process.pid)); setInterval(() => {}, 1000); return;`);
    const { child, ended } = bootstrap("setup");
    await expect.poll(() => existsSync(join(root, "npm-pid")), PATIENT).toBe(true);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ status: 130 });
    expect((await ended).output).toContain("the next run carries on");
    const pid = Number(readFileSync(join(root, "npm-pid"), "utf8"));
    await expect.poll(() => processStart(pid), PATIENT).toBeUndefined();
    expect(existsSync(join(root, ".setup/lock"))).toBe(false);
  });

  it("refuses Windows at once, in two lines, and touches nothing", () => {
    put("windows.cjs", 'Object.defineProperty(process, "platform", { value: "win32" });\n');
    const before = readdirSync(root).sort();
    const program = [
      "--require",
      join(root, "windows.cjs"),
      join(root, "tools/setup/bootstrap.mjs"),
      "start",
    ];
    const { status, stderr } = spawnSync(process.execPath, program, { cwd: root, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([
      "The course runs on Linux and macOS, and this is Node for Windows.",
      expect.stringContaining("wsl --install"),
    ]);
    expect(readdirSync(root).sort()).toEqual(before);
  });

  it.runIf(existsSync("/dev/full"))("says that the disk is full where nothing can be written", async () => {
    npm();
    mkdirSync(join(root, ".setup"));
    symlinkSync("/dev/full", join(root, ".setup", "setup.log"));
    const { status, output } = await bootstrap("setup").ended;
    expect(status).toBe(1);
    expect(output.trim()).toMatch(/^The disk is full.*\n {2}Free some space .* carries on\.$/);
  });

  it.each([
    { programs: {}, says: /^Python must be 3\.10 or newer; found none\. No C\+\+ compiler .*\n {2}.*python3-venv.*g\+\+/ },
    { programs: { python3: "3.9.2\\nvenv", "g++": "g++ 12" }, says: /^Python must be 3\.10 .* is 3\.9\.2\.\n {2}Install it/ },
    { programs: { python3: "3.11.2", "g++": "g++ 12" }, says: /^Python 3\.11\.2 .* cannot make environments.*\n {2}.*`apt-get install python3-venv`/ },
  ])("asks for what is missing before it downloads anything: $says", ({ programs, says }) => {
    npm();
    for (const command of ["start", "doctor"]) {
      const { status, stderr } = bootstrapWith(programs, command);
      expect([status, stderr.trim()]).toEqual([1, expect.stringMatching(says)]);
      expect(stderr.trim().split("\n")).toHaveLength(2);
    }
    expect(existsSync(join(root, "npm-runs"))).toBe(false);
  }); // prettier-ignore

  it("says before anything else that there is no compiler, and goes on unless the engine is required", () => {
    npm();
    const programs = { python3: "3.11.2\\nvenv" };
    const required = bootstrapWith(programs, "start", "--require-engine");
    expect(required.stderr).toMatch(/No C\+\+ compiler.*\n {2}.*apt-get install g\+\+/);
    expect(existsSync(join(root, "npm-runs"))).toBe(false);
    const { status, stdout } = bootstrapWith(programs, "start");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\s+No C\+\+ compiler .*apt-get install g\+\+.*\n\[1\/6\]/);
  });

  it("waits for another setup of the same folder", async () => {
    npm(`while (!fs.existsSync("go")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);`);
    const first = bootstrap("setup");
    await expect.poll(() => existsSync(join(root, "npm-runs")), PATIENT).toBe(true);
    const second = bootstrap("test");
    await expect.poll(second.output, PATIENT).toContain("waiting for it to end");
    put("go", "");
    expect(await first.ended).toMatchObject({ status: 0 });
    expect((await second.ended).output).toContain("handed over test");
    expect(npmRuns()).toBe(1);
  });

  it("turns a failing network into one line with its remedy", async () => {
    npm(`console.error("npm error code ENOTFOUND"); process.exit(1);`);
    const { status, output } = await bootstrap("setup").ended;
    expect(status).toBe(1);
    expect(output).toContain("The network failed while fetching the npm packages.\n  Check the connection");
    expect(output).not.toContain("    at ");
  });

  it("shows help without installing, and refuses an unknown command", async () => {
    for (const command of ["setup", "start", "test", "doctor"]) {
      const { status, output } = await bootstrap(command, "--help").ended;
      expect(status).toBe(0);
      expect(output).toContain("npm");
    }
    expect(existsSync(join(root, ".setup"))).toBe(false);
    expect(await bootstrap("dance").ended).toMatchObject({ status: 1 });
  });

  it("doctor changes nothing where nothing is installed, and says what to run", async () => {
    const { status, output } = await bootstrap("doctor").ended;
    expect(status).toBe(1);
    expect(output).toContain("npm run setup");
    expect(existsSync(join(root, "node_modules"))).toBe(false);
  });
});
