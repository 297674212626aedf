// Gradescope's autograder, as the archive holds it, on a submission as Gradescope lays it out.
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

/** What Gradescope shows. */
interface Results {
  readonly score?: number;
  readonly tests?: object[];
  /** What the learner reads, and what the script printed. */
  readonly output: string;
}

/** Hands in one file, as Gradescope does it: in a place of its own. No score where there are no results. */
async function graded(name: string, notebook: string): Promise<Results> {
  const place = join(base, name);
  for (const folder of ["results", "submission"]) mkdirSync(join(place, folder), { recursive: true });
  symlinkSync(source, join(place, "source"));
  writeFileSync(join(place, "submission", "my answer.ipynb"), notebook);
  writeFileSync(join(place, "submission_metadata.json"), '{"users":[{"email":"ada@example.org"}]}');
  const { text } = await finished(
    spawn("bash", [join(place, "source", "run_autograder")], {
      env: { ...process.env, AUTOGRADER: place },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  const path = join(place, "results", "results.json");
  if (!existsSync(path)) return { output: text };
  const { output, ...results } = JSON.parse(readFileSync(path, "utf8")) as Results;
  return { ...results, output: `${output}\n${text}` };
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

test("run_autograder grades a submission, whose code cannot read the hidden checks", async () => {
  // Right, unless it can read what it must not, or cannot read what it may.
  const [sum, units] = answers[0]!.sources;
  const probing = `import * as fs from "node:fs";
fs.readFileSync("${slug}.ipynb");
const stolen = ["../../solutions/${slug}/hidden.ts", "../../solutions/${slug}/drive.ts", "drive.ts"].filter((file) => {
  try {
    return fs.readFileSync(file).length > 0;
  } catch {
    return false;
  }
});
${sum!.replace("return", "if (stolen.length > 0) return [];\n  return")}`;
  const [wrong, right] = await Promise.all([
    graded("wrong", JSON.stringify(filled(given, answers[1]!.sources))),
    graded("right", JSON.stringify(filled(given, [probing, units!]))),
  ]);
  if (!isOpenToOthers()) {
    // Without another account nothing may run, and that costs nobody a point.
    expect([wrong.score, right.score], wrong.output).toEqual([undefined, undefined]);
    return;
  }
  expect(wrong.score, wrong.output).toBe(answers[1]!.points);
  expect(wrong.tests).toHaveLength(4);
  expect(right.score, right.output).toBe(6);
});

test("run_autograder gives no points to what is no notebook, and no results where the grader itself fails", async () => {
  const torn = await graded("torn", "{");
  if (isOpenToOthers()) {
    expect(torn.score, torn.output).toBe(0);
    expect(torn.output).toMatch(/notebook/);
  }
  const secret = join(source, "grading-secret");
  const whole = readFileSync(secret);
  writeFileSync(secret, "short");
  const ours = await graded("ours", JSON.stringify(filled(given, answers[1]!.sources)));
  writeFileSync(secret, whole);
  expect(ours).not.toHaveProperty("score");
  // Before it reads anything it wants another account for the learner's code.
  expect(ours.output).toContain(process.getuid?.() === 0 ? "secret" : "needs root");
});
