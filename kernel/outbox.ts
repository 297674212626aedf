// What the kernel sends to clients: each message after the output that was written before it.
import { randomUUID } from "node:crypto";
import type { RequestChannel } from "./channels";
import { library } from "./intrinsics";
import { Streams } from "./streams";
import type { Transport } from "./transport";
import { compose, encode, type Message } from "./wire";

export type Content = Readonly<Record<string, unknown>>;

const streamTopic = Buffer.from("stream");

/** The messages of one kernel. */
export class Outbox {
  readonly #transport: Transport;
  readonly #key: string;
  readonly #author = { session: randomUUID(), username: "kernel" };
  /** Standard output and error. */
  readonly streams: Streams;

  /**
   * @param key what messages are signed with
   * @param source the request whose output is written now
   */
  constructor(transport: Transport, key: string, source: () => Message | undefined) {
    this.#transport = transport;
    this.#key = key;
    this.streams = new Streams((name, text) => {
      transport.write(compose(this.#author, "stream", { name, text }, source(), [streamTopic]));
    });
  }

  /** Sends a message to everybody who listens. */
  publish(type: string, content: Content, parent: Message | undefined): void {
    this.#send("iopub", type, content, parent, [Buffer.from(type)]);
  }

  /** Answers a request. */
  reply(request: Message, channel: RequestChannel, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#send(channel, type, content, request, request.identities);
  }

  /** Asks the front end that sent `request` for a line of text. */
  ask(request: Message, content: Content): void {
    this.#send("stdin", "input_request", content, request, request.identities);
  }

  #send(
    channel: RequestChannel | "iopub",
    type: string,
    content: Content,
    parent: Message | undefined,
    identities: Message["identities"],
  ): void {
    this.streams.flush();
    library.during(() => {
      const message = compose(this.#author, type, content, parent, identities);
      this.#transport.send(channel, encode(message, this.#key));
    });
  }
}
