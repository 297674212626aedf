// `npm run gpu`: finds the GPU, proves that networks train on it as on the CPU, measures how fast, and prints a text that can be sent to us.
import { parseArgs } from "node:util";
import { formatSeconds } from "../notebooks/duration";
import { UserError } from "../notebooks/user-error";
import { cpuEngines, gpuEngines, isSoftware, softwareWebgpu, type Engine } from "./engines";
import { measure, type Outcome } from "./measure";
import { isWell, reportText, type EngineReport, type Timed } from "./report";
import type { Task } from "./task";
import { compareLosses } from "./verdict";

const help = `npm run gpu [-- options]

Looks for a GPU by CUDA (TensorFlow) and by WebGPU (Vulkan or Metal), trains ResNet-20 for 50 updates on it and on the CPU and compares the losses, and
measures ResNet-20, -56 and -110 at batch 128: images a second, memory, and how long the papers' schedule takes. Where something fails it says what to do.
Without a GPU it says so and tests itself: WebGPU on a Vulkan driver in software, with a small network, against the CPU.

  --json   the findings as JSON on standard output
  --help   this text

About three minutes for each way to a GPU, under three minutes without one. Its end is 1 where a GPU, or the driver in software, trains otherwise than the CPU.`;

/** A measurement that is planned: about how long it takes is a first guess, in seconds, for the time left. */
interface Stage {
  readonly engine: Engine;
  readonly task: Task;
  readonly guess: number;
}

/** So small that rounding grows slowly: at 0.05 two numbers of threads of one CPU are 1.5 % apart after five updates. */
const learningRate = 0.002;
const resnet20: Task = {
  kind: "losses",
  depth: 20,
  widths: [16, 32, 64],
  batchSize: 32,
  steps: 50,
  learningRate,
};
const small: Task = {
  kind: "losses",
  depth: 8,
  widths: [2, 4, 8],
  batchSize: 8,
  steps: 3,
  learningRate,
};
const speedOf = (depth: number, seconds: number): Task => ({ kind: "speed", depth, batchSize: 128, warmUp: 4, steps: 200, seconds }); // prettier-ignore

/** Runs stages one after another and says how far it is. */
class Run {
  readonly #start = performance.now();
  #waiting: Stage[] = [];
  #done = 0;

  plan(stages: readonly Stage[]): void {
    this.#waiting = [...this.#waiting, ...stages];
  }

  async next(): Promise<Outcome> {
    const stage = this.#waiting.shift()!;
    const { engine, task, guess } = stage;
    const since = performance.now();
    const steps = task.kind === "losses" ? task.steps : 0;
    let shown = -Infinity;
    const show = (step: number) => {
      const passed = (performance.now() - since) / 1000;
      // Of a measurement by the clock the guess is the best that is known.
      const left = steps > 0 && step > 1 ? (passed * (steps - step)) / step : Math.max(guess - passed, 0);
      const later = this.#waiting.reduce((sum, one) => sum + one.guess, 0);
      const what = task.kind === "find" ? "looking for it" : task.kind === "losses" ? `first losses, update ${step} of ${steps}` : `speed of ResNet-${task.depth}, update ${step}`; // prettier-ignore
      const line = `[${this.#done + 1}/${this.#done + 1 + this.#waiting.length}] ${engine.title}: ${what}, about ${formatSeconds(left + later)} left`;
      // A terminal shows the line anew; a file gets one each ten seconds.
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
      else if (performance.now() - shown > 10_000) {
        shown = performance.now();
        console.error(line);
      }
    };
    show(0);
    const outcome = await measure(engine, task, show);
    this.#done++;
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    return outcome;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

async function main(): Promise<void> {
  const { values } = options();
  if (values.help) {
    console.log(help);
    return;
  }
  const run = new Run();
  run.plan([...gpuEngines, cpuEngines[0]].map((engine) => ({ engine, task: { kind: "find" }, guess: 3 })));
  const gpus: EngineReport[] = [];
  for (const { title } of gpuEngines) gpus.push(foundBy(title, await run.next()));
  const cpu = "about" in (await run.next()) ? cpuEngines[0] : cpuEngines[1];

  const found = gpuEngines.filter((_, i) => gpus[i]!.about?.isGpu && gpus[i]!.problem === undefined);
  const software = found.length === 0 ? softwareWebgpu() : undefined;
  const task = found.length > 0 ? resnet20 : small;
  const compared = [...found, ...(software ? [software] : [])];
  const depths = found.length > 0 ? [20, 56, 110] : [];
  run.plan([
    { engine: cpu, task, guess: 20 },
    { engine: cpu, task: speedOf(20, 10), guess: 20 },
    ...compared.flatMap((engine): Stage[] => [
      { engine, task, guess: 30 },
      ...depths.map((depth) => ({ engine, task: speedOf(depth, 15), guess: 25 + depth / 4 })),
    ]),
  ]);
  const [cpuLosses, cpuSpeed] = [await run.next(), await run.next()];
  const onCpu: EngineReport = {
    title: "CPU",
    ...("about" in cpuLosses ? { about: cpuLosses.about } : { problem: cpuLosses.problem }),
    speeds: timedOf(20, cpuSpeed),
  };
  const reports: EngineReport[] = [];
  for (const { title } of compared) {
    const losses = await run.next();
    let speeds: readonly Timed[] = [];
    let problem = "problem" in losses ? losses.problem : undefined;
    for (const depth of depths) {
      const speed = await run.next();
      if ("problem" in speed) problem ??= `ResNet-${depth}: ${speed.problem}`;
      speeds = [...speeds, ...timedOf(depth, speed)];
    }
    reports.push({
      title,
      // A GPU that was found stays one where it fails: the report must not say that there is none.
      ...(gpus.find((report) => report.title === title) ?? ("about" in losses && { about: losses.about })),
      ...("losses" in losses &&
        "losses" in cpuLosses && { agreement: compareLosses(losses.losses, cpuLosses.losses) }),
      ...(problem !== undefined && { problem }),
      speeds,
    });
  }
  const measured = (title: string) => reports.find((report) => report.title === title);
  const findings = {
    gpus: gpus.map((report) => measured(report.title) ?? report),
    cpu: onCpu,
    ...(found.length === 0 && { software: software ? measured(software.title)! : null }),
  };
  if (values.json) console.log(JSON.stringify(findings, null, 2));
  else console.log(`\n--- from here: what you can send us ---\n${reportText(findings)}\n--- to here, ${formatSeconds(run.seconds)} ---`); // prettier-ignore
  if (!isWell(findings)) process.exitCode = 1;
}

function options() {
  try {
    return parseArgs({ options: { json: { type: "boolean", default: false }, help: { type: "boolean", default: false } } }); // prettier-ignore
  } catch (error) {
    throw new UserError(`${(error as Error).message}. See npm run gpu -- --help`);
  }
}

/** What looking for a GPU by one engine came to: an engine that runs may run on no GPU. */
function foundBy(title: string, outcome: Outcome): EngineReport {
  if ("problem" in outcome) return { title, problem: outcome.problem, speeds: [] };
  const { about } = outcome;
  if (!about.isGpu) return { title, problem: about.reason, speeds: [] };
  if (isSoftware(about.device)) return { title, problem: `its only device computes in software (${about.device})`, speeds: [] }; // prettier-ignore
  return { title, about, speeds: [] };
}

const timedOf = (depth: number, outcome: Outcome): Timed[] =>
  "speed" in outcome ? [{ depth, ...outcome.speed }] : [];

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
