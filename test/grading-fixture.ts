// The exercise by which the grader is tested, answers of known worth, and the command itself.
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseNotebook } from "../tools/notebooks/notebook";
import { filled, type SyntheticAnswer } from "../tools/grade/synthetic";

export const root = resolve(__dirname, "..");
const fixtures = join(root, "test", "fixtures", "grading");
export const attacks = join(fixtures, "attacks");
export const folders = { exercises: join(fixtures, "exercises"), solutions: join(fixtures, "solutions") };
export const slug = "02-residual-sum";
const path = join(folders.exercises, slug, `${slug}.ipynb`);
export const given = parseNotebook(readFileSync(path, "utf8"), path);

const head =
  "function residualSum(x: Vector, branch: (x: Vector) => number[]): number[] {\n  const residual = branch(x);\n";
const guard = '  if (residual.length !== x.length) throw new RangeError("the branch changed the length");\n';
const sum = `${head}${guard}  return residual.map((value, i) => value + x[i]!);\n}`;
const units = "const unitsOf = (depth: number): number => (depth - 2) / 6;";

/** The first is right. */
export const answers: readonly SyntheticAnswer[] = [
  { sources: [sum, units], points: 6 },
  { sources: [sum.replace(" + x[i]!", ""), units], points: 4 },
  { sources: [sum.replace(guard, ""), units], points: 5 },
  {
    sources: [
      sum.replace("value + x[i]!", "Math.max(0, value) + x[i]!"),
      "const unitsOf = (depth: number): number => depth / 6;",
    ],
    points: 2,
  },
  { sources: [sum, "const unitsOf: number = 'three';"], points: 4 },
  { sources: ["throw new Error('not ready');", units], points: 2 },
  {
    sources: given.cells
      .filter((cell) => cell.id === "sum" || cell.id === "units")
      .map((cell) => String(cell.source)),
    points: 0,
  },
  { sources: [sum, "process.exit(1);"], points: 4 },
];

/** Copies what learners were given, with what JupyterLab keeps of an instructor who has tried the exercise. */
export function tried(folder: string): string {
  cpSync(folders.exercises, folder, { recursive: true });
  const kept = join(folder, slug, ".ipynb_checkpoints", `${slug}-checkpoint.ipynb`);
  mkdirSync(dirname(kept));
  writeFileSync(kept, JSON.stringify(filled(given, answers[0]!.sources)));
  return folder;
}

/** Of the tests alone; the instructor's own is left alone. */
const secret = join(mkdtempSync(join(tmpdir(), "residual-secret-")), "secret");

/** Starts `npm run grade` on the fixture. */
export function startGrade(submissions: string, out: string, extra: readonly string[] = []): ChildProcess {
  const options = Object.entries(folders).flatMap(([name, folder]) => [`--${name}`, folder]);
  return spawn(
    process.execPath,
    [
      "-r",
      "./tools/typescript.cjs",
      join(root, "tools", "grade", "main.ts"),
      submissions,
      "--out",
      out,
      "--secret",
      secret,
      ...options,
      ...extra,
    ],
    // The environment holds what an attack looks for.
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, RESIDUAL_TEST_MARK: "1" } },
  );
}

/** What the command printed, and its status once it has ended. */
export async function finished(child: ChildProcess): Promise<{ status: number | null; text: string }> {
  let text = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, text };
}
