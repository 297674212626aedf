// Runs code that belongs to cells, one piece of work at a time, and stops it.
import { Session as InspectorSession } from "node:inspector";
import { abandon } from "./evaluate";
import type { Answer, Step } from "./force";
import { KeptSet, library } from "./intrinsics";
import { protection } from "./protection";
import { CellTimers } from "./timers";
import { inNextTurn } from "./turns";

/** How work of a cell ended. */
export type Ended =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "threw"; readonly error: unknown }
  | { readonly status: "interrupted" };

/** A stop signal that long work can ask to wait for it: it ends after its current step and gives what it has. */
export interface CellSignal extends AbortSignal {
  waitUntil(work: Promise<unknown>): void;
}

/** A cell that runs. */
export interface Running {
  readonly cell: number;
  readonly stop: AbortController;
  readonly awaited: Set<Promise<unknown>>;
  interruptedAt: number | undefined;
  /** The value of its last expression. */
  result: unknown;
  /** How many of its statements it has behind it; less than 0 before its imports are there. */
  reached: number;
  finish(ended: Ended): void;
}

/** Work of a cell: it calls `done` when it has ended. */
export type Work = (running: Running, done: (ended: Ended) => void) => void;

const signalKey = Symbol.for("residual.signal");

/** How long a cell has, after an interrupt, to come to its end by itself, in milliseconds. */
const grace = 200;
/** How long work that asked to be waited for has; a second interrupt ends the wait. In milliseconds. */
const longGrace = 30_000;
/** Longer than anything of the kernel's own takes between a cell's end and its reply, in milliseconds. */
const ownWork = 1000;

// Taken before any cell can change them.
const later = globalThis.setTimeout;
const soon = queueMicrotask;

/** Thrown inside of a cell's code when it goes on after an interrupt. */
class Interrupted extends Error {
  override readonly name = "KeyboardInterrupt";
}

/** Runs the cells of one session. */
export class Runner {
  readonly #timers: CellTimers;
  /** Cells that were interrupted: what still runs of them ends at its next `await`. */
  readonly #ended = new KeptSet<number>();
  /** Cells with loops that hold variables of the session. */
  readonly #holding = new KeptSet<number>();
  #cell = 0;
  #running: Running | undefined;
  /** Whether the code that went on last is that of an ended cell: it may catch its end and compute. */
  #isResisting = false;
  /** Since when the running code was spared, because it may be the kernel's own. */
  #sparedSince: number | undefined;
  #hasEndedCode = false;

  /** @param onSwitch called before code of another cell goes on, such as a timer that an earlier cell started */
  constructor(onSwitch?: () => void) {
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

  /** The number of the cell whose code is running. */
  get current(): number {
    return this.#cell;
  }

  /** The cell that runs, if it is its code that asks; one that was ended notes nothing any more. */
  get own(): Running | undefined {
    return this.#running?.cell === this.#cell ? this.#running : undefined;
  }

  /** Whether the running cell was interrupted. */
  get isInterrupted(): boolean {
    return this.own?.interruptedAt !== undefined;
  }

  /** Makes a cell the current one; `holds` tells whether loops of it hold variables of the session. */
  enter(cell: number, holds: boolean): void {
    this.#cell = cell;
    if (holds) this.#holding.add(cell);
  }

  /** Starts the current cell's code in a turn of its own, where an interrupt may end it without taking the kernel's own frames along. */
  start(work: Work): Promise<Ended> {
    const cell = this.#cell;
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
        finish: (ended) => {
          if (this.#running !== running) return;
          this.#running = undefined;
          if (running.interruptedAt !== undefined) abandon();
          library.end();
          resolve(running.interruptedAt === undefined ? ended : { status: "interrupted" });
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
        work(running, (ended) => {
          // What the code leaves to be done in the same turn belongs to it too: `promise.then(() => { for (;;); })` does not end.
          inNextTurn(() => {
            running.finish(ended);
          });
        });
      });
    });
  }

  /**
   * Runs code that belongs to the latest cell, such as the method by which its value shows itself: like the cell it may be
   * interrupted, and computes in a turn of its own. Never rejects.
   */
  follow(code: () => unknown): Promise<Ended> {
    return this.start((_running, done) => {
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

  /** Called when a cell's code goes on after a wait: ends it if it was interrupted. */
  resumed(cell: number): void {
    if (this.#ended.size === 0) return;
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

  /** Ends the running code from within: an interrupt has ended what it waited for. */
  endCell(): never {
    if (this.#running) this.#running.interruptedAt ??= performance.now();
    throw new Interrupted("the cell was interrupted");
  }

  /**
   * Answers the force (`force.ts`) amid running code that does not let an interrupt in, and ends that code.
   *
   * @param isSeen whether the interrupt has come to this thread already
   * @param isServing whether a request is being answered
   */
  answerForce(step: Step, isSeen: boolean, isServing: boolean): Answer {
    if (!this.#mayEnd(isSeen, isServing)) return "spared";
    if (step === "end" && this.#holding.has(this.#cell)) return "holds";
    this.#hasEndedCode = true;
    library.during(abandon);
    if (step !== "ending") endRunningCode();
    return "ended";
  }

  /**
   * Whether the running code may be ended by force; else it is the kernel's own, work that ends by itself, or a cell that began after the
   * interrupt.
   */
  #mayEnd(isSeen: boolean, isServing: boolean): boolean {
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
    this.#sparedSince ??= performance.now();
    return performance.now() - this.#sparedSince > ownWork;
  }

  /**
   * Called when this thread lets messages in again: nothing holds it. Tells whether code was ended by force meanwhile, and puts in order what
   * that has left: it runs no `finally`, and promises that it had settled are lost.
   */
  yielded(): boolean {
    this.#sparedSince = undefined;
    if (!this.#hasEndedCode) return false;
    this.#hasEndedCode = false;
    if (this.#running?.interruptedAt !== undefined) this.#end(this.#running, 0);
    return true;
  }
}

/** Ends the JavaScript that is running on this thread, down to the event loop. */
function endRunningCode(): void {
  const inspector = new InspectorSession();
  inspector.connect();
  inspector.post("Runtime.terminateExecution");
}
