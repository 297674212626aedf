// What `npm test` runs after setup and when it fails: vitest is a program that notes what it was asked for.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi, type Mock } from "vitest";
import { testAll } from "./test-all";
import type { Checked, TextChecks } from "./text-checks";

let root: string;
let told: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-test-all-"));
  mkdirSync(join(root, "node_modules", "vitest"), { recursive: true });
  vi.stubEnv("CHROMIUM_PATH", process.execPath);
  told = "";
  const tell = (text: unknown): boolean => ((told += `${String(text)}\n`), true);
  vi.spyOn(console, "log").mockImplementation(tell);
  vi.spyOn(console, "error").mockImplementation(tell);
  vi.spyOn(process.stdout, "write").mockImplementation(tell);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** A vitest that fails for a project of that name. */
function vitestFails(project?: string): void {
  const code = `import { appendFileSync } from "node:fs";
    const projects = process.argv.filter((_, i, all) => all[i - 1] === "--project").join(" ");
    appendFileSync("ran", projects + "\\n");
    process.exit(projects.includes("${project ?? "none"}") ? 1 : 0);`;
  writeFileSync(join(root, "node_modules", "vitest", "vitest.mjs"), code);
  writeFileSync(join(root, "ran"), "");
}
const ran = (): string[] => readFileSync(join(root, "ran"), "utf8").trim().split("\n");

/** Checks that have ended so, or go on until they are stopped. */
function checks(outcome?: Checked): TextChecks & { stop: Mock<() => void> } {
  const ended = outcome === undefined ? new Promise<Checked>(() => undefined) : Promise.resolve(outcome);
  return { ended, outcome: () => outcome, stop: vi.fn<() => void>() };
}
const clean = { passed: true, output: "all formatted" };
const wrong = { passed: false, output: "a.ts: not formatted" };

test("testAll() runs the unit tests, then the course, tells what the checks said, and passes", async () => {
  vitestFails();
  expect(await testAll(root, checks(clean))).toBe(0);
  expect(ran()).toEqual(["unit", "course alone"]);
  expect(told).toContain("all formatted");
  expect(told).toContain("Every test passed");
});

test.each([
  ["unit", ["unit"]],
  ["alone", ["unit", "course alone"]],
])(
  "testAll() ends with the stage of %s where that fails, and waits for no check",
  async (project, stages) => {
    vitestFails(project);
    const going = checks();
    expect(await testAll(root, going)).toBe(1);
    expect(ran()).toEqual(stages);
    expect(going.stop).toHaveBeenCalledOnce();
    expect(told).not.toContain("Every test passed");
  },
);

test("testAll() begins no stage once a check has failed, and says which", async () => {
  vitestFails();
  expect(await testAll(root, checks(wrong))).toBe(1);
  expect(ran()).toEqual([""]);
  expect(told).toContain("a.ts: not formatted");
  expect(told).toContain("Failed: format, types, documentation, lint");
});

test("testAll() fails where every test passes and a check fails after them", async () => {
  vitestFails();
  const late = { ...checks(), ended: Promise.resolve(wrong) };
  expect(await testAll(root, late)).toBe(1);
  expect(ran()).toEqual(["unit", "course alone"]);
  expect(told).toContain("a.ts: not formatted");
  expect(told).not.toContain("Every test passed");
});
