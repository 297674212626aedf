// Tries the mutants of many answers in a few processes, one of which may be lost to a mutant that never ends.
import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Survivor, Task } from "./trial";
import type { News, Order } from "./worker";

/** What came of an answer's mutants. */
export interface Outcome {
  readonly mutants: number;
  readonly survivors: readonly Survivor[];
}

/** What is told while the pool works. */
export interface PoolOptions {
  /** After each mutant. */
  readonly onMutant?: () => void;
  /** After each answer. */
  readonly onOutcome?: (task: Task, outcome: Outcome) => void;
}

/** A loop within the library cannot be ended from within: then so many milliseconds, and so many times what the unchanged answer takes. */
const deadline = { least: 20_000, times: 50 };

/** Tries each task's mutants, as many tasks at a time as there are cores. @throws Error where an answer or its judge is at fault */
export async function tryAll(tasks: readonly Task[], options: PoolOptions = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const rest = [...tasks.entries()];
  const processes = Math.min(availableParallelism(), tasks.length);
  const one = async (): Promise<void> => {
    const worker = new Worker();
    try {
      for (let next = rest.shift(); next; next = rest.shift()) {
        const [index, task] = next;
        outcomes[index] = await worker.try(task, options.onMutant);
        options.onOutcome?.(task, outcomes[index]);
      }
    } finally {
      rest.length = 0;
      worker.end();
    }
  };
  await Promise.all(Array.from({ length: processes }, one));
  return outcomes;
}

/** A process that is started again when a mutant has held it up. */
class Worker {
  #process: ChildProcess | undefined;
  /** The end of what the process wrote on its errors' stream. */
  #said = "";

  async try(task: Task, onMutant: () => void = () => undefined): Promise<Outcome> {
    const survivors: Survivor[] = [];
    let [mutants, from] = [Infinity, 0];
    while (from < mutants) {
      const { count, next } = await this.#run({ task, from }, survivors, onMutant);
      [mutants, from] = [count, next];
    }
    return { mutants, survivors };
  }

  end(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #start(): ChildProcess {
    const child = fork(join(__dirname, "worker.ts"), [], {
      execArgv: ["-r", join(__dirname, "..", "..", "typescript.cjs")],
      // TensorFlow greets on its errors' stream, and answers may print: neither is news, unless the process ends.
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#said = "";
    // An interrupt ends this process, and a mutant that never ends would outlive it.
    process.once("exit", () => child.kill("SIGKILL"));
    child.stderr!.on("data", (text: Buffer) => (this.#said = (this.#said + text.toString()).slice(-2000)));
    return child;
  }

  /** Carries an order out as far as it goes: to its end, or to a mutant that does not end and so loses its points. */
  #run(
    order: Order,
    survivors: Survivor[],
    onMutant: () => void,
  ): Promise<{ readonly count: number; readonly next: number }> {
    const child = (this.#process ??= this.#start());
    return new Promise((resolve, reject) => {
      let [count, at, patience] = [Infinity, order.from, deadline.least];
      let timer: NodeJS.Timeout | undefined;
      const settle = (what: () => void): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        what();
      };
      const pass = (): void => {
        onMutant();
        at += 1;
      };
      child.on("message", (news: News) => {
        clearTimeout(timer);
        if (news === "done")
          settle(() => {
            resolve({ count, next: count });
          });
        else if ("problem" in news)
          settle(() => {
            reject(new Error(news.problem));
          });
        else if ("count" in news) {
          count = news.count;
          patience = Math.max(deadline.least, deadline.times * news.milliseconds);
        } else if ("begins" in news) {
          timer = setTimeout(() => {
            settle(() => {
              this.end();
              pass();
              resolve({ count, next: at });
            });
          }, patience);
        } else {
          if (news.survivor) survivors.push(news.survivor);
          pass();
        }
      });
      child.on("exit", (code, signal) => {
        settle(() => {
          this.#process = undefined;
          const { slug, name } = order.task;
          // Such as a mutant that fills the memory: it gives nothing, and the next goes on in a new process.
          if (Number.isFinite(count)) {
            pass();
            resolve({ count, next: at });
          } else
            reject(
              new Error(
                `${slug}, ${name}: the process ended (${signal ?? `exit ${code}`}) before any mutant was tried:\n${this.#said}`,
              ),
            );
        });
      });
      child.send(order);
    });
  }
}
