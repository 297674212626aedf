// The kernel: answers Jupyter's requests, one at a time and in their order, and reports what cells do.
import { randomUUID } from "node:crypto";
import { Session as InspectorSession } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestChannel } from "./channels";
import { captureChildren, type Waiting } from "./children";
import type * as Compilers from "./compiler";
import { report, type ConnectionInfo } from "./connection";
import { Displays } from "./display";
import { exception, failure, interruption, typeErrors, warnings, type ErrorContent } from "./errors";
import { explained } from "./foreign";
import { terminateKey, type Answer, type Step } from "./force";
import { History, type HistoryQuery } from "./history";
import { Input } from "./input";
import { withMissingNames } from "./missing-names";
import { library } from "./intrinsics";
import { completion, completeness, inspection, kernelInfo } from "./language";
import { represent, type Bundle } from "./mime";
import type * as Sessions from "./session";
import { cellName } from "./source-lines";
import { protection } from "./protection";
import { Streams } from "./streams";
import type { Transport } from "./transport";
import { compose, encode, type Message } from "./wire";

type Content = Readonly<Record<string, unknown>>;

/** Options for {@link Kernel}. */
export interface KernelOptions {
  /** The folder of the notebook. */
  readonly cwd: string;
  readonly connection: ConnectionInfo;
  readonly transport: Transport;
  /** What the other thread knows of programs that a cell waits for. */
  readonly waiting: Waiting;
}

const streamTopic = Buffer.from("stream");

/** Clients ask once or twice more whether the kernel is there; it answers before it warms up. In milliseconds. */
const settleIn = 250;

/** Output of this many cells still finds the cell that it belongs to. */
const rememberedCells = 1000;

/** How long a failed cell waits for requests that were sent before its failure, in milliseconds. */
const settleTime = 10;

/** One kernel on one connection. */
export class Kernel {
  readonly #cwd: string;
  readonly #waiting: Waiting;
  readonly #connection: ConnectionInfo;
  readonly #transport: Transport;
  #loaded: Sessions.Session | undefined;
  readonly #author = { session: randomUUID(), username: "kernel" };
  readonly #history = new History();
  readonly #streams: Streams;
  readonly #input: Input;
  readonly #displays = new Displays((type, content) => {
    this.#publish(type, content, this.#cell);
  });
  /** Requests not yet begun. */
  readonly #queue: Message[] = [];
  /** Requests that a failure before them has cancelled. */
  readonly #aborted = new WeakSet<Message>();
  #draining = false;
  /** The request of the queue that is being answered. */
  #serving: Message | undefined;
  #isWarm = false;
  /** Interrupts that have come to this thread. */
  #interrupts = 0;
  #hasEndedCode = false;
  #isExecuting = false;
  #executionCount = 0;
  /** The latest execute request. */
  #latest: Message | undefined;
  /** The request that each cell answers, by the session's number of the cell. */
  readonly #requests = new Map<number, Message>();

  constructor({ cwd, connection, transport, waiting }: KernelOptions) {
    this.#waiting = waiting;
    this.#cwd = cwd;
    this.#connection = connection;
    this.#transport = transport;
    this.#streams = new Streams((name, text) => {
      this.#transport.write(compose(this.#author, "stream", { name, text }, this.#cell, [streamTopic]));
    });
    this.#input = new Input((request, content) => {
      this.#streams.flush();
      this.#transport.send("stdin", this.#encoded("input_request", content, request, request.identities));
    });
  }

  /** TypeScript takes a while to load; what needs no cell is answered before. */
  get #session(): Sessions.Session {
    this.#loaded ??= protection.during(() => this.#load());
    return this.#loaded;
  }

  #load(): Sessions.Session {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when first needed, and at once
    const { Session } = require("./session") as typeof Sessions;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
    const { CellCompiler } = require("./compiler") as typeof Compilers;
    const session = new Session({
      cwd: this.#cwd,
      compiler: new CellCompiler(this.#cwd),
      warn: (diagnostics, code) => {
        this.#streams.write("stderr", warnings(diagnostics, code));
      },
      onSwitch: () => {
        this.#streams.flush();
      },
    });
    Error.prepareStackTrace = session.lines.prepareStackTrace;
    // The kernel's frames count, though nobody sees them.
    Error.stackTraceLimit = 20;
    return session;
  }

  /** The request whose output is written now: that of the cell whose code runs, also of one that ended and left a timer. */
  get #cell(): Message | undefined {
    return this.#requests.get(this.#loaded?.current ?? 0) ?? this.#latest;
  }

  /** Opens the sockets and takes over standard output and error. */
  async open(): Promise<void> {
    this.#displays.install(globalThis);
    // Called amid the running code, with the number of interrupts that have come to the other thread.
    const terminate = (interrupts: number, step: Step): Answer => {
      if (this.#loaded?.mayTerminate(interrupts <= this.#interrupts, this.#draining) !== true)
        return "spared";
      if (step === "end" && this.#loaded.holds) return "holds";
      this.#hasEndedCode = true;
      this.#loaded.beforeForce();
      if (step !== "ending") endRunningCode();
      return "ended";
    };
    const ask = (prompt = "", { password = false } = {}): Promise<string> =>
      this.#input.ask(this.#cell, prompt, password);
    Object.assign(globalThis, { [terminateKey]: terminate, input: ask });
    this.#streams.capture(process);
    // Node's own console hands all that is logged to the inspector too, which keeps it.
    const plain = new console.Console({ stdout: process.stdout, stderr: process.stderr });
    Object.assign(console, plain);
    captureChildren({
      state: this.#waiting,
      isInterrupted: () => this.#loaded?.isInterrupted === true,
      endCell: () => this.#session.endCell(),
    });
    const exit = process.exit.bind(process);
    process.exit = (code) => {
      // Behind the cell's own listeners, which may write.
      process.once("exit", () => {
        protection.during(() => {
          this.#close();
        });
      });
      return exit(code);
    };
    await this.#transport.open(
      (channel, request) => {
        protection.during(() => {
          this.#accept(channel, request);
        });
      },
      () => {
        this.#loaded?.yielded();
        if (this.#hasEndedCode) protection.during(() => this.#loaded?.recover());
        this.#hasEndedCode = false;
      },
    );
  }

  /** Reads TypeScript's libraries while the client takes in that the kernel is there. */
  #warmUp(): void {
    if (this.#isWarm) return;
    this.#isWarm = true;
    setTimeout(() => {
      if (!this.#draining) this.#session.warmUp();
    }, settleIn);
  }

  /** Stops the running cell. */
  interrupt(): void {
    this.#interrupts++;
    this.#input.cancel();
    this.#session.interrupt();
  }

  /** Writes what went wrong outside of a cell's own course, such as in a timer. */
  reportStray(what: string, error: unknown): void {
    library.during(() => {
      // What an interrupt ended was meant to end.
      if (error instanceof Error && error.name === interruption.ename) return;
      this.#streams.write(
        "stderr",
        `${what}\n${exception(error, this.#session.lines).traceback.join("\n")}\n`,
      );
    });
  }

  #accept(channel: RequestChannel, request: Message): void {
    if (channel === "shell" && isAnsweredAtOnce(request)) void this.#serveBeside(request);
    else if (channel === "shell") {
      this.#queue.push(request);
      void this.#drain();
    } else if (channel === "control") void this.#serve(request, "control");
    else if (request.header.msg_type === "input_reply") this.#input.reply(request.content);
    else report(`no answer is known to ${request.header.msg_type} on stdin`);
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
      this.#serving = request;
      await this.#serve(request, "shell");
      this.#serving = undefined;
    }
    this.#draining = false;
  }

  /** Answers an editor's request while a cell may be running, which then goes on being what the kernel is busy with. */
  async #serveBeside(request: Message): Promise<void> {
    await this.#serve(request, "shell");
    if (this.#serving) this.#publish("status", { execution_state: "busy" }, this.#serving);
  }

  /** Answers one request between the statuses "busy" and "idle". Never rejects. */
  async #serve(request: Message, channel: RequestChannel): Promise<void> {
    this.#publish("status", { execution_state: "busy" }, request);
    try {
      await this.#answer(request, channel);
    } catch (error) {
      report(`${request.header.msg_type} failed`, error);
      this.#reply(request, channel, { status: "error", ...exception(error, this.#session.lines) });
    }
    this.#publish("status", { execution_state: "idle" }, request);
  }

  async #answer(request: Message, channel: RequestChannel): Promise<void> {
    const { content } = request;
    switch (request.header.msg_type) {
      case "execute_request":
        await this.#execute(request, channel);
        return;
      case "kernel_info_request":
        this.#reply(request, channel, kernelInfo);
        this.#warmUp();
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
      case "comm_open":
        // No target is registered here; the protocol answers so.
        this.#publish("comm_close", { comm_id: content["comm_id"], data: {} }, request);
        return;
      case "comm_msg":
      case "comm_close":
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
        this.#refuse(request, channel);
    }
  }

  /** Answers a request that this kernel does not know: whoever waits for a reply gets one. */
  #refuse(request: Message, channel: RequestChannel): void {
    const type = request.header.msg_type;
    const why =
      missing.find(([pattern]) => pattern.test(type))?.[1] ?? "no such request is in Jupyter's protocol 5.3";
    const evalue = `this kernel does not answer ${type}: ${why}`;
    report(evalue);
    if (type.endsWith("_request"))
      this.#reply(request, channel, {
        status: "error",
        ename: "NotImplementedError",
        evalue,
        traceback: [evalue],
      });
  }

  async #execute(request: Message, channel: RequestChannel): Promise<void> {
    if (this.#aborted.has(request)) {
      this.#reply(request, channel, { status: "aborted" });
      return;
    }
    const {
      code: received,
      silent = false,
      store_history = true,
      stop_on_error = true,
      user_expressions,
    } = request.content;
    if (typeof received !== "string")
      throw new TypeError(`execute_request: code must be a string; got ${typeof received}`);
    const code = this.#history.same(received);
    if (silent !== true && store_history !== false) this.#history.add(++this.#executionCount, code);
    const executionCount = this.#executionCount;
    this.#streams.begin();
    this.#latest = request;
    if (silent !== true) this.#publish("execute_input", { code, execution_count: executionCount }, request);

    this.#isExecuting = true;
    const failed = await this.#run(code, (data) => {
      this.#history.setOutput(executionCount, String(data["text/plain"]));
      if (silent !== true)
        this.#publish("execute_result", { execution_count: executionCount, data, metadata: {} }, request);
    });
    protection.during(() => {
      this.#streams.end();
      if (failed && silent !== true) this.#publish("error", { ...failed }, request);
    });
    const outcome = failed
      ? { status: "error", execution_count: executionCount, ...failed }
      : {
          status: "ok",
          execution_count: executionCount,
          payload: [],
          user_expressions: await this.#evaluate(user_expressions),
        };
    if (failed && stop_on_error !== false) await this.#abortQueue();
    protection.during(() => {
      this.#isExecuting = false;
      this.#reply(request, channel, outcome);
    });
  }

  /** Runs a cell, gives its last expression's representations to `show`, and returns what went wrong, if anything. */
  async #run(code: string, show: (data: Bundle) => void): Promise<ErrorContent | undefined> {
    try {
      return await this.#runAndShow(code, show);
    } catch (error) {
      // The kernel's own failure, such as a value that JSON cannot hold, or a cell that is too deep for the compiler.
      return failure(error);
    }
  }

  async #runAndShow(code: string, show: (data: Bundle) => void): Promise<ErrorContent | undefined> {
    const request = briefly(this.#latest!);
    const { cellId } = request.metadata;
    const outcome = await this.#session.run(code, cellName(this.#executionCount), {
      id: typeof cellId === "string" ? cellId : undefined,
      beforeStart: (cell) => {
        this.#requests.set(cell, request);
        this.#requests.delete(cell - rememberedCells);
      },
    });
    if (outcome.status !== "ok") return await this.#failure(outcome, code);
    const { value } = outcome;
    const shown = await this.#session.follow(async () => {
      await this.#displays.settled();
      return value === undefined || this.#displays.gave(value) ? undefined : await represent(value);
    });
    if (shown.status !== "ok") return await this.#failure(shown, code);
    if (shown.value !== undefined)
      protection.during(() => {
        this.#streams.end();
        show(shown.value as Bundle);
      });
    return undefined;
  }

  /** What an outcome that is not "ok" tells the reader. */
  async #failure(outcome: Exclude<Sessions.Outcome, { status: "ok" }>, code: string): Promise<ErrorContent> {
    if (outcome.status === "mistyped")
      return typeErrors(withMissingNames(explained(outcome.diagnostics, code), code), code);
    if (outcome.status === "interrupted") return interruption;
    // An error shows itself too, by code of the cell's that may never end.
    const told = await this.#session.follow(() => exception(outcome.error, this.#session.lines));
    if (told.status === "ok") return told.value as ErrorContent;
    return told.status === "threw" ? exception(told.error, this.#session.lines) : interruption;
  }

  /** The values of `user_expressions`, each its representations or its error. */
  async #evaluate(expressions: unknown): Promise<Content> {
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries((expressions ?? {}) as Record<string, unknown>)) {
      let data: Bundle = {};
      const failed = await this.#run(`(${String(expression)})`, (shown) => (data = shown));
      results[name] = failed ? { status: "error", ...failed } : { status: "ok", data, metadata: {} };
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

  #shutdown(request: Message, channel: RequestChannel): void {
    const content = { status: "ok", restart: request.content["restart"] === true };
    this.#reply(request, channel, content);
    this.#publish("shutdown_reply", content, request);
    this.#publish("status", { execution_state: "idle" }, request);
    // Whatever cells left running ends here.
    process.exit(0);
  }

  /** The last that is heard of this kernel: a cell that ends the process gets its reply. */
  #close(): void {
    const request = this.#latest;
    this.#streams.end();
    if (request && this.#isExecuting) {
      const content = {
        status: "ok",
        execution_count: this.#executionCount,
        payload: [],
        user_expressions: {},
      };
      this.#reply(request, "shell", content);
      this.#publish("status", { execution_state: "idle" }, request);
    }
    this.#transport.close();
  }

  /** Sends a message to everybody who listens, after the output written so far. */
  #publish(type: string, content: Content, parent: Message | undefined): void {
    this.#streams.flush();
    this.#emit(type, content, parent);
  }

  #emit(type: string, content: Content, parent: Message | undefined): void {
    this.#transport.send("iopub", this.#encoded(type, content, parent, [Buffer.from(type)]));
  }

  #reply(request: Message, channel: RequestChannel, content: Content): void {
    this.#streams.flush();
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.#transport.send(channel, this.#encoded(type, content, request, request.identities));
  }

  #encoded(
    type: string,
    content: Content,
    parent: Message | undefined,
    identities: Message["identities"],
  ): ReturnType<typeof encode> {
    return library.during(() =>
      encode(compose(this.#author, type, content, parent, identities), this.#connection.key),
    );
  }
}

/** What clients may ask for that is not there, and why. */
const missing: readonly (readonly [RegExp, string])[] = [
  [/^debug_request$/, "it has no debugger, as kernel_info_reply says"],
  [
    /_subshell_request$/,
    "it has no subshells, because completion and inspection are answered while a cell waits",
  ],
];

/** Requests of editors, which need not wait for the cells before them. */
const isAnsweredAtOnce = ({ header }: Message): boolean =>
  ["complete_request", "inspect_request", "is_complete_request", "comm_info_request"].includes(
    header.msg_type,
  );

/** What of a request is needed to answer it, without its code. */
const briefly = (request: Message): Message => ({
  ...request,
  content: { allow_stdin: request.content["allow_stdin"] },
});

/** Ends the JavaScript that is running on this thread, down to the event loop. */
function endRunningCode(): void {
  const inspector = new InspectorSession();
  inspector.connect();
  inspector.post("Runtime.terminateExecution");
}
