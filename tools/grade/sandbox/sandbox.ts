// Puts a program behind walls that others built: bubblewrap, a container, or another user account.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../notebooks/user-error";
import { lives } from "../../data/lock";
import { seccompFilter } from "./seccomp";
import { nodeFiles, systemFolders } from "./in-sight";

/** What one confined program may use. */
export interface Limits {
  /** Anonymous memory of all its processes together, in bytes; one process alone is held to it by the system too. */
  readonly memoryBytes: number;
  /** Processes and threads. */
  readonly processes: number;
  /** The largest file it may write, and all that fits into its scratch folder. */
  readonly fileBytes: number;
  /** Files and folders in its scratch folders. Each takes memory of the system's, however empty it is. */
  readonly files: number;
  /** What it may print before it is stopped. */
  readonly outputBytes: number;
  /** For all attempts of one learner at one exercise together, in seconds of grading. */
  readonly learnerSeconds: number;
}

/** The limits of the command unless its options say otherwise. */
export const defaultLimits: Limits = {
  memoryBytes: 2 * 2 ** 30,
  // Node, V8 and TensorFlow start a handful of threads, and TensorFlow two for each core.
  processes: 64 + 4 * availableParallelism(),
  fileBytes: 64 << 20,
  files: 10_000,
  outputBytes: 64 << 20,
  learnerSeconds: 900,
};

/** A program to confine. Paths are the same inside and outside. */
export interface Program {
  readonly command: readonly string[];
  readonly cwd: string;
  /** What it may read, besides the system's own programs and libraries. Later entries lie over earlier ones. */
  readonly readable: readonly string[];
  /** Folders shown empty, although something readable encloses them. */
  readonly hidden: readonly string[];
  readonly limits: Limits;
}

/** How a program is started. */
export interface Start {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What ends what is left of it when its process has ended: a container lives on without the client that started it. */
  readonly stop?: { readonly file: string; readonly args: readonly string[] };
  /** Prints `oom-kill` where the program has ended because its control group had no memory left, which its own status does not tell. */
  readonly whyItEnded?: { readonly file: string; readonly args: readonly string[] };
}

const names = ["bubblewrap", "podman", "docker", "account", "none"] as const;
/** The kinds of walls; `none` has to be asked for. */
export type SandboxName = (typeof names)[number];

/** One kind of walls. */
export interface Sandbox {
  readonly name: SandboxName;
  /** The container's image. */
  readonly image?: string;
  /** Folders of the program's own that hold memory, as it sees them. */
  readonly scratch?: readonly string[];
  wrap(program: Program): Start;
}

const environment = {
  HOME: "/tmp",
  TMPDIR: "/tmp",
  PATH: "/usr/local/bin:/usr/bin:/bin",
  LANG: "C.UTF-8",
  TF_CPP_MIN_LOG_LEVEL: "2",
  // Several programs share the machine's cores, and answers must not depend on how many there are.
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  RESIDUAL_BACKEND: process.env["RESIDUAL_BACKEND"] ?? "tensorflow",
};

const isRoot = process.getuid?.() === 0;
/** User ids that no account has, a new one for each program: their processes count apart, and share no keyring. */
const newUid = (): number => 0x60000000 + (process.pid % 0x1000) * 0x10000 + (programs++ % 0x10000);
let programs = 0;

/**
 * `prlimit` before the command: limits that the system itself enforces on each process. Processes can be limited only where the program has
 * a user, or a namespace of users, of its own: otherwise all that its user runs would count.
 */
function limited({ command, limits }: Program, isOneOfMany = false): string[] {
  return [
    "prlimit",
    // Twice: this counts what is set aside too, and the supervisor counts what is used.
    `--data=${2 * limits.memoryBytes}`,
    `--fsize=${limits.fileBytes}`,
    ...(isOneOfMany ? [] : [`--nproc=${limits.processes}`]),
    "--nofile=256",
    // Each of a program's timers and waiting signals takes memory of the system's.
    "--sigpending=1024",
    "--core=0",
    "--",
    ...command,
  ];
}

/** `setpriv` before that: root becomes a user without a name, whom process limits bind. */
function unprivileged(): string[] {
  const id = newUid();
  return ["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups", "--no-new-privs", "--"];
}

/** Where the filter lies that bubblewrap is given: written once, the same for every program. */
function filterFile(): string {
  if (filterPath !== undefined) return filterPath;
  const folder = join(resolve(__dirname, "..", "..", ".."), "node_modules", ".cache", "residual");
  const path = join(folder, `seccomp-${process.arch}.bpf`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.${process.pid}`, seccompFilter());
  renameSync(`${path}.${process.pid}`, path);
  return (filterPath = path);
}
let filterPath: string | undefined;

const bubblewrap: Sandbox = {
  name: "bubblewrap",
  scratch: ["/tmp", "/dev/shm"],
  wrap(program) {
    const { cwd, readable, hidden, limits } = program;
    const args = [
      ...["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"],
      ...(isRoot
        ? ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        : ["--unshare-user", "--disable-userns"]),
      ...["--die-with-parent", "--new-session", "--hostname", "exercise", "--clearenv"],
      ...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
      // A mapping of /dev/zero is memory that no process shows.
      ...["--proc", "/proc", "--dev", "/dev", "--dev-bind", "/dev/null", "/dev/zero"],
      ...["--perms", "1777", "--size", `${limits.fileBytes}`, "--tmpfs", "/dev/shm"],
      ...["--perms", "1777", "--size", `${limits.fileBytes}`, "--tmpfs", "/tmp"],
      // After /tmp is made, so that a repository within it is reached too.
      ...ancestors([...systemFolders, ...readable, `${cwd}/.`]).flatMap((path) => [
        "--perms",
        "0755",
        "--dir",
        path,
      ]),
      ...systemFolders.flatMap((path) => ["--ro-bind-try", path, path]),
      ...mounts(readable, hidden),
      ...hidden
        .filter((folder) => readable.some((path) => folder.startsWith(`${path}/`)))
        .flatMap((folder) => ["--remount-ro", folder]),
      ...["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", cwd, "--"],
      ...(isRoot ? unprivileged() : []),
      ...limited(program),
    ];
    // bubblewrap reads the filter from a descriptor, and the shell opens it.
    const opened = ["-c", 'exec bwrap --seccomp 9 "$@" 9<"$0"', filterFile(), ...args];
    return { file: "/bin/sh", args: opened, env: { PATH: environment.PATH }, cwd: "/" };
  },
};

/** Readable paths; a hidden folder is emptied right after the path that encloses it, so that later paths can lie inside it. */
function mounts(readable: readonly string[], hidden: readonly string[]): string[] {
  return readable.flatMap((path) => {
    const emptied = hidden.filter((folder) => folder.startsWith(`${path}/`));
    const inside = hidden.some((folder) => path.startsWith(`${folder}/`));
    return [
      ...(inside ? ["--perms", "0755", "--dir", dirname(path)] : []),
      ...["--ro-bind", path, path],
      ...emptied.flatMap((folder) => ["--perms", "0755", "--size", `${1 << 16}`, "--tmpfs", folder]),
    ];
  });
}

/** Every folder above the paths, outermost first: made here, because bubblewrap would make them for root alone. */
function ancestors(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let at = dirname(path); at !== "/" && !paths.includes(at); at = dirname(at)) found.add(at);
  }
  return [...found].sort();
}

/** A container of an image that has Node and the C++ library: same paths, no network, nothing writable but scratch. */
function container(name: "podman" | "docker", image: string): Sandbox {
  const env = { PATH: process.env["PATH"] ?? environment.PATH };
  removeAbandoned(name, env);
  return {
    name,
    image,
    wrap({ command, cwd, readable, hidden, limits }) {
      const called = `${containerPrefix}${process.pid}-${randomBytes(6).toString("hex")}`;
      const args = [
        ...[
          "run",
          "--rm",
          `--name=${called}`,
          "--interactive",
          "--network=none",
          "--read-only",
          "--cap-drop=ALL",
        ],
        ...["--security-opt=no-new-privileges", `--user=${newUid()}`, "--init", "--ipc=private"],
        ...[`--memory=${limits.memoryBytes}`, `--memory-swap=${limits.memoryBytes}`],
        ...[`--pids-limit=${limits.processes}`, "--ulimit=core=0", `--ulimit=fsize=${limits.fileBytes}`],
        ...[`--tmpfs=/tmp:size=${limits.fileBytes},mode=1777`, "--shm-size=16m", `--workdir=${cwd}`],
        ...Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`),
        ...readable.map((path) => `--volume=${path}:${path}:ro`),
        ...hidden.map((path) => `--tmpfs=${path}:ro`),
        image,
        // The image's own Node: this machine's may need libraries that the image lacks.
        ...command.map((part) => (part === process.execPath ? "node" : part)),
      ];
      return { file: name, args, env, cwd: "/", stop: { file: name, args: ["kill", called] } };
    },
  };
}

/** A container is named after the process that grades. */
const containerPrefix = "residual-grade-";

/** Ends the containers of graders that were killed. */
function removeAbandoned(name: "podman" | "docker", env: Readonly<Record<string, string>>): void {
  const list = ["ps", "--filter", `name=${containerPrefix}`, "--format", "{{.Names}}"];
  // Where there is no such command, the trial that follows says so.
  const { error, stdout } = spawnSync(name, list, { env, encoding: "utf8", timeout: 60_000 });
  if (error) return;
  for (const [called, pid] of stdout.matchAll(/^residual-grade-(\d+)-[0-9a-f]+$/gm))
    if (!lives(Number(pid))) spawnSync(name, ["kill", called], { env, stdio: "ignore", timeout: 60_000 });
}

/**
 * Ends whatever a user runs, because a program that left the tree of processes is found by that alone, and removes what the user leaves:
 * the next program has met no hidden case, and could tell of one in that it read there.
 */
const clearAway = `kill -9 -1
find /tmp /var/tmp /dev/shm /dev/mqueue -xdev -user "$(id -u)" -delete
ipcrm --all`;

const account: Sandbox = {
  name: "account",
  wrap(program) {
    const user = unprivileged().slice(1);
    return {
      file: "setpriv",
      args: [...user, ...limited(program)],
      env: environment,
      cwd: program.cwd,
      stop: { file: "setpriv", args: [...user, "/bin/sh", "-c", clearAway] },
    };
  },
};

const none: Sandbox = {
  name: "none",
  wrap(program) {
    const [file, ...args] = platform() === "linux" ? limited(program, true) : program.command;
    return { file: file!, args, env: environment, cwd: program.cwd };
  },
};

/** No walls and the instructor's own rights, but the same bounds on memory, files and output: for the course's own programs. */
export function bounded(variables: Readonly<Record<string, string>>): Sandbox {
  return {
    name: "none",
    wrap({ command, cwd, limits }) {
      const limiting = [
        "prlimit",
        `--data=${2 * limits.memoryBytes}`,
        `--fsize=${limits.fileBytes}`,
        "--core=0",
        "--",
      ];
      const [file, ...args] = platform() === "linux" ? [...limiting, ...command] : command;
      return { file: file!, args, env: { ...(process.env as Record<string, string>), ...variables }, cwd };
    },
  };
}

/** For the trial of the walls. */
const TRIAL_MS = 60_000;

/** Which walls to use. */
export interface ChooseOptions {
  readonly name?: SandboxName;
  /** The container's image. */
  readonly image?: string;
}

/**
 * The walls asked for, or bubblewrap, once they have been seen to hold a small program.
 * @throws UserError with the remedy when they do not work here.
 */
export function chooseSandbox({
  name = "bubblewrap",
  image = "node:20-bookworm-slim",
}: ChooseOptions): Sandbox {
  if (!names.includes(name)) throw new UserError(`--sandbox is ${names.join(", ")}; got ${name}`);
  if (name === "none") return none;
  if (name === "account" && !isRoot)
    throw new UserError("--sandbox account needs root: it runs the learner's code as another user");
  const sandbox = name === "bubblewrap" ? bubblewrap : name === "account" ? account : container(name, image);
  const trial = sandbox.wrap({
    command: [process.execPath, "-e", "process.stdout.write('inside')"],
    cwd: "/tmp",
    readable: nodeFiles(),
    hidden: [],
    limits: defaultLimits,
  });
  const { status, stdout, stderr, error } = spawnSync(trial.file, trial.args, {
    env: trial.env,
    cwd: trial.cwd,
    encoding: "utf8",
    timeout: TRIAL_MS,
  });
  if (stdout === "inside") return sandbox;
  const why =
    (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT" || status === 127
      ? `${name === "bubblewrap" ? "bwrap" : trial.file} is not installed`
      : error
        ? `a small program in it did not end within ${TRIAL_MS / 1000} s (${error.message}), as on a machine that is busy with much else`
        : stderr.trim();
  throw new UserError(
    `learners' code is only run in a sandbox, and ${name} does not work here: ${why}\n` +
      "Install bubblewrap (apt install bubblewrap), or choose another with --sandbox podman|docker|account. " +
      "--no-sandbox runs their code with all your rights: only where nothing can be lost.",
  );
}
