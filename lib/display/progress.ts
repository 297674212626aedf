// A progress bar around a loop: `for (const item of progress(items))`.
import { onlyKnown } from "../options.js";
import { duration } from "./duration.js";
import { liveLine, textBar, type LiveLine } from "./live-line.js";
import { formatNumber } from "./numbers.js";

/** Options for {@link progress}. */
export interface ProgressBarOptions {
  /** What runs. */
  readonly label?: string;
  /** How many items there will be; by default the items' own `length` or `size`. Without it there is no time left to tell. */
  readonly total?: number;
  /** What is counted, in the plural: `images/s` in place of `/s`. */
  readonly unit?: string;
}

/** How often a bar is drawn, in milliseconds. */
const drawEvery = 250;

/** The bar of one loop. */
class Bar {
  readonly #line: LiveLine;
  readonly #total: number | undefined;
  readonly #unit: string;
  readonly #start = performance.now();
  #next = this.#start;
  #done = 0;

  constructor({ label = "", total, unit = "" }: ProgressBarOptions) {
    this.#line = liveLine(label);
    this.#total = total;
    this.#unit = unit;
    this.#draw();
  }

  /** Called when an item has been dealt with. */
  advance(): void {
    this.#done++;
    if (performance.now() >= this.#next) this.#draw();
  }

  /** Called once at the loop's end, however it ends. */
  end(isComplete: boolean): void {
    const took = `after ${duration(this.#seconds())}`;
    if (isComplete) this.#line.end(`${this.#count()} ${took}`);
    else this.#line.end(`stopped at ${this.#count()} ${took}`, this.#fraction());
  }

  #draw(): void {
    this.#next = performance.now() + drawEvery;
    const seconds = this.#seconds();
    const rate = this.#done / seconds;
    const fraction = this.#fraction();
    const parts = [this.#total === undefined ? this.#count() : `${textBar(fraction)} ${this.#count()}`];
    if (this.#done > 0 && seconds > 0) {
      parts.push(
        `${formatNumber(rate < 10 ? rate : Math.round(rate))}${this.#unit === "" ? "" : ` ${this.#unit}`}/s`,
      );
      if (this.#total !== undefined)
        parts.push(`${duration(Math.max(0, this.#total - this.#done) / rate)} left`);
    }
    this.#line.live(parts.join(", "), fraction);
  }

  /** How much is done, 0 to 1; without a total nobody knows. */
  #fraction(): number {
    return this.#total === undefined ? 0 : this.#total === 0 ? 1 : this.#done / this.#total;
  }

  #count(): string {
    return this.#total === undefined ? formatNumber(this.#done) : `${this.#done}/${this.#total}`;
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

/**
 * The items of a loop, with a bar that shows how many are done, how fast it goes, and how much time is left. A number `n` stands for
 * 0 to n - 1. The bar is one output that is replaced, in a notebook, and one line in a terminal. It costs a look at the clock an item.
 *
 * @example
 * ```ts
 * const seen = [];
 * for (const seed of plot.progress([1, 2, 3])) seen.push(seed);
 * seen; // [1, 2, 3]
 * ```
 *
 * @throws RangeError if the number, or the option total, is no whole number of at least 0.
 */
export function progress(count: number, options?: ProgressBarOptions): Iterable<number>;
export function progress<T>(items: Iterable<T>, options?: ProgressBarOptions): Iterable<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressBarOptions): AsyncIterable<T>;
export function progress<T>(
  items: number | Iterable<T> | AsyncIterable<T>,
  options: ProgressBarOptions = {},
): Iterable<T | number> | AsyncIterable<T> {
  onlyKnown("progress", options, ["label", "total", "unit"]);
  const total = options.total ?? sizeOf(items);
  if (total !== undefined && !(Number.isInteger(total) && total >= 0))
    throw new RangeError(`a progress bar's total must be a whole number of at least 0; got ${total}`);
  const known = total === undefined ? options : { ...options, total };
  if (typeof items === "number") return overItems(upTo(items), known);
  return Symbol.asyncIterator in items ? overAsyncItems(items, known) : overItems(items, known);
}

function sizeOf(items: unknown): number | undefined {
  if (typeof items === "number") return items;
  const { length, size } = items as { length?: unknown; size?: unknown };
  return [length, size].find((count) => typeof count === "number");
}

function* upTo(count: number): Iterable<number> {
  for (let i = 0; i < count; i++) yield i;
}

function* overItems<T>(items: Iterable<T>, options: ProgressBarOptions): Iterable<T> {
  const bar = new Bar(options);
  let isComplete = false;
  try {
    for (const item of items) {
      yield item;
      bar.advance();
    }
    isComplete = true;
  } finally {
    bar.end(isComplete);
  }
}

async function* overAsyncItems<T>(items: AsyncIterable<T>, options: ProgressBarOptions): AsyncIterable<T> {
  const bar = new Bar(options);
  let isComplete = false;
  try {
    for await (const item of items) {
      yield item;
      bar.advance();
    }
    isComplete = true;
  } finally {
    bar.end(isComplete);
  }
}
