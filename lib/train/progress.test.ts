import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DisplayOptions, MimeBundle } from "../display/display.js";
import type { EpochRecord } from "./metrics.js";
import { describe as inWords, describeEpoch } from "./progress-text.js";
import { startProgress, type ProgressReport } from "./progress.js";

const report: ProgressReport = {
  phase: "training",
  done: 45,
  of: 60,
  epoch: 3,
  epochs: 10,
  loss: 0.51234,
  accuracy: 0.8125,
  imagesPerSecond: 2310.4,
  secondsLeft: 72.3,
};
const record: EpochRecord = {
  epoch: 3,
  step: 180,
  learningRate: 0.1 * 0.1,
  loss: 0.5,
  accuracy: 0.8,
  validation: { loss: 0.6, accuracy: 0.75 },
  seconds: 3700,
  imagesPerSecond: 3.456,
};

const hookKey = Symbol.for("residual.display");
const globals = globalThis as Record<symbol, unknown>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  Reflect.deleteProperty(globals, hookKey);
});

test("describe() says epoch, bar, loss, accuracy, speed and time left", () => {
  expect(inWords(report)).toBe(
    "epoch 3/10 [###############.....] 45/60, loss 0.512, accuracy 81.3 %, 2310 images/s, 1 min 12 s left",
  );
  expect(inWords({ ...report, phase: "validation" })).toMatch(/^epoch 3\/10 validation \[/);
});

test("describeEpoch() says both losses, the learning rate without rounding noise, speed and time", () => {
  expect(describeEpoch(record, 10)).toBe(
    "epoch 3/10: loss 0.500, accuracy 80.0 %, validation loss 0.600, accuracy 75.0 %, rate 0.01, 3.5 images/s, 1 h 1 min",
  );
});

test("startProgress() in a notebook shows one transient output and replaces it, four times a second", () => {
  const shown: { bundle: MimeBundle; options: DisplayOptions }[] = [];
  globals[hookKey] = (bundle: MimeBundle, options: DisplayOptions) => shown.push({ bundle, options });
  const progress = startProgress("auto", "net on <data>");
  for (let i = 0; i < 100; i++) {
    progress.update({ ...report, done: i, of: 100 });
    vi.advanceTimersByTime(10);
  }
  expect(shown.map(({ options }) => options.update)).toEqual([false, true, true, true]);
  progress.epoch(record, 10);
  progress.end("finished");
  expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(1);
  expect(shown.every(({ options }) => options.transient)).toBe(true);
  expect(shown[1]!.bundle["text/plain"]).toMatch(/^net on <data>: epoch 3\/10 .* 25\/100, loss 0\.512/);
  expect(shown[1]!.bundle["text/html"]).toMatch(
    /^<progress value="0\.250".*<code[^>]*>net on &lt;data&gt;: epoch 3/,
  );
  expect(shown.at(-1)!.bundle["text/plain"]).toBe("net on <data>: finished");

  const other = startProgress("auto", "another");
  other.update(report);
  expect(shown.at(-1)!.options.displayId).not.toBe(shown[0]!.options.displayId);
});

/** What reaches standard error, as a terminal or not. */
function captureStandardError(isTTY: boolean): string[] {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  vi.spyOn(process, "stderr", "get").mockReturnValue(
    Object.assign(Object.create(process.stderr) as typeof process.stderr, { isTTY, columns: 40 }),
  );
  return written;
}

test("startProgress() in a terminal rewrites one line no longer than the window, and keeps a line an epoch", () => {
  const written = captureStandardError(true);
  const progress = startProgress("auto", "net on data");
  progress.update(report);
  progress.epoch(record, 10);
  progress.end("finished");
  expect(written).toEqual([
    "\r\x1b[Kepoch 3/10 [###############.....] 45/60",
    "\r\x1b[Knet on data\n",
    `\r\x1b[K${describeEpoch(record, 10)}\n`,
    "\r\x1b[Kfinished\n",
  ]);
});

test("startProgress() into a file writes whole lines only, without control characters", () => {
  const written = captureStandardError(false);
  const progress = startProgress("auto", "net on data");
  progress.update(report);
  progress.epoch(record, 10);
  progress.end("finished");
  expect(written).toEqual(["net on data\n", `${describeEpoch(record, 10)}\n`, "finished\n"]);
});

test("startProgress() waits for its delay, and clears a line that has no last word", () => {
  const written = captureStandardError(true);
  const progress = startProgress("auto", "net on data", { delaySeconds: 2 });
  progress.update(report);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(2000);
  progress.update(report);
  progress.end();
  expect(written).toEqual([expect.stringContaining("epoch 3/10"), "\r\x1b[K"]);
});

test("startProgress() calls a function with reports, and shows nothing by itself", () => {
  const written = captureStandardError(true);
  const reports: ProgressReport[] = [];
  const progress = startProgress((now) => reports.push(now), "net on data");
  progress.update(report);
  progress.epoch(record, 10);
  progress.end("finished");
  startProgress("none", "net on data").end("finished");
  expect(reports).toEqual([report]);
  expect(written).toEqual([]);
});
