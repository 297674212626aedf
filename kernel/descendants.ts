// Ends the programs that a cell waits for; on the second thread, since the first one waits.
import { execFileSync } from "node:child_process";
import type { Waiting } from "./children";

/** All processes with their parents. */
function parents(): Map<number, number> {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return new Map(lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
}

/** Sends a signal to the programs of a wait, if it still is that, and to those that they have started. */
export function endWaitedFor(state: Waiting, wait: number, signal: "SIGINT" | "SIGKILL"): void {
  if (wait === 0 || Math.abs(Atomics.load(state, 0)) !== wait) return;
  const spared = new Set(state.subarray(1));
  const parentOf = parents();
  /** Whether a process comes from this one, and not by a program that the cell does not wait for. */
  const isMeant = (pid: number): boolean => {
    const parent = parentOf.get(pid);
    if (parent === undefined || spared.has(pid)) return false;
    return parent === process.pid || isMeant(parent);
  };
  // Noted first: as soon as the program is gone, the cell asks.
  if (Math.abs(Atomics.compareExchange(state, 0, wait, -wait)) !== wait) return;
  for (const pid of parentOf.keys()) if (isMeant(pid)) kill(pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended meanwhile, as `ps` itself has.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
