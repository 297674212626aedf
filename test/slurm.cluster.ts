// A real Slurm of two nodes on this machine trains a sweep; one node is lost, and the results are those of a sweep without any cluster.
// `npm run test:slurm`; it needs root, and Debian's slurm-wlm and munge.
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compareRuns } from "../tools/records/compare";
import { readRecords, RecordIndex } from "../tools/records/store";

const root = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "residual-slurm-"));
const configuration = join(folder, "slurm.conf");
const environment = { ...process.env, SLURM_CONF: configuration };
const daemons: ChildProcess[] = [];

/** Starts a daemon in the foreground; what it prints is kept for the case that the test fails. */
function start(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => {
      writeFileSync(join(folder, "daemons.log"), `${command}: ${text.toString()}`, { flag: "a" });
    });
  daemons.push(child);
  return child;
}

const slurm = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { env: environment, encoding: "utf8" }).trim();

async function until(what: string, holds: () => boolean, seconds: number): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!holds()) {
    if (Date.now() > end) {
      const said = existsSync(join(folder, "daemons.log")) ? readFileSync(join(folder, "daemons.log"), "utf8").slice(-3000) : ""; // prettier-ignore
      throw new Error(`${what}: not within ${seconds} s. ${said}`);
    }
    await wait(200);
  }
}

beforeAll(async () => {
  for (const name of ["ctld", "spool.n1", "spool.n2"]) mkdirSync(join(folder, name));
  const host = hostname().split(".")[0]!;
  writeFileSync(
    configuration,
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=${join(folder, "munge.socket")}
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${join(folder, "ctld")}
SlurmdSpoolDir=${join(folder, "spool.%n")}
SlurmctldPidFile=${join(folder, "ctld.pid")}
SlurmdPidFile=${join(folder, "%n.pid")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
JobRequeue=1
MinJobAge=3600
ReturnToService=0
NodeName=n[1-2] NodeHostname=${host} NodeAddr=127.0.0.1 Port=[17001-17002] CPUs=1 RealMemory=4000 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  );
  writeFileSync(join(folder, "munge.key"), "a key of this test alone, thirty-two bytes or more", {
    mode: 0o400,
  });
  const munge = ["key-file=munge.key", "socket=munge.socket", "pid-file=munge.pid", "log-file=munge.log", "seed-file=munge.seed"]; // prettier-ignore
  start(
    "munged",
    "--foreground",
    "--force",
    ...munge.map((option) => `--${option.replace("=", `=${folder}/`)}`),
  );
  await until("munged", () => existsSync(join(folder, "munge.socket")), 20);
  start("slurmctld", "-D", "-f", configuration);
  for (const node of ["n1", "n2"]) start("slurmd", "-D", "-N", node, "-f", configuration);
  const idle = () =>
    spawnSync("sinfo", ["-h", "-o", "%T %D"], { env: environment, encoding: "utf8" }).stdout.trim();
  await until("two idle nodes", () => idle() === "idle 2", 60);
}, 120_000);

afterAll(async () => {
  for (const child of daemons.reverse()) child.kill("SIGTERM");
  for (const child of daemons) {
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((ended) => child.once("exit", ended));
  }
  rmSync(folder, { recursive: true, force: true });
});

const sweep = {
  networks: ["none", "A"].map((shortcut) => ({
    model: "cifarResNet",
    options: { depth: 8, shortcut, widths: [2, 4, 8], inputShape: [14, 14, 1], classes: 10 },
  })),
  data: { name: "fashion-mnist-sample", perClass: [50, 10], downsample: 2 },
  recipe: { epochs: 60, batchSize: 50, schedule: { schedule: "constant", learningRate: 0.1 } },
  seeds: [1, 2],
};

function run(...args: string[]): string {
  return execFileSync(
    process.execPath,
    ["--require", "./tools/typescript.cjs", "tools/sweep/main.ts", ...args],
    {
      cwd: root,
      env: environment,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

test("a sweep on Slurm gives the records of one here, bit for bit, though a node is lost in the middle", async () => {
  const file = join(folder, "sweep.json");
  writeFileSync(file, JSON.stringify(sweep));
  const shared = join(folder, "shared");
  const job = /^job (\d+): 4 runs/.exec(
    run(file, "--on", "slurm", "--folder", shared, "--memory", "1500M"),
  )![1]!;
  const checkpoints = () => readdirSync(shared).filter((name) => name.endsWith(".safetensors"));
  await until("a checkpoint of each node", () => checkpoints().length >= 2, 300);

  // The second node is gone: its daemon, and every process of its tasks.
  const tasksOf = (node: string) =>
    slurm("squeue", "-h", "-w", node, "-t", "R", "-o", "%i").split("\n").filter(Boolean);
  const [lost] = tasksOf("n2");
  expect(lost).toBeDefined();
  daemons.at(-1)!.kill("SIGKILL");
  // Slurm's keeper of the task first: it would tell that the task failed, and a lost node tells nothing.
  const place = lost!.split("_")[1]!;
  const task = Number(execFileSync("pgrep", ["-f", "--", `--folder ${shared} --workers 1 --only ${place}$`], { encoding: "utf8" }).trim().split("\n")[0]); // prettier-ignore
  const keeper = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${task}/status`, "utf8"))![1]);
  for (const pid of [keeper, task]) process.kill(pid, "SIGKILL");
  slurm("scontrol", "update", "nodename=n2", "state=down", "reason=lost");

  await until(
    "the array's end",
    () => slurm("squeue", "-h", "-j", job, "-t", "PD,R,CG,RQ,S", "-o", "%i") === "",
    600,
  );
  expect(slurm("scontrol", "show", "job", lost!)).toMatch(/Restarts=1\b[^]*NodeList=n1\b/);
  expect(readdirSync(shared).filter((name) => name.endsWith(".safetensors"))).toHaveLength(4);

  // Two machines write the records of their runs into one folder at the same time, and a third one trains the sweep by itself.
  const merged = join(folder, "records");
  const collect = (...args: string[]) => start(process.execPath, "--require", "./tools/typescript.cjs", "tools/sweep/main.ts", file, ...args, "--records", merged); // prettier-ignore
  const both = ["0,1,2", "1,2,3"].map((only) => collect("--folder", shared, "--only", only));
  await Promise.all(both.map((child) => new Promise((ended) => child.once("exit", ended))));
  expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const ofSlurm = await readRecords(root, merged);
  expect(ofSlurm).toHaveLength(4);
  expect(ofSlurm.some(({ record }) => record.sessions.length > 1)).toBe(true);

  run(file, "--folder", join(folder, "here"), "--records", join(folder, "records of here"));
  const ofHere = await readRecords(root, join(folder, "records of here"));
  const onSlurm = new RecordIndex(ofSlurm);
  expect(ofHere).toHaveLength(4);
  for (const { record } of ofHere)
    expect(compareRuns(record, onSlurm.find(record)!.record, [])).toMatchObject({ outcome: "same" });
  for (const { path } of ofHere) copyFileSync(path, join(merged, basename(path)), constants.COPYFILE_EXCL);
  expect(await readRecords(root, merged)).toHaveLength(8);
}, 1_500_000);
