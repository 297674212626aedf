import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { leakOf, oddValues, useBackend } from "../runtime/kernels/float64.fixture.js";
import {
  add,
  array,
  checkGradient,
  checkTensorFlow,
  exp,
  matmul,
  maxPool,
  mean,
  multiply,
  relu,
  scale,
  sigmoid,
  sum,
  type Value,
} from "./index.js";
import { slopeOf, type Slope } from "./slope.js";

function slope(curve: (t: number) => number, magnitude = 1): Slope {
  const asking = slopeOf({ step: 1e-2, halvings: 13, rounding: 2 ** -52, goal: 1e-9, magnitude });
  let asked = asking.next();
  while (!asked.done) asked = asking.next({ at: asked.value, value: curve(asked.value) });
  return asked.value;
}

describe("slopeOf()", () => {
  test.each([
    ["exp", Math.exp, 1],
    ["a steep sine", (t: number) => Math.sin(30 * t), 30],
    ["a large constant beside a small slope", (t: number) => 1e6 + t, 1],
    ["a parabola at its lowest point", (t: number) => t * t, 0],
    ["a constant", () => 3, 0],
    ["a kink outside", (t: number) => Math.abs(t - 0.02) + 2 * t, 1],
    ["a kink within the largest step", (t: number) => Math.abs(t - 0.003) + 2 * t, 1],
    ["a kink just outside the smallest step", (t: number) => Math.abs(t - 1e-5) + 2 * t, 1],
  ])("slopeOf() of %s is right within its own error", (_, curve, expected) => {
    const { value, error, kink } = slope(curve, Math.max(1, Math.abs(curve(0))));
    expect(kink).toBeUndefined();
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-3 * Math.max(1, Math.abs(expected)));
  });

  test.each([
    ["|t|, whose central difference is 0 at every step", Math.abs, -1, 1],
    ["max(t, 0)", (t: number) => Math.max(t, 0), 0, 1],
    ["a small kink on a steep curve", (t: number) => Math.sin(5 * t) + 0.01 * Math.abs(t), 4.99, 5.01],
    ["a kink nearer than the smallest step", (t: number) => Math.max(t - 1e-9, 0), 0, 1],
  ])("slopeOf() of %s is a kink, with both slopes", (_, curve, left, right) => {
    const { kink } = slope(curve);
    expect(kink?.left).toBeCloseTo(left, 2);
    expect(kink?.right).toBeCloseTo(right, 2);
  });
});

const wrong = (dy: Value, [x]: readonly Value[]) => [multiply(dy, sigmoid(x!))];

describe("checkGradient()", () => {
  const x = array([[0.3, -1.2], [2, 0.7]]); // prettier-ignore
  const w = array([[1.5, -0.4], [0.2, 0.9]]); // prettier-ignore
  const loss = (x: Value, w: Value) => mean(relu(matmul(exp(x), w)));

  test("agrees where the tape is right, and says how well", () => {
    const { agrees, inputs } = checkGradient(loss, [x, w], { names: ["x", "w"] });
    expect(agrees).toBe(true);
    expect(inputs.map(({ name, elements, kinks }) => [name, elements, kinks.length])).toEqual([["x", 4, 0], ["w", 4, 0]]); // prettier-ignore
    for (const { worst } of inputs) expect(worst!.relativeError).toBeLessThan(1e-9);
  });

  test("names the input, the worst element and both values where a rule is wrong", () => {
    const rules = { exp: (dy: Value, [x]: readonly Value[]) => [multiply(dy, add(exp(x!), array([[0, 0], [0, 0.5]])))] }; // prettier-ignore
    const { agrees, inputs, text } = checkGradient(loss, [x, w], { rules, names: ["x", "w"] });
    expect(agrees).toBe(false);
    expect(inputs.map(({ verdict }) => verdict)).toEqual(["differs", "agrees"]);
    const { index, gradient, differences } = inputs[0]!.worst!;
    expect(index).toEqual([1, 1]);
    expect(gradient / differences).toBeCloseTo((Math.exp(0.7) + 0.5) / Math.exp(0.7), 6);
    expect(text).toMatch(/x +4 +differs +\[1, 1\]/);
  });

  test("along one direction also finds a wrong rule, and does not see one in a right one", () => {
    expect(checkGradient(loss, [x, w], { along: "directional" }).agrees).toBe(true);
    expect(checkGradient(loss, [x, w], { along: "directional", rules: { exp: wrong } }).agrees).toBe(false);
  });

  test("says that a ReLU at 0 is a kink, and accepts a value between the two slopes", () => {
    const { agrees, inputs } = checkGradient((x) => sum(scale(relu(x), { factor: 3 })), [array([1, 0, -1])]);
    expect(agrees).toBe(true);
    expect(inputs[0]!.kinks).toHaveLength(1);
    expect(inputs[0]!.kinks[0]).toMatchObject({ index: [1], gradient: 0 });
    expect(inputs[0]!.kinks[0]!.left).toBeCloseTo(0, 9);
    expect(inputs[0]!.kinks[0]!.right).toBeCloseTo(3, 9);
  });

  test("refuses at a kink what lies outside the two slopes", () => {
    const slope = (x: number) => (x === 0 ? -1 : x > 0 ? 1 : 0);
    const rules = { relu: (dy: Value, [x]: readonly Value[]) => [multiply(dy, { shape: x!.shape, data: x!.data.map(slope) })] }; // prettier-ignore
    expect(checkGradient((x) => sum(relu(x)), [array([1, 0, -1])], { rules }).inputs[0]!.verdict).toBe("differs"); // prettier-ignore
  });

  test("says that a tie in a max pool is a kink for each pixel of the tie", () => {
    const image = array([3, 1, 3, 2], [1, 2, 2, 1]);
    const { agrees, inputs } = checkGradient((x) => sum(maxPool(x, { kernel: 2 })), [image]);
    expect(agrees).toBe(true);
    expect(inputs[0]!.kinks.map(({ index, gradient }) => [index, gradient])).toEqual([[[0, 0, 0, 0], 1], [[0, 1, 0, 0], 0]]); // prettier-ignore
  });

  test("agrees only within the tolerance, whatever the rule is off by and however large a constant hides it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1, noNaN: true }),
        fc.double({ min: 1e-12, max: 1e-2, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (off, tolerance, offset) => {
          const rules = {
            exp: (dy: Value, [x]: readonly Value[]) => [multiply(dy, scale(exp(x!), { factor: 1 + off }))],
          };
          const program = (x: Value) => sum(add(exp(x), 10 ** offset - 1));
          const { agrees, inputs } = checkGradient(program, [array([0.3])], { rules, tolerance });
          expect(agrees).toBe(inputs[0]!.verdict === "agrees");
          if (agrees) expect(inputs[0]!.worst!.relativeError).toBeLessThanOrEqual(tolerance);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  test("refuses a loss that is not one number", () => {
    expect(() => checkGradient((x) => relu(x), [x])).toThrow("line 2, relu: a loss must be one number");
  });
});

describe.each(["tensorflow", "cpu"])("checkTensorFlow() on %s", (backend) => {
  beforeAll(async () => {
    await ready();
  });
  beforeEach(async () => {
    await useBackend(backend);
  });
  const x = () => tf.tensor2d(oddValues(12, 3), [3, 4]);
  const net = (x: tf.Tensor, w: tf.Tensor) => tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));

  test.each(["full", "directional"] as const)("agrees with right gradients, %s", async (along) => {
    const report = await checkTensorFlow(net, [x(), tf.tensor2d(oddValues(8, 4), [4, 2])], { along });
    if (!report.agrees) expect.fail(report.text);
  });

  test.each(["full", "directional"] as const)(
    "finds a gradient that is 2 %% too large, %s",
    async (along) => {
      const slightlyWrong = tf.customGrad((x) => ({
        value: tf.exp(x as tf.Tensor),
        gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.mul(1.02, tf.exp(x as tf.Tensor))),
      }));
      const report = await checkTensorFlow((x) => slightlyWrong(x), [x()], { along });
      expect(report.inputs[0]!.verdict).toBe("differs");
    },
  );

  test("says that a ReLU at 0 is a kink", async () => {
    const { agrees, inputs } = await checkTensorFlow((x) => tf.relu(x), [tf.tensor1d([1.3, 0, -0.8])]);
    expect(agrees).toBe(true);
    expect(inputs[0]!.kinks.map(({ index }) => index)).toEqual([[1]]);
  });

  test("is unsure where rounding hides the gradient", async () => {
    const report = await checkTensorFlow((x) => tf.add(tf.mul(x, 1e-4), 1000), [tf.tensor1d([0.5])]);
    expect(report.inputs[0]!.verdict).toBe("unsure");
  });

  test("is unsure of a gradient 1 % wrong that a large constant hides", async () => {
    const onePercent = tf.customGrad((x) => ({
      value: tf.add(x as tf.Tensor, 1000),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, 1.01),
    }));
    const report = await checkTensorFlow((x) => onePercent(x), [tf.tensor1d([0.5])]);
    expect(report.inputs[0]!.worst!.relativeError).toBeGreaterThan(2e-3);
    expect(report.inputs[0]!.verdict).toBe("unsure");
    expect(report.agrees).toBe(false);
  });

  test("leaves no tensor behind", async () => {
    const given = x();
    const leaked = await leakOf(async () => {
      await checkTensorFlow((x) => tf.relu(x), [given]);
    });
    expect(leaked).toBe(0);
  });
});
