// Sweeps in real worker processes: the same bits for any number of them, nothing lost by a stop, a kill or a failure.
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ready } from "../runtime/index.js";
import { constant, cosine, sgd, stepSchedule, warmUp, type Trainable } from "../train/index.js";
import { jobsOf, type Sweep } from "./description.js";
import type { SweepReport } from "./display.js";
import { workersFor } from "./processes.node.js";
import { runSweep, SweepFailed, sweepRuns, type SweepResult } from "./sweep.js";

const here = fileURLToPath(new URL(".", import.meta.url));
let scratch: string;
let program: string;
let script: string;
let own: string | undefined;

beforeAll(async () => {
  await ready();
  scratch = await mkdtemp(join(tmpdir(), "residual-sweep-"));
  // The worker as it stands in the sources, below the package, so that it finds packages and images.
  await mkdir(join(here, "../dist"), { recursive: true });
  program = await mkdtemp(join(here, "../dist/sweep-test-"));
  script = join(program, "worker.cjs");
  await build({
    entryPoints: [join(here, "worker.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    conditions: ["residual-source"],
    logLevel: "error",
  });
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await rm(program, { recursive: true, force: true });
  if (own !== undefined) await rm(own, { recursive: true, force: true });
});

const network = (depth: number, shortcut = "none") => ({
  model: "cifarResNet",
  options: { depth, shortcut, widths: [2, 4, 8], inputShape: [14, 14, 1], classes: 10 },
});

function small(more: Partial<Sweep["recipe"]> = {}): Sweep {
  return {
    networks: [
      { ...network(8), name: "plain" },
      { ...network(14, "A-around"), name: "residual" },
    ],
    data: { name: "fashion-mnist-sample", perClass: [20, 5], downsample: 2, augment: { pad: 1, flip: true } },
    recipe: { epochs: 2, batchSize: 50, schedule: stepSchedule({ learningRate: 0.1, at: [4] }), ...more },
    seeds: [1, 2],
  };
}

const folder = (name: string) => join(scratch, name);
const quietly = (name: string, workers = 2) =>
  ({ folder: folder(name), workers, progress: "none", script }) as const;

/** All that must not depend on how it was run. */
async function numbers({ runs }: SweepResult): Promise<unknown> {
  return Promise.all(
    runs.map(async ({ name, seed, steps, history, metrics, load }) => ({
      name,
      seed,
      steps,
      metrics,
      history: history.map(({ loss, accuracy, validation }) => ({ loss, accuracy, validation })),
      weights: await valuesOf(await load()),
    })),
  );
}

async function valuesOf(model: Trainable): Promise<number[][]> {
  const values = await Promise.all(
    model.variables().map(async ({ variable }) => Array.from(await variable.data<"float32">())),
  );
  for (const { variable } of model.variables()) variable.dispose();
  return values;
}

describe("sweep()", () => {
  it("gives the same bits with 1, 2 and 4 workers, and leaves no tensor here", async () => {
    const before = tf.memory().numTensors;
    const [one, two, four] = [1, 2, 4].map((workers) =>
      runSweep(small(), quietly(`bits-${workers}`, workers)),
    );
    const expected = await numbers(await one!);
    expect(await numbers(await two!)).toEqual(expected);
    expect(await numbers(await four!)).toEqual(expected);
    expect((await one!).runs.map(({ name, seed }) => `${name} ${seed}`)).toEqual([
      "plain 1",
      "plain 2",
      "residual 1",
      "residual 2",
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("keeps what a stop left, and goes on from there to the same numbers", async () => {
    const long = { ...small({ epochs: 6 }), seeds: [1] };
    const whole = await numbers(await runSweep(long, quietly("whole")));
    const stop = new AbortController();
    const stopped = await runSweep(long, {
      ...quietly("stopped"),
      signal: stop.signal,
      // As soon as one run has an epoch behind it.
      progress: ({ running }) => {
        if (running.some(({ history }) => history.length > 0)) stop.abort();
      },
    });
    expect(stopped.stopped).toBe(true);
    expect(stopped.runs.length + stopped.unfinished.length).toBe(2);
    expect(stopped.unfinished.length).toBeGreaterThan(0);
    const reports: SweepReport[] = [];
    const resumed = await runSweep(long, {
      ...quietly("stopped"),
      progress: (report) => reports.push(report),
    });
    expect(await numbers(resumed)).toEqual(whole);
    expect(reports.at(-1)).toMatchObject({ done: 2, failed: 0, of: 2, fraction: 1 });
  });

  it("trains a finished run no second time, and shares it with another sweep", async () => {
    const one = { ...small(), networks: [network(8)] };
    const first = await runSweep(one, quietly("shared"));
    const files = await readdir(folder("shared"));
    expect(first.runs.map(({ trainedBefore }) => trainedBefore)).toEqual([undefined, undefined]);
    const again = await runSweep({ ...one, seeds: [2, 1] }, quietly("shared"));
    // It says so, with the time of the checkpoints.
    for (const { trainedBefore, checkpoint } of again.runs)
      expect(trainedBefore).toEqual((await stat(checkpoint)).mtime);
    expect(await readdir(folder("shared"))).toEqual(files);
    // The record is of the training, not of this look at it.
    expect(first.runs.map(({ record }) => record?.steps)).toEqual(first.runs.map(({ steps }) => steps));
    expect(again.runs.map(({ record }) => record)).toEqual(first.runs.map(({ record }) => record).reverse());
    // Seconds are measured in training alone: had it been trained again, they would be others.
    expect(again.runs.map(({ history }) => history)).toEqual(
      first.runs.map(({ history }) => history).reverse(),
    );
    const second = await runSweep(one, { ...quietly("shared"), only: [1] });
    expect(second.runs.map(({ seed }) => seed)).toEqual([2]);
    await expect(runSweep(one, { ...quietly("shared"), only: [2] })).rejects.toThrow(
      "only must be an integer from 0 to 1",
    );
    await runSweep({ ...one, recipe: { ...one.recipe, batchSize: 25 }, seeds: [1] }, quietly("shared"));
    expect((await readdir(folder("shared"))).filter((file) => file.endsWith(".safetensors"))).toHaveLength(3);
  });

  it("names the run that was killed or failed, loses no other, and trains a network of a file's own", async () => {
    const file = join(scratch, "networks.cjs");
    await writeFile(
      file,
      `const { nn } = require(${JSON.stringify(join(here, "../dist/cjs/index.js"))});
       exports.killed = () => process.kill(process.pid, "SIGKILL");
       exports.broken = () => { throw new Error("no such thing"); };
       exports.empty = () => { console.error("about to leave"); process.exit(3); };
       exports.network = (seed, { depth }) => nn.build({ model: "cifarResNet",
         options: { depth, shortcut: "none", widths: [2, 4, 8], inputShape: [14, 14, 1], classes: 10, seed } });`,
    );
    const networks = [
      ...["killed", "broken", "empty"].map((name) => ({ module: file, export: name, name })),
      { module: file, options: { depth: 8 }, name: "own" },
      { ...network(8), name: "spec" },
    ];
    const failure = await runSweep({ ...small(), networks, seeds: [1] }, quietly("failing")).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(SweepFailed);
    const { failed, result, message } = failure as SweepFailed;
    expect(failed.map(({ name, reason }) => [name, reason])).toEqual([
      ["killed", expect.stringContaining("was ended by SIGKILL")],
      ["broken", "Error: no such thing"],
      ["empty", expect.stringMatching(/ended with status 3[^]*about to leave/)],
    ]);
    expect(message).toContain("3 of 5 runs failed; 2 are finished and kept");
    expect(result.runs.map(({ name }) => name)).toEqual(["own", "spec"]);
    expect(result.runs[0]!.metrics).toEqual(result.runs[1]!.metrics);
  });
});

describe("a network of a TypeScript module", () => {
  it("comes back trained, in a process that reads no TypeScript by itself", async () => {
    // In the repository, so that it finds ts-node.
    const runs = join(here, "../../runs");
    await mkdir(runs, { recursive: true });
    own = await mkdtemp(join(runs, "sweep-test-"));
    const [file, caller] = [join(own, "own.ts"), join(own, "caller.cjs")];
    const library = JSON.stringify(join(here, "../dist/cjs/index.js"));
    await writeFile(
      file,
      `import { nn } from ${library};
       export const network = (seed: number): nn.Network => nn.build({ model: "cifarResNet",
         options: { depth: 8, shortcut: "none", widths: [2, 4, 8], inputShape: [14, 14, 1], classes: 10, seed } });`,
    );
    await writeFile(
      caller,
      `const { train } = require(${library});
       const sweep = { ...${JSON.stringify({ ...small(), networks: [{ module: file }], seeds: [1] })}, recipe: { steps: 2, schedule: train.constant(0.1) } };
       train.sweep(sweep, { folder: ${JSON.stringify(folder("typescript"))}, progress: "none" })
         .then(({ runs: [run] }) => run.load())
         .then((network) => console.log(network.units.length, "units"));`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [caller]);
    expect(stdout).toContain("3 units");
  });
});

describe("sweepRuns()", () => {
  const places = async (more: Partial<Sweep> = {}, folder?: string) =>
    (await sweepRuns({ ...small(), seeds: [1], ...more }, folder)).map(({ checkpoint }) => checkpoint);

  it("gives a module another checkpoint once its file is changed, so that no other network's results pass for its own", async () => {
    const file = join(scratch, "changing.cjs");
    const networks = [{ module: file }];
    await writeFile(file, "exports.network = 1;");
    const before = await places({ networks });
    expect(await places({ networks })).toEqual(before);
    await writeFile(file, "exports.network = 2;");
    expect(await places({ networks })).not.toEqual(before);
  });

  it("refuses a network that cannot be built, also where it has a name, so that no cluster gets runs that must fail", async () => {
    const networks = [{ name: "mine", model: "cifarResNet", options: { depht: 8 } }];
    await expect(places({ networks })).rejects.toThrow("is depth meant?");
  });

  it("places checkpoints where RESIDUAL_SWEEPS says, unless a folder is named", async () => {
    vi.stubEnv("RESIDUAL_SWEEPS", join(scratch, "elsewhere"));
    expect((await places()).every((path) => path.startsWith(join(scratch, "elsewhere/")))).toBe(true);
    expect((await places({}, folder("named"))).every((path) => path.startsWith(folder("named")))).toBe(true);
    vi.unstubAllEnvs();
    expect((await places()).every((path) => path.startsWith(resolve("runs/sweeps")))).toBe(true);
  });
});

describe("workersFor()", () => {
  it("gives as many workers as cores, runs, memory and this process's share of the threads allow", () => {
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", undefined);
    expect(workersFor(1000, 0)).toBeLessThanOrEqual(availableParallelism());
    expect(workersFor(1, 0)).toBe(1);
    expect(workersFor(1000, 1e15)).toBe(1);
    vi.stubEnv("TF_NUM_INTRAOP_THREADS", "1");
    expect(workersFor(1000, 0)).toBe(1);
    vi.unstubAllEnvs();
  });
});

describe("sweep() ends when", () => {
  it("the caller's own function throws, and leaves no process behind", async () => {
    const broken = () => {
      throw new Error("the caller's own");
    };
    const options = { ...quietly("broken"), progress: broken };
    await expect(runSweep({ ...small(), seeds: [1] }, options)).rejects.toThrow("the caller's own");
  });

  it("the engine of a worker does not start, which every run is told", async () => {
    const dead = join(scratch, "dead.cjs");
    await writeFile(dead, 'console.error("no engine here"); process.exit(1);');
    const failure = runSweep({ ...small(), networks: [network(8)] }, { ...quietly("dead", 1), script: dead });
    await expect(failure).rejects.toThrow(/2 of 2 runs failed[^]*no engine here[^]*no engine here/);
  });
});

describe("a sweep that breaks a rule is refused before it trains", () => {
  const part = () => tf.zeros([1]);
  const cases: [string, unknown, string][] = [
    ["no networks", { ...small(), networks: [] }, "networks must be a list of at least one"],
    ["a seed twice", { ...small(), seeds: [1, 1] }, "seeds must differ"],
    ["a seed of a network's own", { ...small(), networks: [{ model: "cifarResNet", options: { depth: 8, seed: 1 } }] }, "leave its seed"],
    ["an unknown family", { ...small(), networks: [{ model: "cifarResnet", options: {} }] }, "model must be one of"],
    ["a part of one's own", { ...small(), networks: [{ model: "cifarResNet", options: { depth: 8, shortcut: { name: "mine", part } } }] }, "plain data"],
    ["a custom part", { ...small(), networks: [{ model: "cifarResNet", options: { depth: 8, shortcut: "custom" } }] }, "write a file that exports"],
    ["two networks of one name", { ...small(), networks: [network(8), network(8)] }, "names of their own"],
    ["a misspelt option", small({ epoch: 1 } as object), "is epochs meant?"],
    ["a number that JSON has not", { ...small(), networks: [{ model: "cifarResNet", options: { depth: NaN } }] }, "plain data"],
    ["epochs and steps", small({ steps: 3 }), "either epochs or steps; got both"],
    ["half an epoch", small({ epochs: 0.5 }), "recipe.epochs must be an integer"],
    ["unknown images", { ...small(), data: { name: "fashion" } }, "data.name must be one of"],
    ["a schedule of one's own", small({ schedule: { ...constant(0.1), learningRate: (step) => 0.1 / (step + 1) } }), "alone"],
    ["an unknown schedule", small({ schedule: { schedule: "triangle" } }), "made by train.constant"],
    ["an optimizer of one's own", small({ optimizer: { ...sgd({ momentum: 0 }), description: sgd().description } }), "alone"],
    ["an unknown optimizer", small({ optimizer: { optimizer: "adamx" } }), "made by train.sgd"],
  ]; // prettier-ignore

  it.each(cases)("%s", async (_, sweep, reason) => {
    await expect(runSweep(sweep as Sweep, quietly("refused"))).rejects.toThrow(reason);
  });

  it("but what train makes, as it is and as its description, is the same run", async () => {
    const schedule = warmUp({ learningRate: 0.01, steps: 2, then: cosine({ learningRate: 0.1, steps: 9 }) });
    const optimizer = sgd({ nesterov: true, decay: "weights-only" });
    const [made, described] = await Promise.all(
      [
        small({ schedule, optimizer }),
        small({ schedule: schedule.description, optimizer: optimizer.description }),
      ].map((one) => jobsOf(one, String)),
    );
    expect(described).toEqual(made);
  });
});
