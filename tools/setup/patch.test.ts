// The patch to the binding, against git's own patches and against the sources that it is for.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyPatch, blobName, PatchMisfit } from "./patch";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "residual-patch-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  const { stdout, stderr, status } = spawnSync("git", ["-C", folder, ...identity, ...args], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

const before = Array.from({ length: 60 }, (_, i) => `line ${i}`).join("\n") + "\n";
const after = before
  .replace("line 0\n", "first\n\nand second\n")
  .replace("line 30\n", "")
  .replace("line 59\n", "line 59\nlast\n");

/** The patch that git writes from `before` to `after`. */
function gitPatch(): string {
  git("init", "--quiet");
  writeFileSync(join(folder, "a.cc"), before);
  git("add", "a.cc");
  git("commit", "--quiet", "--message", "before");
  writeFileSync(join(folder, "a.cc"), after);
  return git("diff", "--full-index");
}

describe("applyPatch()", () => {
  it("makes of git's patch what git made it from, over several hunks", () => {
    const patch = gitPatch();
    expect(patch.match(/^@@/gm)).toHaveLength(3);
    expect(applyPatch(patch, (name) => (name === "a.cc" ? before : undefined))).toEqual(
      new Map([["a.cc", after]]),
    );
  });

  it("refuses a file that is missing or differs by one byte anywhere", () => {
    const patch = gitPatch();
    expect(() => applyPatch(patch, () => undefined)).toThrow("a.cc is missing");
    const farAway = before.replace("line 15", "line 15 ");
    expect(() => applyPatch(patch, () => farAway)).toThrow(PatchMisfit);
    expect(() => applyPatch(patch, () => farAway)).toThrow(
      `its hash is ${blobName(farAway)}, not ${blobName(before)}`,
    );
  });

  it("refuses a patch that was edited, shortened, or holds no hashes", () => {
    const patch = gitPatch();
    const read = () => before;
    expect(() => applyPatch(patch.replace("+last", "+lost"), read)).toThrow("becomes another file");
    expect(() => applyPatch(patch.replace("-line 30", "-line 31"), read)).toThrow(
      /differs from the patch at line \d+/,
    );
    expect(() => applyPatch(patch.replace(/^index .*$/m, ""), read)).toThrow("git diff --full-index");
    expect(() => applyPatch("", read)).toThrow("changes no file");
  });

  it("fits the sources of the installed binding, and adds to them only", () => {
    const sources = join(import.meta.dirname, "../../node_modules/@tensorflow/tfjs-node-gpu/binding");
    const patch = readFileSync(join(import.meta.dirname, "binding/functions.patch"), "utf8");
    const read = (name: string) => readFileSync(join(sources, name), "utf8");
    const files = applyPatch(patch, read);
    for (const [name, text] of files) {
      expect(readdirSync(sources)).toContain(name);
      const lines = text.split("\n");
      let at = 0;
      for (const line of read(name).split("\n")) {
        at = lines.indexOf(line, at) + 1;
        expect(at, `${name}: ${line}`).toBeGreaterThan(0);
      }
    }
  });
});
