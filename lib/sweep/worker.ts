// A worker process of a sweep: trains the runs that it is sent, one after another, on one thread.
import { ready } from "../runtime/index.js";
import type { Order, Report } from "./messages.js";
import { loadSources, trainJob, type Sources } from "./one-run.js";

let stopping = new AbortController();
let kept: { readonly about: string; readonly sources: Sources } | undefined;

const say = (report: Report): void => {
  if (process.connected) process.send?.(report);
};

// Ctrl-C in a terminal reaches every process of its group; the one that began the sweep decides.
process.on("SIGINT", () => undefined);
// Whoever waited for the run is gone: it saves itself, and the process ends with it.
process.on("disconnect", () => {
  stopping.abort();
});
process.on("message", (order: Order) => {
  if (order.kind === "stop") stopping.abort();
  else void run(order);
});

async function run({ job, path }: Extract<Order, { kind: "run" }>): Promise<void> {
  stopping = new AbortController();
  if (!process.connected) return;
  try {
    const about = JSON.stringify(job.data);
    if (kept?.about !== about) {
      kept?.sources.dispose();
      kept = { about, sources: await loadSources(job.data) };
    }
    const outcome = await trainJob(job, kept.sources, path, {
      signal: stopping.signal,
      progress: (fraction) => {
        say({ kind: "progress", fraction });
      },
      epoch: (record) => {
        say({ kind: "epoch", record });
      },
    });
    say({ kind: "done", outcome });
  } catch (error) {
    say({
      kind: "failed",
      reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    });
  }
}

void ready().then(
  () => {
    say({ kind: "ready" });
  },
  (error: unknown) => {
    // Whoever waits for a run learns it from the process's end and what it printed.
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
