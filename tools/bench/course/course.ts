// The course's own workload beside PyTorch: small plain networks, one at a time and many side by side: `npm run bench -- course`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { highest, lowest } from "../../../lib/numeric";
import type { Benchmark } from "../benchmark";
import { median, positiveInteger } from "../statistics";
import { installTorch } from "../torch";

const help = `npm run bench -- course [options]

Trains what chapter 01 trains: plain networks with 8, 16 and 32 channels on 10,000 images of 14x14 pixels, in batches of 128. Prints images per
second: of one run of 20 and of 56 layers, here and in PyTorch eager with all threads; and of several seeds of both depths, here as a sweep and one
run after another, in PyTorch one after another and in a pool of processes with one thread each. The contenders take turns.

  --epochs N      epochs of each run                              (default 2)
  --seeds N       seeds of each depth in the sweep                (default 4)
  --rounds N      rounds, each contender once a round             (default 3)
  --torch         compare with PyTorch, in an environment of its own under .setup/torch
  --torch-python FILE   compare with the PyTorch of this Python instead
  --json          one JSON object on standard output: {"single20": {"ours", "torch"}, "single56": {"ours", "torch"},
                  "sweep": {"ours", "sequential", "torch", "torchPool"}}; null was not asked for
  --help          this text

A time begins when engine and images are there and ends with the last update, so it has each run's compiling in it, and in a sweep or pool the start of
every process. About a minute and a half a round with PyTorch on two cores.`;

/** What is measured: a workload, and who does it. */
interface Measurement {
  readonly workload: "single20" | "single56" | "sweep";
  readonly by: "ours" | "sequential" | "torch" | "torchPool";
  readonly title: string;
  /** The words that the contender's program gets. */
  readonly mode: "single20" | "single56" | "sweep" | "sequential" | "pool";
}

const measurements: readonly Measurement[] = [
  { workload: "single20", by: "ours", mode: "single20", title: "plain-20, residual" },
  { workload: "single20", by: "torch", mode: "single20", title: "plain-20, PyTorch eager" },
  { workload: "single56", by: "ours", mode: "single56", title: "plain-56, residual" },
  { workload: "single56", by: "torch", mode: "single56", title: "plain-56, PyTorch eager" },
  { workload: "sweep", by: "ours", mode: "sweep", title: "both, all seeds: a sweep" },
  { workload: "sweep", by: "sequential", mode: "sequential", title: "both, one run after another" },
  { workload: "sweep", by: "torch", mode: "sequential", title: "both, PyTorch one after another" },
  { workload: "sweep", by: "torchPool", mode: "pool", title: "both, PyTorch in a pool" },
];

const root = join(__dirname, "..", "..", "..");

/** Speed of the course's own workload. */
export const course: Benchmark = {
  summary: "chapter 01's networks, one at a time and as a sweep, beside PyTorch",
  run,
};

// eslint-disable-next-line @typescript-eslint/require-await
async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      epochs: { type: "string", default: "2" },
      seeds: { type: "string", default: "4" },
      rounds: { type: "string", default: "3" },
      torch: { type: "boolean", default: false },
      "torch-python": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const epochs = positiveInteger("--epochs", values.epochs);
  const seeds = positiveInteger("--seeds", values.seeds);
  const rounds = positiveInteger("--rounds", values.rounds);
  const python = values["torch-python"] ?? (values.torch ? installTorch() : undefined);
  const asked = measurements.filter(({ by }) => python !== undefined || !by.startsWith("torch"));

  const speeds = new Map<Measurement, number[]>(asked.map((one) => [one, []]));
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < asked.length; i++) {
      const one = asked[(i + round) % asked.length]!;
      speeds.get(one)!.push(measure(one, epochs, seeds, python));
      const share = (round * asked.length + i + 1) / (rounds * asked.length);
      const left = ((performance.now() - start) / 1000) * (1 / share - 1);
      console.error(
        `${one.title}: ${speeds.get(one)!.at(-1)!.toFixed(0)} images/s, about ${left.toFixed(0)} s left`,
      );
    }
  }

  const figures: Record<string, Record<string, number | null>> = {};
  for (const one of measurements) {
    const all = speeds.get(one);
    (figures[one.workload] ??= {})[one.by] = all === undefined ? null : Number(median(all).toFixed(1));
  }
  if (values.json) {
    console.log(JSON.stringify(figures));
    return;
  }
  console.log(
    `\n${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "?"}), ${epochs} epochs, ${seeds} seeds, ${rounds} rounds`,
  );
  console.log("images/s                             median  lowest - highest");
  for (const [{ title }, all] of speeds) {
    const range = `${lowest(all).toFixed(0)} - ${highest(all).toFixed(0)}`;
    console.log(`${title.padEnd(34)} ${median(all).toFixed(0).padStart(8)} ${range.padStart(17)}`);
  }
}

/** Images per second of one measurement, in a process of its own. */
function measure(
  { by, mode }: Measurement,
  epochs: number,
  seeds: number,
  python: string | undefined,
): number {
  const folder = mkdtempSync(join(tmpdir(), "residual-bench-"));
  try {
    const numbers = [epochs, seeds, availableParallelism()].map(String);
    const [command, script] = by.startsWith("torch")
      ? [python!, [join(__dirname, "plain_torch.py")]]
      : [process.execPath, ["-r", "./tools/typescript.cjs", join(__dirname, "ours.ts")]];
    const { stdout, status, stderr } = spawnSync(command, [...script, mode, ...numbers, folder], {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0)
      throw new Error(`${by} ${mode} ended with ${status ?? "a signal"}: ${stderr.slice(-2000)}`);
    const { images, seconds } = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
      images: number;
      seconds: number;
    };
    return images / seconds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
