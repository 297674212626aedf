// The checks that `npm test` runs beside everything else: what they found is told, and they never outlive it.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginTextChecks } from "./text-checks";

const loader = resolve(__dirname, "..", "typescript.cjs");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-checks-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const shell = (code: string): readonly string[] => ["sh", "-c", code];

/** Says who it is in a file, and goes on. */
const lasting = "echo $$ > here; while true; do sleep 0.05; done";
/** What has the lowest priority waits long on a busy machine. */
const patient = { timeout: 250_000, interval: 20 };

/** Who runs, once it has said so. */
async function runner(): Promise<number> {
  const here = join(root, "here");
  await expect.poll(() => existsSync(here) && readFileSync(here, "utf8"), patient).toMatch(/^\d+\n$/);
  return Number(readFileSync(here, "utf8"));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid), patient).toBe(false);
}

test.each([
  ["echo clean", true, "clean\n"],
  ["echo 'a.ts: not formatted' >&2; exit 2", false, "a.ts: not formatted\n"],
])("beginTextChecks() tells what %j says, and whether it passed", async (code, passed, output) => {
  const checks = beginTextChecks(root, shell(code));
  expect(checks.outcome()).toBeUndefined();
  expect(await checks.ended).toEqual({ passed, output });
  expect(checks.outcome()).toEqual({ passed, output });
});

test("beginTextChecks() runs them at the lowest priority; stop() ends all that they started, and they have not passed", async () => {
  const checks = beginTextChecks(root, shell(lasting));
  const pid = await runner();
  expect(getPriority(pid)).toBe(19);
  // Where Linux weighs sessions, it has their lowest weight too.
  const session = `/proc/${pid}/autogroup`;
  if (existsSync(session)) expect(readFileSync(session, "utf8")).toMatch(/ nice 19\n$/);
  checks.stop();
  expect((await checks.ended).passed).toBe(false);
  await expectGone(pid);
});

test("beginTextChecks() leaves nothing behind where the process ends before", async () => {
  const [file, args] = [join(__dirname, "text-checks.ts"), [root, shell(lasting)]];
  const code = `require(${JSON.stringify(file)}).beginTextChecks(...${JSON.stringify(args)}); process.stdin.once("data", () => process.exit(3));`;
  const own = spawn(process.execPath, ["-r", loader, "-e", code], { stdio: ["pipe", "inherit", "inherit"] });
  const pid = await runner();
  own.stdin.write("end\n");
  await expectGone(pid);
});
