// Training speed of ResNet-20 beside stock TensorFlow.js and PyTorch, taking turns in one run: `npm run bench -- train`.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { parseArgs } from "node:util";
import type { Benchmark } from "../main";

/** The release that the project compares with. */
const torchVersion = "2.13.0";

const help = `npm run bench -- train [options]

Trains ResNet-20 (option A, 32x32x3) on random images and prints images per second, the median over rounds and
the range. The contenders take turns, so that a busy machine slows all of them alike.

  --batch N,...   batch sizes                                     (default 128,32)
  --rounds N      rounds, each contender once a round             (default 5)
  --steps N       steps of batch 128 a turn; smaller batches take more, so that a turn has as many images
                                                                  (default 24)
  --torch         compare with PyTorch ${torchVersion} too, in an environment of its own under .setup/torch
  --torch-python FILE   compare with the PyTorch of this Python instead
  --remove-torch  delete .setup/torch and stop
  --json          one JSON object on standard output: {"trainResnet20": {"ours", "torch", "stock"}, ...}
  --help          this text

A turn lasts seconds, so that the start and end of a run weigh as little as they do in training.
About three minutes without PyTorch, four with it.`;

const root = join(__dirname, "..", "..", "..");
const torchFolder = join(root, ".setup", "torch");

interface Contender {
  readonly name: "ours" | "stock" | "torch";
  readonly title: string;
  /** Trains so many steps; gives the seconds they took. */
  turn(steps: number): Promise<number>;
  stop(): void;
}

/** Training speed. */
export const train: Benchmark = {
  summary: "training speed of ResNet-20 beside stock TensorFlow.js and PyTorch",
  run,
};

async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      batch: { type: "string", default: "128,32" },
      rounds: { type: "string", default: "5" },
      steps: { type: "string", default: "24" },
      torch: { type: "boolean", default: false },
      "torch-python": { type: "string" },
      "remove-torch": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  if (values["remove-torch"]) {
    rmSync(torchFolder, { recursive: true, force: true });
    return;
  }
  const batches = values.batch.split(",").map((text) => positiveInteger("--batch", text));
  const rounds = positiveInteger("--rounds", values.rounds);
  const steps = positiveInteger("--steps", values.steps);
  const python = values["torch-python"] ?? (values.torch ? installTorch() : undefined);

  const report: Record<string, Record<string, number | null>> = {};
  for (const batch of batches) {
    const contenders = [await startTs("ours", batch), await startTs("stock", batch)];
    if (python) contenders.push(await startTorch(python, batch));
    const stepsATurn = Math.ceil((steps * 128) / batch);
    const speeds = await takeTurns(contenders, rounds, stepsATurn, batch);
    for (const contender of contenders) contender.stop();

    console.error(
      `\nResNet-20, batch ${batch}, ${availableParallelism()} threads (${cpus()[0]?.model.trim() ?? "?"})`,
    );
    console.error("images/s          median      lowest - highest   of ours");
    const ours = median(speeds.get("ours")!);
    for (const { name, title } of contenders) {
      const all = speeds.get(name)!;
      const range = `${Math.min(...all).toFixed(0)} - ${Math.max(...all).toFixed(0)}`;
      const ratio = (median(all) / ours).toFixed(2);
      console.error(
        `${title.padEnd(34)} ${median(all).toFixed(0).padStart(6)} ${range.padStart(14)} ${ratio.padStart(6)}`,
      );
    }
    const key = batch === 128 ? "trainResnet20" : `trainResnet20Batch${batch}`;
    const rounded = (name: string) =>
      speeds.has(name) ? Number(median(speeds.get(name)!).toFixed(1)) : null;
    report[key] = { ours: rounded("ours"), torch: rounded("torch"), stock: rounded("stock") };
  }
  if (values.json) console.log(JSON.stringify(report));
}

/** Every contender once a round, in an order that turns, so that none is always first. */
async function takeTurns(contenders: readonly Contender[], rounds: number, steps: number, batch: number) {
  const speeds = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]!;
      speeds.get(contender.name)!.push((steps * batch) / (await contender.turn(steps)));
    }
    const left = ((performance.now() - start) / 1000 / (round + 1)) * (rounds - round - 1);
    console.error(`batch ${batch}: round ${round + 1} of ${rounds}, about ${left.toFixed(0)} s left`);
  }
  return speeds;
}

function startTs(name: "ours" | "stock", batch: number): Promise<Contender> {
  const tsNode = join(root, "node_modules", "ts-node", "dist", "bin.js");
  const script = join(__dirname, `${name}.ts`);
  return start(name, process.execPath, [tsNode, script, String(batch)], { RESIDUAL_BACKEND: "tensorflow" });
}

function startTorch(python: string, batch: number): Promise<Contender> {
  const script = join(__dirname, "torch.py");
  return start("torch", python, [script, String(batch), String(availableParallelism())], {});
}

/** Starts a worker and waits until it is warm. */
async function start(
  name: Contender["name"],
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Contender> {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const about = (await nextLine(name, child, lines)) as { ready: string; parameters: number };
  console.error(`${about.ready} is warm: ${about.parameters.toLocaleString("en")} parameters`);
  return {
    name,
    title: about.ready,
    async turn(steps) {
      child.stdin.write(`${steps}\n`);
      return ((await nextLine(name, child, lines)) as { seconds: number }).seconds;
    },
    stop() {
      child.stdin.end();
    },
  };
}

function nextLine(name: string, child: ChildProcess, lines: Interface): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`the ${name} worker ended with ${code ?? "a signal"} before its turn was over`));
    };
    child.once("exit", ended);
    lines.once("line", (line) => {
      child.off("exit", ended);
      resolve(JSON.parse(line));
    });
  });
}

/** PyTorch in a virtual environment that nothing else uses. */
function installTorch(): string {
  const python = join(torchFolder, "bin", "python");
  const works = () => existsSync(python) && spawnSync(python, ["-c", "import torch"]).status === 0;
  if (works()) return python;
  console.error(`installing PyTorch ${torchVersion} into .setup/torch: some minutes, once`);
  mkdirSync(torchFolder, { recursive: true });
  const run = (command: string, args: readonly string[]) => {
    if (spawnSync(command, args, { stdio: ["ignore", 2, 2] }).status !== 0) {
      throw new Error(
        `${command} ${args.join(" ")} failed: see above, or name a Python with PyTorch by --torch-python`,
      );
    }
  };
  run("python3", ["-m", "venv", torchFolder]);
  run(python, ["-m", "pip", "install", "--quiet", `torch==${torchVersion}`, "numpy"]);
  return python;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${option} takes a positive integer; got ${text}`);
  return value;
}
