// Gradescope's autograder, as the archive holds it, on a submission as Gradescope lays it out.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filled } from "../tools/grade/synthetic";
import { answers, finished, given, root, slug, startGrade } from "./grading-fixture";

const base = mkdtempSync(join(tmpdir(), "residual-autograder-"));
const archive = join(base, "autograder.zip");
const source = join(base, "source");
let files: Record<string, Uint8Array>;
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

beforeAll(async () => {
  const made = await finished(startGrade("unused", "unused", ["--autograder", archive, "--exercise", slug]));
  expect(made.status, made.text).toBe(0);
  files = unzipSync(readFileSync(archive));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), bytes);
  }
  // What setup.sh would install; and its line that shuts learners' code out of the hidden checks.
  symlinkSync(join(root, "node_modules"), join(source, "node_modules"));
  const [shut] = /^chmod -R go-rwx .*$/m.exec(readFileSync(join(source, "setup.sh"), "utf8"))!;
  execFileSync("bash", ["-c", shut], { cwd: source });
  execFileSync("chmod", ["755", base]);
});

/** Hands in one notebook and gives Gradescope's results. */
function graded(sources: readonly string[]): { score: number; output: string; tests?: object[] } {
  for (const name of ["results", "submission"]) {
    rmSync(join(base, name), { recursive: true, force: true });
    mkdirSync(join(base, name));
  }
  writeFileSync(join(base, "submission", "my answer.ipynb"), JSON.stringify(filled(given, sources)));
  writeFileSync(join(base, "submission_metadata.json"), '{"users":[{"email":"ada@example.org"}]}');
  const { stderr } = spawnSync("bash", [join(source, "run_autograder")], {
    env: { ...process.env, AUTOGRADER: base },
    encoding: "utf8",
  });
  const results = readFileSync(join(base, "results", "results.json"), "utf8");
  return { ...(JSON.parse(results) as ReturnType<typeof graded>), output: stderr };
}

/** Whether another account could run the course from here, as it can in Gradescope's container. */
function isOpenToOthers(): boolean {
  let open = process.getuid?.() === 0;
  for (let at = root; at !== "/"; at = dirname(at)) open &&= (statSync(at).mode & 1) === 1;
  return open;
}

test("--autograder packs the exercise, executable scripts and nothing of other exercises", () => {
  const names = Object.keys(files);
  expect(names).toContain(`test/fixtures/grading/solutions/${slug}/hidden.ts`);
  expect(names.filter((name) => /^(solutions|exercises|notebooks|results)\//.test(name))).toEqual([]);
  const modes = execFileSync(join(root, ".venv", "bin", "python"), [
    "-c",
    "import sys, zipfile; print(*[z.external_attr >> 16 & 0o111 for z in map(zipfile.ZipFile(sys.argv[1]).getinfo, ['setup.sh', 'run_autograder'])])",
    archive,
  ]);
  // 0o111, twice: everybody may run them.
  expect(modes.toString().trim()).toBe("73 73");
});

test("run_autograder grades a submission, whose code cannot read the hidden checks", () => {
  const wrong = graded(answers[1]!.sources);
  if (!isOpenToOthers()) {
    // Without another account nothing may run.
    expect(wrong.score, wrong.output).toBe(0);
    return;
  }
  expect(wrong.score, wrong.output).toBe(answers[1]!.points);
  expect(wrong.tests).toHaveLength(4);
  const [sum, units] = answers[0]!.sources;
  const path = `../../solutions/${slug}/hidden.ts`;
  const steals = (file: string) =>
    `import * as fs from "node:fs";\nfs.readFileSync("${file}");\nconst read = true;\n${sum!.replace("return", "if (!read) return [];\n  return")}`;
  expect(graded([steals(path), units!]).score).toBeLessThan(6);
  expect(graded([steals("drive.ts"), units!]).score).toBeLessThan(6);
  expect(graded([steals(`${slug}.ipynb`), units!]).score).toBe(6);
});
