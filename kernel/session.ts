// One notebook's session: compiles each cell against those before it and runs it, keeping the variables.
import vm from "node:vm";
import type ts from "typescript";
import type { CellCompiler, CompiledCell, Completion } from "./compiler";
import type { Diagnostic } from "./diagnostic";
import { CellModules } from "./modules";
import { kernelName, slot } from "./slots";
import { protection } from "./protection";
import { SourceLines } from "./source-lines";
import { CellTimers } from "./timers";
import { inNextTurn } from "./turns";
import { codeMetadata, isCompleteCode, publicModule } from "./tslab";

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

/** A stop signal that long work can ask to wait for it: it ends after its current step and gives what it has. */
export interface CellSignal extends AbortSignal {
  waitUntil(work: Promise<unknown>): void;
}

const signalKey = Symbol.for("residual.signal");

/** How long a cell has, after an interrupt, to come to its end by itself, in milliseconds. */
const grace = 200;
/** How long work that asked to be waited for has; a second interrupt ends the wait. In milliseconds. */
const longGrace = 30_000;
/** A loop copies its variables back about this often, in milliseconds. */
const saveInterval = 1;

/** Thrown inside of a cell's code when it goes on after an interrupt. */
class Interrupted extends Error {
  override readonly name = "KeyboardInterrupt";
}

/** What a cell's compiled code calls. */
type CellKernel = { result: unknown; reached: number } & Record<string, unknown>;

/** A cell that is ready to run. */
interface PreparedCell {
  readonly cell: number;
  readonly kernel: CellKernel;
  readonly compiled: CompiledCell;
  readonly start: () => unknown;
}

/** A cell that runs. */
interface Running {
  readonly cell: number;
  readonly stop: AbortController;
  readonly awaited: Set<Promise<unknown>>;
  interruptedAt: number | undefined;
  finish(outcome: Outcome): void;
}

const later = globalThis.setTimeout;

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
  readonly #ended = new Set<number>();
  #cell = 0;
  #count = 0;
  #running: Running | undefined;
  /** Whether the code that went on last is that of an ended cell: it may catch its end and compute. */
  #isResisting = false;

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
   * Runs one cell; `name` stands for it in stack traces. `beforeStart` learns the number that `current` has while its code
   * runs. Never rejects.
   */
  async run(code: string, name: string, beforeStart?: (cell: number) => void): Promise<Outcome> {
    const prepared = protection.during(() => this.#prepare(code, name, beforeStart));
    if ("status" in prepared) return prepared;
    const { cell, kernel, start, compiled } = prepared;
    const outcome = await this.#start(cell, start);
    return protection.during(() => {
      compiled.keep(outcome.status === "ok" ? undefined : kernel.reached);
      return outcome.status === "ok" ? { status: "ok", value: kernel.result } : outcome;
    });
  }

  /**
   * Runs code that belongs to the latest cell, such as the method by which its value shows itself: like the cell it may be
   * interrupted, and computes in a turn of its own. Never rejects.
   */
  follow(code: () => unknown): Promise<Outcome> {
    return this.#start(this.#cell, code);
  }

  /** Compiles a cell and makes ready what it needs; an outcome if there is nothing to run. */
  #prepare(code: string, name: string, beforeStart?: (cell: number) => void): PreparedCell | Outcome {
    const { module } = codeMetadata(code);
    if (module !== undefined) {
      const diagnostics = this.#compiler.addModule(module, code);
      return diagnostics.length > 0
        ? { status: "mistyped", diagnostics }
        : { status: "ok", value: undefined };
    }
    const { errors, cell: compiled } = this.#compiler.compile(code);
    if (errors) return { status: "mistyped", diagnostics: errors };
    const cell = ++this.#count;
    this.#cell = cell;
    beforeStart?.(cell);
    if (compiled.warnings.length > 0) this.#warn?.(compiled.warnings, code);
    this.#modules.update(compiled.modules);
    for (const { path, map } of compiled.modules) this.lines.registerModule(path, map);

    const kernel = this.#forCell(cell);
    const { output, map } = compiled;
    const opening = `(${compiled.isAsync ? "async " : ""}function (${kernelName}) { "use strict"; `;
    const lineCount = output.trimEnd().split("\n").length;
    this.lines.register(name, {
      maps: [map],
      lineCount,
      columnsBefore: opening.length,
      linesBefore: 0,
      code,
    });
    this.#declare(compiled.declared);
    const start = (): unknown => {
      const run = vm.runInThisContext(`${opening}${output}\n})`, {
        filename: name,
        displayErrors: false,
      }) as (kernel: object) => unknown;
      return run(kernel);
    };
    return { cell, kernel, start, compiled };
  }

  /** Makes the variables of V8's script scope that a cell is about to set. */
  #declare(names: ReadonlySet<string>): void {
    const added = [...names].filter((name) => !this.#declared.has(name));
    if (added.length === 0) return;
    vm.runInThisContext(`let ${added.map(slot).join(", ")};`);
    for (const name of added) this.#declared.add(name);
  }

  /** What a cell's compiled code calls. */
  #forCell(cell: number): CellKernel {
    const current = (): number => this.#cell;
    const resume = (caller: number): void => {
      this.#isResisting = this.#ended.has(caller);
      if (this.#isResisting) throw new Interrupted("the cell was interrupted");
    };
    const ended = this.#ended;
    let turns = 1;
    let last = 0;
    return {
      result: undefined,
      reached: 0,
      load: (id: string) => this.#modules.load(id),
      import: (id: string) => this.#modules.import(id),
      get cell() {
        return current();
      },
      /** After each `await`: code of an interrupted cell ends here. */
      resumed(value: unknown, caller = cell) {
        if (ended.size > 0) resume(caller);
        return value;
      },
      /** How many turns a loop may take before it copies its variables back. */
      pace() {
        const now = performance.now();
        turns = now - last < saveInterval ? Math.min(turns * 2, 1 << 20) : Math.max(1, turns >> 1);
        last = now;
        return turns;
      },
    };
  }

  /** Starts a cell's code in a turn of its own, where an interrupt may end it without taking the kernel's own frames along. */
  #start(cell: number, code: () => unknown): Promise<Outcome> {
    return new Promise((resolve) => {
      const stop = new AbortController();
      const awaited = new Set<Promise<unknown>>();
      const signal = Object.assign(stop.signal, {
        waitUntil(work: Promise<unknown>) {
          awaited.add(work);
          const done = (): unknown => awaited.delete(work);
          work.then(done, done);
        },
      }) satisfies CellSignal;
      // Long work reads this signal: it ends after its current step when the cell is interrupted.
      (globalThis as Record<symbol, unknown>)[signalKey] = signal;
      const running: Running = {
        cell,
        stop,
        awaited,
        interruptedAt: undefined,
        finish: (outcome) => {
          if (this.#running !== running) return;
          this.#running = undefined;
          resolve(running.interruptedAt === undefined ? outcome : { status: "interrupted" });
        },
      };
      this.#running = running;
      // What the code leaves to be done in the same turn belongs to it too: `promise.then(() => { for (;;); })` does not end.
      const finishLater = (outcome: Outcome): void => {
        inNextTurn(() => {
          running.finish(outcome);
        });
      };
      inNextTurn(() => {
        if (this.#running !== running) return;
        if (running.interruptedAt !== undefined) {
          running.finish({ status: "interrupted" });
          return;
        }
        this.#cell = cell;
        this.#isResisting = false;
        try {
          const result = code();
          if (!(result instanceof Promise)) {
            finishLater({ status: "ok", value: result });
            return;
          }
          result.then(
            (value: unknown) => {
              finishLater({ status: "ok", value });
            },
            (error: unknown) => {
              finishLater({ status: "threw", error });
            },
          );
        } catch (error) {
          finishLater({ status: "threw", error });
        }
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
    if (again) {
      this.#end(running);
      return;
    }
    if (running.awaited.size === 0) {
      this.#end(running);
      return;
    }
    const end = (): void => {
      // One turn more, in which the cell takes what the work gave.
      inNextTurn(() => {
        this.#end(running);
      });
    };
    void Promise.allSettled([...running.awaited]).then(end);
    later(end, longGrace);
  }

  #end(running: Running): void {
    if (this.#running !== running) return;
    this.#ended.add(running.cell);
    this.#timers.stop(running.cell);
    later(() => {
      running.finish({ status: "interrupted" });
    }, grace);
  }

  /**
   * Called amid the running code when it does not let an interrupt in. True if it may be ended by force; else it is the
   * kernel's own, work that ends by itself, or a cell that began after the interrupt.
   *
   * @param isSeen whether the interrupt has come to this thread already
   */
  mayTerminate(isSeen: boolean): boolean {
    if (protection.active) return false;
    const running = this.#running;
    if (!running) return true;
    if (running.interruptedAt === undefined && isSeen) return this.#isResisting;
    const first = running.interruptedAt === undefined;
    running.interruptedAt ??= performance.now();
    if (running.awaited.size === 0) return true;
    if (first) running.stop.abort(new DOMException("the cell was interrupted", "AbortError"));
    return performance.now() - running.interruptedAt > longGrace;
  }

  /** Puts in order what code that was ended by force has left: it runs no `finally`, and promises that it had settled are lost. */
  recover(): void {
    this.#modules.forgetHalfLoaded();
    if (this.#running?.interruptedAt !== undefined) this.#end(this.#running);
  }

  /** Names that fit at `position` (UTF-16 units) of an unfinished cell. */
  complete(code: string, position: number): Completion {
    return protection.during(() => this.#compiler.complete(code, position));
  }

  /** The type and documentation of the name at `position` (UTF-16 units), or undefined. */
  inspect(code: string, position: number): ts.QuickInfo | undefined {
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
