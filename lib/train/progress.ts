// Shows how training goes: a live bar in a notebook, a line in a terminal, or a call of the reader's own function.
import { oneOf, onlyKnown } from "../options.js";
import { liveLine } from "../display/live-line.js";
import type { EpochRecord } from "./metrics.js";
import { describe, describeEpoch, type ProgressReport } from "./progress-text.js";

export type { ProgressReport } from "./progress-text.js";

/**
 * `auto`: a live bar in a notebook, a line in a terminal, a line an epoch elsewhere. `none`. A function to call. Or a part of the line of
 * several runs, as `each` gives it.
 */
export type ProgressOption = "auto" | "none" | ((report: ProgressReport) => void) | ProgressPart;

/** One run's part of a display that several share. */
export interface ProgressPart {
  /** Starts the display of this run. */
  begin(): Progress;
}

/** A running display. */
export interface Progress {
  /** Shows where the run is, unless it was shown less than a quarter of a second ago. */
  update(report: ProgressReport): void;
  /** Shows a finished epoch; in a terminal its line stays. */
  epoch(record: EpochRecord, epochs: number): void;
  /** Ends the display, with a last word if there is one; `fraction` is how much was done, all by default. */
  end(summary?: string, fraction?: number): void;
}

/** When a display starts. */
export interface ProgressTiming {
  /** Nothing is shown before so many seconds; 0 by default. */
  readonly delaySeconds?: number;
}

const secondsBetween = 0.25;

/** Starts a display named by what runs, such as `cifarResNet on cifar-10`. */
export function startProgress(
  option: ProgressOption,
  label: string,
  { delaySeconds = 0 }: ProgressTiming = {},
): Progress {
  if (typeof option === "object") {
    onlyKnown("progress", option, ["begin"], ["begin"]);
    return option.begin();
  }
  if (typeof option !== "function") oneOf("progress", option, ["auto", "none"]);
  if (option === "none") return { update: ignore, epoch: ignore, end: ignore };
  const line = option === "auto" ? liveLine(label) : undefined;
  let next = performance.now() + 1000 * delaySeconds;
  return {
    update(report) {
      if (performance.now() < next) return;
      next = performance.now() + 1000 * secondsBetween;
      if (typeof option === "function") option(report);
      else line?.live(describe(report), report.done / report.of);
    },
    epoch(record, epochs) {
      line?.lasting(describeEpoch(record, epochs));
    },
    end(summary, fraction) {
      line?.end(summary, fraction);
    },
  };
}

function ignore(): void {
  // Silence was asked for.
}
