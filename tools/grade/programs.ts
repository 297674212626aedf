// Bundles the programs that run inside the sandbox, and says what they may read there.
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { lives } from "../data/lock";
import type { Exercise } from "./exercise";
import { nodeFiles } from "./sandbox/in-sight";

const root = resolve(__dirname, "..", "..");

/** The bundles, in a folder of their own that is readable inside the sandbox. */
export interface Programs {
  readonly folder: string;
  readonly compile: string;
  readonly run: string;
  readonly driveOf: (exercise: Exercise) => string;
  readonly remove: () => void;
}

/** Bundles the compiler, the runner and the drive of each exercise. */
export async function bundlePrograms(exercises: readonly Exercise[]): Promise<Programs> {
  // Under node_modules, so that what they import resolves as it does for the kernel.
  const cache = join(root, "node_modules", ".cache", "residual");
  mkdirSync(cache, { recursive: true });
  removeAbandoned(cache);
  const folder = mkdtempSync(join(cache, `grade-${process.pid}-`));
  chmodSync(folder, 0o755); // inside the sandbox another user reads it
  // The compiler looks for it beside itself.
  copyFileSync(join(root, "kernel", "globals.d.ts"), join(folder, "globals.d.ts"));
  const bundle = (entry: string, name: string): Promise<unknown> =>
    build({
      entryPoints: [entry],
      outfile: join(folder, `${name}.js`),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      packages: "external",
      logLevel: "silent",
    });
  await Promise.all([
    bundle(join(__dirname, "learner", "compile.ts"), "compile"),
    bundle(join(__dirname, "learner", "run.ts"), "run"),
    ...exercises.map(({ slug, drive }) => bundle(drive, `drive-${slug}`)),
  ]);
  return {
    folder,
    compile: join(folder, "compile.js"),
    run: join(folder, "run.js"),
    driveOf: ({ slug }) => join(folder, `drive-${slug}.js`),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Removes the bundles of graders that were killed. */
function removeAbandoned(cache: string): void {
  for (const name of readdirSync(cache)) {
    const owner = /^grade-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !lives(Number(owner)))
      rmSync(join(cache, name), { recursive: true, force: true });
  }
}

/** What lies beside an exercise's notebook. The notebook itself, and what JupyterLab keeps of it, may hold an answer that the instructor tried. */
function neighboursIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith(".") && !name.endsWith(".ipynb"))
    .map((name) => join(folder, name));
}

/** What a learner's program may read: Node, the course's packages, its own exercise, and the bundles. Nothing of `solutions/`. */
export function readableFor(
  exercise: Exercise,
  programs: Programs,
): { readable: string[]; hidden: string[] } {
  const paths = [
    ...nodeFiles(),
    join(root, "node_modules"),
    join(root, "lib", "package.json"),
    join(root, "lib", "dist"),
    join(root, "kernel", "package.json"),
    join(root, "kernel", "dist"),
    join(root, ".engine"),
    join(root, "datasets"),
    ...neighboursIn(exercise.folder),
    programs.folder,
  ];
  return {
    readable: paths.filter((path) => existsSync(path)),
    // Other tools keep things there that are not for learners.
    hidden: [join(root, "node_modules", ".cache")],
  };
}
