// What a sweep shows: one output for all its runs, at most once a second, and in the end a line that hides nothing.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DisplayOptions, MimeBundle } from "../display/display.js";
import type { EpochRecord } from "../train/index.js";
import { SweepDisplay } from "./display.js";
import type { Job } from "./description.js";
import type { Outcome } from "./one-run.js";

const hookKey = Symbol.for("residual.display");
const globals = globalThis as Record<symbol, unknown>;
let shown: { text: string; html: string; options: DisplayOptions }[];

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  globals[hookKey] = (bundle: MimeBundle, options: DisplayOptions) =>
    shown.push({ text: bundle["text/plain"], html: String(bundle["text/html"]), options });
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(globals, hookKey);
});

const runs = [
  { name: "plain-20", seed: 1, work: 1 },
  { name: "plain-20", seed: 2, work: 1 },
  { name: "plain-56", seed: 1, work: 3 },
].map(({ name, seed, work }) => {
  const network = { model: "cifarResNet", options: {} };
  const job: Job = { name, seed, network, data: { name: "fashion-mnist-sample" }, recipe: { epochs: 2 } };
  return { job, path: `${name}-${seed}`, work };
});
const record = (epoch: number, loss: number): EpochRecord => ({
  epoch,
  step: epoch,
  learningRate: 0.1,
  loss,
  accuracy: 0.5,
  seconds: 1,
  imagesPerSecond: 1,
});
const metrics = { train: { loss: 1, accuracy: 0.5 }, test: { loss: 1, accuracy: 0.5 } };
const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  history: [record(1, 2), record(2, 1)],
  steps: 2,
  metrics,
  ...more,
});
const start = (): SweepDisplay =>
  new SweepDisplay(runs, "auto", { processes: 2, folder: "runs/sweeps" }, () => false);

test("SweepDisplay shows in one output what runs, how many are done and left, the time left and growing curves", () => {
  const display = start();
  display.begun(2);
  display.begun(0);
  vi.advanceTimersByTime(0);
  expect(shown.map(({ text }) => text)).toEqual([
    "0 of 3 runs done, now plain-56 seed 1 and plain-20 seed 1, 1 waiting",
  ]);
  expect(shown[0]!.html).not.toContain("<svg");
  // The first step comes after a start, and takes longer than those behind it.
  vi.advanceTimersByTime(60_000);
  display.progress(0, 0.25);
  vi.advanceTimersByTime(3000);
  expect(shown.at(-1)!.text).not.toContain("left");
  display.progress(0, 0.5);
  display.epoch(0, record(1, 2));
  vi.advanceTimersByTime(0);
  expect(shown.at(-1)!.text).toBe(
    "0 of 3 runs done, now plain-56 seed 1 and plain-20 seed 1 (epoch 1, loss 2.00), 1 waiting, 54 s left",
  );
  expect(shown.at(-1)!.html).toContain("<polyline");
  display.ended(0, outcome());
  vi.advanceTimersByTime(1000);
  expect(shown.at(-1)!.text).toContain("1 of 3 runs done, now plain-56 seed 1, 1 waiting");
  expect(shown.at(-1)!.html).toMatch(/points="[^ ]+ [^ ]+"/); // both epochs
  expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(1);
  expect(shown.every(({ options }) => options.transient)).toBe(true);
});

test("SweepDisplay draws at most once a second, and the last state without another event", () => {
  const display = start();
  for (const [run] of runs.entries()) display.begun(run);
  for (let i = 1; i <= 100; i++) {
    display.progress(0, i / 100);
    display.progress(1, i / 100);
    vi.advanceTimersByTime(50);
  }
  expect(shown.length).toBeGreaterThanOrEqual(5);
  expect(shown.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(1000);
  expect(shown.at(-1)!.html).toContain('value="0.400"'); // two of the five parts of all work
});

test("SweepDisplay ends with one line that says what failed, what is left, and what was not trained now", () => {
  const display = start();
  display.begun(2);
  display.ended(2, { failed: "no" });
  display.ended(0, outcome());
  display.ended(1, { history: [record(1, 2)], steps: 1 });
  vi.advanceTimersByTime(30_000);
  display.end();
  expect(shown.at(-1)!.text).toBe(
    "1 of 3 runs finished, 1 failed, 1 left after 30 s, in 2 processes of one thread each; called again, it goes on where they stopped",
  );
  expect(shown.at(-1)!.html).not.toContain("<svg");
  const drawn = shown.length;
  vi.advanceTimersByTime(5000);
  expect(shown).toHaveLength(drawn);

  const again = start();
  const days = [new Date(2026, 10, 28, 12), new Date(2026, 10, 30, 12)];
  runs.forEach((_, run) => {
    again.ended(run, outcome(run < 2 ? { trainedBefore: days[run]! } : {}));
  });
  again.end();
  expect(shown.at(-1)!.text).toBe(
    "3 of 3 runs finished after 0 s, in 2 processes of one thread each: 2 taken from checkpoints of 28 November 2026 to 30 November 2026 and not trained now; to train anew, delete runs/sweeps",
  );
});
