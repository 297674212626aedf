// The checks of what is written (format, lint, types, documentation), beside everything else that `npm test` does: they need the npm packages alone.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

/** `npm run check:text` at work. */
export interface TextChecks {
  /** Resolves when they have ended. */
  readonly ended: Promise<Checked>;
  /** The same, undefined before. */
  readonly outcome: () => Checked | undefined;
  /** Ends them with everything that they started. */
  readonly stop: () => void;
}

/** A terminal's Ctrl-C reaches its own group alone. */
const ENDS = ["exit", "SIGINT", "SIGTERM", "SIGHUP"];

const CHECKS = ["npm", "run", "--silent", "check:text"];

/** What came out. */
export interface Checked {
  readonly passed: boolean;
  readonly output: string;
}

/**
 * Begins them at the lowest priority, so that they fill what downloads, one compiler after the other and tests that wait leave idle, and no
 * test that measures a time notices them. They end with this process at the latest.
 */
export function beginTextChecks(root: string, command: readonly string[] = CHECKS): TextChecks {
  const child = spawn("nice", ["-n", "19", ...command], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of their own, which can be ended as a whole.
    detached: true,
  });
  if (child.pid !== undefined) yieldToOtherSessions(child.pid);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  let outcome: Checked | undefined;
  const ended = new Promise<Checked>((resolve) => {
    const end = (passed: boolean): void => {
      for (const event of ENDS) process.off(event, stop);
      resolve((outcome = { passed, output }));
    };
    child.once("error", (error) => {
      output += error.message;
      end(false);
    });
    child.once("close", (status) => {
      end(status === 0);
    });
  });
  const stop = (): void => {
    if (outcome !== undefined || child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // They have ended meanwhile.
    }
  };
  for (const event of ENDS) process.on(event, stop);
  return { ended, outcome: () => outcome, stop };
}

/** Linux weighs sessions against each other first, and priorities within a session only; a kernel under test has a session of its own. */
function yieldToOtherSessions(leader: number): void {
  try {
    writeFileSync(`/proc/${leader}/autogroup`, "19");
  } catch {
    // Another system, or a Linux that does not group by sessions: the priority alone decides.
  }
}
