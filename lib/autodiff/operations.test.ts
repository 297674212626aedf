import fc from "fast-check";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { useBackend } from "../runtime/kernels/float64.fixture.js";
import { graphCases, numbers, operationCases, type Case } from "./cases.fixture.js";
import {
  add,
  backward,
  checkGradient,
  full,
  grad,
  multiply,
  operations,
  power,
  replay,
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
