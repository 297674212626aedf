import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { randomDraws, stepSeed } from "../runtime/random-draws.js";
import { ready } from "../runtime/ready.js";
import { compile } from "./compile.js";
import { compilingEngine, type Engine } from "./engine.js";
import { sourceLine } from "./source-line.js";

beforeAll(async () => {
  await ready();
});

let w: tf.Variable;
let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  w = tf.tidy(() => tf.variable(tf.tensor2d([0.3, -0.7, 1.1, 0.9, -0.2, 0.4], [3, 2])));
});
afterEach(() => {
  w.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Gradient descent on |x w|^2 by a rate: assigns w and gives the loss. */
const descent = (x: tf.Tensor2D, rate: tf.Scalar): tf.Scalar =>
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(tf.matMul(x, w))), [w]);
    w.assign(tf.sub(w, tf.mul(grads[w.name]!, rate)));
    return value;
  });

const rows = (k: number, count = 4): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: count * 3 }, (_, i) => Math.sin(i + k)),
    [count, 3],
  );

/** Calls the step and frees everything but the numbers. */
function numbers(step: (...args: never[]) => tf.Tensor, ...args: tf.Tensor[]): number[] {
  const result = step(...(args as never[]));
  const values = Array.from(result.dataSync());
  tf.dispose([result, ...args]);
  return values;
}

test("compile() gives the uncompiled step's results and variables bit for bit, at rates that change", () => {
  const start = w.dataSync();
  const run = (step: typeof descent) => {
    tf.tidy(() => {
      w.assign(tf.tensor2d(start, [3, 2]));
    });
    const losses = Array.from({ length: 12 }, (_, k) => numbers(step, rows(k), tf.scalar(0.01 / (1 + k))));
    return [losses, Array.from(w.dataSync())];
  };
  const step = compile(descent);
  expect(run(step)).toEqual(run(descent));
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  step.dispose();
});

test("compile() records each shape once, and drops the one used longest ago", () => {
  let runs = 0;
  const counted = (x: tf.Tensor2D, rate: tf.Scalar) => {
    runs++;
    return descent(x, rate);
  };
  const step = compile(counted, { maxTraces: 2 });
  const call = (count: number) => numbers(step, rows(1, count), tf.scalar(0.01));
  for (const count of [4, 4, 4, 5, 5, 5, 4, 5]) call(count);
  expect(runs).toBe(4);
  for (const count of [6, 6, 6]) call(count);
  expect(runs).toBe(6);
  expect(step.traces.map(({ key }) => key)).toEqual(["float32[5,3] float32[]", "float32[6,3] float32[]"]);
  call(4);
  expect(runs).toBe(7);
  step.dispose();
});

test("compile() leaves memory flat over 1,000 steps", () => {
  const step = compile(descent);
  const call = (k: number) => numbers(step, rows(k), tf.scalar(0.001));
  for (let k = 0; k < 200; k++) call(k);
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  const { rss } = process.memoryUsage();
  for (let k = 0; k < 1000; k++) call(k);
  expect(tf.memory()).toMatchObject({ numTensors, numBytes, numDataBuffers });
  // JavaScript's own garbage comes and goes; a leak of the engine of a few KB a step would show.
  expect(process.memoryUsage().rss - rss).toBeLessThan(2 ** 26);
  step.dispose();
});

test("compile() explains a read of a computed value with the caller's line, and runs uncompiled", () => {
  const reasons: string[] = [];
  const reading = (x: tf.Tensor2D) =>
    tf.tidy(() => {
      const largest = tf.max(x).dataSync()[0]!; // line of the read
      return tf.mul(x, largest > 0.5 ? 2 : 3);
    });
  const step = compile(reading, { onUncompiled: (reason) => reasons.push(reason) });
  for (let k = 0; k < 4; k++) expect(numbers(step, rows(k))).toEqual(numbers(reading, rows(k)));
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(/reads a computed value at .*compile\.test\.ts:\d+:\d+$/);
  expect(step.traces).toMatchObject([{ state: "uncompiled" }]);
});

test("compile() explains a JavaScript value that changes from call to call", () => {
  const reasons: string[] = [];
  let count = 0;
  const counting = (x: tf.Tensor2D) => tf.tidy(() => tf.mul(x, ++count));
  const step = compile(counting, { onUncompiled: (reason) => reasons.push(reason) });
  const first = Array.from({ length: 8 }, () => numbers(step, rows(0))[1]! / Math.fround(Math.sin(1)));
  first.forEach((factor, k) => { expect(factor).toBeCloseTo(k + 1, 5); }); // prettier-ignore
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(/change from call to call, first Const_1 at .*compile\.test\.ts:\d+:\d+: pass/);
});

test("compile() records anew when the key changes", () => {
  let factor = 2;
  const scaled = (x: tf.Tensor2D) => tf.tidy(() => tf.mul(x, factor));
  const step = compile(scaled, { key: () => String(factor) });
  for (const value of [2, 2, 2, 5, 5, 5, 2]) {
    factor = value;
    expect(numbers(step, rows(0))).toEqual(numbers(scaled, rows(0)));
  }
  expect(step.traces).toMatchObject([{ state: "compiled" }, { state: "compiled" }]);
  step.dispose();
});

test("compile() finds a stale value where it checks, and leaves the variables as they were", () => {
  let factor = 2;
  const growing = (x: tf.Tensor2D) =>
    tf.tidy(() => {
      w.assign(tf.mul(w, factor));
      return tf.matMul(x, w);
    });
  const step = compile(growing, { checkEvery: 3 });
  for (let k = 0; k < 7; k++) numbers(step, rows(k)); // two recordings, five runs of which the third was checked
  const x = rows(7);
  const before = Array.from(w.dataSync());
  factor = 3;
  expect(() => step(x)).toThrow(/the compiled step is stale: .* differs .* name it by the option key/);
  expect(Array.from(w.dataSync())).toEqual(before);
  step.dispose();
  x.dispose();
});

test("prepare() compiles before the first call and changes no variable", () => {
  const start = Array.from(w.dataSync());
  const step = compile(descent);
  const [x, rate] = [rows(0), tf.scalar(0.01)];
  step.prepare(x, rate);
  tf.dispose([x, rate]);
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  expect(Array.from(w.dataSync())).toEqual(start);
  const compiled = [numbers(step, rows(1), tf.scalar(0.02)), Array.from(w.dataSync())];
  tf.tidy(() => {
    w.assign(tf.tensor2d(start, [3, 2]));
  });
  expect(compiled).toEqual([numbers(descent, rows(1), tf.scalar(0.02)), Array.from(w.dataSync())]);
  step.dispose();
});

test("prepare() executes a step's operations once", () => {
  const engine = compilingEngine() as Engine;
  const { binding } = engine;
  const executed: string[] = [];
  engine.binding = Object.create(binding, {
    executeOp: {
      value(...call: Parameters<typeof binding.executeOp>) {
        executed.push(call[0]);
        return binding.executeOp(...call);
      },
    },
  }) as typeof binding;
  const step = compile((x: tf.Tensor2D) => tf.tidy(() => tf.square(tf.matMul(x, w))));
  const x = rows(0);
  step.prepare(x);
  engine.binding = binding;
  expect(executed.filter((operation) => operation !== "Identity")).toEqual(["BatchMatMulV2", "Square"]);
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  x.dispose();
  step.dispose();
});

test.each<[string, (x: tf.Tensor2D, call: number) => tf.Tensor]>([
  ["a number", (x, call) => tf.mul(x, call)],
  ["an operation", (x, call) => (call === 1 ? tf.square(x) : tf.sqrt(x))],
  ["an attribute", (x, call) => tf.sum(x, call % 2, true)],
  ["a shape", (x, call) => tf.mul(x, tf.ones(call === 1 ? [3] : [4, 3]))],
  ["a longer step", (x, call) => (call === 1 ? tf.square(x) : tf.square(tf.square(x)))],
  ["a shorter step", (x, call) => (call === 1 ? tf.square(tf.square(x)) : tf.square(x))],
  ["a value read", (x, call) => (call === 1 ? tf.square(x) : tf.mul(x, tf.square(x).dataSync()[0]!))],
])("prepare() compiles nothing where the rehearsal differs by %s", (_, body) => {
  let call = 0;
  const step = compile((x: tf.Tensor2D) => tf.tidy(() => body(x, ++call)));
  const x = rows(0);
  step.prepare(x);
  expect(call).toBe(2);
  expect(step.traces).toMatchObject([{ state: "recording" }]);
  // The next call is one of its own.
  expect(numbers(step, x)).toEqual(numbers((y: tf.Tensor2D) => tf.tidy(() => body(y, 3)), rows(0)));
  step.dispose();
});

/** Reads the tensor, in the first call only in name. */
const lookAt = (y: tf.Tensor, call: number): unknown => (call === 1 ? "none" : y.dataSync());

test.each<[string, (x: tf.Tensor2D, call: number) => unknown, readonly unknown[]]>([
  [
    "of another operation",
    (x, call) => (call === 1 ? tf.add(x, x) : tf.matMul(x, x, false, true)).shape,
    [[4, 3]],
  ],
  [
    "of another attribute",
    (x, call) => tf.maxPool(tf.reshape<tf.Rank.R4>(x, [1, 4, 3, 1]), 1, call, "same").shape,
    [[1, 4, 3, 1]],
  ],
  ["of a value", (x, call) => lookAt(tf.square(x), call), ["none"]],
])("prepare() ends a rehearsal before the step sees a false result %s", (_, look, seen) => {
  const looks: unknown[] = [];
  let call = 0;
  const step = compile((x: tf.Tensor2D) =>
    tf.tidy(() => {
      const y = tf.square(x);
      looks.push(look(x, ++call));
      return y;
    }),
  );
  const x = rows(0);
  step.prepare(x);
  expect(call).toBe(2);
  expect(looks).toEqual(seen);
  x.dispose();
  step.dispose();
});

test("prepare() explains a step that reads, and leaves it uncompiled", () => {
  const reasons: string[] = [];
  const step = compile((x: tf.Tensor2D) => tf.tidy(() => tf.mul(x, tf.sum(x).dataSync()[0]!)), {
    onUncompiled: (reason) => reasons.push(reason),
  });
  const x = rows(0);
  step.prepare(x);
  expect(step.traces).toMatchObject([{ state: "uncompiled" }]);
  expect(reasons).toHaveLength(1);
  x.dispose();
});

test("compile() takes a captured tensor that its owner replaced, uploaded or not", () => {
  let captured = tf.scalar(2);
  const scaled = (x: tf.Tensor2D) => tf.tidy(() => tf.mul(x, captured));
  const step = compile(scaled);
  for (let k = 0; k < 4; k++) numbers(step, rows(k));
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  captured.dispose();
  captured = tf.scalar(7);
  for (let k = 0; k < 5; k++) expect(numbers(step, rows(k))).toEqual(numbers(scaled, rows(k)));
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  step.dispose();
  captured.dispose();
});

test("compile() draws anew with each seed, as the uncompiled step does", () => {
  const dropping = (x: tf.Tensor2D, seed: tf.Tensor1D) =>
    tf.tidy(() => {
      const random = randomDraws(seed);
      return tf.mul(tf.add(x, random.uniform([4, 3])), random.uniform([4, 3]));
    });
  const step = compile(dropping);
  const seen = Array.from({ length: 6 }, (_, k) => numbers(step, rows(0), stepSeed(3, k)));
  expect(seen).toEqual(Array.from({ length: 6 }, (_, k) => numbers(dropping, rows(0), stepSeed(3, k))));
  expect(new Set(seen.map(String)).size).toBe(6);
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  step.dispose();
});

test("compile() keeps the form of the result: a list, names, nothing", () => {
  const list = compile((x: tf.Tensor2D) => tf.split(x, 2, 0));
  const named = compile((x: tf.Tensor2D) => ({ sum: tf.sum(x), x: tf.clone(x) }));
  const nothing = compile((x: tf.Tensor2D) => {
    tf.tidy(() => { w.assign(tf.add(w, tf.sum(x))); }); // prettier-ignore
    return undefined;
  });
  for (let k = 0; k < 4; k++) {
    const x = rows(0);
    const [parts, { sum, x: same }] = [list(x), named(x)];
    const none = (nothing as (x: tf.Tensor2D) => unknown)(x);
    expect([parts.length, parts[1]!.shape, sum.shape, same.shape]).toEqual([2, [2, 3], [], [4, 3]]);
    expect(none).toBeUndefined();
    tf.dispose([x, parts, sum, same]);
  }
  for (const step of [list, named, nothing]) {
    expect(step.traces).toMatchObject([{ state: "compiled" }]);
    step.dispose();
  }
});

test("compile() is the step itself where RESIDUAL_COMPILE=0, and within tf.grad", () => {
  const square = compile((x: tf.Tensor2D) => tf.tidy(() => tf.square(x)));
  const derivative = (x: tf.Tensor2D) => tf.grad((y: tf.Tensor) => square(y as tf.Tensor2D))(x);
  for (let k = 0; k < 4; k++) numbers(square, rows(k));
  expect(numbers(derivative, tf.tensor2d([1, 2, 3], [1, 3]))).toEqual([2, 4, 6]);
  square.dispose();
  process.env["RESIDUAL_COMPILE"] = "0";
  try {
    for (let k = 0; k < 4; k++) numbers(square, rows(k));
    expect(square.traces).toEqual([]);
  } finally {
    delete process.env["RESIDUAL_COMPILE"];
  }
});

test("compile() lets what the step throws through and can go on", () => {
  let fails = true;
  const step = compile((x: tf.Tensor2D) => {
    if (fails) throw new Error("not now");
    return tf.tidy(() => tf.neg(x));
  });
  const x = rows(0);
  expect(() => step(x)).toThrow("not now");
  fails = false;
  for (let k = 0; k < 4; k++) numbers(step, rows(k));
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  step.dispose();
  x.dispose();
});

test("sourceLine() passes packages, this folder and the kernels", () => {
  const stack = `Error
    at record (/a/lib/compile/recording.ts:1:2)
    at conv2d (/a/residual/dist/cjs/runtime/kernels/conv2d.js:1:2)
    at mul (/a/node_modules/tfjs/x.js:3:4)
    at file:///a/lib/nn/dense.ts:5:6
    at step (/a/user.ts:7:8)`;
  expect(sourceLine(stack)).toBe("/a/lib/nn/dense.ts:5:6");
  expect(sourceLine(undefined)).toBeUndefined();
});
