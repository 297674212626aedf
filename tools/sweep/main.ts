// `npm run sweep -- FILE`: trains a sweep here, or hands its runs to a Slurm cluster, from one description.
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { train } from "residual";
import { UserError } from "../notebooks/user-error";
import { submitToSlurm } from "./slurm";
import { table } from "./table";

const help = `npm run sweep -- FILE [options]

Trains every network of a sweep with every seed. FILE is JSON: {"networks", "data", "recipe", "seeds"}, as train.sweep takes it; of an optimizer or a
schedule it holds the description, such as {"schedule": "constant", "learningRate": 0.1}.

  --on local|slurm   here, side by side on the cores (default), or as a job array of one-core tasks of the Slurm cluster that sbatch reaches
  --folder FOLDER    where each run keeps its checkpoint; on a cluster a folder that every node sees    (default runs/sweeps)
  --workers N        runs side by side here                                        (default: as many as cores and memory allow)
  --only N,...       only these runs, from 0; what a task of the array is called with
  --time LIMIT       with --on slurm: the limit of a task, as sbatch takes it
  --memory SIZE      with --on slurm: a task's memory, as sbatch takes it          (default 2G)
  --records FOLDER   writes each finished run's record there, under a name that no other has
  --json             the results as JSON on standard output
  --help             this text

Stopped or killed, the same call goes on from the checkpoints. After an array is through, the same call without --on slurm prints its results: finished runs
are measured, not trained.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      on: { type: "string", default: "local" },
      folder: { type: "string", default: "runs/sweeps" },
      workers: { type: "string" },
      only: { type: "string" },
      time: { type: "string" },
      memory: { type: "string", default: "2G" },
      records: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UserError(
      `one FILE must be given; got ${positionals.join(" ") || "none"}. See npm run sweep -- --help`,
    );
  const what = readSweep(file);
  const folder = resolve(values.folder);
  if (values.on === "slurm") {
    const { memory, time } = values;
    console.log(
      await submitToSlurm(resolve(file), what, folder, { memory, ...(time !== undefined && { time }) }),
    );
    return;
  }
  if (values.on !== "local") throw new UserError(`--on must be local or slurm; got ${values.on}`);

  const stop = new AbortController();
  // Slurm and Kubernetes send SIGTERM before they take a machine away.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      console.error(`\n${signal}: every run saves itself`);
      stop.abort();
    });
  }
  const result = await train.sweep(what, {
    folder,
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
