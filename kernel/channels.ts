// The kernel's five ZeroMQ sockets: bound in the right order, read one message at a time, written without waiting.
import { Publisher, Reply, Router } from "zeromq";
import { report, type ConnectionInfo, type PortName } from "./connection";

/** The channels on which requests come in and replies go out. */
export type RequestChannel = "shell" | "control" | "stdin";
export type Channel = RequestChannel | "iopub";

/** Frames as they go out. */
export type Frames = readonly (string | Uint8Array)[];

const sending = { sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 } as const;

/**
 * The open sockets. `send` returns at once: with a send time-out of 0 and no high-water mark ZeroMQ takes every message
 * synchronously.
 */
export class Channels {
  readonly #sockets = {
    iopub: new Publisher(sending),
    shell: new Router({ ...sending, receiveHighWaterMark: 0 }),
    control: new Router(sending),
    stdin: new Router(sending),
  };
  readonly #heartbeat = new Reply({ linger: 0 });
  #closed = false;

  /**
   * Binds every socket, iopub first, and only then starts to read: a request answered before iopub is bound would lose its
   * status messages, and a socket read while it is being bound (on another thread) may miss its first message for ever.
   */
  async open(
    info: ConnectionInfo,
    receive: (channel: RequestChannel, frames: Buffer[]) => void,
  ): Promise<void> {
    const separator = info.transport === "ipc" ? "-" : ":";
    const address = (name: PortName): string =>
      `${info.transport}://${info.ip}${separator}${String(info[name])}`;
    await this.#sockets.iopub.bind(address("iopub_port"));
    await this.#sockets.stdin.bind(address("stdin_port"));
    await this.#heartbeat.bind(address("hb_port"));
    await this.#sockets.control.bind(address("control_port"));
    await this.#sockets.shell.bind(address("shell_port"));
    void this.#echo();
    for (const channel of ["control", "shell", "stdin"] as const) void this.#read(channel, receive);
  }

  send(channel: Channel, frames: Frames): void {
    if (this.#closed) return;
    this.#sockets[channel].send([...frames] as (string | Buffer)[]).catch((error: unknown) => {
      // A client that is gone cannot be routed to; anything else is worth a line in the server's log.
      if ((error as NodeJS.ErrnoException).code !== "EHOSTUNREACH")
        report("a message could not be sent", error);
    });
  }

  /** Closes every socket; what was sent still leaves within the sockets' linger time. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [...Object.values(this.#sockets), this.#heartbeat]) socket.close();
  }

  async #read(
    channel: RequestChannel,
    receive: (channel: RequestChannel, frames: Buffer[]) => void,
  ): Promise<void> {
    for await (const frames of this.#sockets[channel]) receive(channel, frames);
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}
