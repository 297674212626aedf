// What changes a score changes the fingerprint, and nothing else does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint";

const root = mkdtempSync(join(tmpdir(), "residual-fingerprint-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

test("fingerprintOf() changes with the library, the kernel, the grader, the packages and the settings", () => {
  const seen = new Set([fingerprintOf(root, "bubblewrap")]);
  for (const path of [
    "lib/dist/cjs/index.js",
    "kernel/session.ts",
    "tools/grade/judge/judge.ts",
    "package-lock.json",
  ]) {
    for (const text of ["one", "another"]) {
      put(path, text);
      const now = fingerprintOf(root, "bubblewrap");
      expect(seen.has(now)).toBe(false);
      seen.add(now);
    }
  }
  expect(seen.has(fingerprintOf(root, "account"))).toBe(false);
  const before = fingerprintOf(root, "bubblewrap");
  put("tools/grade/judge/judge.test.ts", "a test");
  put("notebooks/00.ts", "a chapter");
  put("kernel/node_modules/x/index.js", "something installed");
  expect(fingerprintOf(root, "bubblewrap")).toBe(before);
});
