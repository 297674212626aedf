// The kernel: answers Jupyter's requests, one at a time and in their order.
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestChannel } from "./channels";
import { captureChildren, type Waiting } from "./children";
import { report, type ConnectionInfo } from "./connection";
import { exception, interruption } from "./errors";
import { Execution } from "./execution";
import { terminateKey, type Answer, type Step } from "./force";
import type { HistoryQuery } from "./history";
import { Input } from "./input";
import { library } from "./intrinsics";
import { completion, completeness, inspection, kernelInfo } from "./language";
import { Outbox, type Content } from "./outbox";
import { protection } from "./protection";
import { isError, nameOf } from "./thrown";
import type { Transport } from "./transport";
import type { Message } from "./wire";

/** Options for {@link Kernel}. */
export interface KernelOptions {
  /** The folder of the notebook. */
  readonly cwd: string;
  readonly connection: ConnectionInfo;
  readonly transport: Transport;
  /** What the other thread knows of programs that a cell waits for. */
  readonly waiting: Waiting;
}

/** Nobody has asked for anything for so long: the kernel gets ready what a cell or an interrupt would wait for. In milliseconds. */
const idleTime = 250;

/** How long a failed cell waits for requests that were sent before its failure, in milliseconds. */
const settleTime = 10;

/** One kernel on one connection. */
export class Kernel {
  readonly #waiting: Waiting;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #execution: Execution;
  readonly #input = new Input((request, content) => {
    this.#outbox.ask(request, content);
  });
  /** Requests not yet begun. */
  readonly #queue: Message[] = [];
  /** Requests that a failure before them has cancelled. */
  readonly #aborted = new WeakSet<Message>();
  /** Whether requests of the queue are being answered, and which. */
  #draining = false;
  #serving: Message | undefined;
  /** Requests so far, and interrupts that have come to this thread. */
  #requests = 0;
  #interrupts = 0;
  /** What is got ready while nobody asks for anything, a piece at a time. */
  readonly #preparations = [
    () => protection.during(() => this.#execution.compiler.compile("1;")),
    () => {
      this.#transport.prepareForce();
    },
  ];

  constructor({ cwd, connection, transport, waiting }: KernelOptions) {
    this.#waiting = waiting;
    this.#transport = transport;
    this.#outbox = new Outbox(transport, connection.key, () => this.#execution.cell);
    this.#execution = new Execution({ cwd, outbox: this.#outbox, abortQueue: () => this.#abortQueue() });
  }

  /** Opens the sockets and takes over standard output and error. */
  async open(): Promise<void> {
    const execution = this.#execution;
    execution.displays.install(globalThis);
    // Called amid the running code, with the number of interrupts that have come to the other thread.
    const terminate = (interrupts: number, step: Step): Answer =>
      execution.begun?.runner.answerForce(step, interrupts <= this.#interrupts, this.#draining) ?? "spared";
    const ask = (prompt = "", { password = false } = {}): Promise<string> =>
      this.#input.ask(execution.cell, prompt, password);
    Object.assign(globalThis, { [terminateKey]: terminate, input: ask });
    this.#outbox.streams.capture(process);
    // Node's own console hands all that is logged to the inspector too, which keeps it.
    const plain = new console.Console({ stdout: process.stdout, stderr: process.stderr });
    Object.assign(console, plain);
    captureChildren({
      state: this.#waiting,
      isInterrupted: () => execution.begun?.runner.isInterrupted === true,
      endCell: () => execution.session.runner.endCell(),
    });
    const exit = process.exit.bind(process);
    process.exit = (code) => {
      // Behind the cell's own listeners, which may write.
      process.once("exit", () => {
        protection.during(() => {
          execution.close();
          this.#transport.close();
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
        execution.begun?.yielded();
      },
    );
  }

  /** Stops the running cell. */
  interrupt(): void {
    this.#interrupts++;
    this.#input.cancel();
    this.#execution.begun?.runner.interrupt();
  }

  /** Writes what went wrong outside of a cell's own course, such as in a timer. */
  reportStray(what: string, error: unknown): void {
    library.during(() => {
      // What an interrupt ended was meant to end.
      if (isError(error) && nameOf(error) === interruption.ename) return;
      const { traceback } = exception(error, this.#execution.session.lines);
      this.#outbox.streams.write("stderr", `${what}\n${traceback.join("\n")}\n`);
    });
  }

  #accept(channel: RequestChannel, request: Message): void {
    this.#requests++;
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
    void this.#prepare();
  }

  /** Gets the next thing ready, if nobody asks for anything for a moment. */
  async #prepare(): Promise<void> {
    if (this.#preparations.length === 0) return;
    const requests = this.#requests;
    await sleep(idleTime);
    if (this.#draining || requests !== this.#requests) return;
    this.#preparations.shift()?.();
    void this.#prepare();
  }

  /** Answers an editor's request while a cell may be running, which then goes on being what the kernel is busy with. */
  async #serveBeside(request: Message): Promise<void> {
    await this.#serve(request, "shell");
    if (this.#serving) this.#publishState("busy", this.#serving);
  }

  /** Answers one request between the statuses "busy" and "idle". Never rejects. */
  async #serve(request: Message, channel: RequestChannel): Promise<void> {
    this.#publishState("busy", request);
    try {
      await this.#answer(request, channel);
    } catch (error) {
      report(`${request.header.msg_type} failed`, error);
      const failed = exception(error, this.#execution.session.lines);
      this.#outbox.reply(request, channel, { status: "error", ...failed });
    }
    this.#publishState("idle", request);
  }

  #publishState(execution_state: "busy" | "idle", request: Message): void {
    this.#outbox.publish("status", { execution_state }, request);
  }

  async #answer(request: Message, channel: RequestChannel): Promise<void> {
    const { content } = request;
    const reply = (answer: Content): void => {
      this.#outbox.reply(request, channel, answer);
    };
    /** Answers with the compiler's help. */
    const told = (answer: typeof completion | typeof inspection | typeof completeness): void => {
      reply(protection.during(() => answer(this.#execution.compiler, content)));
    };
    switch (request.header.msg_type) {
      case "execute_request":
        if (this.#aborted.has(request)) reply({ status: "aborted" });
        else await this.#execution.execute(request, reply);
        return;
      case "kernel_info_request":
        reply(kernelInfo);
        return;
      case "complete_request":
        told(completion);
        return;
      case "inspect_request":
        told(inspection);
        return;
      case "is_complete_request":
        told(completeness);
        return;
      case "history_request":
        reply({
          status: "ok",
          history: this.#execution.history.find(content as unknown as HistoryQuery),
        });
        return;
      case "comm_open":
        // No target is registered here; the protocol answers so.
        this.#outbox.publish("comm_close", { comm_id: content["comm_id"], data: {} }, request);
        return;
      case "comm_msg":
      case "comm_close":
        return;
      case "comm_info_request":
        reply({ status: "ok", comms: {} });
        return;
      case "interrupt_request":
        this.interrupt();
        reply({ status: "ok" });
        return;
      case "shutdown_request":
        this.#shutdown(request, reply);
        return;
      default: {
        const refusal = refused(request.header.msg_type);
        report(refusal.evalue);
        if (request.header.msg_type.endsWith("_request")) reply(refusal);
      }
    }
  }

  #shutdown(request: Message, reply: (answer: Content) => void): void {
    const content = { status: "ok", restart: request.content["restart"] === true };
    reply(content);
    this.#outbox.publish("shutdown_reply", content, request);
    this.#publishState("idle", request);
    // Whatever cells left running ends here.
    process.exit(0);
  }

  /** Cancels every cell that was requested before this moment, also those still on their way through the socket. */
  async #abortQueue(): Promise<void> {
    for (let seen = -1; seen !== this.#queue.length;) {
      seen = this.#queue.length;
      await sleep(settleTime);
    }
    for (const request of this.#queue) this.#aborted.add(request);
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

/** The answer to a request that this kernel does not know: whoever waits for a reply gets one. */
function refused(type: string): Content & { readonly evalue: string } {
  const why =
    missing.find(([pattern]) => pattern.test(type))?.[1] ?? "no such request is in Jupyter's protocol 5.3";
  const evalue = `this kernel does not answer ${type}: ${why}`;
  return { status: "error", ename: "NotImplementedError", evalue, traceback: [evalue] };
}

/** Requests of editors, which need not wait for the cells before them. */
const isAnsweredAtOnce = ({ header }: Message): boolean =>
  ["complete_request", "inspect_request", "is_complete_request", "comm_info_request"].includes(
    header.msg_type,
  );
