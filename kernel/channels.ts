// The kernel's five ZeroMQ sockets: bound in the right order, read one message at a time, written without waiting.
import { inspect } from "node:util";
import { Publisher, Reply, Router } from "zeromq";

/** Jupyter's connection file. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}

const ports = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/**
 * The connection file's content.
 *
 * @throws TypeError naming the field that is missing or not understood.
 */
export function parseConnectionInfo(text: string): ConnectionInfo {
  const info = JSON.parse(text) as Record<string, unknown>;
  for (const field of ["transport", "ip", "key"]) {
    if (typeof info[field] !== "string") throw new TypeError(`connection file: "${field}" must be a string`);
  }
  for (const field of ports) {
    if (!Number.isInteger(info[field]))
      throw new TypeError(`connection file: "${field}" must be an integer; got ${String(info[field])}`);
  }
  const scheme = info["signature_scheme"] ?? "hmac-sha256";
  if (scheme !== "hmac-sha256")
    throw new TypeError(
      `connection file: signature_scheme must be hmac-sha256; got ${JSON.stringify(scheme)}`,
    );
  return { ...info, signature_scheme: scheme } as unknown as ConnectionInfo;
}

/** Frames as they go out. */
export type Frames = readonly (string | Buffer)[];

/** Who gets what arrives on the two request channels. */
export interface Receivers {
  shell(frames: Buffer[]): void;
  control(frames: Buffer[]): void;
}

/**
 * The open sockets. `send*` returns at once: with a send time-out of 0 and no high-water mark ZeroMQ takes every message
 * synchronously, so output leaves the process even while a cell computes without yielding.
 */
export class Channels {
  readonly #iopub = new Publisher({ sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 });
  readonly #shell = new Router({
    sendHighWaterMark: 0,
    sendTimeout: 0,
    receiveHighWaterMark: 0,
    linger: 1000,
  });
  readonly #control = new Router({ sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 });
  readonly #stdin = new Router({ sendHighWaterMark: 0, sendTimeout: 0, linger: 0 });
  readonly #heartbeat = new Reply({ linger: 0 });
  #closed = false;

  /**
   * Binds every socket, iopub first, and only then starts to read: a request answered before iopub is bound would lose its
   * status messages, and a socket read while it is being bound (on another thread) may miss its first message for ever.
   */
  async open(info: ConnectionInfo, receivers: Receivers): Promise<void> {
    const address = (port: number): string => `${info.transport}://${info.ip}:${String(port)}`;
    await this.#iopub.bind(address(info.iopub_port));
    await this.#stdin.bind(address(info.stdin_port));
    await this.#heartbeat.bind(address(info.hb_port));
    await this.#control.bind(address(info.control_port));
    await this.#shell.bind(address(info.shell_port));
    void this.#echo();
    void this.#read(this.#control, (frames) => {
      receivers.control(frames);
    });
    void this.#read(this.#shell, (frames) => {
      receivers.shell(frames);
    });
  }

  sendIopub(frames: Frames): void {
    this.#send(this.#iopub, frames);
  }

  sendShell(frames: Frames): void {
    this.#send(this.#shell, frames);
  }

  sendControl(frames: Frames): void {
    this.#send(this.#control, frames);
  }

  /** Closes every socket; what was sent still leaves within the sockets' linger time. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [this.#iopub, this.#shell, this.#control, this.#stdin, this.#heartbeat])
      socket.close();
  }

  #send(socket: Publisher | Router, frames: Frames): void {
    if (this.#closed) return;
    socket.send([...frames]).catch((error: unknown) => {
      // A client that is gone cannot be routed to; anything else is worth a line in the server's log.
      if ((error as NodeJS.ErrnoException).code !== "EHOSTUNREACH")
        report("a message could not be sent", error);
    });
  }

  async #read(socket: Router, receive: (frames: Buffer[]) => void): Promise<void> {
    for await (const frames of socket) receive(frames);
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}

const log = process.stderr.write.bind(process.stderr);

/** Writes one line to the kernel process's own standard error (the server's log), which no cell's output replaces. */
export function report(what: string, error?: unknown): void {
  const why =
    error instanceof Error ? `: ${error.message}` : error === undefined ? "" : `: ${inspect(error)}`;
  log(`[residual kernel] ${what}${why}\n`);
}
