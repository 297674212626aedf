import fc from "fast-check";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { useBackend } from "../runtime/kernels/float64.fixture.js";
import { graphCases, numbers, operationCases, type Case } from "./cases.fixture.js";
import {
  add,
  array,
  backward,
  batchNorm,
  checkGradient,
  concat,
  exp,
  full,
  grad,
  multiply,
  operations,
  power,
  relu,
  replay,
  reshape,
  sigmoid,
  softmaxCrossEntropy,
  sum,
  toTensor,
  trace,
  type OperationName,
  type Value,
} from "./index.js";

const names = Object.keys(operations) as OperationName[];

beforeAll(async () => {
  await ready();
});

function requireAgreement({ program, inputs }: Case): void {
  const report = checkGradient(program, inputs, { tolerance: 1e-6 });
  if (!report.agrees) expect.fail(report.text);
}

describe("the tape against finite differences in float64, to 1e-6", () => {
  test.each(names)("%s", (name) => {
    fc.assert(fc.property(operationCases[name], requireAgreement), { numRuns: 25, seed: 1 });
  });

  test("random graphs", () => {
    fc.assert(fc.property(graphCases, requireAgreement), { numRuns: 25, seed: 1 });
  });

  test.each(names)("%s, differentiated twice", (name) => {
    const twice = ({ program, inputs, name }: Case): void => {
      // The square makes the gradient of a linear operation depend on its input.
      const squared = (...values: Value[]) => power(program(...values), { exponent: 2 });
      const gradientNorm = (...values: Value[]) =>
        grad(squared)(...values)
          .map((dx, i) => sum(multiply(multiply(dx, dx), numbers(dx.shape, i + 1, name))))
          .reduce((a, b) => add(a, b));
      const report = checkGradient(gradientNorm, inputs, { along: "directional", tolerance: 1e-5 });
      if (!report.agrees) expect.fail(report.text);
    };
    fc.assert(fc.property(operationCases[name], twice), { numRuns: 8, seed: 1 });
  });
});

describe("derivatives of every order at edge points", () => {
  /** f, f', f'', … at a point, by the tape. */
  const derivatives = (f: (x: Value) => Value, at: number, orders: number): number[] => {
    const values: number[] = [];
    let current = (x: Value) => sum(f(x));
    for (let order = 0; order <= orders; order++) {
      values.push(trace(current, [array([at])]).output.item());
      const before = current;
      current = (x) => sum(grad(before)(x)[0]!);
    }
    return values;
  };

  test.each([0, 1, 2, 3, 4])("power() to the %i at 0, -0, 1 and -2", (exponent) => {
    for (const at of [0, -0, 1, -2]) {
      let factor = 1;
      const expected = Array.from({ length: 7 }, (_, order) => {
        const value = order > exponent ? 0 : factor * at ** (exponent - order);
        factor *= exponent - order;
        return value + 0;
      });
      expect(derivatives((x) => power(x, { exponent }), at, 6).map((value) => value + 0)).toEqual(expected);
    }
  });

  test("exp(), sigmoid(), relu() and softmaxCrossEntropy() far out and at 0 give finite numbers", () => {
    for (const at of [0, -0, 1e-300, 30, -30, -745]) {
      expect(derivatives((x) => exp(x), at, 4)).toEqual(Array(5).fill(Math.exp(at)));
      for (const f of [sigmoid, relu])
        for (const value of derivatives(f, at, 4)) expect(value).toBeTypeOf("number");
      const loss = (x: Value) =>
        softmaxCrossEntropy(reshape(concat(x, array([0])), { shape: [1, 2] }), { labels: [0] });
      expect(derivatives(loss, at, 3).every(Number.isFinite)).toBe(true);
    }
  });

  test("batchNorm() of a channel that is constant, where the deviation is 0, can be differentiated four times", () => {
    const y = (x: Value) => batchNorm(x, array([1]), array([0]));
    let current = (x: Value) => sum(power(y(x), { exponent: 3 }));
    for (let order = 0; order < 4; order++) {
      const [dx] = grad(current)(array([2, 2, 2], [3, 1]));
      expect(Array.from(dx!.data).every(Number.isFinite)).toBe(true);
      const before = current;
      current = (x) => sum(multiply(grad(before)(x)[0]!, array([1, -2, 0.5], [3, 1])));
    }
  });
});

describe.each(["tensorflow", "cpu"])(
  "the tape against TensorFlow.js on %s, to float32's precision",
  (backend) => {
    beforeEach(async () => {
      await useBackend(backend);
    });

    async function requireSame({ program, inputs }: Case): Promise<void> {
      const traced = trace(program, inputs);
      const tape = backward(traced.output, full(traced.output.shape, 1));
      const given = inputs.map(toTensor);
      const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => replay(traced, tensors))(given);
      await expectClose(value, traced.output, "the value");
      for (const [i, input] of traced.inputs.entries()) {
        await expectClose(grads[i]!, tape.get(input) ?? full(input.shape, 0), `the gradient of input ${i}`);
      }
      tf.dispose([given, value, grads]);
    }

    /** To 2e-5 of the largest number, which is what sums of float32 products leave. */
    async function expectClose(
      tensor: tf.Tensor,
      expected: { data: Float64Array; shape: readonly number[] },
      what: string,
    ) {
      expect(tensor.shape).toEqual(expected.shape);
      const size = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      (await tensor.data()).forEach((value, i) => {
        if (!(Math.abs(value - expected.data[i]!) <= 2e-5 * size)) {
          expect.fail(`${what}: element ${i} is ${value}, the tape gives ${expected.data[i]!}`);
        }
      });
    }

    test.each(names)("%s", async (name) => {
      await fc.assert(fc.asyncProperty(operationCases[name], requireSame), { numRuns: 12, seed: 2 });
    });

    test("random graphs", async () => {
      await fc.assert(fc.asyncProperty(graphCases, requireSame), { numRuns: 20, seed: 2 });
    });
  },
);
