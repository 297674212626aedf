// Worker processes, for Node: each trains one run at a time on one thread, and takes the next when it is through.
import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism, freemem } from "node:os";
import { join, resolve } from "node:path";
import { packageFolder } from "../files/package-folder.node.js";
import { isTypescript, tsNode } from "./host.node.js";
import type { Order, Report } from "./messages.js";
import { askEvery, type Ending, type Placed, type PoolWatch, type RunJobs } from "./pool.js";

/**
 * One thread a process: runs side by side then share the cores by themselves, and the sums of a run are rounded alike whatever the number
 * of workers. TensorFlow reads these when its library is loaded.
 */
const oneThread = { TF_NUM_INTRAOP_THREADS: "1", TF_NUM_INTEROP_THREADS: "1", OMP_NUM_THREADS: "1" };

/** How much of what a worker printed on standard error is kept, in characters, for the case that it fails. */
const keptStderr = 2000;

/** A worker's own memory before any image or network, in bytes: Node, TensorFlow, its compiled step. Measured: 520 MB with ResNet-20. */
const workerBytes = 600e6;

/** An absolute path. */
export const absolutePath = (path: string): string => resolve(path);

/** The folder of sweeps that name none. */
export const usualFolder = (): string => process.env["RESIDUAL_SWEEPS"] ?? "runs/sweeps";

/**
 * As many workers as there are cores, runs and room for: `bytes` is what one holds beside the engine. Where this process was given fewer
 * threads than there are cores, so many share its part of them.
 */
export function workersFor(runs: number, bytes: number): number {
  // What a container leaves, where Node can tell.
  const free = (process as { availableMemory?: () => number }).availableMemory?.() ?? freemem();
  const room = Math.floor((0.8 * free) / (workerBytes + bytes));
  const threads = Number(process.env["TF_NUM_INTRAOP_THREADS"]) || Infinity;
  return Math.max(1, Math.min(availableParallelism(), threads, runs, room));
}

/** Runs in processes of their own. A worker that dies costs the run that it had, and another one takes its place. */
export const runInProcesses: RunJobs | undefined = async (runs, { workers, backend, script }, watch) => {
  const endings = Array<Ending>(runs.length).fill(undefined);
  // The longest first: a long one that began last would leave the other cores idle.
  const waiting = [...runs.keys()].sort((a, b) => runs[b]!.work - runs[a]!.work);
  // A caller's own function that throws ends the sweep; the runs under way save themselves.
  let isBroken = false;
  const stopped = () => isBroken || watch.stopped();
  const take = () => (stopped() ? undefined : waiting.shift());
  const execArgv = typescriptFor(runs);
  const lane = async () => {
    let worker: Worker | undefined;
    try {
      for (let next = take(); next !== undefined; next = take()) {
        const run = next;
        watch.begun(run);
        if (!worker?.isAlive) worker = new Worker(script ?? builtWorker(), backend, execArgv);
        const ending = await worker.run(runs[run]!, run, watch, stopped);
        endings[run] = ending;
        watch.ended(run, ending);
      }
    } catch (error) {
      isBroken = true;
      throw error;
    } finally {
      worker?.end();
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(workers, runs.length) }, lane));
  for (const ended of lanes) if (ended.status === "rejected") throw ended.reason;
  return endings;
};

/** The program of a worker, as the library was built. */
const builtWorker = (): string => join(packageFolder(), "dist/cjs/sweep/worker.js");

class Worker {
  readonly #child: ChildProcess;
  #stderr = "";
  #onReport: (report: Report) => void = () => undefined;
  #ended: string | undefined;
  #onEnd: () => void = () => undefined;
  #isReady = false;

  constructor(script: string, backend: string, execArgv: string[]) {
    this.#child = fork(script, [], {
      execArgv,
      env: { ...process.env, ...oneThread, RESIDUAL_BACKEND: backend },
      serialization: "advanced", // JSON has no NaN and no infinity
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptStderr);
    });
    this.#child.on("message", (report: Report) => {
      if (report.kind === "ready") this.#isReady = true;
      this.#onReport(report);
    });
    this.#child.on("error", (error) => {
      this.#endWith(`its process did not start: ${error.message}`);
    });
    // After `close`, what it printed last is here.
    this.#child.on("close", (code, signal) => {
      const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
      const why =
        signal === "SIGKILL" ? ", which is what happens when memory runs out: fewer workers need less" : "";
      const said = this.#stderr.trim() === "" ? "" : `. It printed: ${this.#stderr.trim()}`;
      this.#endWith(`its process ${how}${why}${said}`);
    });
  }

  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** Trains a run in this process; how it ended. */
  run(placed: Placed, index: number, watch: PoolWatch, stopped: () => boolean): Promise<Ending> {
    return new Promise((settle, reject) => {
      let isStopping = false;
      const asking = setInterval(() => {
        if (isStopping || !stopped()) return;
        isStopping = true;
        this.#send({ kind: "stop" });
      }, askEvery);
      const leave = () => {
        clearInterval(asking);
        this.#onReport = () => undefined;
        this.#onEnd = () => undefined;
      };
      const finish = (ending: Ending) => {
        leave();
        settle(ending);
      };
      const begin = () => {
        this.#send({ kind: "run", job: placed.job, path: placed.path });
      };
      this.#onReport = (report) => {
        try {
          if (report.kind === "ready") begin();
          else if (report.kind === "progress") watch.progress(index, report.fraction);
          else if (report.kind === "epoch") watch.epoch(index, report.record);
          else if (report.kind === "done") finish(report.outcome);
          else finish({ failed: report.reason });
        } catch (error) {
          leave();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#onEnd = () => {
        finish({ failed: this.#ended! });
      };
      if (this.#ended !== undefined) this.#onEnd();
      else if (this.#isReady) begin();
    });
  }

  /** Ends the process; nothing runs in it any more. */
  end(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill("SIGTERM");
  }

  #send(order: Order): void {
    // It may have died a moment ago; `close` then tells why.
    if (this.#child.connected) this.#child.send(order, () => undefined);
  }

  #endWith(reason: string): void {
    this.#ended ??= reason;
    this.#onEnd();
  }
}

/** What makes a worker read the TypeScript files among the runs' networks. */
function typescriptFor(runs: readonly Placed[]): string[] {
  const file = runs
    .map(({ job: { network } }) => ("module" in network ? network.module : ""))
    .find((path) => isTypescript(path));
  return file === undefined ? [] : ["--require", tsNode(file)];
}
