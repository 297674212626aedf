// Gradescope: results.json for one submission, and the autograder.zip that makes it there.
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { spawnSync } from "node:child_process";
import { zipSync, type Zippable } from "fflate";
import { writeBytesAtomically } from "../../../lib/files/files.node";
import { UserError } from "../../notebooks/user-error";
import type { Exercise } from "../exercise";
import { writeText } from "../gradebook";
import { isPending, type LearnerRecord } from "../record";

/** The record as Gradescope reads it: one test for each property. */
export function gradescopeResults(record: LearnerRecord): object {
  return {
    score: record.score,
    visibility: "visible",
    stdout_visibility: "hidden",
    output: record.exercises.flatMap(({ notes }) => notes).join("\n"),
    tests: record.exercises.flatMap(({ questions }, e) =>
      questions.flatMap(({ title, properties }, q) =>
        properties.map((property, p) => ({
          number: `${e + 1}.${q + 1}.${p + 1}`,
          name: `${title}: ${property.title}`,
          score: property.points,
          max_score: property.outOf,
          status: property.points === property.outOf ? "passed" : "failed",
          output: property.message ?? "",
          output_format: "text",
          visibility: "visible",
        })),
      ),
    ),
  };
}

/**
 * Writes results.json, or none where something of ours failed: Gradescope reads a missing file as a failure of the autograder, which has
 * no score and which an instructor may run again, and any file as a score.
 */
export async function writeResults(path: string, record: LearnerRecord): Promise<void> {
  if (record.exercises.some(isPending)) {
    rmSync(path, { force: true });
    return;
  }
  await writeText(path, `${JSON.stringify(gradescopeResults(record), null, 2)}\n`);
}

/** Writes results.json for what is no notebook of these exercises. */
export async function writeRefusal(path: string, why: string): Promise<void> {
  await writeText(path, `${JSON.stringify({ score: 0, visibility: "visible", output: why }, null, 2)}\n`);
}

/** Runs once, when Gradescope builds the autograder's image. */
const setup = `#!/usr/bin/env bash
# Installs what the grader needs into Gradescope's image.
set -euo pipefail
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends g++ python3 python3-venv util-linux curl ca-certificates nodejs npm
cd /autograder/source
npm run setup
# Learners' code runs as a user who may read the course but not the hidden checks.
chmod -R go-rwx SOLUTIONS grading-secret
chmod -R go+rX node_modules lib kernel EXERCISES .engine
`;

/** Runs for every submission. */
const runAutograder = `#!/usr/bin/env bash
# Grades /autograder/submission and writes Gradescope's results.
set -uo pipefail
# Gradescope's folder; a trial elsewhere may name another.
base=\${AUTOGRADER:-/autograder}
cd "$base/source"
chmod -R go-rwx "$base/results" "$base/submission"
results=$base/results/results.json
notebook=$(find "$base/submission" -type f -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' -print -quit)
if [[ -z $notebook ]]; then
  echo '{"score":0,"output":"Hand in one notebook, named as you got it."}' > "$results"
  exit
fi
# Hidden cases are drawn for each learner.
learner=$(node -p "JSON.parse(require('fs').readFileSync('$base/submission_metadata.json')).users.map((u) => u.email).join('+')")
npm run --silent grade -- "$notebook" OPTIONS --exercises EXERCISES --solutions SOLUTIONS --learner="$learner" --sandbox account --secret grading-secret --jobs 1 --out "$(mktemp -d)" \\
  --gradescope "$results"
# Without results something of ours failed: Gradescope then gives no score, and runs it again when an instructor asks.
[[ -f $results ]]
`;

/** What the archive is built from. */
export interface AutograderOptions {
  readonly root: string;
  readonly exercises: string;
  readonly solutions: string;
  /** Decides the hidden cases, in every container alike. */
  readonly secret: string;
}

/**
 * Writes autograder.zip with the course's committed files, `setup.sh` and `run_autograder`; returns its bytes.
 * @throws UserError outside of a git checkout.
 */
export async function writeAutograder(
  path: string,
  exercises: readonly Exercise[],
  { root, secret, ...folders }: AutograderOptions,
): Promise<number> {
  const { status, stdout } = spawnSync("git", ["-C", root, "ls-files", "-z", "--cached"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    throw new UserError(`--autograder packs the files that git knows; ${root} is no git checkout`);
  const [solutions, given] = [relative(root, folders.solutions), relative(root, folders.exercises)];
  const wanted = new Set(exercises.map(({ slug }) => slug));
  const files = stdout.split("\0").filter((file) => {
    if (file === "") return false;
    for (const folder of [solutions, given]) {
      if (file.startsWith(`${folder}/`)) return wanted.has(file.slice(folder.length + 1).split("/")[0]!);
    }
    return !/^(notebooks|exercises|solutions|results|docs|test)\//.test(file);
  });
  const executable = { os: 3, attrs: 0o755 << 16 };
  const script = (text: string): Zippable[string] => {
    const options = exercises.map(({ slug }) => `--exercise ${slug}`).join(" ");
    const filled = text
      .replaceAll("OPTIONS", options)
      .replaceAll("EXERCISES", given)
      .replaceAll("SOLUTIONS", solutions);
    return [new TextEncoder().encode(filled), executable];
  };
  const entries: Zippable = { "setup.sh": script(setup), run_autograder: script(runAutograder) };
  entries["grading-secret"] = new TextEncoder().encode(`${secret}\n`);
  for (const file of files) entries[file] = readFileSync(join(root, file));
  const bytes = zipSync(entries);
  await writeBytesAtomically(path, bytes);
  return bytes.length;
}
