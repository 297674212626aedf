// What the walls themselves refuse: calls of Linux by bubblewrap's filter, floods of files, and containers that outlive their client.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lives } from "../../data/lock";
import { filesIn } from "./process-tree";
import { firstInSight, nodeFiles } from "./in-sight";
import { chooseSandbox, defaultLimits, type Sandbox } from "./sandbox";
import { seccompFilter } from "./seccomp";
import { Supervised } from "./supervise";

const folder = mkdtempSync(join(tmpdir(), "residual-walls-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const programOf = (command: readonly string[]) => ({
  command,
  cwd: "/tmp",
  readable: nodeFiles(),
  hidden: [],
  limits: defaultLimits,
});

/** Calls Linux by number, and prints what came of each: 0, or the name of the error. */
const caller = `import ctypes, errno, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def call(*args):
    ctypes.set_errno(0)
    result = libc.syscall(*[ctypes.c_long(a) for a in args])
    return errno.errorcode[ctypes.get_errno()] if result == -1 else "allowed"
print(json.dumps([call(*args) for args in json.loads(sys.argv[1])]))`;

const x64 = process.arch === "x64";
/** With arguments by which each would do nothing, or what an attacker wants, where no filter stands: by number on x86-64 and arm64. */
const attempts: Readonly<Record<string, readonly number[]>> = {
  "keyctl, the keyring of its session": [x64 ? 250 : 219, 0, -3, 1],
  "add_key, with no name": [x64 ? 248 : 217, 0, 0, 0, 0, -3],
  "ptrace, to be traced": [x64 ? 101 : 117, 0, 0, 0, 0],
  "process_vm_readv, of nobody": [x64 ? 310 : 270, 1, 0, 0, 0, 0, 0],
  "unshare, of nothing": [x64 ? 272 : 97, 0],
  "setns, to no descriptor": [x64 ? 308 : 268, -1, 0],
  "clone, with a user namespace": [x64 ? 56 : 220, 0x10000000 | 17, 0, 0, 0, 0],
  "clone, with a network": [x64 ? 56 : 220, 0x40000000 | 17, 0, 0, 0, 0],
  "clone, of a thread with files of its own": [x64 ? 56 : 220, 0x10000 | 0x800 | 0x100, 0, 0, 0, 0],
  "socketpair, of TIPC": [x64 ? 53 : 199, 30, 1, 0, 0],
  "mount, of nothing": [x64 ? 165 : 40, 0, 0, 0, 0, 0],
  "bpf, of no program": [x64 ? 321 : 280, 0, 0, 0],
  "perf_event_open, of nothing": [x64 ? 298 : 241, 0, 0, -1, -1, 0],
  userfaultfd: [x64 ? 323 : 282, 0],
  "io_uring_setup, of nothing": [425, 0, 0],
  "open_by_handle_at, of nothing": [x64 ? 304 : 265, -1, 0, 0],
  "memfd_create, without a name": [x64 ? 319 : 279, 0, 0],
  "shmget, a page": [x64 ? 29 : 194, 0, 4096, 0o1600],
  "msgget, a queue": [x64 ? 68 : 186, 0, 0o1600],
  "mq_open, of nothing": [x64 ? 240 : 180, 0, 0, 0, 0],
  "mmap, shared with children": [x64 ? 9 : 222, 0, 4096, 3, 0x21, -1, 0],
  "setsockopt, a larger buffer": [x64 ? 54 : 208, -1, 1, 7, 0, 0],
  "setsockopt, a filter": [x64 ? 54 : 208, -1, 1, 26, 0, 0],
  "semget, a set": [x64 ? 64 : 190, 0, 1, 0o1600],
  inotify_init1: [x64 ? 294 : 26, 0],
  "io_setup, of nothing": [x64 ? 206 : 0, 0, 0],
  "vmsplice, of nothing": [x64 ? 278 : 75, -1, 0, 0, 0],
  "landlock_create_ruleset, of nothing": [444, 0, 0, 0],
  "socket, of TCP": [x64 ? 41 : 198, 2, 1, 0],
  "socket, of netlink": [x64 ? 41 : 198, 16, 3, 0],
  "flock, of nothing": [x64 ? 73 : 32, -1, 2],
  ...Object.fromEntries(
    [5, 6, 7, 36, 37, 38, 1024, 1026].map((command) => [
      `fcntl ${command}, of nothing`,
      [x64 ? 72 : 25, -1, command, 0],
    ]),
  ),
  "prctl, a table for futexes": [x64 ? 157 : 167, 78, 1, 16, 0],
};
/** Neighbours of refused ones. */
const harmless: Readonly<Record<string, readonly [call: readonly number[], outcome: string]>> = {
  "mmap, of its own": [[x64 ? 9 : 222, 0, 4096, 3, 0x22, -1, 0], "allowed"],
  "mmap, of no file": [[x64 ? 9 : 222, 0, 4096, 1, 0x01, -1, 0], "EBADF"],
  "setsockopt, of no socket": [[x64 ? 54 : 208, -1, 1, 2, 0, 0], "EBADF"],
  "fcntl, flags of nothing": [[x64 ? 72 : 25, -1, 3, 0], "EBADF"],
  "fcntl, a copy": [[x64 ? 72 : 25, 1, 1030, 100], "allowed"],
  "socket, to its own": [[x64 ? 41 : 198, 1, 1, 0], "allowed"],
  "prctl, its name": [[x64 ? 157 : 167, 3, 0, 0, 0, 0], "allowed"],
  getpid: [[x64 ? 39 : 172], "allowed"],
  clone3: [[435, 0, 0], "ENOSYS"],
};

function tried(sandbox: Sandbox, calls: readonly (readonly number[])[]): string[] {
  const program = programOf(["/usr/bin/python3", "-c", caller, JSON.stringify(calls)]);
  const { file, args, env, cwd } = sandbox.wrap(program);
  const { stdout, stderr } = spawnSync(file, args, { env, cwd, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as string[];
}

test("seccompFilter() refuses keyrings, tracing, namespaces, mounts, bpf, rings and memory that nobody shows, and lets a program map its own", () => {
  const sandbox = chooseSandbox({});
  const names = Object.keys(attempts);
  const outcomes = tried(sandbox, Object.values(attempts));
  expect(Object.fromEntries(names.map((name, index) => [name, outcomes[index]]))).toEqual(
    Object.fromEntries(names.map((name) => [name, "EPERM"])),
  );
  const others = Object.values(harmless);
  expect(
    tried(
      sandbox,
      others.map(([call]) => call),
    ),
  ).toEqual(others.map(([, outcome]) => outcome));
  if (x64) expect(tried(sandbox, [[0x40000000 + 39]])).toEqual(["ENOSYS"]);
});

test("seccompFilter() knows x86-64 and arm64, and says so elsewhere", () => {
  for (const [architecture, audit] of [
    ["x64", 0xc000003e],
    ["arm64", 0xc00000b7],
  ] as const) {
    const filter = seccompFilter(architecture);
    expect(filter.length % 8).toBe(0);
    expect(filter.readUInt32LE(8 + 4)).toBe(audit);
    // It ends by letting pass what it has not refused.
    expect(filter.readUInt32LE(filter.length - 4)).toBe(0x7fff0000);
  }
  expect(() => seccompFilter("s390x")).toThrow("x64 and arm64; this machine is s390x");
});

test("Supervised ends a program that floods its scratch folders with empty files", async () => {
  const flood = `for (let i = 0; ; i++) require("fs").closeSync(require("fs").openSync((i % 2 ? require("os").tmpdir() : "/dev/shm") + "/" + i, "w"));`;
  const program = new Supervised(chooseSandbox({}), programOf([process.execPath, "-e", flood]));
  expect(await program.next(performance.now() + 60_000)).toBeUndefined();
  expect(program.reason).toBe("files");
  const few = `for (let i = 0; i < 1000; i++) require("fs").writeFileSync(require("os").tmpdir() + "/" + i, "");`;
  const modest = new Supervised(chooseSandbox({}), programOf([process.execPath, "-e", few]));
  expect(await modest.next(performance.now() + 60_000)).toBeUndefined();
  expect(modest.reason).toBe("exit");
});

test("Supervised counts files also where a child that has ended was left lying about", async () => {
  const flood = `import os, time
if os.fork() == 0: os._exit(0)
time.sleep(0.2)
for i in range(1 << 17): os.mkdir("/tmp/%d" % i)`;
  const program = new Supervised(chooseSandbox({}), programOf(["/usr/bin/python3", "-c", flood]));
  expect(await program.next(performance.now() + 60_000)).toBeUndefined();
  expect(program.reason).toBe("files");
});

test("Supervised sees the memory and the sockets of a program whose first thread has ended while another goes on", async () => {
  const hoards = {
    memory: 'kept = [b"x" * (1 << 20) for _ in range(400)]',
    sockets: "kept = [socket.socketpair() for _ in range(120)]",
  };
  for (const [what, hoard] of Object.entries(hoards)) {
    const script = `import ctypes, os, socket, threading, time
def hoard():
    time.sleep(0.3)
    for _ in range(8 if ${JSON.stringify(what)} == "sockets" else 0):
        if os.fork() == 0: break
    ${hoard}
    threading.Thread(target=time.sleep, args=(60,)).start()
    time.sleep(60)
threading.Thread(target=hoard).start()
ctypes.CDLL(None).syscall(${x64 ? 60 : 93}, 0)`;
    const limits = { ...defaultLimits, memoryBytes: 2 ** 28 };
    const program = new Supervised(chooseSandbox({}), {
      ...programOf(["/usr/bin/python3", "-c", script]),
      limits,
    });
    expect(await program.next(performance.now() + 8000)).toBeUndefined();
    expect(program.reason, what).toBe("memory");
  }
});

test("firstInSight() names what lies among the system's own folders, also by a link", () => {
  const link = join(folder, "course");
  symlinkSync("/usr/share", link);
  expect(firstInSight([folder, "/no/such/folder"])).toBeUndefined();
  expect(firstInSight([folder, link])).toBe(link);
  expect(firstInSight(["/usr"])).toBe("/usr");
});

test("--sandbox account leaves nothing running that a program has cut loose from itself", async () => {
  if (process.getuid?.() !== 0) {
    expect(() => chooseSandbox({ name: "account" })).toThrow("needs root");
    return;
  }
  const loose = `const { spawn } = require("child_process");
spawn("/bin/sh", ["-c", "setsid sleep 300 >/dev/null 3>&- 4>&- & echo $!"], { stdio: ["ignore", 2, "ignore"] }).once("close", () => process.exit(0));`;
  const program = new Supervised(
    chooseSandbox({ name: "account" }),
    programOf([process.execPath, "-e", loose]),
  );
  expect(await program.next(performance.now() + 60_000)).toBeUndefined();
  expect(program.reason).toBe("exit");
  const pid = Number(program.stderr);
  expect(lives(pid)).toBe(true);
  await program.end();
  await expect.poll(() => lives(pid) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(" Z "), { timeout: 10_000 }).toBe(false); // prettier-ignore
});

test("--sandbox account leaves no file or memory of a program's to the next one", async () => {
  if (process.getuid?.() !== 0) return;
  const left = ["/tmp", "/var/tmp", "/dev/shm"].map((place) => join(place, `residual-left-${process.pid}`));
  const leave = `import ctypes, os, sys
for path in sys.argv[1:]:
    os.makedirs(path + "/deep")
    open(path + "/deep/case", "w").write("a hidden case")
print(ctypes.CDLL(None).shmget(0, 4096, 0o1600), file=sys.stderr)`;
  const command = ["/usr/bin/python3", "-c", leave, ...left];
  const program = new Supervised(chooseSandbox({ name: "account" }), programOf(command));
  expect(await program.next(performance.now() + 60_000)).toBeUndefined();
  expect(left.map((path) => existsSync(join(path, "deep", "case")))).toEqual([true, true, true]);
  const segments = () => spawnSync("ipcs", ["--shmems"], { encoding: "utf8" }).stdout.split("\n").map((line) => line.split(/\s+/)[1]); // prettier-ignore
  expect(segments()).toContain(program.stderr.trim());
  await program.end();
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(segments()).not.toContain(program.stderr.trim());
});

test("filesIn() counts a program's own folders, and not the machine's, which it sees until its walls stand", () => {
  // This process sees the machine's: on a disk with thousands of files every program was ended at its start, now and then.
  expect(filesIn([1, process.pid], ["/tmp", "/usr"])).toBe(0);
});

/** A client as podman is one: the container is a process of its own, which goes on when the client is killed. */
function fakeClient(): { bin: string; containers: string } {
  const [bin, containers] = [join(folder, "bin"), join(folder, "containers")];
  for (const each of [bin, containers]) mkdirSync(each);
  const script = `#!/bin/sh
case $1 in
  run)
    for a; do case $a in --name=*) name=\${a#--name=};; esac; done
    while [ "$1" != an-image ]; do shift; done
    shift
    exec 5<&0
    setsid "$@" <&5 &
    echo $! > ${containers}/$name
    wait $!
    rm -f ${containers}/$name;;
  kill) kill -9 -$(cat ${containers}/$2) && rm ${containers}/$2;;
  ps) ls ${containers};;
esac
`;
  writeFileSync(join(bin, "podman"), script);
  chmodSync(join(bin, "podman"), 0o755);
  return { bin, containers };
}

test("a container has a name, is ended with its client, and one of a grader that was killed at the next start", async () => {
  const { bin, containers } = fakeClient();
  const path = process.env["PATH"]!;
  process.env["PATH"] = `${bin}:${path}`;
  try {
    const sandbox = chooseSandbox({ name: "podman", image: "an-image" });
    const program = new Supervised(sandbox, programOf([process.execPath, "-e", "for (;;) {}"]));
    expect(await program.next(performance.now() + 1500)).toBeUndefined();
    expect(program.reason).toBe("time");
    expect(readdirSync(containers)).toEqual([]);

    // As a grader with another number left it, which no longer lives.
    const gone = spawnSync("true").pid;
    const pid = spawnSync("sh", ["-c", `setsid sleep 300 >/dev/null 2>&1 & echo $!`], { encoding: "utf8" }).stdout.trim(); // prettier-ignore
    writeFileSync(join(containers, `residual-grade-${gone}-0123456789ab`), pid);
    expect(lives(Number(pid))).toBe(true);
    chooseSandbox({ name: "podman", image: "an-image" });
    expect(existsSync(join(containers, `residual-grade-${gone}-0123456789ab`))).toBe(false);
    await expect.poll(() => lives(Number(pid)) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(" Z "), { timeout: 10_000 }).toBe(false); // prettier-ignore
  } finally {
    process.env["PATH"] = path;
  }
});
