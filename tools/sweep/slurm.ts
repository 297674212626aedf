// A sweep as a job array of Slurm: one task a run, each on one core, with its checkpoint on the shared folder.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../notebooks/user-error";
import type { PlacedSweep } from "./placed";

/** What a task asks of the cluster, in sbatch's own words. */
export interface SlurmOptions {
  readonly memory: string;
  readonly time?: string;
}

const root = resolve(__dirname, "..", "..");

/**
 * The script of the array. A task whose node is lost is queued again by Slurm and goes on from its checkpoint; before its time is up it gets
 * SIGTERM, and saves itself.
 *
 * @throws UserError where an option or the folder's path is not what sbatch takes
 */
export function slurmScript(
  { file, folder, runs }: Pick<PlacedSweep, "file" | "folder" | "runs">,
  { memory, time }: SlurmOptions,
): string {
  // In a comment line sbatch takes words apart at blanks, and puts the job's number where a path says %A.
  if (/[\s%"'\\]/.test(folder))
    throw new UserError(
      `--folder must have no blank, quote, backslash or % in its path, which sbatch reads otherwise; got ${folder}`,
    );
  const lines = [
    "#!/bin/bash",
    "#SBATCH --job-name=residual-sweep",
    `#SBATCH --array=0-${runs.length - 1}`,
    "#SBATCH --cpus-per-task=1",
    `#SBATCH --mem=${word("--memory", memory)}`,
    ...(time === undefined ? [] : [`#SBATCH --time=${word("--time", time)}`]),
    "#SBATCH --requeue",
    "#SBATCH --signal=TERM@120",
    "#SBATCH --open-mode=append",
    `#SBATCH --output=${join(folder, "slurm-%A-%a.log")}`,
    `cd ${quoted(root)}`,
    // `exec`, so that the signal reaches the program and not a shell that waits for it.
    `exec ${[process.execPath, "--require", "./tools/typescript.cjs", "tools/sweep/main.ts", file].map(quoted).join(" ")} --folder ${quoted(folder)} --workers 1 --only "$SLURM_ARRAY_TASK_ID"`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Hands a sweep to Slurm; what to tell the user. @throws UserError where Slurm is not there or refuses */
export function submitToSlurm(sweep: PlacedSweep, options: SlurmOptions): string {
  const { file, folder, runs } = sweep;
  const text = slurmScript(sweep, options);
  mkdirSync(folder, { recursive: true });
  const script = join(folder, "sweep.sbatch");
  writeFileSync(script, text);
  const { error, status, stdout, stderr } = spawnSync("sbatch", ["--parsable", script], { encoding: "utf8" });
  if (error) throw new UserError(`sbatch cannot be run (${error.message}): call this where Slurm is, or leave out --on slurm. ${script} is written`); // prettier-ignore
  if (status !== 0) throw new UserError(`sbatch refused ${script}: ${stderr.trim()}`);
  const job = stdout.trim().split(";")[0]!;
  return [
    `job ${job}: ${runs.length} runs, ${script}`,
    `squeue --job ${job} shows how it goes, ${join(folder, `slurm-${job}-*.log`)} what each run prints.`,
    `When it is through: npm run sweep -- ${file} --folder ${folder}`,
  ].join("\n");
}

/** sbatch reads its comment lines by blanks, so a word is one without them. */
function word(option: string, value: string): string {
  if (!/^[\w:.-]+$/.test(value))
    throw new UserError(`${option} must be one word, as sbatch takes it; got ${value}`);
  return value;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
