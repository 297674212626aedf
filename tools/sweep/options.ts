// The command line of `npm run sweep`: its options, and on which machine each means something.
import { parseArgs } from "node:util";
import { UserError } from "../notebooks/user-error";
import { usualImage } from "./kubernetes/job";

export const help = `npm run sweep -- FILE [options]

Trains every network of a sweep with every seed. FILE is JSON: {"networks", "data", "recipe", "seeds"}, as train.sweep takes it; of an optimizer or a
schedule it holds the description, such as {"schedule": "constant", "learningRate": 0.1}.

  --on local|slurm|kubernetes   here, side by side on the cores (default); as a job array of one-core tasks of the Slurm cluster that sbatch
                     reaches; or as an Indexed Job of one-core pods of the Kubernetes cluster that kubectl reaches
  --folder FOLDER    where each run keeps its checkpoint; on a cluster a folder that every node sees    (default runs/sweeps)
  --help             this text

with --on local
  --workers N        runs side by side                                             (default: as many as cores and memory allow)
  --only N,...       only these runs, from 0; what a task of the cluster is called with
  --records FOLDER   writes each finished run's record there, under a name that no other has
  --json             the results as JSON on standard output

with --on slurm or kubernetes
  --memory SIZE      a run's memory, as sbatch or Kubernetes takes it              (default 2G, 2Gi)
  --dry-run          prints the batch script or the manifest, and submits nothing

with --on slurm
  --time LIMIT       the limit of a task, as sbatch takes it

with --on kubernetes
  --claim NAME       the PersistentVolumeClaim that holds this repository, set up, with FILE and FOLDER; ReadWriteMany
  --mount PATH       where its volume is mounted, here and in the pods             (default: this repository's parent folder)
  --image IMAGE      a container image with Node and git                           (default ${usualImage})
  --retries N        how often a run begins anew after it failed or lost its node  (default 6)
  --parallel N       pods at a time                                                (default: all)

Stopped or killed, the same call goes on from the checkpoints. After a cluster is through, the same call without --on prints its results: finished runs are
measured, not trained. Slurm is tested with two real nodes (npm run test:slurm). No Kubernetes cluster was at hand: its manifest is held to the schema of
Kubernetes 1.33, and nothing more.`;

const places = ["local", "slurm", "kubernetes"] as const;
type Place = (typeof places)[number];

/** The options that mean nothing elsewhere: there they are errors, and not passed over. */
const only: Readonly<Record<string, readonly Place[]>> = {
  workers: ["local"],
  only: ["local"],
  records: ["local"],
  json: ["local"],
  memory: ["slurm", "kubernetes"],
  "dry-run": ["slurm", "kubernetes"],
  time: ["slurm"],
  claim: ["kubernetes"],
  mount: ["kubernetes"],
  image: ["kubernetes"],
  retries: ["kubernetes"],
  parallel: ["kubernetes"],
};

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** @throws UserError where an option is not known, or means nothing where the sweep is to run */
export function readOptions(args: readonly string[]) {
  const { values, positionals } = parsed(args);
  if (values.help) return { help: true } as const;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UserError(`one FILE must be given; got ${positionals.join(" ") || "none"}. See npm run sweep -- --help`); // prettier-ignore
  const on = places.find((place) => place === values.on);
  if (on === undefined) throw new UserError(`--on must be one of ${places.join(", ")}; got ${values.on}`);
  const stray = Object.keys(values).find((option) => only[option] && !only[option].includes(on));
  if (stray !== undefined)
    throw new UserError(`--${stray} is for --on ${only[stray]!.join(" and ")} alone; with --on ${on} it would do nothing`); // prettier-ignore
  return { ...values, file, on, help: false } as const;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        on: { ...text, default: "local" },
        folder: { ...text, default: "runs/sweeps" },
        workers: text,
        only: text,
        records: text,
        json: flag,
        memory: text,
        "dry-run": flag,
        time: text,
        claim: text,
        mount: text,
        image: text,
        retries: text,
        parallel: text,
        help: flag,
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}. See npm run sweep -- --help`);
  }
}
