// What a sweep shows while it goes on: one line for all runs with their curves under it, in one output that is replaced.
import { duration } from "../display/duration.js";
import { liveLine } from "../display/live-line.js";
import { smallCurves } from "../plot/small-curves.js";
import type { EpochRecord } from "../train/index.js";
import type { Ending, Placed, PoolWatch } from "./pool.js";

/** How a sweep stands. */
export interface SweepReport {
  readonly done: number;
  readonly failed: number;
  readonly of: number;
  /** The share of all work that is done, 0 to 1: updates, each as much as a network's multiplications. */
  readonly fraction: number;
  /** At the speed so far; undefined until there is one. */
  readonly secondsLeft: number | undefined;
  /** The runs in progress, with the epochs that each has finished. */
  readonly running: readonly {
    readonly name: string;
    readonly seed: number;
    readonly history: readonly EpochRecord[];
  }[];
}

/** What a sweep may show: one live output, nothing, or what a function of the caller's makes of it. */
export type SweepProgress = "auto" | "none" | ((report: SweepReport) => void);

/** Where the runs of a sweep go on. */
export interface SweepPlace {
  /** Processes of one thread each; 0 where runs go one after another in this one. */
  readonly processes: number;
  /** The folder of the checkpoints. */
  readonly folder: string;
}

/** In seconds: a function hears it more often than a page draws it. */
const secondsBetween = { line: 1, call: 0.25 };

/** Follows the runs of a sweep. */
export class SweepDisplay implements PoolWatch {
  readonly stopped: () => boolean;
  readonly #runs: readonly Placed[];
  readonly #option: SweepProgress;
  readonly #place: SweepPlace;
  readonly #line = liveLine("");
  readonly #start = performance.now();
  readonly #fractions: number[];
  /**
   * How far each run was when it first told. What a checkpoint had done before says nothing about the speed, and the start of a process
   * and the recording of its first step, which take seconds, are no measure of the thousands of steps that follow.
   */
  readonly #from: (number | undefined)[];
  /** When the first of them told. */
  #measuredSince: number | undefined;
  readonly #histories: (readonly EpochRecord[])[];
  readonly #running = new Set<number>();
  readonly #kept: Date[] = [];
  #done = 0;
  #failed = 0;
  #next = 0;
  #pending: ReturnType<typeof setTimeout> | undefined;

  constructor(runs: readonly Placed[], option: SweepProgress, place: SweepPlace, stopped: () => boolean) {
    this.stopped = stopped;
    this.#runs = runs;
    this.#option = option;
    this.#place = place;
    this.#fractions = runs.map(() => 0);
    this.#from = runs.map(() => undefined);
    this.#histories = runs.map(() => []);
  }

  begun(run: number): void {
    this.#running.add(run);
    this.#show(true);
  }

  progress(run: number, fraction: number): void {
    this.#fractions[run] = fraction;
    this.#from[run] ??= fraction;
    this.#measuredSince ??= performance.now();
    this.#show(false);
  }

  epoch(run: number, record: EpochRecord): void {
    this.#histories[run] = [...this.#histories[run]!, record];
    this.#show(false);
  }

  ended(run: number, ending: Ending): void {
    this.#running.delete(run);
    if (ending !== undefined && "failed" in ending) this.#failed++;
    else if (ending) {
      this.#histories[run] = ending.history;
      if (ending.metrics) {
        this.#done++;
        this.#fractions[run] = 1;
      }
      if (ending.trainedBefore) this.#kept.push(ending.trainedBefore);
    }
    this.#show(true);
  }

  /** Leaves one line that stays. */
  end(): void {
    clearTimeout(this.#pending);
    if (this.#option !== "auto") return;
    this.#line.end(this.#lastWord(), this.#report().fraction);
  }

  #lastWord(): string {
    const of = this.#runs.length;
    const left = of - this.#done - this.#failed;
    const kept = this.#kept.length;
    const taken =
      kept === 0
        ? ""
        : `: ${kept === of ? "all" : kept} taken from checkpoints of ${days(this.#kept)} and not trained now; to train anew, delete ${this.#place.folder}`;
    const parts = [
      `${this.#done} of ${of} runs finished`,
      ...(this.#failed > 0 ? [`${this.#failed} failed`] : []),
      ...(left > 0 ? [`${left} left`] : []),
    ];
    const again = left > 0 ? "; called again, it goes on where they stopped" : "";
    return `${parts.join(", ")} after ${duration(this.#seconds())}, ${where(this.#place)}${taken}${again}`;
  }

  #report(): SweepReport {
    const all = this.#runs.reduce((sum, { work }) => sum + work, 0);
    const share = (of: (run: number) => number): number =>
      this.#runs.reduce((sum, { work }, run) => sum + work * of(run), 0) / all;
    const fraction = share((run) => this.#fractions[run]!);
    const gained = share((run) => this.#fractions[run]! - (this.#from[run] ?? this.#fractions[run]!));
    const seconds = (performance.now() - (this.#measuredSince ?? 0)) / 1000;
    return {
      done: this.#done,
      failed: this.#failed,
      of: this.#runs.length,
      fraction,
      secondsLeft: gained > 0 ? (seconds / gained) * (1 - fraction) : undefined,
      running: [...this.#running].map((run) => {
        const { name, seed } = this.#runs[run]!.job;
        return { name, seed, history: this.#histories[run]! };
      }),
    };
  }

  /** Shows how it stands: now if that is due, and else when it is. A function is also called whenever a run begins or ends. */
  #show(isTurn: boolean): void {
    const option = this.#option;
    const wait = this.#next - performance.now();
    if (typeof option === "function") {
      if (wait > 0 && !isTurn) return;
      this.#next = performance.now() + 1000 * secondsBetween.call;
      option(this.#report());
    } else if (option === "auto") {
      // Never within the event itself: several runs begin at once, and the first picture holds them all.
      this.#pending ??= setTimeout(
        () => {
          this.#pending = undefined;
          this.#next = performance.now() + 1000 * secondsBetween.line;
          this.#draw();
        },
        Math.max(0, wait),
      );
    }
  }

  #draw(): void {
    const report = this.#report();
    const curves = this.#runs.map(({ job }, i) => ({
      name: job.name,
      x: this.#histories[i]!.map(({ epoch }) => epoch),
      y: this.#histories[i]!.map(({ loss }) => loss),
    }));
    const lengths = this.#runs.map(({ job }) => job.recipe.epochs);
    const epochs = lengths.every((length) => length === lengths[0]) ? lengths[0] : undefined;
    const below = smallCurves(curves, {
      x: "epoch",
      y: "mean training loss (nats)",
      ...(epochs !== undefined && { until: epochs }),
    });
    this.#line.live(inWords(report), report.fraction, below);
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

function inWords({ done, failed, of, secondsLeft, running }: SweepReport): string {
  const under = running.map(({ name, seed, history }) => {
    const last = history.at(-1);
    return `${name} seed ${seed}${last ? ` (epoch ${last.epoch}, loss ${last.loss.toPrecision(3)})` : ""}`;
  });
  const waiting = of - done - failed - running.length;
  return [
    `${done} of ${of} runs done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(under.length > 0 ? [`now ${under.join(" and ")}`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
  ].join(", ");
}

function where({ processes }: SweepPlace): string {
  if (processes === 0) return "one run after another";
  return processes === 1 ? "in 1 process of one thread" : `in ${processes} processes of one thread each`;
}

/** The day, or the first and the last, as a reader's calendar has them. */
function days(dates: readonly Date[]): string {
  const names = [...dates]
    .sort((a, b) => a.getTime() - b.getTime())
    .map((date) => date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }));
  const [first, last] = [names[0]!, names.at(-1)!];
  return first === last ? first : `${first} to ${last}`;
}
