// Control groups where this machine has none of systemd's: what is said, and what is asked of a systemd that stands in for it. `npm run test:systemd` asks a real one.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { controlGroupsMissing, inControlGroups } from "./control-groups";
import { chooseSandbox, defaultLimits } from "./sandbox";
import { Supervised } from "./supervise";

const folder = mkdtempSync(join(tmpdir(), "residual-groups-"));
const path = process.env["PATH"]!;
afterAll(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/** Puts commands first in the path: `systemd-run` and `systemctl` with these lines. */
function systemd(run: string, control: string): void {
  for (const [name, lines] of Object.entries({ "systemd-run": run, systemctl: control })) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env["PATH"] = `${folder}:${path}`;
}

/** Keeps what it was asked for, and starts the rest without a group. */
const starting = `echo "$@" >> "${folder}/asked"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"`;

const programOf = (code: string) => ({
  command: [process.execPath, "-e", code],
  cwd: "/tmp",
  readable: [],
  hidden: [],
  limits: defaultLimits,
});

test("controlGroupsMissing() says what systemd said, and trusts only limits that it reads in the group", () => {
  systemd("echo 'noise' >&2; echo 'System has not been booted with systemd as init system' >&2; exit 1", "");
  expect(controlGroupsMissing(defaultLimits)).toBe("System has not been booted with systemd as init system");
  systemd("echo max; echo max", "");
  expect(controlGroupsMissing(defaultLimits)).toContain("control groups of version 2");
  systemd(`echo ${defaultLimits.memoryBytes}; echo ${defaultLimits.processes}`, "");
  expect(controlGroupsMissing(defaultLimits)).toBeUndefined();
  process.env["PATH"] = folder;
  rmSync(join(folder, "systemd-run"));
  expect(controlGroupsMissing(defaultLimits)).toBe("systemd-run is not installed");
});

test("inControlGroups() asks for the program's limits, and learns from systemd that memory ran out", async () => {
  const none = chooseSandbox({ name: "none" });
  const held = inControlGroups({
    ...none,
    wrap: (program) => ({ ...none.wrap(program), env: { PATH: `${folder}:${path}` } }),
  });
  const reasonOf = async (code: string): Promise<unknown> => {
    const program = new Supervised(held, programOf(code));
    expect(await program.next(performance.now() + 60_000)).toBeUndefined();
    return [program.reason, program.isDoubtful];
  };
  systemd(starting, `case "$*" in *Result*) echo oom-kill;; *ActiveState*) echo failed;; esac`);
  expect(await reasonOf("process.kill(process.pid, 'SIGKILL')")).toEqual(["memory", true]);
  expect(await reasonOf("")).toEqual(["exit", false]);
  systemd(starting, `case "$*" in *Result*) echo success;; *ActiveState*) echo inactive;; esac`);
  expect(await reasonOf("process.kill(process.pid, 'SIGKILL')")).toEqual(["exit", false]);
  const asked = readFileSync(join(folder, "asked"), "utf8").trim().split("\n");
  expect(asked).toHaveLength(3);
  expect(asked[0]).toContain(`MemoryMax=${defaultLimits.memoryBytes} --property=MemorySwapMax=0`);
  expect(asked[0]).toContain(`TasksMax=${defaultLimits.processes} `);
  // A group of its own each.
  expect(new Set(asked.map((line) => /--unit=(\S+)/.exec(line)![1])).size).toBe(3);
});
