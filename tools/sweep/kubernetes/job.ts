// A sweep as an Indexed Job of Kubernetes: one pod a run, each on one core, with its checkpoint on a volume that every node mounts.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { train } from "residual";
import { UserError } from "../../notebooks/user-error";
import type { PlacedSweep } from "../placed";

/** What the Job asks of the cluster. */
export interface KubernetesOptions {
  /** The PersistentVolumeClaim that holds this repository, the sweep's file and its folder; many nodes must be able to mount it (ReadWriteMany). */
  readonly claim: string;
  /** Where that volume is mounted: here and in the pods alike. */
  readonly mount: string;
  /** A container image with Node and git; the engine comes with the repository. */
  readonly image: string;
  /** A pod's memory, as Kubernetes writes it. */
  readonly memory: string;
  /** How often a run's pod is made anew after it failed or its node was lost. */
  readonly retries: number;
  /** How many pods at a time. */
  readonly parallel?: number;
}

/** The image that has the Node of this process. */
export const usualImage = `node:${process.versions.node}-bookworm`;

const root = resolve(__dirname, "..", "..", "..");
const indexOfPod = "metadata.annotations['batch.kubernetes.io/job-completion-index']";

/**
 * The Job. A pod that ends badly is made anew by itself and goes on from its run's checkpoint; the others go on meanwhile, and no failed run ends the
 * Job. There is no `podFailurePolicy`, because with one Kubernetes would wait for a lost node to come back before it made the pod anew. The pods hold no
 * secret, not even a token of the cluster.
 *
 * @throws UserError where an option is not what Kubernetes takes, or a path is not on the volume
 */
export function kubernetesJob({ file, folder, what, runs }: PlacedSweep, options: KubernetesOptions) {
  const { claim, mount, image, memory, retries, parallel = runs.length } = options;
  matching("--claim", claim, /^(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "a PersistentVolumeClaim's name"); // prettier-ignore
  matching("--mount", mount, /^\/[^:]+$/, "an absolute path without a colon");
  matching("--image", image, /^[\w./:@-]+$/, "a container image, such as node:22-bookworm");
  matching("--memory", memory, /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)$/, "a size as Kubernetes writes it, such as 2Gi"); // prettier-ignore
  whole("--retries", retries, 0);
  whole("--parallel", parallel, 1);
  for (const [title, path] of pathsOf(file, folder, what)) {
    if (relative(mount, path).split("/")[0] === "..")
      throw new UserError(
        `${title} must be on the volume that pods see at --mount ${mount}; it is ${path}. Mount the volume at one path here and there, and put it there`,
      );
  }
  const name = `residual-sweep-${fingerprintOf(runs)}`;
  const words = ["--require", "./tools/typescript.cjs", "tools/sweep/main.ts", file, "--folder", folder, "--workers", "1", "--only"]; // prettier-ignore
  const user = process.getuid?.() ?? 1000;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: { app: "residual-sweep" } },
    spec: {
      completionMode: "Indexed",
      completions: runs.length,
      parallelism: Math.min(parallel, runs.length),
      backoffLimitPerIndex: retries,
      template: {
        metadata: { labels: { app: "residual-sweep" } },
        spec: {
          restartPolicy: "Never", // what backoffLimitPerIndex asks for: it counts pods
          terminationGracePeriodSeconds: 120, // after SIGTERM, in which a run saves itself
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            // The files on the volume stay those of who submits.
            runAsUser: user,
            runAsGroup: process.getgid?.() ?? user,
            runAsNonRoot: user !== 0,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "run",
              image,
              workingDir: root,
              command: ["node", ...words.map(unexpanded), "$(RESIDUAL_RUN)"],
              env: [{ name: "RESIDUAL_RUN", valueFrom: { fieldRef: { fieldPath: indexOfPod } } }],
              // No limit of the processor: a run has one thread, and Node's own beside it may use what is idle.
              resources: { requests: { cpu: "1", memory }, limits: { memory } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [{ name: "shared", mountPath: mount }],
            },
          ],
          volumes: [{ name: "shared", persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
}

/** Hands a sweep to Kubernetes; what to tell the user. @throws UserError where kubectl is not there or refuses */
export function submitToKubernetes(sweep: PlacedSweep, options: KubernetesOptions): string {
  const job = kubernetesJob(sweep, options);
  const { name } = job.metadata;
  const path = join(sweep.folder, `${name}.json`);
  mkdirSync(sweep.folder, { recursive: true });
  writeFileSync(path, manifestText(job));
  const { error, status, stderr } = spawnSync("kubectl", ["create", "--filename", path], {
    encoding: "utf8",
  });
  if (error) throw new UserError(`kubectl cannot be run (${error.message}): call this where it is, or hand ${path} to the cluster yourself`); // prettier-ignore
  if (stderr.includes("AlreadyExists"))
    throw new UserError(`this sweep's Job is on the cluster already: kubectl get job ${name} shows how it goes. To begin it anew from the checkpoints: kubectl delete job ${name}, then this call`); // prettier-ignore
  if (status !== 0) throw new UserError(`kubectl refused ${path}: ${stderr.trim()}`);
  return [
    `job ${name}: ${sweep.runs.length} runs, ${path}`,
    `kubectl get job ${name} shows how it goes, kubectl logs --prefix --selector batch.kubernetes.io/job-name=${name} what each run prints.`,
    `When it is through: npm run sweep -- ${sweep.file} --folder ${sweep.folder}`,
  ].join("\n");
}

/** The manifest as a file: JSON, which kubectl takes as it takes YAML. */
export const manifestText = (job: object): string => `${JSON.stringify(job, null, 2)}\n`;

/** Where a pod reads and writes, each with what the user calls it. */
function pathsOf(file: string, folder: string, { networks, data }: train.Sweep): [string, string][] {
  const modules = networks.flatMap((network): [string, string][] =>
    "module" in network ? [["a network's module", resolve(network.module)]] : [],
  );
  const images: [string, string][] =
    data.root === undefined ? [] : [["the folder of the images", resolve(data.root)]];
  return [["this repository", root], ["FILE", file], ["--folder", folder], ...modules, ...images];
}

/** The same for the same runs in the same folder: two Jobs that train one run would take its checkpoint from each other. */
const fingerprintOf = (runs: PlacedSweep["runs"]): string =>
  createHash("sha256").update(runs.map(({ checkpoint }) => checkpoint).join("\n")).digest("hex").slice(0, 12); // prettier-ignore

/** Kubernetes puts the value of a variable where a command says `$(NAME)`; `$$` is a dollar. */
const unexpanded = (word: string): string => word.replaceAll("$", "$$$$");

function matching(option: string, value: string, pattern: RegExp, rule: string): void {
  if (!pattern.test(value)) throw new UserError(`${option} must be ${rule}; got ${value || "nothing"}`);
}

function whole(option: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new UserError(`${option} must be a whole number of at least ${least}; got ${value}`);
}
