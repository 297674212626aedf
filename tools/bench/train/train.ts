// Training speed of ResNet-20 beside stock TensorFlow.js and PyTorch, taking turns in one run: `npm run bench -- train`.
import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { parseArgs } from "node:util";
import type { Benchmark } from "../benchmark";
import { median, positiveInteger } from "../statistics";
import { installTorch, torchFolder, torchVersion } from "../torch";
import type { About } from "./worker";
import { highest, lowest } from "../../../lib/numeric";

const help = `npm run bench -- train [options]

Trains a CIFAR network (option A, 32x32x3) on random images and prints images per second, the median over rounds
and the range, the seconds of the first four steps, in which a step is compiled, and each contender's peak memory.
The contenders take turns, so that a busy machine slows all alike: this library with the step compiled, as \`fit\` does
by default, and uncompiled; stock TensorFlow.js; PyTorch, eager and by torch.compile.

  --model NAME,...  resnet20, resnet56, resnet110 or preact110; the last has no stock or PyTorch contender
                                                                  (default resnet20)
  --batch N,...   batch sizes                                     (default 128,32)
  --rounds N      rounds, each contender once a round             (default 5)
  --steps N       steps of batch 128 a turn; smaller batches take more, so that a turn has as many images
                                                                  (default 24)
  --torch         compare with PyTorch ${torchVersion} too, in an environment of its own under .setup/torch
  --torch-python FILE   compare with the PyTorch of this Python instead
  --torch-compile compare with torch.compile too; with --torch or --torch-python
  --remove-torch  delete .setup/torch and stop
  --json          one JSON object on standard output: {"trainResnet20": {"compiled", "uncompiled", "ours", "torch", "torchCompile",
                  "stock", "warmUpSeconds", "peakMiB"}, ...}; ours is compiled, null was not asked for
  --help          this text

A turn is a part of one long run, so that only steps are timed.
About three minutes without PyTorch, four with it.`;

const root = join(__dirname, "..", "..", "..");

type ContenderName = "compiled" | "uncompiled" | "stock" | "torch" | "torchCompile";

/** The networks by name; `stock` and `torch` have written down those of post-activation only. */
const networks: Readonly<
  Record<string, { readonly title: string; readonly depth: number; readonly order: string }>
> = {
  resnet20: { title: "ResNet-20", depth: 20, order: "original" },
  resnet56: { title: "ResNet-56", depth: 56, order: "original" },
  resnet110: { title: "ResNet-110", depth: 110, order: "original" },
  preact110: { title: "pre-activation ResNet-110", depth: 110, order: "preActivation" },
};

/** How PyTorch runs its step. */
type TorchMode = "eager" | "compile";

/** What a worker says of a turn. */
interface Turn {
  readonly seconds: number;
  /** The most memory that the process has held so far. */
  readonly peakMiB: number;
}

interface Contender {
  readonly name: ContenderName;
  readonly title: string;
  readonly warmUpSeconds: number;
  /** Trains so many steps. */
  turn(steps: number): Promise<Turn>;
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
      model: { type: "string", default: "resnet20" },
      batch: { type: "string", default: "128,32" },
      rounds: { type: "string", default: "5" },
      steps: { type: "string", default: "24" },
      torch: { type: "boolean", default: false },
      "torch-python": { type: "string" },
      "torch-compile": { type: "boolean", default: false },
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

  if (values["torch-compile"] && python === undefined)
    throw new Error("--torch-compile needs a PyTorch: give --torch or --torch-python FILE too");
  const torchModes: TorchMode[] = python === undefined ? [] : values["torch-compile"] ? ["eager", "compile"] : ["eager"]; // prettier-ignore

  const models = values.model.split(",");
  const unknown = models.find((name) => !(name in networks));
  if (unknown !== undefined) {
    throw new Error(`--model takes ${Object.keys(networks).join(", ")}; got ${unknown}`);
  }
  const report: Record<string, Record<string, number | null | Record<string, number>>> = {};
  for (const model of models) {
    for (const batch of batches) {
      const key = `train${model[0]!.toUpperCase()}${model.slice(1)}${batch === 128 ? "" : `Batch${batch}`}`;
      const { table, figures } = await measure(model, batch, rounds, Math.ceil((steps * 128) / batch), python, torchModes); // prettier-ignore
      if (!values.json) console.log(table);
      report[key] = figures;
    }
  }
  if (values.json) console.log(JSON.stringify(report));
}

/** One network at one batch size: its table, and the medians. */
async function measure(
  model: string,
  batch: number,
  rounds: number,
  steps: number,
  python: string | undefined,
  torchModes: readonly TorchMode[],
) {
  const { title, depth, order } = networks[model]!;
  const contenders: Contender[] = [];
  let turns: Awaited<ReturnType<typeof takeTurns>>;
  try {
    contenders.push(await startTs("compiled", batch, depth, order));
    contenders.push(await startTs("uncompiled", batch, depth, order));
    if (order === "original") {
      contenders.push(await startTs("stock", batch, depth, order));
      for (const mode of torchModes) contenders.push(await startTorch(python!, mode, batch, depth));
    }
    turns = await takeTurns(contenders, rounds, steps, batch);
  } finally {
    for (const contender of contenders) contender.stop();
  }

  const speedOf = (name: ContenderName) => median((turns.get(name) ?? []).map(({ speed }) => speed));
  const rows = contenders.map(({ name, title, warmUpSeconds }) => {
    const speeds = turns.get(name)!.map(({ speed }) => speed);
    const range = `${lowest(speeds).toFixed(0)} - ${highest(speeds).toFixed(0)}`;
    const ratio = (speedOf(name) / speedOf("compiled")).toFixed(2);
    const peak = highest(turns.get(name)!.map(({ peakMiB }) => peakMiB)).toFixed(0);
    return `${title.padEnd(34)} ${speedOf(name).toFixed(0).padStart(8)} ${range.padStart(17)} ${ratio.padStart(13)} ${warmUpSeconds.toFixed(1).padStart(10)} ${peak.padStart(10)}`;
  });
  const table = [
    `\n${title}, batch ${batch}, ${availableParallelism()} threads (${cpus()[0]?.model.trim() ?? "?"})`,
    "images/s                             median  lowest - highest   of compiled  warm-up s   peak MiB",
    ...rows,
  ].join("\n");
  const rounded = (name: ContenderName) => (turns.has(name) ? Number(speedOf(name).toFixed(1)) : null);
  const figures = {
    compiled: rounded("compiled"),
    uncompiled: rounded("uncompiled"),
    ours: rounded("compiled"), // what `fit` does by default
    torch: rounded("torch"),
    torchCompile: rounded("torchCompile"),
    stock: rounded("stock"),
    warmUpSeconds: Object.fromEntries(
      contenders.map(({ name, warmUpSeconds }) => [name, Number(warmUpSeconds.toFixed(2))]),
    ),
    peakMiB: Object.fromEntries(
      [...turns].map(([name, all]) => [name, Math.round(highest(all.map(({ peakMiB }) => peakMiB)))]),
    ),
  };
  return { table, figures };
}

/** Every contender once a round, in an order that turns, so that none is always first. */
async function takeTurns(contenders: readonly Contender[], rounds: number, steps: number, batch: number) {
  const turns = new Map<ContenderName, { speed: number; peakMiB: number }[]>(
    contenders.map(({ name }) => [name, []]),
  );
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]!;
      const { seconds, peakMiB } = await contender.turn(steps);
      turns.get(contender.name)!.push({ speed: (steps * batch) / seconds, peakMiB });
    }
    const left = ((performance.now() - start) / 1000 / (round + 1)) * (rounds - round - 1);
    console.error(`batch ${batch}: round ${round + 1} of ${rounds}, about ${left.toFixed(0)} s left`);
  }
  return turns;
}

function startTs(
  name: "compiled" | "uncompiled" | "stock",
  batch: number,
  depth: number,
  order: string,
): Promise<Contender> {
  const script = join(__dirname, name === "stock" ? "stock.ts" : "ours.ts");
  return start(
    name,
    process.execPath,
    ["-r", "./tools/typescript.cjs", script, String(batch), String(depth), order],
    {
      RESIDUAL_BACKEND: "tensorflow",
      RESIDUAL_COMPILE: name === "uncompiled" ? "0" : "1",
    },
  );
}

function startTorch(python: string, mode: TorchMode, batch: number, depth: number): Promise<Contender> {
  const script = join(__dirname, "resnet_torch.py");
  const args = [script, ...[batch, availableParallelism(), depth].map(String), mode];
  return start(mode === "compile" ? "torchCompile" : "torch", python, args, {});
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
  const about = (await nextLine(name, child, lines)) as About & { warmUpSeconds: number };
  console.error(`${about.ready} is warm: ${about.parameters.toLocaleString("en")} parameters`);
  return {
    name,
    title: about.ready,
    warmUpSeconds: about.warmUpSeconds,
    async turn(steps) {
      child.stdin.write(`${steps}\n`);
      return (await nextLine(name, child, lines)) as Turn;
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
