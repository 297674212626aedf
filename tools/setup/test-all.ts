// `npm test` after setup: every check, then the course in the real Jupyter and a real Chromium.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CHROMIUM_REMEDY, findChromium } from "../chromium";

/** Tests in files of this name need a Chromium. */
const BROWSER_TESTS = "**/*.browser.test.ts";

/** One stage after the other; the first that fails ends it. The number is the exit status. */
export function testAll(root: string): number {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const began = performance.now();
  const stage = (name: string, command: string, args: readonly string[]): boolean => {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
    if (status !== 0) console.error(`\nFailed: ${name}.`);
    return status === 0;
  };

  if (
    !stage("format, lint, types, documentation, unit tests (npm run check)", "npm", [
      "run",
      "--silent",
      "check",
    ])
  )
    return 1;
  const chromium = findChromium();
  const without = chromium === undefined ? ["--exclude", BROWSER_TESTS] : [];
  const waiting = chromium === undefined ? countTests(root, vitest) : 0;
  const course = ["run", "--project", "course", "--project", "alone", ...without];
  if (!stage("the course in Jupyter and a browser", process.execPath, [vitest, ...course])) return 1;
  console.log(`\nEvery test passed (${((performance.now() - began) / 60_000).toFixed(1)} minutes).`);
  if (chromium !== undefined) return 0;
  console.error(`${waiting} tests wait for a Chromium, and none was found. ${CHROMIUM_REMEDY}`);
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
