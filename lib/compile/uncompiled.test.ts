// Steps that stay uncompiled or cannot be prepared: each says why, and everything is as the step itself leaves it.
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ready } from "../runtime/ready.js";
import { compile } from "./compile.js";
import type { StepResult } from "./result.js";

beforeAll(async () => {
  await ready();
});

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;
const vector = (...values: number[]): tf.Tensor1D => tf.tensor1d(values);

/** The numbers of a tensor, which is freed. */
function numbers(tensor: tf.Tensor): number[] {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

let stash: tf.Tensor | undefined;
const unlike: [string, (x: tf.Tensor1D, v: tf.Variable, outside: tf.Tensor) => StepResult, RegExp][] = [
  ["returns its argument", (x) => x, /it returns its argument itself: return tf\.clone/],
  ["returns a variable", (_, v) => [v], /it returns a variable itself/],
  [
    "returns a tensor from outside",
    (_, __, outside) => ({ outside }),
    /it returns a tensor from outside itself/,
  ],
  ["returns a number", () => 5 as unknown as tf.Tensor, /its result is no tensor, list of tensors/],
  ["returns null", () => null as unknown as tf.Tensor, /its result is no tensor, list of tensors/],
  ["returns nested lists", (x) => [[tf.neg(x)]] as unknown as tf.Tensor[], /its result is no tensor/],
  [
    "keeps a tensor",
    (x) => tf.tidy(() => ((stash?.dispose(), (stash = tf.keep(tf.neg(x)))), tf.square(x))),
    /it keeps a tensor \(tf\.keep\)/,
  ],
  [
    "leaves a tensor behind",
    (x) => ((stash?.dispose(), (stash = tf.neg(x))), tf.square(x)),
    /it leaves a tensor behind that is not in its result: return that tensor, or free it by tf\.tidy/,
  ],
];

test.each(unlike)("compile() leaves a step uncompiled that %s, and says why", (_, body, reason) => {
  const start = vector(1, 2);
  const [v, outside] = [tf.variable(start), vector(3, 4)];
  const x = vector(5, 6);
  for (const prepared of [false, true]) {
    const reasons: string[] = [];
    const step = compile((a: tf.Tensor1D) => body(a, v, outside), {
      onUncompiled: (text) => reasons.push(text),
    });
    if (prepared) step.prepare(x);
    const made: tf.Tensor[] = [];
    const seen = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(seen);
      if (!isTensor(value) || value === x || value === v || value === outside) return value;
      made.push(value);
      return "a tensor that the step made";
    };
    for (let k = 0; k < 4; k++) expect(seen(step(x))).toEqual(seen(body(x, v, outside)));
    tf.dispose(made);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect([x, v, outside].map(({ isDisposed }) => isDisposed)).toEqual([false, false, false]);
    step.dispose();
  }
  stash?.dispose();
  stash = undefined;
  tf.dispose([start, v, outside, x]);
});

test("compile() leaves a step uncompiled that disposes its argument, and lets it", () => {
  const reasons: string[] = [];
  const step = compile(
    (x: tf.Tensor1D) => {
      const y = tf.neg(x);
      x.dispose();
      return y;
    },
    { onUncompiled: (reason) => reasons.push(reason) },
  );
  for (let k = 0; k < 4; k++) {
    const x = vector(k, 1);
    expect(numbers(step(x))).toEqual([-k, -1]);
    expect(x.isDisposed).toBe(true);
  }
  expect(reasons).toEqual([expect.stringMatching(/it disposes its argument: leave that to the caller/)]);
  step.dispose();
});

test("prepare() refuses a step that makes variables by their names, because it cannot take its first call back", () => {
  let v: tf.Variable | undefined;
  const step = compile((x: tf.Tensor1D) =>
    tf.tidy(() => {
      v ??= tf.variable(tf.zerosLike(x), true, "made_in_the_first_call");
      v.assign(tf.add(v, x));
      return tf.mul(v, 2);
    }),
  );
  const x = vector(1, 2);
  const prepare = () => {
    step.prepare(x);
  };
  expect(prepare).toThrow(
    "it makes or disposes made_in_the_first_call: make them before, for example by running the model once on a batch",
  );
  // It holds what it was made with, so that whoever tries again counts nothing twice.
  expect(Array.from(v!.dataSync())).toEqual([0, 0]);
  prepare();
  expect(step.traces).toMatchObject([{ state: "compiled" }]);
  expect([numbers(step(x)), numbers(step(x))]).toEqual([[2, 4], [4, 8]]); // prettier-ignore
  v!.dispose();
  step.dispose();
  x.dispose();
});

test("prepare() refuses a step that disposes variables, and gives the others their values back", () => {
  const [x, y] = [vector(1, 2), vector(5, 6)];
  const [v, w] = [tf.variable(x), tf.variable(x, true, "disposed_in_a_step")];
  const step = compile((a: tf.Tensor1D) => {
    v.assign(a);
    w.dispose();
    return tf.clone(v);
  });
  const prepare = () => {
    step.prepare(y);
  };
  expect(prepare).toThrow("it makes or disposes disposed_in_a_step: make them before");
  expect(Array.from(v.dataSync())).toEqual([1, 2]);
  step.dispose();
  tf.dispose([x, y, v]);
});

test("prepare() makes no variable of what its rehearsal has not computed", () => {
  let calls = 0;
  const made: tf.Variable[] = [];
  const step = compile((x: tf.Tensor1D) =>
    tf.tidy(() => {
      const y = tf.mul(x, 2);
      if (++calls > 1 && made.length === 0) made.push(tf.variable(y));
      return tf.add(y, 1);
    }),
  );
  const x = vector(1, 2);
  step.prepare(x);
  expect(made).toEqual([]);
  for (let k = 0; k < 4; k++) expect(numbers(step(x))).toEqual([3, 5]);
  expect(made.map((v) => Array.from(v.dataSync()))).toEqual([[2, 4]]);
  tf.dispose(made);
  step.dispose();
  x.dispose();
});

test("prepare() does nothing within a gradient, where a call is not compiled either", () => {
  const step = compile((x: tf.Tensor) => tf.tidy(() => tf.square(x)));
  const x = vector(1, 3);
  const gradient = tf.grad((y) => {
    step.prepare(y);
    return step(y);
  })(x);
  expect(numbers(gradient)).toEqual([2, 6]);
  expect(step.traces).toEqual([]);
  step.dispose();
  x.dispose();
});

test("compile() leaves a step uncompiled that draws by an operation with a state of its own", () => {
  const reasons: string[] = [];
  const step = compile((x: tf.Tensor1D) => tf.multinomial(x, 5, 3), {
    onUncompiled: (reason) => reasons.push(reason),
  });
  const x = vector(0.5, 0.5);
  for (let k = 0; k < 3; k++) step(x).dispose();
  expect(reasons).toEqual([
    "a step stays uncompiled: Multinomial draws other numbers in a function than outside: use runtime.randomDraws",
  ]);
  step.dispose();
  x.dispose();
});

test("compile() never lets what a step leaves behind grow old", () => {
  for (const prepared of [false, true]) {
    let last: tf.Tensor | undefined;
    const step = compile(
      (x: tf.Tensor1D) => {
        last?.dispose();
        last = tf.mul(x, 2);
        return tf.sum(last);
      },
      { onUncompiled: () => undefined },
    );
    for (let k = 1; k < 6; k++) {
      const x = vector(k, k);
      if (prepared) step.prepare(x);
      expect([numbers(step(x)), Array.from(last!.dataSync())]).toEqual([[4 * k], [2 * k, 2 * k]]);
      x.dispose();
    }
    last?.dispose();
    step.dispose();
  }
});

test("compile() puts everything back where a step throws in the middle of its recording", () => {
  const engine = tf.backend() as unknown as { binding: object };
  const state = () => [
    engine.binding,
    Object.getOwnPropertyNames(tf.engine()),
    Object.getOwnPropertyDescriptor(tf.Variable.prototype, "assign"),
  ];
  const before = state();
  const x = vector(1, 2);
  const step = compile((y: tf.Tensor1D) =>
    tf.tidy(() => {
      tf.square(y);
      tf.keep(tf.clone(y)).dispose();
      throw new Error("in the middle");
    }),
  );
  for (const call of [() => step(x), () => { step.prepare(x); }]) expect(call).toThrow("in the middle"); // prettier-ignore
  expect(state()).toEqual(before);
  step.dispose();
  x.dispose();
});

test("compile() finds by checkEvery that a stale step changes another variable, and takes equal NaNs for equal", () => {
  const start = vector(NaN, 2);
  const [v, w] = [tf.variable(start), tf.variable(start)];
  let target = v;
  const step = compile(
    (x: tf.Tensor1D) =>
      tf.tidy(() => {
        target.assign(tf.add(target, x));
        return tf.mul(x, 2);
      }),
    { checkEvery: 1 },
  );
  const x = vector(1, 2);
  for (let k = 0; k < 4; k++) numbers(step(x));
  target = w;
  expect(() => step(x)).toThrow(/the compiled step is stale: the variable .* differs/);
  tf.dispose([start, v, w, x]);
  step.dispose();
});
