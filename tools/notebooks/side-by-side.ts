// Runs tasks side by side while their memory fits, and starts no more once one has failed.

/** How many tasks, and how much memory, may be in use at once. */
export interface SideBySideOptions<T> {
  /** At most so many tasks at once. */
  readonly jobs: number;
  /** Bytes that all running tasks together may be expected to need; a task that needs more runs alone. */
  readonly memory: number;
  /** Bytes that a task is expected to need. */
  readonly need: (task: T) => number;
  /** Does a task; false ends the series: what runs is stopped, what waits is not begun. */
  readonly run: (task: T, signal: AbortSignal) => Promise<boolean>;
  /** Ends the series from outside. */
  readonly signal?: AbortSignal;
}

/** Runs the tasks in their order, several at once where they fit. What a task throws ends the series and is thrown once all have ended. */
export async function sideBySide<T>(tasks: readonly T[], options: SideBySideOptions<T>): Promise<void> {
  const { jobs, memory, need, run, signal } = options;
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end, { once: true });
  const waiting = [...tasks];
  const running = new Set<Promise<void>>();
  let used = 0;
  let failure: { error: unknown } | undefined;
  const start = (task: T): void => {
    const bytes = need(task);
    used += bytes;
    const one = run(task, stop.signal)
      .then((ok) => {
        if (!ok) end();
      })
      .catch((error: unknown) => {
        failure ??= { error };
        end();
      })
      .finally(() => {
        used -= bytes;
        running.delete(one);
      });
    running.add(one);
  };
  while (running.size > 0 || (waiting.length > 0 && !stop.signal.aborted)) {
    while (
      waiting.length > 0 &&
      !stop.signal.aborted &&
      running.size < jobs &&
      (running.size === 0 || used + need(waiting[0]!) <= memory)
    ) {
      start(waiting.shift()!);
    }
    await Promise.race(running);
  }
  signal?.removeEventListener("abort", end);
  if (failure) throw failure.error;
}
