import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleForBrowser, describeBundle } from "./portable-bundle";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-portable-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes modules by name and gives the path of the first. */
function modules(sources: Record<string, string>): string {
  for (const [name, source] of Object.entries(sources)) writeFileSync(join(folder, name), source);
  return join(folder, Object.keys(sources)[0]!);
}

test.each(["node:fs", "node:path", "fs", "worker_threads"])(
  "bundleForBrowser() refuses %s three imports deep, and says where",
  async (name) => {
    const entry = modules({
      "index.ts": `export * from "./a.js";`,
      "a.ts": `export * from "./b.js";`,
      "b.ts": `export const late = () => import("./c.js");`,
      "c.ts": `import * as node from "${name}";\nexport const kept = node;`,
    });
    await expect(bundleForBrowser(entry)).rejects.toThrow(
      new RegExp(`does not bundle for a browser[^]*"${name}"[^]*c\\.ts:1`),
    );
  },
);

test("bundleForBrowser() tells what loads at once from what loads on demand", async () => {
  const entry = modules({
    "index.ts": `import { common } from "./common.js";\nconsole.log(common);\nexport const late = () => import("./late.js");`,
    "late.ts": `import { common } from "./common.js";\nexport const value = common + "${"late".repeat(500)}";`,
    "common.ts": `export const common = [1, 2, 3].join();`,
  });
  const files = await bundleForBrowser(entry);
  const onDemand = files.filter(({ when }) => when === "on demand");
  expect(onDemand.map(({ name }) => name)).toEqual([expect.stringMatching(/late\.ts$/)]);
  expect(onDemand[0]!.size).toBeGreaterThan(2000);
  expect(onDemand[0]!.compressed).toBeLessThan(onDemand[0]!.size);
  expect(describeBundle(files)).toMatch(
    /^The library bundles for a browser: .+ at once\n {2}on demand 2 kB, .*late\.ts$/,
  );
});

test("bundleForBrowser() takes the library", async () => {
  const files = await bundleForBrowser(join(import.meta.dirname, "../lib/index.ts"));
  expect(files.some(({ name }) => name.includes("tfjs-backend-wasm"))).toBe(true);
  expect(files.some(({ name }) => name.includes("tfjs-node"))).toBe(false);
});
