// What `npm run exercises` does: writes the learners' exercises from their masters, and proves that the grader tells right from wrong.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { runtime } from "residual";
import { guidePath, staleGuide } from "../course/guide";
import { UserError } from "../notebooks/user-error";
import { staleFiles, writeExercise } from "./generate";
import { listPage, missingLines, withTable } from "./lists";
import { slugs } from "./master";
import { mutate } from "./mutation/command";
import { problemsOf, proofPage, prove, seedsOf } from "./proof";

const help = `npm run exercises -- [NN-slug...] [options]

Writes exercises/NN-slug/ from solutions/NN-slug/: the notebook with its stub, public checks and hints; the table in
exercises/README.md; and the tables of docs/teaching.md. A notebook that holds a learner's work is never overwritten. How a master is written: docs/exercises.md

NN-slug     only these; all unless said
--check     write nothing: say which copy is stale, and which chapter does not list its exercises (exit 1 if one is or does not)
--prove     try every right and wrong answer and write docs/proof.md (exit 1 if the grader is wrong about one)
--mutate    change each right answer in every small way: each mutant must lose points, or stand with its reason in
            solutions/NN-slug/equivalent-mutants.json (exit 1 if one does not). Writes the counts, mutants.json, of an exercise without
            problems. Answers that were tried before and have not changed are not tried again, so an interrupt loses nothing
--sample N  with --mutate: only N mutants, whose counts are not kept
--seed S    with --sample: which ones (default 1)
--learners N  with --prove or --mutate: each answer meets the cases of so many learners (default 2)
--root DIR  the folder that holds solutions/, exercises/, notebooks/ and docs/ (default: this repository)
--help      this text
`;

const repository = resolve(__dirname, "..", "..");

/** Carries out the command with its arguments. Gives the exit status. @throws UserError for arguments and masters that make no sense */
export async function exercises(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const root = resolve(values.root);
  const all = slugs(root);
  const unknown = positionals.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`an exercise is named by its folder; got ${unknown} (there are: ${all.join(", ")})`);
  }
  const wanted = positionals.length > 0 ? positionals : all;
  const learners = whole("learners", values.learners, 1);
  if (values.mutate) {
    const sample = values.sample === undefined ? undefined : whole("sample", values.sample, 1);
    return mutate(root, wanted, {
      seeds: seedsOf(learners),
      ...(sample === undefined ? {} : { sample: { count: sample, seed: whole("seed", values.seed, 0) } }),
    });
  }
  if (values.prove)
    return proveAll(root, wanted, { checkOnly: values.check, whole: wanted.length === all.length, learners });
  const table = await withTable(root);
  const page = join(root, listPage);
  const tableIsStale = readFileSync(page, "utf8") !== table;
  const guide = await staleGuide(root);
  if (values.check) {
    const stale = wanted.flatMap((slug) => staleFiles(root, slug));
    if (tableIsStale) stale.push(listPage);
    if (guide !== undefined) stale.push(guidePath);
    for (const path of stale) console.error(`${path} is stale or holds work: run npm run exercises`);
    const missing = missingLines(root);
    for (const line of missing) console.error(line);
    const fine = stale.length === 0 && missing.length === 0;
    if (fine) console.log(`${wanted.length} exercises are as their masters say`);
    return fine ? 0 : 1;
  }
  if (tableIsStale) writeFileSync(page, table);
  if (guide !== undefined) writeFileSync(join(root, guidePath), guide);
  for (const slug of wanted) {
    const changed = writeExercise(root, slug);
    console.log(`${slug}: ${changed.length === 0 ? "as it was" : `wrote ${changed.length} files`}`);
  }
  return 0;
}

/** Proves the exercises; the page holds all of them, so it is written or compared only when all were tried. */
async function proveAll(
  root: string,
  wanted: readonly string[],
  { checkOnly, whole, learners }: { checkOnly: boolean; whole: boolean; learners: number },
): Promise<number> {
  const page = join(root, "docs", "proof.md");
  await runtime.ready();
  const proofs = await prove(root, wanted, learners);
  const problems = problemsOf(proofs);
  for (const problem of problems) console.error(problem);
  const text = await format(proofPage(proofs), { ...(await resolveConfig(page)), parser: "markdown" });
  if (whole && !checkOnly) writeFileSync(page, text);
  const stale = whole && (!existsSync(page) || readFileSync(page, "utf8") !== text);
  if (stale) console.error("docs/proof.md is stale: run npm run exercises -- --prove");
  const trials = proofs.reduce((sum, proof) => sum + proof.trials.length, 0);
  console.log(`${trials} answers to ${proofs.length} exercises tried, ${problems.length} problems`);
  return problems.length === 0 && !stale ? 0 : 1;
}

/** An option's whole number. @throws UserError for anything else */
function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new UserError(`--${name} must be a whole number of at least ${least}; got ${text}`);
  return value;
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean", default: false },
        prove: { type: "boolean", default: false },
        mutate: { type: "boolean", default: false },
        sample: { type: "string" },
        seed: { type: "string", default: "1" },
        learners: { type: "string", default: "2" },
        root: { type: "string", default: repository },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`);
  }
}
