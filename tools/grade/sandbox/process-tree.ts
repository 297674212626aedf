// Reads what a process and all its descendants use, from /proc.
import { readdirSync, readFileSync } from "node:fs";

/** What a tree of processes holds. */
export interface TreeUse {
  readonly pids: readonly number[];
  /** Anonymous and shared memory in bytes; mapped files, which the system can drop, do not count. */
  readonly memoryBytes: number;
}

/** The use of `root` and its descendants. Processes that end meanwhile count as nothing; without /proc, all do. */
export function treeUse(root: number): TreeUse {
  const pids: number[] = [];
  let memoryBytes = 0;
  const pending = [root];
  while (pending.length > 0) {
    const pid = pending.pop()!;
    pids.push(pid);
    memoryBytes += memoryOf(pid);
    for (const child of childrenOf(pid)) pending.push(child);
  }
  return { pids, memoryBytes };
}

function memoryOf(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  let kibibytes = 0;
  for (const [, amount] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)) kibibytes += Number(amount);
  return kibibytes * 1024;
}

function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it has ended
  }
  return threads.flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended
  }
}
