// The kernel: answers Jupyter's requests, one at a time and in their order, and reports what cells do.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Channels, report, type ConnectionInfo } from "./channels";
import { Displays } from "./display";
import { exception, interruption, typeErrors, type ErrorContent } from "./errors";
import { History, type HistoryQuery } from "./history";
import { completion, completeness, inspection, kernelInfo } from "./language";
import { represent, type Bundle } from "./mime";
import type { Session } from "./session";
import { cellName } from "./source-lines";
import { Streams } from "./streams";
import { compose, decode, encode, type Message } from "./wire";

type Content = Readonly<Record<string, unknown>>;
type Channel = "shell" | "control";

/** How long a failed cell waits for requests that were sent before its failure, in milliseconds. */
const settleTime = 10;

/** One kernel on one connection. */
export class Kernel {
  readonly #session: Session;
  readonly #connection: ConnectionInfo;
  readonly #channels = new Channels();
  readonly #author = { session: randomUUID(), username: "kernel" };
  readonly #history = new History();
  readonly #streams: Streams;
  readonly #displays = new Displays((type, content) => {
    this.#publish(type, content, this.#cell);
  });
  /** Requests not yet begun. */
  readonly #queue: Message[] = [];
  /** Requests that a failure before them has cancelled. */
  readonly #aborted = new WeakSet<Message>();
  #draining = false;
  #executionCount = 0;
  /** The latest cell: output belongs to it, also output that comes after its end. */
  #cell: Message | undefined;

  constructor(session: Session, connection: ConnectionInfo) {
    this.#session = session;
    this.#connection = connection;
    this.#streams = new Streams((name, text) => {
      this.#emit("stream", { name, text }, this.#cell);
    });
  }

  /** Opens the sockets and takes over standard output and error. */
  async open(): Promise<void> {
    this.#displays.install(globalThis);
    await this.#channels.open(this.#connection, {
      shell: (frames) => {
        this.#accept(frames, (request) => {
          this.#queue.push(request);
          void this.#drain();
        });
      },
      control: (frames) => {
        this.#accept(frames, (request) => void this.#serve(request, "control"));
      },
    });
    this.#streams.capture(process);
  }

  /** Stops the running cell. */
  interrupt(): void {
    this.#session.interrupt();
  }

  #accept(frames: Buffer[], take: (request: Message) => void): void {
    let request: Message;
    try {
      request = decode(frames, this.#connection.key);
    } catch (error) {
      report("a message was dropped", error);
      return;
    }
    take(request);
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    for (let request = this.#queue.shift(); request; request = this.#queue.shift())
      await this.#serve(request, "shell");
    this.#draining = false;
  }

  /** Answers one request between the statuses "busy" and "idle". Never rejects. */
  async #serve(request: Message, channel: Channel): Promise<void> {
    this.#publish("status", { execution_state: "busy" }, request);
    try {
      await this.#answer(request, channel);
    } catch (error) {
      report(`${request.header.msg_type} failed`, error);
      this.#reply(request, channel, { status: "error", ...exception(error, this.#session.lines) });
    }
    this.#publish("status", { execution_state: "idle" }, request);
  }

  async #answer(request: Message, channel: Channel): Promise<void> {
    const { content } = request;
    switch (request.header.msg_type) {
      case "execute_request":
        await this.#execute(request, channel);
        return;
      case "kernel_info_request":
        this.#reply(request, channel, kernelInfo);
        return;
      case "complete_request":
        this.#reply(request, channel, completion(this.#session, content));
        return;
      case "inspect_request":
        this.#reply(request, channel, inspection(this.#session, content));
        return;
      case "is_complete_request":
        this.#reply(request, channel, completeness(this.#session, content));
        return;
      case "history_request":
        this.#reply(request, channel, {
          status: "ok",
          history: this.#history.find(content as unknown as HistoryQuery),
        });
        return;
      case "comm_info_request":
        this.#reply(request, channel, { status: "ok", comms: {} });
        return;
      case "interrupt_request":
        this.interrupt();
        this.#reply(request, channel, { status: "ok" });
        return;
      case "shutdown_request":
        this.#shutdown(request, channel);
        return;
      default:
        report(`no answer is known to ${request.header.msg_type}`);
    }
  }

  async #execute(request: Message, channel: Channel): Promise<void> {
    if (this.#aborted.has(request)) {
      this.#reply(request, channel, { status: "aborted", execution_count: this.#executionCount });
      return;
    }
    const {
      code,
      silent = false,
      store_history = true,
      stop_on_error = true,
      user_expressions,
    } = request.content;
    if (typeof code !== "string")
      throw new TypeError(`execute_request: code must be a string; got ${typeof code}`);
    if (silent !== true && store_history !== false) this.#history.add(++this.#executionCount, code);
    const executionCount = this.#executionCount;
    this.#streams.begin();
    this.#cell = request;
    if (silent !== true) this.#publish("execute_input", { code, execution_count: executionCount }, request);

    const failure = await this.#run(code, (data) => {
      if (silent !== true)
        this.#publish("execute_result", { execution_count: executionCount, data, metadata: {} }, request);
    });
    this.#streams.end();
    if (failure === undefined) {
      const expressions = await this.#evaluate(user_expressions);
      this.#reply(request, channel, {
        status: "ok",
        execution_count: executionCount,
        payload: [],
        user_expressions: expressions,
      });
      return;
    }
    if (silent !== true) this.#publish("error", { ...failure }, request);
    if (stop_on_error !== false) await this.#abortQueue();
    this.#reply(request, channel, { status: "error", execution_count: executionCount, ...failure });
  }

  /** Runs a cell, gives its last expression's representations to `show`, and returns what went wrong, if anything. */
  async #run(code: string, show: (data: Bundle) => void): Promise<ErrorContent | undefined> {
    const outcome = await this.#session.run(code, cellName(this.#executionCount));
    switch (outcome.status) {
      case "mistyped":
        return typeErrors(outcome.diagnostics, code);
      case "interrupted":
        return interruption;
      case "threw":
        return exception(outcome.error, this.#session.lines);
      case "ok":
        await this.#displays.settled();
        if (outcome.value === undefined) return undefined;
        try {
          const data = await represent(outcome.value);
          this.#streams.end();
          show(data);
        } catch (error) {
          return exception(error, this.#session.lines);
        }
        return undefined;
    }
  }

  /** The values of `user_expressions`, each its representations or its error. */
  async #evaluate(expressions: unknown): Promise<Content> {
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries((expressions ?? {}) as Record<string, unknown>)) {
      let data: Bundle = {};
      const failure = await this.#run(`(${String(expression)})`, (shown) => (data = shown));
      results[name] = failure ? { status: "error", ...failure } : { status: "ok", data, metadata: {} };
    }
    return results;
  }

  /** Cancels every cell that was requested before this moment, also those still on their way through the socket. */
  async #abortQueue(): Promise<void> {
    for (let seen = -1; seen !== this.#queue.length;) {
      seen = this.#queue.length;
      await sleep(settleTime);
    }
    for (const request of this.#queue) this.#aborted.add(request);
  }

  #shutdown(request: Message, channel: Channel): void {
    const content = { status: "ok", restart: request.content["restart"] === true };
    this.#reply(request, channel, content);
    this.#publish("shutdown_reply", content, request);
    this.#publish("status", { execution_state: "idle" }, request);
    this.#session.close();
    this.#channels.close();
    // What was sent leaves while ZeroMQ's own thread lingers; whatever cells left running ends here.
    setImmediate(() => process.exit(0));
  }

  /** Sends a message to everybody who listens, after the output written so far. */
  #publish(type: string, content: Content, parent: Message | undefined): void {
    this.#streams.flush();
    this.#emit(type, content, parent);
  }

  #emit(type: string, content: Content, parent: Message | undefined): void {
    const message = compose(this.#author, type, content, parent, [Buffer.from(type)]);
    this.#channels.sendIopub(encode(message, this.#connection.key));
  }

  #reply(request: Message, channel: Channel, content: Content): void {
    this.#streams.flush();
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    const frames = encode(
      compose(this.#author, type, content, request, request.identities),
      this.#connection.key,
    );
    if (channel === "shell") this.#channels.sendShell(frames);
    else this.#channels.sendControl(frames);
  }
}
