// The repository's TypeScript runs without a build: as it is now, with its own lines in errors, and no hidden check is kept.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "residual-typescript-"));
const cache = join(root, "node_modules", ".cache");
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function run(file: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["-r", "./tools/typescript.cjs", file], { cwd: root, encoding: "utf8" });
}

test("typescript.cjs runs a file as it is now, keeps what it became, and keeps nothing of solutions/", () => {
  cpSync(join(import.meta.dirname, "typescript.cjs"), join(root, "tools", "typescript.cjs"));
  mkdirSync(join(root, "node_modules"));
  symlinkSync(join(import.meta.dirname, "../node_modules/esbuild"), join(root, "node_modules", "esbuild"));
  put("solutions/hidden.ts", 'export const answer: string = "forty-two";');
  put(
    "tools/main.ts",
    'import { answer } from "../solutions/hidden";\nconst late = async (): Promise<void> => { console.log(answer, (await import("./part")).part); };\nvoid late();',
  );
  put("tools/part.ts", "export const part: number = 1;");
  expect(run("tools/main.ts")).toMatchObject({ status: 0, stdout: "forty-two 1\n" });
  const kept = readdirSync(join(cache, "residual", "typescript")).sort();
  expect(kept).toEqual(["tools~main.ts.js", "tools~part.ts.js"]);
  const place = join(cache, "residual", "typescript", "tools~part.ts.js");
  put("tools/part.ts", "type Two = 2;\nexport const part = 2 satisfies Two;");
  expect(run("tools/main.ts").stdout).toBe("forty-two 2\n");
  // What is kept is taken as it lies there.
  writeFileSync(place, `${readFileSync(place, "utf8").split("\n")[0]!}\nexports.part = 3;`);
  expect(run("tools/main.ts").stdout).toBe("forty-two 3\n");
  put("tools/thrown.ts", 'interface Thing {}\n\nexport const thing: Thing = {};\nthrow new Error("here");');
  expect(run("tools/thrown.ts").stderr).toContain("tools/thrown.ts:4:");
});

test("typescript.cjs runs where nothing can be kept", () => {
  rmSync(cache, { recursive: true, force: true });
  writeFileSync(cache, "a file where the folder should be");
  expect(run("tools/main.ts")).toMatchObject({ status: 0, stdout: "forty-two 2\n" });
});
