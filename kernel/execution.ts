// Execute requests: what a cell shows while it runs, its value or what went wrong, and its reply.
import type * as Compilers from "./compiler";
import { Displays } from "./display";
import { exception, failure, interruption, typeErrors, warnings, type ErrorContent } from "./errors";
import { explained } from "./foreign";
import { History } from "./history";
import { represent, type Bundle } from "./mime";
import { withMissingNames } from "./missing-names";
import type { Content, Outbox } from "./outbox";
import { protection } from "./protection";
import type * as Sessions from "./session";
import { cellName } from "./source-lines";
import type { Message } from "./wire";

/** Options for {@link Execution}. */
export interface ExecutionOptions {
  /** The folder of the notebook. */
  readonly cwd: string;
  readonly outbox: Outbox;
  /** Cancels the requests that came before a cell failed. */
  readonly abortQueue: () => Promise<void>;
}

/** What takes a while to load. */
interface Loaded {
  readonly compiler: Compilers.CellCompiler;
  readonly session: Sessions.Session;
}

/** Output of this many cells still finds the cell that it belongs to. */
const rememberedCells = 1000;

/** Runs the cells that clients send. */
export class Execution {
  readonly #cwd: string;
  readonly #outbox: Outbox;
  readonly #abortQueue: () => Promise<void>;
  readonly history = new History();
  readonly displays = new Displays((type, content) => {
    this.#outbox.publish(type, content, this.cell);
  });
  #loaded: Loaded | undefined;
  /** The latest execute request, and whether it is being answered. */
  #latest: Message | undefined;
  #isExecuting = false;
  #count = 0;
  /** The request that each cell answers, by the session's number of the cell. */
  readonly #requests = new Map<number, Message>();

  constructor({ cwd, outbox, abortQueue }: ExecutionOptions) {
    this.#cwd = cwd;
    this.#outbox = outbox;
    this.#abortQueue = abortQueue;
  }

  /** TypeScript takes a while to load; what needs no cell is answered before. */
  #load(): Loaded {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when first needed, and at once
    const { Session } = require("./session") as typeof Sessions;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
    const { CellCompiler } = require("./compiler") as typeof Compilers;
    const { streams } = this.#outbox;
    const compiler = new CellCompiler(this.#cwd);
    const session = new Session({
      cwd: this.#cwd,
      compiler,
      warn: (diagnostics, code) => {
        streams.write("stderr", warnings(diagnostics, code));
      },
      onSwitch: () => {
        streams.flush();
      },
    });
    session.lines.prepareStacks();
    // The kernel's frames count, though nobody sees them.
    Error.stackTraceLimit = 20;
    return { compiler, session };
  }

  get #own(): Loaded {
    this.#loaded ??= protection.during(() => this.#load());
    return this.#loaded;
  }

  get session(): Sessions.Session {
    return this.#own.session;
  }

  get compiler(): Compilers.CellCompiler {
    return this.#own.compiler;
  }

  /** The session, once something has needed it. */
  get begun(): Sessions.Session | undefined {
    return this.#loaded?.session;
  }

  /** The request whose output is written now: that of the cell whose code runs, also of one that ended and left a timer. */
  get cell(): Message | undefined {
    return this.#requests.get(this.begun?.runner.current ?? 0) ?? this.#latest;
  }

  /** Answers an execute request: gives `reply` the content of its reply. Rejects only if the request itself is wrong. */
  async execute(request: Message, reply: (content: Content) => void): Promise<void> {
    const { streams } = this.#outbox;
    const {
      code: received,
      silent = false,
      store_history = true,
      stop_on_error = true,
      user_expressions,
    } = request.content;
    if (typeof received !== "string")
      throw new TypeError(`execute_request: code must be a string; got ${typeof received}`);
    const publish = (type: string, content: Content): void => {
      if (silent !== true) this.#outbox.publish(type, content, request);
    };
    const code = this.history.same(received);
    if (silent !== true && store_history !== false) this.history.add(++this.#count, code);
    const execution_count = this.#count;
    streams.begin();
    this.#latest = request;
    publish("execute_input", { code, execution_count });

    this.#isExecuting = true;
    const failed = await this.#run(code, (data) => {
      this.history.setOutput(execution_count, String(data["text/plain"]));
      publish("execute_result", { execution_count, data, metadata: {} });
    });
    protection.during(() => {
      streams.end();
      if (failed) publish("error", { ...failed });
    });
    const outcome = failed
      ? { status: "error", execution_count, ...failed }
      : { ...this.#done(), user_expressions: await this.#evaluate(user_expressions) };
    if (failed && stop_on_error !== false) await this.#abortQueue();
    protection.during(() => {
      this.#isExecuting = false;
      reply(outcome);
    });
  }

  #done(): Content {
    return { status: "ok", execution_count: this.#count, payload: [], user_expressions: {} };
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
    const outcome = await this.session.run(code, cellName(this.#count), {
      id: typeof cellId === "string" ? cellId : undefined,
      beforeStart: (cell) => {
        this.#requests.set(cell, request);
        this.#requests.delete(cell - rememberedCells);
      },
    });
    if (outcome.status !== "ok") return await this.#failure(outcome, code);
    const { value } = outcome;
    const shown = await this.session.runner.follow(async () => {
      await this.displays.settled();
      return value === undefined || this.displays.gave(value) ? undefined : await represent(value);
    });
    if (shown.status !== "ok") return await this.#failure(shown, code);
    if (shown.value !== undefined)
      protection.during(() => {
        this.#outbox.streams.end();
        show(shown.value as Bundle);
      });
    return undefined;
  }

  /** What an outcome that is not "ok" tells the reader. */
  async #failure(outcome: Exclude<Sessions.Outcome, { status: "ok" }>, code: string): Promise<ErrorContent> {
    if (outcome.status === "mistyped")
      return typeErrors(withMissingNames(explained(outcome.diagnostics, code), code), code);
    if (outcome.status === "interrupted") return interruption;
    const { lines, runner } = this.session;
    // An error shows itself too, by code of the cell's that may never end.
    const told = await runner.follow(() => exception(outcome.error, lines));
    if (told.status === "ok") return told.value as ErrorContent;
    return told.status === "threw" ? exception(told.error, lines) : interruption;
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

  /** The last of a cell that ends the process: it gets its reply. */
  close(): void {
    const request = this.#latest;
    this.#outbox.streams.end();
    if (!request || !this.#isExecuting) return;
    this.#outbox.reply(request, "shell", this.#done());
    this.#outbox.publish("status", { execution_state: "idle" }, request);
  }
}

/** What of a request is needed to answer it, without its code. */
const briefly = (request: Message): Message => ({
  ...request,
  content: { allow_stdin: request.content["allow_stdin"] },
});
