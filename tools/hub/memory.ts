// How much memory each account's programs hold, as Linux counts it: what several share is divided among them (PSS).
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** Clock ticks a second, in which Linux counts a process's time; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** What one account's programs hold at the moment, in bytes. */
export interface Held {
  readonly server: number;
  readonly kernels: number;
}

/** By account number. */
export function heldByAccount(uids: readonly number[]): Map<number, Held> {
  const held = new Map(uids.map((uid) => [uid, { server: 0, kernels: 0 }]));
  for (const { uid, pid } of processes()) {
    const own = held.get(uid);
    if (own === undefined) continue;
    const isServer = commandOf(pid).includes("jupyterhub-singleuser");
    own[isServer ? "server" : "kernels"] += bytesOf(pid);
  }
  return held;
}

/**
 * What an account's programs hold in the namespace of one process, in bytes. A program that may not be looked into is none of them: even root
 * is refused at the first process of some virtual machines and containers, and what this process started it may see.
 */
export function heldInNamespace(first: number, account: number): number {
  const wanted = readlinkSync(`/proc/${first}/ns/pid`);
  return processes()
    .filter(
      ({ uid, pid }) =>
        uid === account &&
        ofProcess(() => readlinkSync(`/proc/${pid}/ns/pid`), "", ["EACCES", "EPERM"]) === wanted,
    )
    .reduce((sum, { pid }) => sum + bytesOf(pid), 0);
}

/** Seconds of a processor that an account's programs have taken, with those that they started and that have ended. */
export function processorSecondsOf(account: number): number {
  const ticks = processes()
    .filter(({ uid }) => uid === account)
    .flatMap(({ pid }) => {
      const stat = ofProcess(() => readFileSync(`/proc/${pid}/stat`, "utf8"), "");
      // Fields 14 to 17: user and system time, its own and of children that have ended. The name, field 2, may hold spaces.
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 15).map(Number); // prettier-ignore
    });
  return ticks.reduce((sum, field) => sum + field, 0) / TICKS;
}

const bytesOf = (pid: number): number => {
  const rollup = ofProcess(() => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"), "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
};

const commandOf = (pid: number): string => ofProcess(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"), "");

/** Every program that runs, with its account. */
export function processes(): { readonly pid: number; readonly uid: number }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), uid: ofProcess(() => statSync(`/proc/${name}`).uid, -1) }));
}

/** What is read of a process, or `gone` where it has ended meanwhile or the system refuses with one of `alsoGone`. */
function ofProcess<T>(read: () => T, gone: T, alsoGone: readonly string[] = []): T {
  try {
    return read();
  } catch (error) {
    if (["ENOENT", "ESRCH", ...alsoGone].includes((error as NodeJS.ErrnoException).code ?? "")) return gone;
    throw error;
  }
}

/** The most that each account was seen to hold, looked at every few seconds. */
export class Peaks {
  readonly #most = new Map<number, Held>();
  readonly #timer: NodeJS.Timeout;

  constructor(uids: readonly number[], seconds = 5) {
    this.#timer = setInterval(() => {
      for (const [uid, now] of heldByAccount(uids)) {
        const before = this.#most.get(uid);
        if (before === undefined || total(now) > total(before)) this.#most.set(uid, now);
      }
    }, 1000 * seconds);
  }

  /** Stops looking. */
  end(): ReadonlyMap<number, Held> {
    clearInterval(this.#timer);
    return this.#most;
  }
}

export const total = ({ server, kernels }: Held): number => server + kernels;

/** Process ids of an account whose command line holds a text. */
export const processesOf = (account: number, text: string): number[] =>
  processes()
    .filter(({ uid, pid }) => uid === account && commandOf(pid).includes(text))
    .map(({ pid }) => pid);
