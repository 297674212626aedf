// The setup lock and the programs it answers for, with real processes that are really killed.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"; // prettier-ignore
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock } from "./lock.mjs";
import { processRunner, processStart } from "./processes.mjs";

/** A busy machine takes its time to start a program. */
const PATIENT = { timeout: 30_000 };

let folder: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-lock-"));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that takes the lock, starts `sleep` under it, prints both ids and stays. */
async function holder(): Promise<{ process: ChildProcess; sleeper: number }> {
  const script = `
    import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, "lock.mjs"))};
    import { processRunner } from ${JSON.stringify(join(import.meta.dirname, "processes.mjs"))};
    const lock = await acquireLock(${JSON.stringify(folder)});
    const runner = processRunner({ onChild: (pid) => { lock.setChild(pid); console.log(pid); } });
    await runner.run("sleep", ["600"]);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const sleeper = await new Promise<number>((resolve) => {
    child.stdout.once("data", (data: Buffer) => {
      resolve(Number(data.toString()));
    });
  });
  return { process: child, sleeper };
}

describe("acquireLock()", () => {
  it("waits for a living holder, and takes over from a killed one, whose running program it ends", async () => {
    const { process: other, sleeper } = await holder();
    let waitedFor: number | undefined;
    const waiting = acquireLock(folder, { pollMs: 20, onWait: (pid) => (waitedFor = pid) });
    await expect.poll(() => waitedFor, PATIENT).toBe(other.pid);
    expect(processStart(sleeper)).toBeDefined();
    other.kill("SIGKILL");
    const lock = await waiting;
    await expect.poll(() => processStart(sleeper), PATIENT).toBeUndefined();
    lock.release();
  });

  it.runIf(existsSync("/dev/full"))("keeps what the lock says where the disk is full", async () => {
    const lock = await acquireLock(folder);
    const before = readFileSync(join(folder, "lock"), "utf8");
    symlinkSync("/dev/full", join(folder, `lock.${process.pid}`));
    lock.setChild(process.pid);
    expect(readFileSync(join(folder, "lock"), "utf8")).toBe(before);
    lock.setChild(process.pid);
    expect(JSON.parse(readFileSync(join(folder, "lock"), "utf8"))).toMatchObject({
      child: { pid: process.pid },
    });
    lock.release();
  });

  it("lets one in at a time, however many come at once", async () => {
    writeFileSync(
      join(folder, "lock"),
      JSON.stringify({ pid: 2 ** 22 + 1, started: "0", host: hostname(), child: null }),
    );
    let inside = 0;
    let most = 0;
    const script = `
      import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, "lock.mjs"))};
      const lock = await acquireLock(${JSON.stringify(folder)}, { pollMs: 5 });
      console.log("in"); await new Promise((resolve) => setTimeout(resolve, 30)); console.log("out");
      lock.release();`;
    const all = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      started.push(child);
      child.stdout.on("data", (data: Buffer) => {
        for (const word of data.toString().trim().split("\n")) {
          inside += word === "in" ? 1 : -1;
          most = Math.max(most, inside);
        }
      });
      return new Promise<number | null>((resolve) => child.on("close", resolve));
    });
    expect(await Promise.all(all)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(most).toBe(1);
  });

  it("takes over a lock that no setup could have written, and one whose process id went to another program", async () => {
    for (const text of ["", "{}", JSON.stringify({ pid: process.pid, started: "1", host: hostname() })]) {
      writeFileSync(join(folder, "lock"), text);
      const lock = await acquireLock(folder, { pollMs: 5 });
      expect(JSON.parse(readFileSync(join(folder, "lock"), "utf8"))).toMatchObject({ pid: process.pid });
      lock.release();
    }
  });

  it("believes another machine's holder while its heartbeat is young", async () => {
    const path = join(folder, "lock");
    writeFileSync(path, JSON.stringify({ pid: 1, started: "1", host: "elsewhere", child: null }));
    let waited = false;
    const waiting = acquireLock(folder, { pollMs: 5, onWait: () => (waited = true) });
    await expect.poll(() => waited, PATIENT).toBe(true);
    const old = new Date(Date.now() - 120_000);
    utimesSync(path, old, old);
    (await waiting).release();
  });
});

describe("processRunner()", () => {
  it("run() gives status and output, and 127 for a program that does not exist", async () => {
    const { run } = processRunner();
    expect(await run("sh", ["-c", "echo out; echo err >&2; exit 3"])).toMatchObject({
      status: 3,
      output: "out\nerr\n",
    });
    expect((await run("no-such-program", [])).status).toBe(127);
  });

  it("stop() ends what the program started, too", async () => {
    const runner = processRunner();
    let grandchild = 0;
    const result = runner.run("sh", ["-c", "sleep 600 & echo $!; wait"], {
      onLine: (line) => (grandchild = Number(line)),
    });
    await expect.poll(() => grandchild, PATIENT).toBeGreaterThan(0);
    runner.stop();
    expect((await result).status).toBe(143);
    await expect.poll(() => processStart(grandchild), PATIENT).toBeUndefined();
  });
});
