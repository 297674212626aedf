// How many threads one run should have, by the network's size: `npm run bench -- threads`.
import { spawnSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nn } from "residual";
import { highest, lowest } from "../../../lib/numeric";
import type { Benchmark } from "../benchmark";
import { median, positiveInteger } from "../statistics";
import { networks } from "./networks";

const help = `npm run bench -- threads [options]

Trains networks of several sizes with one, two, four ... threads, as many as there are cores, and prints images per second of one run: which number is best
for which size, and whether the losses are the same bits. The contenders take turns.

  --network NAME,...   ${Object.keys(networks).join(", ")}   (default: all)
  --threads N,...      numbers of threads                  (default: powers of two, and all cores)
  --rounds N           rounds, each contender once a round (default 3)
  --json               one JSON object on standard output: {"plain20": {"multiplyAdds", "imagesPerSecond": {"1", "2"}, "best", "sameBits"}, ...}
  --help               this text

TensorFlow fixes its threads when it starts, before it is known what will be trained. So a run has all of them, unless TF_NUM_INTRAOP_THREADS says
otherwise before the process starts; a run of a sweep has one. Under two minutes on two cores.`;

const root = join(__dirname, "..", "..", "..");

/** The number of threads of one run. */
export const threads: Benchmark = {
  summary: "how many threads one run should have, by the network's size",
  run,
};

/** What one process came to. */
interface Turn {
  readonly imagesPerSecond: number;
  readonly losses: string;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      network: { type: "string", default: Object.keys(networks).join(",") },
      threads: { type: "string", default: usualNumbers().join(",") },
      rounds: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const names = values.network.split(",");
  const unknown = names.find((name) => !(name in networks));
  if (unknown !== undefined)
    throw new Error(`--network takes ${Object.keys(networks).join(", ")}; got ${unknown}`);
  const numbers = values.threads.split(",").map((text) => positiveInteger("--threads", text));
  const rounds = positiveInteger("--rounds", values.rounds);

  const contenders = names.flatMap((name) =>
    numbers.map((number) => ({ name, number, turns: [] as Turn[] })),
  );
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const one = contenders[(i + round) % contenders.length]!;
      one.turns.push(turnOf(one.name, one.number));
      const share = (round * contenders.length + i + 1) / (rounds * contenders.length);
      const left = ((performance.now() - start) / 1000) * (1 / share - 1);
      console.error(`${one.name}, ${one.number} threads: ${one.turns.at(-1)!.imagesPerSecond.toFixed(0)} images/s, about ${left.toFixed(0)} s left`); // prettier-ignore
    }
  }
  const report = Object.fromEntries(
    names.map((name) => {
      const own = contenders.filter((one) => one.name === name);
      const speeds = own.map(({ number, turns }) => ({
        number,
        all: turns.map(({ imagesPerSecond }) => imagesPerSecond),
      }));
      const best = speeds.reduce((a, b) => (median(b.all) > median(a.all) ? b : a)).number;
      const sameBits = new Set(own.flatMap(({ turns }) => turns.map(({ losses }) => losses))).size === 1;
      return [
        name,
        { multiplyAdds: nn.multiplyAdds(nn.buildArchitecture(networks[name]!.spec)), speeds, best, sameBits },
      ];
    }),
  );
  if (values.json)
    console.log(JSON.stringify(Object.fromEntries(Object.entries(report).map(([name, { speeds, ...rest }]) => [name, { ...rest, imagesPerSecond: Object.fromEntries(speeds.map(({ number, all }) => [number, Number(median(all).toFixed(1))])) }])))); // prettier-ignore
  else console.log(tableOf(report));
}

function tableOf(
  report: Readonly<
    Record<
      string,
      {
        multiplyAdds: number;
        speeds: readonly { number: number; all: readonly number[] }[];
        best: number;
        sameBits: boolean;
      }
    >
  >,
): string {
  const lines = [
    `\n${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "?"}), batch 128`,
    "images/s                          threads   median  lowest - highest",
  ];
  for (const [name, { multiplyAdds, speeds, best, sameBits }] of Object.entries(report)) {
    for (const { number, all } of speeds)
      lines.push(`${networks[name]!.title.padEnd(33)} ${String(number).padStart(7)} ${median(all).toFixed(0).padStart(8)} ${`${lowest(all).toFixed(0)} - ${highest(all).toFixed(0)}`.padStart(17)}`); // prettier-ignore
    lines.push(`  ${(multiplyAdds / 1e6).toFixed(1)} million multiplications an image: ${best} ${best === 1 ? "thread is" : "threads are"} best; the losses are ${sameBits ? "the same bits" : "other bits by the number of threads"}`); // prettier-ignore
  }
  return lines.join("\n");
}

/** 1, 2, 4 and so on, and all cores. */
function usualNumbers(): number[] {
  const cores = availableParallelism();
  const numbers = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, i) => 2 ** i);
  return [...new Set([...numbers, cores])];
}

function turnOf(name: string, number: number): Turn {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["-r", "./tools/typescript.cjs", join(__dirname, "one.ts"), name],
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: String(number), TF_NUM_INTEROP_THREADS: String(number), OMP_NUM_THREADS: String(number) }, // prettier-ignore
    },
  );
  if (status !== 0)
    throw new Error(
      `${name} with ${number} threads ended with ${status ?? "a signal"}: ${stderr.slice(-2000)}`,
    );
  const { seconds, losses } = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
    seconds: number;
    losses: string;
  };
  return { imagesPerSecond: (networks[name]!.steps * 128) / seconds, losses };
}
