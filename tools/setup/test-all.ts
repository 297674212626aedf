// `npm test`: the unit tests, then the course in the real Jupyter and a real Chromium; the checks of what is written run beside.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CHROMIUM_REMEDY, findChromium } from "../chromium";
import type { TextChecks } from "./text-checks";

/** Tests in files of this name need a Chromium. */
const BROWSER_TESTS = "**/*.browser.test.ts";

/** One stage after the other; the first that fails ends it, and so do the checks, which began before, where one has failed. The number is the exit status. */
export async function testAll(root: string, checks: TextChecks): Promise<number> {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const began = performance.now();
  const stage = async (name: string, args: readonly string[]): Promise<boolean> => {
    if (checks.outcome()?.passed === false) return false;
    console.log(`\n== ${name}`);
    const tests = spawn(process.execPath, [vitest, ...args], { cwd: root, stdio: "inherit" });
    const [status] = (await once(tests, "close")) as [number | null];
    if (status !== 0) console.error(`\nFailed: ${name}.`);
    return status === 0;
  };
  const chromium = findChromium();
  const without = chromium === undefined ? ["--exclude", BROWSER_TESTS] : [];
  const course = ["run", "--project", "course", "--project", "alone", ...without];
  const passed =
    (await stage("unit tests (npm run check:unit)", ["run", "--project", "unit"])) &&
    (await stage("the course in Jupyter and a browser", course));
  // A failed test is told at once, and not after the checks.
  if (!passed && checks.outcome() === undefined) {
    checks.stop();
    return 1;
  }
  const name = "format, types, documentation, lint (npm run check:text)";
  console.log(`\n== ${name}`);
  const { passed: clean, output } = await checks.ended;
  process.stdout.write(output);
  if (!clean) console.error(`\nFailed: ${name}.`);
  if (!passed || !clean) return 1;
  console.log(`\nEvery test passed (${((performance.now() - began) / 60_000).toFixed(1)} minutes).`);
  if (chromium !== undefined) return 0;
  console.error(
    `${countTests(root, vitest)} tests wait for a Chromium, and none was found. ${CHROMIUM_REMEDY}`,
  );
  return process.env["CI"] === "true" ? 1 : 0;
}

function countTests(root: string, vitest: string): number {
  const { status, stdout } = spawnSync(
    process.execPath,
    [vitest, "list", ".browser.test.ts", "--project", "course", "--json"],
    { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 },
  );
  if (status !== 0) throw new Error("vitest could not list the browser tests");
  return (JSON.parse(stdout.slice(stdout.indexOf("["))) as unknown[]).length;
}
