// Several runs, one after another, under one line: what runs, how many are done, and how much time is left for all.
import { duration } from "../display/duration.js";
import { liveLine, textBar, type LiveLine } from "../display/live-line.js";
import { onlyKnown } from "../options.js";
import { smallCurves } from "../plot/small-curves.js";
import type { EpochRecord } from "./metrics.js";
import type { Progress, ProgressPart } from "./progress.js";
import type { ProgressReport } from "./progress-text.js";

/** Options for {@link each}. */
export interface EachOptions<T> {
  /** What a run is called, such as `plain-56, seed 1`. */
  readonly name: (item: T) => string;
  /** How much work a run is, in a unit of your own, such as its layers; all alike unless said. It makes the time left truer. */
  readonly work?: (item: T) => number;
  /** Runs of one curve have one colour, such as those of one depth; each has its own, by its name, unless said. */
  readonly curve?: (item: T) => string;
}

const secondsBetween = 1;

/** The line of all runs. */
class Overall<T> {
  readonly #line: LiveLine = liveLine("");
  readonly #items: readonly T[];
  readonly #options: EachOptions<T>;
  readonly #work: readonly number[];
  readonly #start = performance.now();
  readonly #losses: { readonly name: string; readonly x: number[]; readonly y: number[] }[];
  #epochs = 0;
  #next = 0;
  #at = -1;

  constructor(items: readonly T[], options: EachOptions<T>) {
    this.#items = items;
    this.#options = options;
    this.#work = items.map(options.work ?? (() => 1));
    this.#losses = items.map((item) => ({ name: (options.curve ?? options.name)(item), x: [], y: [] }));
    const wrong = this.#work.find((work) => !(Number.isFinite(work) && work > 0));
    if (wrong !== undefined)
      throw new RangeError(`each: a run's work must be a finite number above 0; got ${wrong}`);
  }

  /** Begins the run of that index; the one before is done. */
  begin(index: number): ProgressPart {
    this.#at = index;
    const name = this.#options.name(this.#items[index]!);
    this.#draw(name, 0, "");
    return { begin: () => this.#part(name) };
  }

  end(done: number): void {
    const count = `${done}/${this.#items.length} runs after ${duration(this.#seconds())}`;
    const isComplete = done === this.#items.length;
    this.#line.end(isComplete ? count : `stopped at ${count}`, isComplete ? 1 : done / this.#items.length);
  }

  #part(name: string): Progress {
    return {
      update: (report) => {
        this.#epochs = report.epochs ?? 0;
        if (performance.now() >= this.#next) this.#draw(name, share(report), place(report));
      },
      epoch: ({ epoch, loss }: EpochRecord) => {
        const { x, y } = this.#losses[this.#at]!;
        x.push(epoch);
        y.push(loss);
      },
      end: () => undefined,
    };
  }

  #draw(name: string, fraction: number, where: string): void {
    this.#next = performance.now() + 1000 * secondsBetween;
    const sum = (works: readonly number[]): number => works.reduce((total, work) => total + work, 0);
    const done = sum(this.#work.slice(0, this.#at)) + fraction * this.#work[this.#at]!;
    const all = done / sum(this.#work);
    const parts = [`${textBar(all)} run ${this.#at + 1}/${this.#items.length}`, `${name}${where}`];
    if (all > 0) parts.push(`${duration((this.#seconds() * (1 - all)) / all)} left for all`);
    const axes = { x: "epoch", y: "mean training loss (nats)", until: this.#epochs };
    this.#line.live(parts.join(", "), all, smallCurves(this.#losses, axes));
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

/** How much of its run a report has seen, 0 to 1. */
function share({ done, of, epoch = 1, epochs = 1, phase }: ProgressReport): number {
  return (epoch - 1 + (phase === "training" ? done / of : 1)) / epochs;
}

function place({ epoch, epochs, loss }: ProgressReport): string {
  return epoch === undefined ? "" : `: epoch ${epoch}/${epochs ?? epoch}, loss ${loss.toPrecision(3)}`;
}

/**
 * Items that are trained one after another, each with the option `progress` for its `fit`. One line tells what runs, how many are done
 * and how much time is left for all, in a notebook with the curves of the loss under it; a run has no line of its own.
 *
 * @example
 * ```ts
 * const names = [];
 * for (const [depth] of train.each([20, 56], { name: (depth) => `plain-${depth}` })) names.push(depth);
 * names; // [20, 56]
 * ```
 *
 * @throws RangeError if a run's work is no finite number above 0
 */
export function* each<T>(
  items: Iterable<T>,
  options: EachOptions<T>,
): Generator<[item: T, progress: ProgressPart], void, undefined> {
  onlyKnown("each", options, ["name", "work", "curve"], ["name"]);
  const all = [...items];
  if (all.length === 0) return;
  const overall = new Overall(all, options);
  let done = 0;
  try {
    for (const [index, item] of all.entries()) {
      yield [item, overall.begin(index)];
      done++;
    }
  } finally {
    overall.end(done);
  }
}
