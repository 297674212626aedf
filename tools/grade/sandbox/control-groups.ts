// Holds a program in a control group of its own, by systemd: Linux itself then bounds the memory, processes and processor time of its whole tree.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Limits, Sandbox } from "./sandbox";

const uid = process.getuid?.() ?? 0;
/** An ordinary user's programs are held by the user's own systemd, which is reached over a socket in this folder. */
const whose = uid === 0 ? [] : ["--user"];
const bus = uid === 0 ? {} : { XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? `/run/user/${uid}` };

/** The start of a command line that runs the rest of it in a new group called `unit`. */
function scope(unit: string, limits: Limits): string[] {
  return [
    ...["systemd-run", ...whose, "--scope", "--quiet", `--unit=${unit}`],
    ...[`--property=MemoryMax=${limits.memoryBytes}`, "--property=MemorySwapMax=0"],
    `--property=TasksMax=${limits.processes}`,
    // Each group has the same share of the processors, however many threads it starts.
    "--property=CPUWeight=100",
    // Out of memory, the whole group ends at once; systemd would ask each of its programs to end, and wait.
    "--property=OOMPolicy=kill",
    "--",
  ];
}

const newUnit = (): string => `residual-grade-${process.pid}-${randomBytes(6).toString("hex")}.scope`;

/** Prints `oom-kill` once the group named by `$0` has ended for want of memory; systemd forgets it then. */
const whyItEnded = `
for i in 1 2 3 4 5 6 7 8 9 10; do
  state=$(systemctl ${whose.join(" ")} show --property=ActiveState --value "$0")
  [ "$state" = active ] || break
  sleep 0.1
done
systemctl ${whose.join(" ")} show --property=Result --value "$0"
systemctl ${whose.join(" ")} reset-failed "$0" 2>/dev/null`;

/** The same walls, and each program behind them in a control group that holds it to its limits as a whole. */
export function inControlGroups(sandbox: Sandbox): Sandbox {
  return {
    ...sandbox,
    wrap(program) {
      const { file, args, env, cwd } = sandbox.wrap(program);
      const unit = newUnit();
      const [command, ...before] = scope(unit, program.limits);
      return {
        file: command!,
        args: [...before, file, ...args],
        env: { ...env, ...bus },
        cwd,
        whyItEnded: { file: "/bin/sh", args: ["-c", whyItEnded, unit] },
      };
    },
  };
}

/** Why programs cannot be held in control groups here, or undefined where they can: one is, and its limits are read. */
export function controlGroupsMissing(limits: Limits): string | undefined {
  const held = 'cd "/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup)" && cat memory.max pids.max';
  const [command, ...args] = [...scope(newUnit(), limits), "/bin/sh", "-c", held];
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", ...bus },
    encoding: "utf8",
    timeout: 30_000,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return "systemd-run is not installed";
  if (error) return error.message;
  if (stdout === `${limits.memoryBytes}\n${limits.processes}\n`) return undefined;
  if (status === 0 || stdout !== "")
    return "systemd does not hold memory and processes by control groups of version 2";
  return stderr.trim().split("\n").at(-1);
}
