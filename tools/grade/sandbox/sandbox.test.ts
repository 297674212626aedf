// The limits that the system itself holds each confined program to, without the walls that hold them a second time.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { chooseSandbox, defaultLimits, type Limits } from "./sandbox";
import { Supervised, type EndReason } from "./supervise";

const folder = mkdtempSync(join(tmpdir(), "residual-sandbox-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs JavaScript without walls and gives its lines, and why it ended. */
async function run(
  script: string,
  limits: Partial<Limits>,
): Promise<{ lines: string[]; reason: EndReason | undefined }> {
  const program = new Supervised(chooseSandbox({ name: "none" }), {
    command: [process.execPath, "-e", script],
    cwd: folder,
    readable: [],
    hidden: [],
    limits: { ...defaultLimits, ...limits },
    lane: 0,
  });
  const deadline = performance.now() + 120_000;
  const lines: string[] = [];
  for (let line = await program.next(deadline); line !== undefined; line = await program.next(deadline))
    lines.push(line);
  return { lines, reason: program.reason };
}

test("wrap() holds a program to the largest file it may write", async () => {
  const path = join(folder, "large");
  const { lines } = await run(
    `try { for (let i = 0; i < 8; i++) require("fs").appendFileSync(${JSON.stringify(path)}, Buffer.alloc(1 << 20)); console.log("all"); }
     catch (error) { console.log(error.code); }`,
    { fileBytes: 3 << 20 },
  );
  expect(lines).toEqual(["EFBIG"]);
  expect(statSync(path).size).toBe(3 << 20);
});

test("wrap() holds one process to the memory that it may set aside", async () => {
  // Never touched, so that only the system's own limit can tell.
  const { lines } = await run(
    `try { const kept = []; for (let i = 0; i < 40; i++) kept.push(Buffer.allocUnsafe(256 << 20)); console.log("all"); }
     catch { console.log("refused"); }`,
    { memoryBytes: 1 << 30 },
  );
  expect(lines).not.toContain("all");
});

test("Supervised ends a program for memory, output and a line too long, and says which", async () => {
  const fill = "const kept = []; setInterval(() => kept.push(Buffer.alloc(32 << 20, 1)), 20);";
  expect((await run(fill, { memoryBytes: 256 << 20 })).reason).toBe("memory");
  // `console.error` in a loop that never ends would queue its lines in the program's own memory.
  const print = 'for (;;) require("fs").writeSync(2, "x".repeat(1 << 16));';
  expect((await run(print, { outputBytes: 1 << 20 })).reason).toBe("output");
  const line = 'for (;;) require("fs").writeSync(1, "x".repeat(1 << 16));';
  expect((await run(line, {})).reason).toBe("line");
});

test("Supervised ends what a program has started too, when its memory together is too much", async () => {
  const child =
    "const kept = []; for (let i = 0; i < 5; i++) kept.push(Buffer.alloc(32 << 20, 1)); setInterval(() => kept, 1000);";
  const parent = `for (let i = 0; i < 3; i++) require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); setInterval(() => 0, 1000);`;
  expect((await run(parent, { memoryBytes: 400 << 20 })).reason).toBe("memory");
});

test("Supervised ends a program that does not answer in time", async () => {
  const program = new Supervised(chooseSandbox({ name: "none" }), {
    command: [process.execPath, "-e", "for (;;) {}"],
    cwd: folder,
    readable: [],
    hidden: [],
    limits: defaultLimits,
    lane: 0,
  });
  expect(await program.next(performance.now() + 300)).toBeUndefined();
  expect(program.reason).toBe("time");
});
