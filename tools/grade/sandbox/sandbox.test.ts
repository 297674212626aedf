// The limits that the system itself holds each confined program to, without the walls that hold them a second time.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { treeUse } from "./process-tree";
import { nodeFiles } from "./in-sight";
import { chooseSandbox, defaultLimits, type Limits } from "./sandbox";
import { Supervised, type EndReason } from "./supervise";

const root = resolve(__dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "residual-sandbox-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a script needs to speak on the channel. */
const speech = `const fs = require("fs"), key = Buffer.alloc(65); fs.readSync(3, key);
const say = (text) => fs.writeSync(4, key.toString("latin1", 0, 64) + " " + text + "\\n");`;

/** Runs JavaScript without walls and gives its lines, and why it ended. */
async function run(
  script: string,
  limits: Partial<Limits>,
  patienceMs = 120_000,
): Promise<{ lines: string[]; reason: EndReason | undefined; isDoubtful: boolean }> {
  const program = new Supervised(chooseSandbox({ name: "none" }), {
    command: [process.execPath, "-e", `${speech}\n${script}`],
    cwd: folder,
    readable: [],
    hidden: [],
    limits: { ...defaultLimits, ...limits },
  });
  const deadline = performance.now() + patienceMs;
  const lines: string[] = [];
  for (let line = await program.next(deadline); line !== undefined; line = await program.next(deadline))
    lines.push(line);
  return { lines, reason: program.reason, isDoubtful: program.isDoubtful };
}

test("wrap() holds a program to the largest file it may write", async () => {
  const path = join(folder, "large");
  const { lines } = await run(
    `try { for (let i = 0; i < 8; i++) require("fs").appendFileSync(${JSON.stringify(path)}, Buffer.alloc(1 << 20)); say("all"); }
     catch (error) { say(error.code); }`,
    { fileBytes: 3 << 20 },
  );
  expect(lines).toEqual(["EFBIG"]);
  expect(statSync(path).size).toBe(3 << 20);
});

test("wrap() holds one process to the memory that it may set aside", async () => {
  // Never touched, so that only the system's own limit can tell.
  const { lines } = await run(
    `try { const kept = []; for (let i = 0; i < 40; i++) kept.push(Buffer.allocUnsafe(256 << 20)); say("all"); }
     catch { say("refused"); }`,
    { memoryBytes: 1 << 30 },
  );
  expect(lines).toEqual(["refused"]);
});

test("Supervised ends a program for memory, output and a line too long, and says which", async () => {
  const fill = "const kept = []; setInterval(() => kept.push(Buffer.alloc(32 << 20, 1)), 20);";
  expect((await run(fill, { memoryBytes: 256 << 20 })).reason).toBe("memory");
  // `console.error` in a loop that never ends would queue its lines in the program's own memory.
  const print = 'for (;;) require("fs").writeSync(2, "x".repeat(1 << 16));';
  expect((await run(print, { outputBytes: 1 << 20 })).reason).toBe("output");
  const line = 'for (;;) fs.writeSync(4, "x".repeat(1 << 16));';
  expect((await run(line, {})).reason).toBe("line");
});

test("Supervised ends what a program has started too, when its memory together is too much", async () => {
  const child =
    "const kept = []; for (let i = 0; i < 5; i++) kept.push(Buffer.alloc(32 << 20, 1)); setInterval(() => kept, 1000);";
  const parent = `for (let i = 0; i < 3; i++) require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); setInterval(() => 0, 1000);`;
  expect((await run(parent, { memoryBytes: 400 << 20 })).reason).toBe("memory");
});

test("Supervised ends a program that writes to its channel without the key, and hears nothing of what it prints", async () => {
  expect(await run('fs.writeSync(1, "{\\"ready\\":true}\\n"); say("mine");', {})).toMatchObject({
    lines: ["mine"],
    reason: "exit",
  });
  const forged = 'fs.writeSync(4, "0".repeat(64) + " forged\\n"); setInterval(() => 0, 1000);';
  expect(await run(forged, {})).toMatchObject({ lines: [], reason: "forged" });
  // What listens to standard input hears the end of it, and no question.
  const listen = 'process.stdin.on("data", () => say("heard")).on("end", () => say("silence"));';
  expect((await run(listen, {})).lines).toEqual(["silence"]);
});

test("Supervised lets others go on while a program floods its channel, with the key or without, or prints", async () => {
  const floods = [
    'const flood = "\\n".repeat(1 << 16); for (;;) fs.writeSync(4, flood);',
    'const flood = "\\n".repeat(1 << 16); for (;;) fs.writeSync(1, flood);',
    "for (;;) say(1);",
    'const flood = (key.toString("latin1", 0, 64) + " 1\\n").repeat(1000); for (;;) fs.writeSync(4, flood);',
  ];
  for (const flood of floods) {
    let longest = 0;
    let last = performance.now();
    const pulse = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const { reason } = await run(flood, {}, 3000);
    clearInterval(pulse);
    expect(["forged", "output", "time"]).toContain(reason);
    // Before, it was as long as the flood: 40 s.
    expect(longest, flood).toBeLessThan(10_000);
  }
});

test("Supervised says whether a program may have been slow for want of a processor", async () => {
  const burn = "for (;;) {}";
  // Each in a session of its own: Linux shares processors between sessions first, and the program has one to itself.
  const others = Array.from({ length: 3 * availableParallelism() }, () =>
    spawn(process.execPath, ["-e", burn], { stdio: "ignore", detached: true }),
  );
  const crowded = await run(burn, {}, 2000);
  for (const other of others) other.kill("SIGKILL");
  expect(crowded).toMatchObject({ reason: "time", isDoubtful: true });
  expect(await run("setInterval(() => 0, 1000);", {}, 3000)).toMatchObject({
    reason: "time",
    isDoubtful: false,
  });
});

test("Supervised holds no time against a program in which the grader itself was busy", async () => {
  const ended = run("setInterval(() => 0, 1000);", {}, 600);
  // As with another program's answer of eight megabytes.
  for (const until = performance.now() + 1000; performance.now() < until;);
  expect(await ended).toMatchObject({ reason: "time", isDoubtful: true });
});

test("Supervised counts files that live in memory and have no name", async () => {
  const hoard = `import os, time
fds = [os.memfd_create(str(i)) for i in range(8)]
for fd in fds: os.write(fd, bytes(64 << 20))
time.sleep(60)`;
  const python = join(root, ".venv", "bin", "python");
  const parent = `require("child_process").spawn(${JSON.stringify(python)}, ["-c", ${JSON.stringify(hoard)}], { stdio: "ignore" }); setInterval(() => 0, 1000);`;
  // What it writes at once is 64 MiB; what it keeps is seen in no process's memory.
  expect((await run(parent, { memoryBytes: 300 << 20 }, 60_000)).reason).toBe("memory");
});

test("treeUse() counts what sockets can hold, and the tables of pages that are only looked at", async () => {
  const hoard = `import mmap, socket, sys
kept = [socket.socketpair() for _ in range(100)]
seen = mmap.mmap(-1, 8 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
seen.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, 8 << 30, 2 << 20): seen[at]
print("full", flush=True)
sys.stdin.read()`;
  const child = spawn("/usr/bin/python3", ["-c", hoard], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const { memoryBytes } = treeUse(child.pid!);
  child.kill("SIGKILL");
  // 200 sockets of 208 KiB, and 4096 tables of 4 KiB; Python itself has some 10 MiB.
  expect(memoryBytes).toBeGreaterThan((40 + 16) << 20);
});

test("wrap() without walls leaves the number of processes alone, because all that its user runs would count", () => {
  const program = { command: ["true"], cwd: "/tmp", readable: [], hidden: [], limits: defaultLimits };
  expect(chooseSandbox({ name: "none" }).wrap(program).args.join(" ")).not.toContain("--nproc");
  expect(chooseSandbox({}).wrap(program).args.join(" ")).toContain(`--nproc=${defaultLimits.processes}`);
});

test("nodeFiles() names files and no folder", () => {
  for (const path of nodeFiles()) expect(statSync(path).isFile()).toBe(true);
});

test("wrap() gives each program a user of its own, and bounds every scratch folder", () => {
  const sandbox = chooseSandbox({});
  const program = {
    command: ["true"],
    cwd: "/tmp",
    readable: ["/opt"],
    hidden: ["/opt/hidden"],
    limits: defaultLimits,
  };
  const [one, other] = [sandbox.wrap(program).args, sandbox.wrap(program).args];
  const user = (args: readonly string[]) => args.find((arg) => arg.startsWith("--reuid="));
  if (process.getuid?.() === 0) expect(user(one)).not.toBe(user(other));
  const scratch = one.flatMap((arg, index) => (arg === "--tmpfs" ? [index] : []));
  expect(scratch).toHaveLength(3);
  for (const index of scratch) expect(one[index - 2]).toBe("--size");
  expect(one.join(" ")).toContain("--remount-ro /opt/hidden");
});

test("Supervised ends a program that does not answer in time", async () => {
  const program = new Supervised(chooseSandbox({ name: "none" }), {
    command: [process.execPath, "-e", "for (;;) {}"],
    cwd: folder,
    readable: [],
    hidden: [],
    limits: defaultLimits,
  });
  expect(await program.next(performance.now() + 300)).toBeUndefined();
  expect(program.reason).toBe("time");
});
