// Programs that cells start, and what is written past the console: it stands below the cell, and an interrupt ends what a cell waits for.
import childProcess, {
  type ChildProcess,
  type SpawnSyncOptions,
  type SpawnSyncReturns,
} from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/**
 * What both threads know of a cell that waits for a program without yielding. First the number of the wait, 0 while there is none, negative
 * once an interrupt has ended it; behind it the ids of programs that it does not wait for.
 */
export type Waiting = Int32Array;

const mostSpared = 256;

export const newWaiting = (): Waiting => new Int32Array(new SharedArrayBuffer(4 * (1 + mostSpared)));

/** Options for {@link captureChildren}. */
export interface ChildrenOptions {
  readonly state: Waiting;
  /** Whether the running cell was interrupted: it starts no more. */
  readonly isInterrupted: () => boolean;
  /** Ends the cell when a program that it waited for was ended by an interrupt. */
  readonly endCell: () => never;
}

const streams = ["stdin", "stdout", "stderr"] as const;
type Output = 1 | 2;

/** Whether a program would write to this process's own standard output or error. */
function isInherited(stdio: unknown, fd: Output): boolean {
  const own: unknown = Array.isArray(stdio) ? stdio[fd] : stdio;
  return own === "inherit" || own === fd || own === process[streams[fd]] || own === process[streams[3 - fd]!];
}

/** The same with pipes in place of what is inherited, and which of 1 and 2 that were. */
function withPipes(stdio: unknown): { readonly stdio: unknown; readonly shown: readonly Output[] } {
  const shown = ([1, 2] as const).filter((fd) => isInherited(stdio, fd));
  if (shown.length === 0) return { stdio, shown };
  const all: unknown[] = Array.isArray(stdio) ? [...(stdio as unknown[])] : [stdio, stdio, stdio];
  for (const fd of shown) all[fd] = "pipe";
  return { stdio: all, shown };
}

/** Replaces the functions by which a cell starts programs, and those that write to the descriptors 1 and 2. */
export function captureChildren(options: ChildrenOptions): void {
  captureStarted(options.state);
  captureWaitedFor(options);
  captureWrites();
  syncBuiltinESMExports();
}

function captureStarted(state: Waiting): void {
  const prototype = (childProcess as unknown as { ChildProcess: { prototype: ChildProcess } }).ChildProcess
    .prototype as ChildProcess & { spawn(options: { stdio?: unknown }): unknown };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the object that it is called on
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const { stdio, shown } = withPipes(options.stdio);
    const failed = spawn.call(this, { ...options, stdio });
    for (const fd of shown) {
      const name = streams[fd];
      this[name]?.on("data", (chunk: Buffer) => process[name].write(chunk));
      // As for anybody who asked for inherited output, there is nothing to read.
      Object.assign(this, { [name]: null });
      (this.stdio as unknown[])[fd] = null;
    }
    const { pid } = this;
    if (pid === undefined) return failed;
    const free = state.indexOf(0, 1);
    if (free > 0) {
      state[free] = pid;
      this.once("exit", () => (state[free] = 0));
    }
    return failed;
  };
}

type SpawnSync = (
  file: string,
  args: readonly string[],
  options: SpawnSyncOptions,
) => SpawnSyncReturns<string | Buffer>;

function captureWaitedFor({ state, isInterrupted, endCell }: ChildrenOptions): void {
  const { spawnSync, execSync, execFileSync } = childProcess;
  let waits = 0;
  const during = <T>(run: () => T): T => {
    if (isInterrupted()) endCell();
    Atomics.store(state, 0, ++waits);
    try {
      return run();
    } finally {
      if (Atomics.exchange(state, 0, 0) < 0) endCell();
    }
  };
  /** Runs a program, and writes what it would have written itself. */
  const shown = (
    file: string,
    args: readonly string[],
    options: SpawnSyncOptions,
  ): SpawnSyncReturns<string | Buffer> => {
    const { stdio, shown: fds } = withPipes(options.stdio);
    const result = during(() =>
      (spawnSync as SpawnSync)(file, args, { ...options, stdio: stdio as "pipe", maxBuffer: Infinity }),
    );
    for (const fd of fds) {
      const name = streams[fd];
      if (result[name]) process[name].write(result[name]);
      result[name] = null as unknown as string;
      (result.output as unknown[])[fd] = null;
    }
    return result;
  };
  const hasShown = (options: SpawnSyncOptions): boolean => withPipes(options.stdio).shown.length > 0;
  const output = (command: string, result: SpawnSyncReturns<string | Buffer>): string | Buffer => {
    if (result.error) throw result.error;
    if (result.status !== 0) throw Object.assign(new Error(`Command failed: ${command}`), result);
    return result.stdout;
  };
  const split = (rest: readonly unknown[]): [readonly string[], SpawnSyncOptions] =>
    Array.isArray(rest[0]) ? [rest[0] as string[], rest[1] ?? {}] : [[], rest[0] ?? {}];
  Object.assign(childProcess, {
    spawnSync: (file: string, ...rest: unknown[]) => {
      const [args, options] = split(rest);
      return hasShown(options)
        ? shown(file, args, options)
        : during(() => (spawnSync as SpawnSync)(file, args, options));
    },
    execFileSync: (file: string, ...rest: unknown[]) => {
      const [args, options] = split(rest);
      if (!hasShown(options)) return during(() => execFileSync(file, args, options as object));
      return output([file, ...args].join(" "), shown(file, args, options));
    },
    execSync: (command: string, options: SpawnSyncOptions = {}) => {
      if (!hasShown(options)) return during(() => execSync(command, options as object));
      return output(command, shown(command, [], { ...options, shell: options.shell ?? true }));
    },
  });
}

const outputPaths = new Map<unknown, Output>([
  [1, 1],
  [2, 2],
  ["/dev/stdout", 1],
  ["/dev/stderr", 2],
]);

function captureWrites(): void {
  const show = (fd: Output, data: unknown, offset = 0, length?: number): number => {
    const bytes =
      typeof data === "string"
        ? Buffer.from(data)
        : Buffer.from(
            (data as Uint8Array).buffer,
            (data as Uint8Array).byteOffset + offset,
            length ?? (data as Uint8Array).byteLength - offset,
          );
    process[streams[fd]].write(bytes);
    return bytes.length;
  };
  const range = (data: unknown, rest: readonly unknown[]): [number | undefined, number | undefined] => {
    if (typeof data === "string") return [undefined, undefined];
    const [first, second] = rest;
    const { offset, length } = (
      typeof first === "object" && first !== null ? first : { offset: first, length: second }
    ) as Record<string, unknown>;
    return [typeof offset === "number" ? offset : undefined, typeof length === "number" ? length : undefined];
  };
  const { writeSync, write, writeFileSync, appendFileSync } = fs;
  const whole =
    (original: typeof writeFileSync) =>
    (
      path: fs.PathOrFileDescriptor,
      data: string | NodeJS.ArrayBufferView,
      options?: fs.WriteFileOptions,
    ): void => {
      const fd = outputPaths.get(path);
      if (fd) show(fd, data);
      else original(path, data, options);
    };
  Object.assign(fs, {
    writeSync: (fd: number, data: unknown, ...rest: unknown[]) =>
      fd === 1 || fd === 2
        ? show(fd, data, ...range(data, rest))
        : (writeSync as (...all: unknown[]) => number)(fd, data, ...rest),
    write: (fd: number, data: unknown, ...rest: unknown[]) => {
      if (fd !== 1 && fd !== 2) {
        (write as (...all: unknown[]) => void)(fd, data, ...rest);
        return;
      }
      const written = show(fd, data, ...range(data, rest));
      const done = rest.at(-1) as (error: null, written: number, data: unknown) => void;
      process.nextTick(done, null, written, data);
    },
    writeFileSync: whole(writeFileSync),
    appendFileSync: whole(appendFileSync as typeof writeFileSync),
  });
}
