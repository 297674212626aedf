// One notebook's session: compiles each cell against those before it and runs it, keeping the variables.
import type { CellCompiler, CompiledCell } from "./compiler";
import type { Completion } from "./completion";
import type { Diagnostic } from "./diagnostic";
import { abandon, declare, evaluate } from "./evaluate";
import { gate, type Gate } from "./gate";
import { KeptSet, library } from "./intrinsics";
import type { Inspected } from "./inspection";
import { CellModules } from "./modules";
import { protection } from "./protection";
import { SourceLines } from "./source-lines";
import { CellTimers } from "./timers";
import { inNextTurn } from "./turns";
import { codeMetadata, isCompleteCode, publicModule } from "./tslab";
import { waited } from "./waits";

/** How a cell ended. */
export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "mistyped"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly status: "threw"; readonly error: unknown }
  | { readonly status: "interrupted" };

/** Options for {@link Session}. */
export interface SessionOptions {
  /** The folder of the notebook, from which imports resolve first. */
  readonly cwd: string;
  /** Compiles the cells. */
  readonly compiler: CellCompiler;
  /** Takes what is worth a warning in a cell that runs all the same. */
  readonly warn?: (diagnostics: readonly Diagnostic[], code: string) => void;
  /** Called before code of another cell goes on, such as a timer that an earlier cell started. */
  readonly onSwitch?: () => void;
}

/** Options for {@link Session.run}. */
export interface RunOptions {
  /** What the notebook calls the cell, also when it was edited and runs again. */
  readonly id?: string | undefined;
  /** Learns the number that `current` has while the cell's code runs. */
  readonly beforeStart?: (cell: number) => void;
}

/** A stop signal that long work can ask to wait for it: it ends after its current step and gives what it has. */
export interface CellSignal extends AbortSignal {
  waitUntil(work: Promise<unknown>): void;
}

const signalKey = Symbol.for("residual.signal");

/** How long a cell has, after an interrupt, to come to its end by itself, in milliseconds. */
const grace = 200;
/** How long work that asked to be waited for has; a second interrupt ends the wait. In milliseconds. */
const longGrace = 30_000;
/** Longer than anything of the kernel's own takes between a cell's end and its reply, in milliseconds. */
const ownWork = 1000;

/** Cells are strict, as modules are. */
const strict = '"use strict";';

/** Thrown inside of a cell's code when it goes on after an interrupt. */
class Interrupted extends Error {
  override readonly name = "KeyboardInterrupt";
}

/** A cell that is ready to run. */
interface PreparedCell {
  readonly cell: number;
  readonly compiled: CompiledCell;
  readonly start: Work;
}

/** Work of a cell: it calls `done` when it has ended. */
type Work = (running: Running, done: (outcome: Outcome) => void) => void;

/** A cell that runs. */
interface Running {
  readonly cell: number;
  readonly stop: AbortController;
  readonly awaited: Set<Promise<unknown>>;
  interruptedAt: number | undefined;
  /** The value of its last expression. */
  result: unknown;
  /** How many of its statements it has behind it; less than 0 before its imports are there. */
  reached: number;
  finish(outcome: Outcome): void;
}

// Taken before any cell can change them.
const later = globalThis.setTimeout;
const soon = queueMicrotask;

/** Compiles and runs cells, one at a time. */
export class Session {
  readonly #compiler: CellCompiler;
  readonly #modules: CellModules;
  readonly #warn: SessionOptions["warn"];
  readonly #timers: CellTimers;
  /** Where each cell's compiled code comes from. */
  readonly lines = new SourceLines();
  readonly #declared = new Set<string>();
  /** Cells that were interrupted: what still runs of them ends at its next `await`. */
  readonly #ended = new KeptSet<number>();
  /** Cells with loops that hold variables of the session. */
  readonly #holding = new KeptSet<number>();
  #cell = 0;
  #count = 0;
  #running: Running | undefined;
  /** Whether the code that went on last is that of an ended cell: it may catch its end and compute. */
  #isResisting = false;
  /** Since when the running code was spared, because it may be the kernel's own. */
  #refusedSince: number | undefined;

  constructor({ cwd, compiler, warn, onSwitch }: SessionOptions) {
    this.#compiler = compiler;
    this.#modules = new CellModules({ cwd, provided: { tslab: publicModule } });
    this.#warn = warn;
    this.#timers = new CellTimers(
      () => this.#cell,
      (cell) => {
        const before = this.#cell;
        if (cell !== before) onSwitch?.();
        this.#cell = cell;
        return before;
      },
    );
    this.#timers.install(globalThis);
    Object.defineProperties(gate, Object.getOwnPropertyDescriptors(this.#gate(cwd)));
  }

  /** The number of the cell whose code is running, counted by `run`. */
  get current(): number {
    return this.#cell;
  }

  /** Reads what every cell needs of TypeScript's libraries, so that the first cell need not wait for it. */
  warmUp(): void {
    protection.during(() => this.#compiler.compile("1;"));
  }

  /**
   * Runs one cell; `name` stands for it in stack traces. Never rejects.
   */
  async run(code: string, name: string, options: RunOptions = {}): Promise<Outcome> {
    const prepared = protection.during(() => this.#prepare(code, name, options));
    if ("status" in prepared) return prepared;
    const { cell, start, compiled } = prepared;
    let running: Running | undefined;
    const outcome = await this.#start(cell, (own, done) => {
      running = own;
      start(own, done);
    });
    return protection.during(() => {
      compiled.keep(outcome.status === "ok" ? undefined : (running?.reached ?? -1));
      return outcome;
    });
  }

  /**
   * Runs code that belongs to the latest cell, such as the method by which its value shows itself: like the cell it may be
   * interrupted, and computes in a turn of its own. Never rejects.
   */
  follow(code: () => unknown): Promise<Outcome> {
    return this.#start(this.#cell, (_running, done) => {
      const threw = (error: unknown): void => {
        done({ status: "threw", error });
      };
      try {
        const result = code();
        if (!(result instanceof Promise)) done({ status: "ok", value: result });
        else
          result.then((value: unknown) => {
            done({ status: "ok", value });
          }, threw);
      } catch (error) {
        threw(error);
      }
    });
  }

  /** Compiles a cell and makes ready what it needs; an outcome if there is nothing to run. */
  #prepare(code: string, name: string, { id, beforeStart }: RunOptions): PreparedCell | Outcome {
    const { module } = codeMetadata(code);
    if (module !== undefined) {
      const diagnostics = this.#compiler.addModule(module, code);
      return diagnostics.length > 0
        ? { status: "mistyped", diagnostics }
        : { status: "ok", value: undefined };
    }
    const { errors, cell: compiled } = this.#compiler.compile(code, id);
    if (errors) return { status: "mistyped", diagnostics: errors };
    const cell = ++this.#count;
    this.#cell = cell;
    beforeStart?.(cell);
    if (compiled.warnings.length > 0) this.#warn?.(compiled.warnings, code);
    if (compiled.holds) this.#holding.add(cell);
    this.#modules.update(compiled.modules);
    for (const { path, map } of compiled.modules) this.lines.registerModule(path, map);
    this.lines.register(name, { map: compiled.map, columnsBefore: strict.length, code });
    const added = [...compiled.declared].filter((one) => !this.#declared.has(one));
    for (const one of added) this.#declared.add(one);
    declare(added);
    const start: Work = (running, done) => {
      library.begin();
      evaluate(`${strict}${compiled.output}`, name, (ending) => {
        if (ending.status === "ok") done({ status: "ok", value: running.result });
        else if (ending.status === "threw") done(ending);
        else {
          running.interruptedAt ??= performance.now();
          done({ status: "interrupted" });
        }
      });
    };
    return { cell, start, compiled };
  }

  /** What a cell's compiled code calls. */
  #gate(cwd: string): object {
    const current = (): number => this.#cell;
    /** The cell that runs, if it is its code that asks; one that was ended notes nothing any more. */
    const running = (): Running | undefined =>
      this.#running?.cell === this.#cell ? this.#running : undefined;
    const modules = this.#modules;
    return {
      get cell() {
        return current();
      },
      set result(result: unknown) {
        const own = running();
        if (own) own.result = result;
      },
      set reached(reached: number) {
        const own = running();
        if (own) own.reached = reached;
      },
      waited,
      resumed: (cell: number, value: unknown) => {
        if (this.#ended.size > 0) this.#resume(cell);
        return value;
      },
      set constant(_value: never) {
        throw new TypeError("Assignment to constant variable.");
      },
      load: (id: string, options?: ImportCallOptions) => library.during(() => modules.load(id, options)),
      bind: (module: unknown, ...pairs: string[]) => library.during(() => modules.bind(module, pairs)),
      import: (id: unknown, options?: ImportCallOptions, path?: string) =>
        library.during(() => modules.import(String(id), options, path)),
      metaOf: (path: string) => modules.meta(path),
      ...modules.ofCells(cwd),
    } satisfies Partial<Record<keyof Gate, unknown>>;
  }

  /** Ends a cell's code that goes on after an interrupt. */
  #resume(cell: number): void {
    this.#isResisting = this.#ended.has(cell);
    if (!this.#isResisting) return;
    // It may catch this: until it waits again, what it does is the ended cell's.
    const before = this.#cell;
    this.#cell = cell;
    soon(() => {
      if (this.#cell === cell) this.#cell = before;
    });
    throw new Interrupted("the cell was interrupted");
  }

  /** Starts a cell's code in a turn of its own, where an interrupt may end it without taking the kernel's own frames along. */
  #start(cell: number, work: Work): Promise<Outcome> {
    return new Promise((resolve) => {
      const stop = new AbortController();
      const awaited = new Set<Promise<unknown>>();
      const signal = Object.assign(stop.signal, {
        waitUntil(work: Promise<unknown>) {
          library.during(() => {
            awaited.add(work);
            const done = (): unknown => awaited.delete(work);
            work.then(done, done);
          });
        },
      }) satisfies CellSignal;
      // Long work reads this signal: it ends after its current step when the cell is interrupted.
      (globalThis as Record<symbol, unknown>)[signalKey] = signal;
      const running: Running = {
        cell,
        stop,
        awaited,
        interruptedAt: undefined,
        result: undefined,
        reached: -1,
        finish: (outcome) => {
          if (this.#running !== running) return;
          this.#running = undefined;
          if (running.interruptedAt !== undefined) abandon();
          library.end();
          resolve(running.interruptedAt === undefined ? outcome : { status: "interrupted" });
        },
      };
      this.#running = running;
      inNextTurn(() => {
        if (this.#running !== running) return;
        if (running.interruptedAt !== undefined) {
          running.finish({ status: "interrupted" });
          return;
        }
        this.#cell = cell;
        this.#isResisting = false;
        work(running, (outcome) => {
          // What the code leaves to be done in the same turn belongs to it too: `promise.then(() => { for (;;); })` does not end.
          inNextTurn(() => {
            running.finish(outcome);
          });
        });
      });
    });
  }

  /**
   * Stops the running cell: its signal aborts, its timers end, and what it awaits is no longer waited for. Work that asked
   * for it by `waitUntil` ends by itself first. Without a running cell, the timers that earlier cells left running end.
   */
  interrupt(): void {
    const running = this.#running;
    if (!running) {
      this.#timers.stop();
      return;
    }
    const again = running.interruptedAt !== undefined;
    running.interruptedAt ??= performance.now();
    // Listeners are the cell's own code: they may not end.
    inNextTurn(() => {
      running.stop.abort(new DOMException("the cell was interrupted", "AbortError"));
    });
    if (again || running.awaited.size === 0) {
      this.#end(running, grace);
      return;
    }
    const end = (): void => {
      // One turn more, in which the cell takes what the work gave.
      inNextTurn(() => {
        this.#end(running, grace);
      });
    };
    void Promise.allSettled([...running.awaited]).then(end);
    later(end, longGrace);
  }

  #end(running: Running, wait: number): void {
    if (this.#running !== running) return;
    this.#ended.add(running.cell);
    this.#timers.stop(running.cell);
    later(() => {
      running.finish({ status: "interrupted" });
    }, wait);
  }

  /** Whether the running cell was interrupted. */
  get isInterrupted(): boolean {
    return this.#running?.interruptedAt !== undefined && this.#running.cell === this.#cell;
  }

  /** Ends the running code from within: an interrupt has ended what it waited for. */
  endCell(): never {
    if (this.#running) this.#running.interruptedAt ??= performance.now();
    throw new Interrupted("the cell was interrupted");
  }

  /**
   * Called amid the running code when it does not let an interrupt in. True if it may be ended by force; else it is the
   * kernel's own, work that ends by itself, or a cell that began after the interrupt.
   *
   * @param isSeen whether the interrupt has come to this thread already
   * @param isServing whether a request is being answered
   */
  mayTerminate(isSeen: boolean, isServing: boolean): boolean {
    if (protection.active) return false;
    const running = this.#running;
    if (!running) return !isServing || this.#isStuck();
    if (running.interruptedAt === undefined && isSeen) return this.#isResisting;
    const first = running.interruptedAt === undefined;
    running.interruptedAt ??= performance.now();
    if (running.awaited.size === 0) return true;
    if (first) running.stop.abort(new DOMException("the cell was interrupted", "AbortError"));
    return performance.now() - running.interruptedAt > longGrace;
  }

  /**
   * Between a cell's end and its reply the kernel's own promises go on, and ending one of them would lose the reply. That takes an instant,
   * so what computes longer is code that an earlier cell left behind.
   */
  #isStuck(): boolean {
    this.#refusedSince ??= performance.now();
    return performance.now() - this.#refusedSince > ownWork;
  }

  /** Called when this thread lets messages in again: nothing holds it. */
  yielded(): void {
    this.#refusedSince = undefined;
  }

  /** Whether the running code may hold variables of the session, which must be put back before it is ended by force. */
  get holds(): boolean {
    return this.#holding.has(this.#cell);
  }

  /** Called right before code is ended by force. */
  beforeForce(): void {
    library.during(abandon);
  }

  /** Puts in order what code that was ended by force has left: it runs no `finally`, and promises that it had settled are lost. */
  recover(): void {
    this.#modules.forgetHalfLoaded();
    if (this.#running?.interruptedAt !== undefined) this.#end(this.#running, 0);
  }

  /** Names that fit at `position` (UTF-16 units) of an unfinished cell. */
  complete(code: string, position: number): Completion {
    return protection.during(() => this.#compiler.complete(code, position));
  }

  /** The type and documentation of the name at `position` (UTF-16 units), or undefined. */
  inspect(code: string, position: number): Inspected | undefined {
    return protection.during(() => this.#compiler.inspect(code, position));
  }

  /** Whether a cell's text is syntactically right. */
  isValid(code: string): boolean {
    return this.#compiler.isValid(code);
  }

  /** Whether a cell's text is a whole program; if not, the indentation of its next line. */
  isComplete(code: string): ReturnType<typeof isCompleteCode> {
    // A template may go on in the next line as it likes.
    return this.#compiler.endsInTemplate(code) ? { completed: false, indent: "" } : isCompleteCode(code);
  }
}
