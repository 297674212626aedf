// One setup at a time in a checkout: a lock file that names its holder, and is taken over once the holder is dead.
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { clearInterval, setInterval } from "node:timers";
import { diskProblem } from "./problem.mjs";
import { killGroup, processStart } from "./processes.mjs";

/**
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} started when that process began: a process id alone may since belong to another
 * @property {string} host
 * @property {{ pid: number, started: string } | null} child the program it runs now, leader of its own group
 */

/**
 * @typedef {object} Lock
 * @property {(pid: number | undefined) => void} setChild notes the program at work, for whoever may have to take over
 * @property {() => void} release
 */

const HEARTBEAT_MS = 5_000;
const FOREIGN_STALE_MS = 60_000;

/**
 * Waits until no other living setup holds the lock, then holds it.
 *
 * The lock file appears whole (it is linked into place), and a dead holder's is moved away before it is replaced; a program that the dead
 * holder left running is ended first, so that two never write the same folder.
 * @param {string} folder where the lock file lies; made if absent
 * @param {{ onWait?: (pid: number) => void, pollMs?: number }} [options]
 * @returns {Promise<Lock>}
 */
export async function acquireLock(folder, options = {}) {
  const { onWait, pollMs = 500 } = options;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "lock");
  const own = join(folder, `lock.${process.pid}`);
  /** @type {Holder} */
  const holder = {
    pid: process.pid,
    started: processStart(process.pid) ?? "",
    host: hostname(),
    child: null,
  };
  writeFileSync(own, JSON.stringify(holder));
  try {
    for (let told = false; !link(own, path);) {
      const text = read(path);
      if (text === undefined) continue;
      const other = parse(text);
      if (other !== undefined && isHeld(other, path)) {
        if (!told) onWait?.(other.pid);
        told = true;
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        continue;
      }
      if (other !== undefined) await endOrphan(other);
      removeStale(path, text);
    }
  } finally {
    rmSync(own, { force: true });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimesSync(path, now, now);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    setChild(pid) {
      const started = pid === undefined ? undefined : processStart(pid);
      holder.child = pid === undefined || started === undefined ? null : { pid, started };
      const next = join(folder, `lock.${process.pid}`);
      try {
        writeFileSync(next, JSON.stringify(holder));
      } catch (error) {
        if (diskProblem(error) === undefined) throw error;
        // The lock stays as it was, and the program at work says that the disk is full.
        rmSync(next, { force: true });
        return;
      }
      renameSync(next, path);
    },
    release() {
      clearInterval(heartbeat);
      rmSync(path, { force: true });
    },
  };
}

/** @param {string} from @param {string} to @returns {boolean} false where `to` exists */
function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} path @returns {string | undefined} */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {string} text @returns {Holder | undefined} undefined for anything that no lock of ours contains */
function parse(text) {
  try {
    const value = /** @type {unknown} */ (JSON.parse(text));
    const holder = /** @type {Partial<Holder>} */ (value);
    return typeof holder.pid === "number" &&
      typeof holder.started === "string" &&
      typeof holder.host === "string"
      ? { pid: holder.pid, started: holder.started, host: holder.host, child: holder.child ?? null }
      : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Holder} other @param {string} path @returns {boolean} */
function isHeld(other, path) {
  if (other.host === hostname()) return processStart(other.pid) === other.started;
  // Another machine's process cannot be asked; its heartbeat can.
  try {
    return Date.now() - statSync(path).mtimeMs < FOREIGN_STALE_MS;
  } catch {
    return false;
  }
}

/** @param {Holder} dead */
async function endOrphan(dead) {
  const { child } = dead;
  if (child === null || dead.host !== hostname()) return;
  while (processStart(child.pid) === child.started) {
    killGroup(child.pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Moves the lock away if it still is the one judged stale; a new one that came in between goes back.
 * @param {string} path
 * @param {string} judged
 */
function removeStale(path, judged) {
  if (read(path) !== judged) return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  if (read(aside) !== judged) link(aside, path);
  rmSync(aside, { force: true });
}
