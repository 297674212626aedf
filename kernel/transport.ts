// The main thread's end of the kernel's sockets, which a thread of their own serves: see `io.ts`.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Waiting } from "./children";
import type { Channel, Frames, RequestChannel } from "./channels";
import type { ConnectionInfo } from "./connection";
import type { Message } from "./wire";

/** What the thread of the sockets is started with. */
export interface IoSetup {
  readonly connection: ConnectionInfo;
  /** The process that started the kernel, where the kernel is to end with it. */
  readonly parent: number | undefined;
  /** Whether a cell waits for a program; see `children.ts`. */
  readonly waiting: Waiting;
}

/** What the thread of the sockets tells. */
export type FromIo =
  | { readonly open: true }
  | { readonly knock: number }
  | { readonly channel: RequestChannel; readonly request: Message };

/** What it is told. */
export type ToIo =
  | { readonly channel: Channel; readonly frames: Frames }
  | { readonly stream: Message }
  | { readonly knocked: number }
  | { readonly interrupt: true }
  | { readonly prepareForce: true }
  /** When the sockets are closed, the first number becomes 1. */
  | { readonly close: Int32Array };

/** How long the other thread may take to close the sockets, in milliseconds. */
const longestClose = 1000;

/** The sockets, as the main thread sees them. What it sends leaves even while a cell computes without yielding. */
export class Transport {
  readonly #worker: Worker;
  readonly #opened: Promise<void>;
  #receive: ((channel: RequestChannel, request: Message) => void) | undefined;
  readonly #early: [RequestChannel, Message][] = [];
  #onKnock: (() => void) | undefined;

  constructor(setup: IoSetup) {
    this.#worker = new Worker(join(__dirname, "io.js"), { workerData: setup, stdout: false, stderr: false });
    this.#opened = new Promise((resolve) => {
      this.#worker.on("message", (message: FromIo) => {
        if ("open" in message) resolve();
        else if ("knock" in message) {
          this.#post({ knocked: message.knock });
          this.#onKnock?.();
        } else if (this.#receive) this.#receive(message.channel, message.request);
        else this.#early.push([message.channel, message.request]);
      });
    });
  }

  /**
   * Resolves when the sockets are bound; from then on each verified request is given to `receive`, in its order. After an
   * interrupt `onKnock` is called every now and then, as soon as this thread lets messages in.
   */
  async open(
    receive: (channel: RequestChannel, request: Message) => void,
    onKnock: () => void,
  ): Promise<void> {
    await this.#opened;
    this.#receive = receive;
    this.#onKnock = onKnock;
    for (const [channel, request] of this.#early) receive(channel, request);
  }

  send(channel: Channel, frames: Frames): void {
    this.#post({ channel, frames });
  }

  /** Sends a `stream` message, which may be joined with others on its way. */
  write(stream: Message): void {
    this.#post({ stream });
  }

  /** Watches over an interrupt that did not come through the sockets. */
  interrupt(): void {
    this.#post({ interrupt: true });
  }

  /** Makes the first interrupt of a session as quick as the others. */
  prepareForce(): void {
    this.#post({ prepareForce: true });
  }

  /** Closes the sockets; when this returns, what was sent is with ZeroMQ, whose own thread delivers it. */
  close(): void {
    const closed = new Int32Array(new SharedArrayBuffer(4));
    this.#post({ close: closed });
    Atomics.wait(closed, 0, 0, longestClose);
  }

  #post(message: ToIo): void {
    this.#worker.postMessage(message);
  }
}
