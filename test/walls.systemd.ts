// What control groups promise of a program behind walls, by a real systemd: `npm run test:systemd`, as root and as an ordinary user.
import { spawn, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { controlGroupsMissing, inControlGroups } from "../tools/grade/sandbox/control-groups";
import { nodeFiles } from "../tools/grade/sandbox/in-sight";
import { chooseSandbox, defaultLimits, type Limits } from "../tools/grade/sandbox/sandbox";
import { Supervised } from "../tools/grade/sandbox/supervise";

const MIB = 1 << 20;
/** Long: an emulated machine is slow. */
const LONG = 240_000;
const sandbox = inControlGroups(chooseSandbox({}));

const programOf = (code: string, limits: Partial<Limits> = {}) => ({
  command: [process.execPath, "-e", code],
  cwd: "/tmp",
  readable: nodeFiles(),
  hidden: [],
  limits: { ...defaultLimits, ...limits },
});

/** Runs a program to its end. */
async function ended(code: string, limits: Partial<Limits> = {}): Promise<Supervised> {
  const program = new Supervised(sandbox, programOf(code, limits));
  expect(await program.next(performance.now() + LONG)).toBeUndefined();
  return program;
}

const units = (): string =>
  spawnSync("systemctl", [...(process.getuid!() === 0 ? [] : ["--user"]), "list-units", "--all", "--plain", "--no-legend", "residual-grade-*"], { encoding: "utf8" }).stdout; // prettier-ignore

test("controlGroupsMissing() finds that systemd holds programs here", () => {
  expect(controlGroupsMissing(defaultLimits)).toBeUndefined();
});

test("a burst of memory between two looks of the grader ends the program for memory, and it is tried again alone", async () => {
  // One second of the main thread's own: nothing that this process counts could see it in time.
  const burst = "const held = []; for (let i = 0; i < 400; i++) held.push(Buffer.alloc(1 << 20, 1));";
  const { reason, isDoubtful } = await ended(burst, { memoryBytes: 200 * MIB });
  expect({ reason, isDoubtful }).toEqual({ reason: "memory", isDoubtful: true });
});

test("files in memory count, of several processes together", async () => {
  const fill = (name: string): string =>
    `require("fs").writeFileSync("/dev/shm/${name}", Buffer.alloc(60 << 20, 1))`;
  const both = `const { spawnSync } = require("child_process");
    const statuses = ["a", "b", "c"].map((n) => spawnSync(process.execPath, ["-e", ${JSON.stringify(fill("NAME"))}.replace("NAME", n)]).status);
    process.exit(statuses.every((s) => s === 0) ? 0 : 1);`;
  expect((await ended(both, { memoryBytes: 220 * MIB, fileBytes: 500 * MIB })).reason).toBe("memory");
});

test("processes are counted over the whole tree, and the program itself goes on", async () => {
  const bomb = `const { spawn } = require("child_process");
    let started = 0, refused = 0;
    const one = () => { const c = spawn("/bin/sleep", ["100"]); c.on("error", () => refused++); if (c.pid) started++; };
    for (let i = 0; i < 60; i++) one();
    setTimeout(() => { console.error(JSON.stringify({ started, refused })); process.exit(0); }, 500);`;
  const { stderr, reason } = await ended(bomb, { processes: 40 });
  const { started, refused } = JSON.parse(stderr) as { started: number; refused: number };
  expect(reason).toBe("exit");
  expect(started + refused).toBe(60);
  expect(started).toBeLessThan(40);
});

test("a program that kills itself is not taken for one without memory", async () => {
  expect((await ended("process.kill(process.pid, 'SIGKILL')")).reason).toBe("exit");
  expect((await ended("process.exit(137)")).reason).toBe("exit");
});

test("a program of many threads leaves its neighbour its share of the processors", async () => {
  const cores = Number(spawnSync("nproc", { encoding: "utf8" }).stdout);
  const threads = 8 * cores;
  const greedy = `const { Worker } = require("worker_threads");
    for (let i = 0; i < ${threads}; i++) new Worker("for (;;) {}", { eval: true });`;
  const neighbour = new Supervised(sandbox, programOf(greedy, { processes: 200 }));
  void neighbour.next(performance.now() + LONG);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const work = `const began = performance.now(); let n = 0;
    while (performance.now() - began < 4000) n++;
    const { user, system } = process.cpuUsage(); console.error((user + system) / 1000 / (performance.now() - began));`;
  const { stderr } = await ended(work);
  await neighbour.end();
  // Without the group it would be one thread among many.
  expect(Number(stderr)).toBeGreaterThan(0.4);
});

test("programs end with the grader that is killed, and no group stays", async () => {
  const code = `
    const { chooseSandbox } = require(${JSON.stringify(join(resolve(__dirname, ".."), "tools/grade/sandbox/sandbox"))});
    const { inControlGroups } = require(${JSON.stringify(join(resolve(__dirname, ".."), "tools/grade/sandbox/control-groups"))});
    const { Supervised } = require(${JSON.stringify(join(resolve(__dirname, ".."), "tools/grade/sandbox/supervise"))});
    const program = new Supervised(inControlGroups(chooseSandbox({})), ${JSON.stringify(programOf("setInterval(() => {}, 1000)"))});
    program.next(performance.now() + 600000);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 5000);`;
  const grader = spawn(process.execPath, ["-r", "./tools/typescript.cjs", "-e", code], { cwd: resolve(__dirname, "..") }); // prettier-ignore
  await expect.poll(units, { timeout: LONG, interval: 200 }).toContain("running");
  await new Promise((resolve) => grader.once("close", resolve));
  await expect.poll(units, { timeout: LONG, interval: 500 }).toBe("");
});
