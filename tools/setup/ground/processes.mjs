// Runs the programs that setup needs, each in its own process group, so that a stopped setup stops all of its work.
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { diskProblem } from "./problem.mjs";

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; by default this process's
 * @property {(line: string) => void} [onLine] called with each line of output as it comes
 */

/**
 * @typedef {object} RunResult
 * @property {number} status the exit status; 127 where the program could not be started, 128 + the signal's number where one ended it
 * @property {string} output the last of what it wrote, both streams together
 */

/** @typedef {(command: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>} Run */

const KEPT_CHARACTERS = 64 * 1024;

/**
 * Programs run one at a time for this setup; `stop` ends the one at work.
 * @param {{ logFile?: string, onChild?: (pid: number | undefined) => void }} [options]
 */
export function processRunner(options = {}) {
  const { logFile, onChild } = options;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let current;

  /**
   * A disk that is full fails the program at work, which says so; the log must not fail before it.
   * @param {string} text
   */
  const note = (text) => {
    if (logFile === undefined) return;
    try {
      appendFileSync(logFile, text);
    } catch (error) {
      if (diskProblem(error) === undefined) throw error;
    }
  };

  /** @type {Run} */
  const run = (command, args, runOptions = {}) => {
    const { cwd, env, onLine } = runOptions;
    return new Promise((resolve) => {
      const child = spawn(command, [...args], {
        cwd,
        env: env ?? process.env,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      current = child;
      if (child.pid !== undefined) onChild?.(child.pid);
      let output = "";
      let partial = "";
      note(`\n$ ${[command, ...args].join(" ")}\n`);
      /** @param {string} text */
      const take = (text) => {
        output = (output + text).slice(-KEPT_CHARACTERS);
        note(text);
        const lines = (partial + text).split(/\r?\n|\r/);
        partial = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") onLine?.(line);
      };
      child.stdout.setEncoding("utf8").on("data", take);
      child.stderr.setEncoding("utf8").on("data", take);
      /** @param {number} status */
      const finish = (status) => {
        if (current !== child) return;
        current = undefined;
        onChild?.(undefined);
        resolve({ status, output });
      };
      child.on("error", (error) => {
        output += String(error);
        finish(127);
      });
      child.on("close", (code, signal) => {
        finish(code ?? 128 + (signal === "SIGINT" ? 2 : signal === "SIGTERM" ? 15 : 9));
      });
    });
  };

  return {
    run,
    /** Ends the program at work and whatever it started. */
    stop() {
      if (current?.pid !== undefined) killGroup(current.pid, "SIGTERM");
    },
  };
}

/**
 * @param {number} pid the group's leader
 * @param {NodeJS.Signals} signal
 * @returns {boolean} whether there was a group to signal
 */
export function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/**
 * When a process began, in whatever form the system tells it: with the process id it names one process for good.
 * @param {number} pid
 * @returns {string | undefined} undefined where no such process lives
 */
export function processStart(pid) {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The name, in brackets, may hold anything; the state is the field after it and the start time the 20th.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}
