// Reads what a process and all its descendants use, from /proc.
import { readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";

/** What a tree of processes holds. */
export interface TreeUse {
  readonly pids: readonly number[];
  /**
   * Anonymous and shared memory in bytes, swapped out or not, the tables of its pages, memory files, and what open sockets can hold; mapped files, which the
   * system can drop, do not count.
   */
  readonly memoryBytes: number;
  /** How long the one that waited longest has been ready to run and had no processor, in milliseconds; NaN where the system does not tell. */
  readonly waitedMs: number;
}

/** The use of `root` and its descendants. Processes that end meanwhile count as nothing; without /proc, all do. */
export function treeUse(root: number): TreeUse {
  const pids: number[] = [];
  let memoryBytes = 0;
  let waitedMs = Number.NaN;
  const pending = [root];
  const counted = new Set<string>();
  while (pending.length > 0) {
    const pid = pending.pop()!;
    pids.push(pid);
    const place = livingPlaceOf(pid);
    memoryBytes += memoryOf(place) + memoryFilesOf(place, counted);
    const waited = waitedBy(pid);
    if (Number.isNaN(waitedMs) || waited > waitedMs) waitedMs = waited;
    for (const child of childrenOf(pid)) pending.push(child);
  }
  return { pids, memoryBytes, waitedMs };
}

/** How many files and folders lie in the scratch folders that the innermost of these processes sees. */
export function filesIn(pids: readonly number[], scratch: readonly string[]): number {
  // The first is the one that builds the walls, from outside.
  const inside = pids.slice(1).reverse();
  return scratch.reduce((files, folder) => {
    for (const pid of inside) {
      try {
        const seen = join(`/proc/${pid}/root`, folder);
        // While its walls are being built a program still sees the machine's own folder.
        if (statSync(seen).dev === statSync(folder).dev) continue;
        const use = statfsSync(seen);
        return files + use.files - use.ffree;
      } catch {
        // It has ended, and may be left lying about for ever: another one tells.
      }
    }
    return files;
  }, 0);
}

/** Where a process shows what it holds: one whose first thread has ended lives on in the others, and shows it there alone. */
function livingPlaceOf(pid: number): string {
  const place = `/proc/${pid}`;
  const showsMemory = (each: string): boolean => read(`${each}/status`).includes("\nRssAnon:");
  if (showsMemory(place)) return place;
  const threads = list(`${place}/task`).map((thread) => `${place}/task/${thread}`);
  return threads.find(showsMemory) ?? place;
}

function memoryOf(place: string): number {
  const status = read(`${place}/status`);
  let kibibytes = 0;
  for (const [, amount] of status.matchAll(/^(?:RssAnon|RssShmem|VmPTE|VmSwap|HugetlbPages):\s+(\d+) kB$/gm))
    kibibytes += Number(amount);
  return kibibytes * 1024;
}

/** Linux's own bound on what waits in one socket (`net.core.wmem_default`), in bytes. */
const SOCKET_BYTES = 212_992;

/** Bytes of files that live in memory and have no name, and of sockets, which no process's own memory shows; each is counted once. */
function memoryFilesOf(place: string, counted: Set<string>): number {
  let bytes = 0;
  for (const fd of list(`${place}/fd`)) {
    try {
      const target = readlinkSync(`${place}/fd/${fd}`);
      if (!/^(\/memfd|socket):/.test(target)) continue;
      const { ino, blocks } = statSync(`${place}/fd/${fd}`);
      const isSocket = target.startsWith("socket:");
      const name = `${isSocket ? "socket" : "file"} ${ino}`;
      if (!counted.has(name)) bytes += isSocket ? SOCKET_BYTES : blocks * 512;
      counted.add(name);
    } catch {
      // it was closed meanwhile
    }
  }
  return bytes;
}

/** Of its first thread: nanoseconds that it ran, that it waited to run, and how often it did. */
function waitedBy(pid: number): number {
  const [, waited] = read(`/proc/${pid}/schedstat`).split(" ");
  return waited === undefined ? Number.NaN : Number(waited) / 1e6;
}

function childrenOf(pid: number): number[] {
  return list(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it has ended
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended
  }
}
