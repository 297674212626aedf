// `npm run sweep -- FILE`: trains a sweep here, or hands its runs to a Slurm or Kubernetes cluster, from one description.
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { train } from "residual";
import { UserError } from "../notebooks/user-error";
import { kubernetesJob, manifestText, submitToKubernetes, usualImage } from "./kubernetes/job";
import { help, readOptions } from "./options";
import type { PlacedSweep } from "./placed";
import { slurmScript, submitToSlurm } from "./slurm";
import { table } from "./table";

type Options = Extract<ReturnType<typeof readOptions>, { help: false }>;

const root = resolve(__dirname, "..", "..");

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return;
  }
  const what = readSweep(options.file);
  if (options.on === "local") await trainHere(what, options);
  else console.log(await handOver(what, options));
}

/** Gives the sweep to a cluster, or with --dry-run says what it would get. */
async function handOver(what: train.Sweep, options: Options): Promise<string> {
  const folder = resolve(options.folder);
  const sweep: PlacedSweep = { file: resolve(options.file), what, folder, runs: await train.sweepRuns(what, folder) }; // prettier-ignore
  if (options.on === "slurm") {
    const { memory = "2G", time } = options;
    const asked = { memory, ...(time !== undefined && { time }) };
    return options["dry-run"] ? slurmScript(sweep, asked).trimEnd() : submitToSlurm(sweep, asked);
  }
  const { claim, mount = dirname(root), image = usualImage, memory = "2Gi", retries = "6", parallel } = options; // prettier-ignore
  if (claim === undefined)
    throw new UserError("--on kubernetes needs --claim NAME, the PersistentVolumeClaim that holds this repository, FILE and the folder"); // prettier-ignore
  const asked = {
    claim,
    mount: resolve(mount),
    image,
    memory,
    retries: Number(retries),
    ...(parallel !== undefined && { parallel: Number(parallel) }),
  };
  return options["dry-run"]
    ? manifestText(kubernetesJob(sweep, asked)).trimEnd()
    : submitToKubernetes(sweep, asked);
}

async function trainHere(what: train.Sweep, values: Options): Promise<void> {
  const stop = new AbortController();
  // Slurm and Kubernetes send SIGTERM before they take a machine away.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      console.error(`\n${signal}: every run saves itself`);
      stop.abort();
    });
  }
  const result = await train.sweep(what, {
    folder: resolve(values.folder),
    signal: stop.signal,
    ...(values.workers !== undefined && { workers: Number(values.workers) }),
    ...(values.only !== undefined && { only: values.only.split(",").map(Number) }),
  });
  if (values.records !== undefined) {
    for (const { record, checkpoint } of result.runs) {
      if (record) console.error(await train.writeRecord(record, resolve(values.records)));
      else console.error(`${checkpoint}: no record, since nothing beside it says by what it was trained`);
    }
  }
  console.log(values.json ? JSON.stringify(result, null, 2) : table(result));
  if (result.stopped) {
    console.error(`${result.unfinished.length} runs are left: the same call goes on with them`);
    process.exitCode = 130;
  }
}

function readSweep(file: string): train.Sweep {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text) as train.Sweep;
  } catch (error) {
    throw new UserError(`${basename(file)} must be JSON: ${(error as Error).message}`);
  }
}

main().catch((error: unknown) => {
  const isExpected = error instanceof UserError || error instanceof RangeError || error instanceof TypeError;
  console.error(isExpected || error instanceof train.SweepFailed ? error.message : error);
  process.exitCode = 1;
});
