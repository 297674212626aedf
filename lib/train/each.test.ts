// Several runs under one line: what runs, how many are done, and the time left for all.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DisplayOptions, MimeBundle } from "../display/display.js";
import { each } from "./each.js";
import { fit } from "./fit.js";
import { startProgress, type ProgressReport } from "./progress.js";
import { smallModel, stripes } from "./small-model.fixture.js";

const hookKey = Symbol.for("residual.display");
const globals = globalThis as Record<symbol, unknown>;
let shown: { text: string; html: string; options: DisplayOptions }[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
  shown = [];
  globals[hookKey] = (bundle: MimeBundle, options: DisplayOptions) =>
    shown.push({ text: bundle["text/plain"], html: String(bundle["text/html"]), options });
});
afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(globals, hookKey);
});

const last = (): string => shown.at(-1)!.text;
const half: ProgressReport = {
  phase: "training",
  done: 30,
  of: 60,
  epoch: 1,
  epochs: 1,
  loss: 0.5,
  accuracy: 0.8,
  imagesPerSecond: 100,
  secondsLeft: 1,
};
const record = {
  epoch: 1,
  step: 1,
  learningRate: 0.1,
  loss: 0.5,
  accuracy: 0.8,
  seconds: 1,
  imagesPerSecond: 100,
};
const name = (depth: number): string => `plain-${depth}`;

test("each() shows one line that says what runs, how many there are, and the time left for all by the work they are", () => {
  for (const [depth, part] of each([20, 60], { name, work: (layers) => layers })) {
    const run = startProgress(part, "its own label");
    if (depth === 60) expect(last()).toBe("[#####...............] run 2/2, plain-60, 30 s left for all");
    vi.advanceTimersByTime(5000);
    run.update(half);
    if (depth === 20)
      expect(last()).toBe(
        "[###.................] run 1/2, plain-20: epoch 1/1, loss 0.500, 35 s left for all",
      );
    vi.advanceTimersByTime(5000);
    run.end("finished");
  }
  expect(last()).toBe("2/2 runs after 20 s");
  expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(1);
  expect(shown.every(({ options }) => options.transient === true)).toBe(true);
});

test("each() says where it was stopped, also by an error", () => {
  for (const [depth] of each([20, 32, 44], { name })) if (depth === 32) break;
  expect(last()).toMatch(/^stopped at 1\/3 runs after /);
  expect(() => {
    for (const [depth] of each([20], { name })) throw new Error(String(depth));
  }).toThrow("20");
  expect(last()).toMatch(/^stopped at 0\/1 runs after /);
});

test("each() draws the loss of each epoch under its line, one colour for each curve, and leaves the line alone at the end", async () => {
  const runs = [1, 2, 3].map((seed) => ({ seed, depth: seed === 3 ? 56 : 20 }));
  const options = {
    name: ({ seed }: (typeof runs)[0]) => `seed ${seed}`,
    curve: ({ depth }: (typeof runs)[0]) => `${depth} layers`,
  };
  for (const [{ seed }, progress] of each(runs, options)) {
    if (seed === 1)
      await fit(smallModel(seed), stripes(), { epochs: 2, batchSize: 48, seed, progress, compile: false });
    else startProgress(progress, "").epoch(record, 1);
    vi.advanceTimersByTime(2000);
  }
  const drawn = shown.at(-2)!.html;
  expect(drawn.match(/<polyline/g)).toHaveLength(2); // the two runs before
  expect(drawn.match(/<polyline points="[^ "]+ [^ "]+"/g)).toHaveLength(1); // of two epochs
  expect(drawn).toMatch(/20 layers.*56 layers/);
  expect(new Set(drawn.match(/stroke="#[^"]+"/g))).toHaveLength(1);
  expect(shown.at(-1)!.html).not.toContain("<svg");
});

test("each() shows nothing for no runs, and refuses work that is no positive number", () => {
  expect([...each([], { name })]).toEqual([]);
  expect(shown).toEqual([]);
  expect(() => [...each([1], { name, work: () => 0 })]).toThrow(
    "each: a run's work must be a finite number above 0; got 0",
  );
});

test("startProgress() refuses an object that is no part of a line", () => {
  expect(() => startProgress({} as never, "net")).toThrow("begin");
});
