import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { compile } from "../../compile/compile.js";
import { ready } from "../ready.js";

beforeAll(async () => {
  await ready({ backend: "tensorflow" });
});

const table = () => tf.tensor2d([[1.5, -2], [0.25, 3], [7, -0.5]]); // prettier-ignore

test("gatherWithoutReading() lets a step that gathers by computed indices be compiled, with its gradient", () => {
  const rows = tf.variable(table());
  const step = (choice: tf.Tensor1D): tf.Tensor1D =>
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.square(tf.gather(rows, tf.cast(tf.mod(tf.add(choice, 1), 3), "int32")))),
        [rows],
      );
      return grads[rows.name]!.flatten();
    });
  const reasons: string[] = [];
  const compiled = compile(step, { onUncompiled: (reason) => reasons.push(reason) });
  // Rows 1, 0 and 1: twice the row for each time it is taken.
  const expected = [3, -4, 1, 12, 0, 0];
  for (let call = 0; call < 4; call++) {
    const gradient = compiled(tf.tensor1d([0, 2, 0], "int32"));
    expect(Array.from(gradient.dataSync())).toEqual(expected);
    gradient.dispose();
  }
  expect(reasons).toEqual([]);
  expect(compiled.traces).toMatchObject([{ state: "compiled" }]);
  compiled.dispose();
  rows.dispose();
});

test("gatherWithoutReading() refuses an index out of range, on the host and on the device", () => {
  const x = table();
  expect(() => tf.gather(x, tf.tensor1d([0, 3], "int32"))).toThrow(/3 is not in \[0, 2\]/);
  const computed = tf.add(tf.tensor1d([0, 2], "int32"), tf.scalar(1, "int32"));
  expect(() => tf.gather(x, computed)).toThrow(/3 is not in \[0, 3\)/);
});
