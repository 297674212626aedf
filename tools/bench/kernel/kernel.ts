// How fast the kernel starts, runs cells, completes and stops, beside other kernels, taking turns: `npm run bench -- kernel`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { Benchmark } from "../benchmark";
import { median, positiveInteger } from "../statistics";
import { highest, lowest } from "../../../lib/numeric";

const help = `npm run bench -- kernel [options]

Starts each kernel anew every round and drives it through Jupyter's own client: this one, ipykernel, tslab as it is
published, and Deno's where \`deno\` is on the PATH. They take turns, so that a busy machine slows all alike. Prints the
median over rounds and the range:

  ready        seconds from the start of the process to its first answer
  first cell   seconds from the start of the process to the end of its first cell
  cell         milliseconds a plain cell takes, and the last tenth of them
  completion   milliseconds
  memory       MiB that the kernel holds when it is idle after its first cell
  loop         how many times longer a loop takes at a cell's top level than in a function
  stop         milliseconds from an interrupt of a loop that never yields to the cell's reply
               (the last two for this kernel and ipykernel: in the others a loop takes minutes, or cannot be stopped)

  --only NAME,...   some of residual, ipykernel, tslab, deno
  --rounds N        rounds                                  (default 5)
  --cells N         plain cells a round                     (default 50)
  --json            one JSON object on standard output: {"residual": {"readySeconds": {"median", "lowest", "highest"}, ...}, ...}
  --help            this text

About two minutes.`;

const root = join(__dirname, "..", "..", "..");
const python = join(root, ".venv", "bin", "python");
const completions = 10;

interface Contender {
  readonly name: string;
  readonly title: string;
  readonly argv: readonly string[];
  readonly language: "typescript" | "python";
  readonly interruptMode: "message" | "signal";
  /** Whether its loops end and its interrupts work, so that they can be measured. */
  readonly stops: boolean;
}

/** What is measured, in the order of the table. */
const measures = {
  readySeconds: { title: "ready s", digits: 2 },
  firstCellSeconds: { title: "first cell s", digits: 2 },
  cellMs: { title: "cell ms", digits: 1 },
  lastCellsMs: { title: "last cells ms", digits: 1 },
  completionMs: { title: "completion ms", digits: 1 },
  idleMib: { title: "memory MiB", digits: 0 },
  loopRatio: { title: "loop", digits: 2 },
  interruptMs: { title: "stop ms", digits: 0 },
} as const;

type Measure = keyof typeof measures;
type Life = Partial<Readonly<Record<Measure, number | null>>>;

/** The kernel's speed. */
export const kernel: Benchmark = {
  summary: "the kernel's start, cells, completion and memory beside ipykernel, tslab and Deno",
  run,
};

async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      rounds: { type: "string", default: "5" },
      cells: { type: "string", default: "50" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const rounds = positiveInteger("--rounds", values.rounds);
  const cells = positiveInteger("--cells", values.cells);
  const contenders = chosen(values.only);
  const lives = new Map<string, Life[]>(contenders.map(({ name }) => [name, []]));
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]!;
      lives.get(contender.name)!.push(await live(contender, cells));
    }
    const left = ((performance.now() - start) / 1000 / (round + 1)) * (rounds - round - 1);
    console.error(`round ${String(round + 1)} of ${String(rounds)}, about ${left.toFixed(0)} s left`);
  }
  const report = Object.fromEntries([...lives].map(([name, all]) => [name, summary(all)]));
  print(contenders, report);
  if (values.json) console.log(JSON.stringify(report));
}

/** @throws Error if a name is not known, or its kernel is not there */
function chosen(only: string | undefined): Contender[] {
  const all = found();
  if (only === undefined) return all;
  return only.split(",").map((name) => {
    const contender = all.find((one) => one.name === name);
    if (!contender)
      throw new Error(
        `--only takes some of ${all.map((one) => one.name).join(", ")} (deno where it is on the PATH); got ${name}`,
      );
    return contender;
  });
}

/** The kernels of this machine. */
function found(): Contender[] {
  if (!existsSync(python)) throw new Error("the benchmark needs Jupyter in .venv; run npm run setup first");
  const template = JSON.parse(readFileSync(join(root, "kernel", "kernelspec.json"), "utf8")) as {
    argv: string[];
  };
  const fill = (part: string): string =>
    part.replace("{node}", process.execPath).replace("{kernel}", join(root, "kernel"));
  const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
  const hasDeno = spawnSync("deno", ["--version"]).status === 0;
  return [
    {
      name: "residual",
      title: "residual",
      argv: template.argv.map(fill),
      language: "typescript",
      interruptMode: "message",
      stops: true,
    },
    {
      name: "ipykernel",
      title: "ipykernel",
      argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
      language: "python",
      interruptMode: "signal",
      stops: true,
    },
    {
      name: "tslab",
      title: "tslab as published",
      argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
      language: "typescript",
      interruptMode: "signal",
      stops: false,
    },
    ...(hasDeno
      ? [
          {
            name: "deno",
            title: "Deno (no type check)",
            argv: ["deno", "jupyter", "--kernel", "--conn", "{connection_file}"],
            language: "typescript",
            interruptMode: "message",
            stops: false,
          } as const,
        ]
      : []),
  ];
}

/** One kernel from its start to its end. */
async function live(
  { title, argv, language, interruptMode, stops }: Contender,
  cells: number,
): Promise<Life> {
  const options = { argv, language, interruptMode, cells, completions, loops: stops, interrupt: stops };
  const child = spawn(python, [join(__dirname, "life.py"), JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const output = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`${title} did not live through its turn: see above`);
  return JSON.parse(output) as Life;
}

type Summary = Partial<Record<Measure, { median: number; lowest: number; highest: number }>>;

function summary(lives: readonly Life[]): Summary {
  const report: Summary = {};
  for (const measure of Object.keys(measures) as Measure[]) {
    const values = lives.flatMap((life) => life[measure] ?? []);
    if (values.length === 0) continue;
    report[measure] = {
      median: median(values),
      lowest: lowest(values),
      highest: highest(values),
    };
  }
  return report;
}

function print(contenders: readonly Contender[], report: Readonly<Record<string, Summary>>): void {
  const width = 24;
  console.error(`\n${"".padEnd(16)}${contenders.map(({ title }) => title.padStart(width)).join("")}`);
  for (const [measure, { title, digits }] of Object.entries(measures)) {
    const row = contenders.map(({ name }) => {
      const entry = report[name]?.[measure as Measure];
      if (!entry) return "-".padStart(width);
      const { median: middle, lowest, highest } = entry;
      return `${middle.toFixed(digits)} (${lowest.toFixed(digits)} - ${highest.toFixed(digits)})`.padStart(
        width,
      );
    });
    console.error(title.padEnd(16) + row.join(""));
  }
}
