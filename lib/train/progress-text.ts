// Progress in words: pure functions from where a run is to a line of text or HTML.
import type { EpochRecord } from "./metrics.js";
import type { ProgressReport } from "./progress.js";

const barWidth = 20;

/** One line, such as `epoch 3/10 [####......] 45/78, loss 0.512, accuracy 81.2 %, 2310 images/s, 1 min 12 s left`. */
export function describe(report: ProgressReport): string {
  const { phase, epoch, epochs, done, of, loss, accuracy, imagesPerSecond, secondsLeft } = report;
  const filled = Math.round((barWidth * done) / of);
  const bar = `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]`;
  const place = phase === "evaluation" || epoch === undefined ? phase : `epoch ${epoch}/${epochs ?? epoch}`;
  return [
    `${place}${phase === "validation" ? " validation" : ""} ${bar} ${done}/${of}`,
    describeMetrics(loss, accuracy),
    describeSpeed(imagesPerSecond),
    `${duration(secondsLeft)} left`,
  ].join(", ");
}

/** The line of a finished epoch. */
export function describeEpoch(record: EpochRecord, epochs: number): string {
  const { epoch, loss, accuracy, validation, rate, seconds, imagesPerSecond } = record;
  return [
    `epoch ${epoch}/${epochs}: ${describeMetrics(loss, accuracy)}`,
    ...(validation ? [`validation ${describeMetrics(validation.loss, validation.accuracy)}`] : []),
    `rate ${Number(rate.toPrecision(4))}`,
    describeSpeed(imagesPerSecond),
    duration(seconds),
  ].join(", ");
}

function describeMetrics(loss: number, accuracy: number): string {
  return `loss ${loss.toPrecision(3)}, accuracy ${(100 * accuracy).toFixed(1)} %`;
}

function describeSpeed(imagesPerSecond: number): string {
  return `${imagesPerSecond < 10 ? imagesPerSecond.toPrecision(2) : Math.round(imagesPerSecond)} images/s`;
}

/** Seconds in the two units that matter: `8 s`, `1 min 12 s`, `5 h 3 min`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** A bar and a line; the text may hold anything, a data set's name from a file included. */
export function htmlBar(text: string, fraction: number): string {
  const value = Math.min(Math.max(fraction, 0), 1).toFixed(3);
  return `<progress value="${value}" max="1" style="width: 12em; vertical-align: middle"></progress> <code>${escapeHtml(text)}</code>`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
