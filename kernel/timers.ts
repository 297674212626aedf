// Timers that cells start: each belongs to its cell, so that an interrupt can end them and output finds its place.

import { KeptMap } from "./intrinsics";

// Taken before any cell can change it.
const { apply } = Reflect;

/** The timers of all cells. */
export class CellTimers {
  readonly #running = new KeptMap<object, { readonly cell: number; readonly stop: () => void }>();
  readonly #current: () => number;
  readonly #enter: (cell: number) => number;

  /**
   * @param current the cell whose code is running
   * @param enter makes a cell the current one and returns the one before
   */
  constructor(current: () => number, enter: (cell: number) => number) {
    this.#current = current;
    this.#enter = enter;
  }

  /** Puts timers that are accounted for in the place of `setTimeout`, `setInterval` and `setImmediate`. */
  install(target: typeof globalThis): void {
    const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = target;
    const track =
      <T extends object>(start: (...all: unknown[]) => T, clear: (timer: T) => void, repeats: boolean) =>
      (...all: unknown[]): T => {
        const callback = all[0];
        // Node's own error names the argument.
        if (typeof callback !== "function") return apply(start, undefined, all);
        const cell = this.#current();
        all[0] = (...args: unknown[]): void => {
          if (!repeats) this.#running.delete(timer);
          const before = this.#enter(cell);
          try {
            apply(callback as () => void, timer, args);
          } finally {
            this.#enter(before);
          }
        };
        const timer = apply(start, undefined, all);
        this.#running.set(timer, {
          cell,
          stop: () => {
            clear(timer);
          },
        });
        return timer;
      };
    const forgetting =
      <T>(clear: (timer: T) => void) =>
      (timer: T): void => {
        if (typeof timer === "object" && timer !== null) this.#running.delete(timer);
        clear(timer);
      };
    const replacements = {
      setTimeout: track(setTimeout as never, clearTimeout as never, false),
      setInterval: track(setInterval as never, clearInterval as never, true),
      setImmediate: track(setImmediate as never, clearImmediate as never, false),
      clearTimeout: forgetting(clearTimeout as (timer: unknown) => void),
      clearInterval: forgetting(clearInterval as (timer: unknown) => void),
      clearImmediate: forgetting(clearImmediate as (timer: unknown) => void),
    };
    for (const [name, replacement] of Object.entries(replacements))
      // Its name, and the property by which `util.promisify(setTimeout)` goes.
      Object.defineProperties(
        replacement,
        Object.getOwnPropertyDescriptors(target[name as keyof typeof replacements]),
      );
    Object.assign(target, replacements);
  }

  /** Ends the timers of one cell, or all of them. */
  stop(cell?: number): void {
    for (const [timer, { cell: owner, stop }] of this.#running) {
      if (cell !== undefined && owner !== cell) continue;
      stop();
      this.#running.delete(timer);
    }
  }
}
