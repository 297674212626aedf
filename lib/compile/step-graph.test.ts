import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { ready } from "../runtime/ready.js";
import { scope } from "./scope.js";
import { stepGraph, type GraphNode } from "./step-graph.js";

beforeAll(async () => {
  await ready();
});

const descent = (w: tf.Variable) => (x: tf.Tensor2D, rate: tf.Scalar) =>
  tf.tidy(() => {
    const loss = () => scope("forward", () => tf.sum<tf.Scalar>(tf.square(tf.matMul(x, w))));
    const { value, grads } = tf.variableGrads(loss, [w]);
    w.assign(tf.sub(w, tf.mul(grads[w.name]!, rate)));
    return value;
  });

const operations = (nodes: readonly GraphNode[]) => nodes.map(({ operation }) => operation).sort();

test("stepGraph() gives what the step ran, in its scopes, and less after the rewrites; variables keep their values", () => {
  const w = tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
  const values = w.dataSync();
  const x = tf.ones<tf.Rank.R2>([4, 3]);
  const rate = tf.scalar(0.1);
  const before = tf.memory().numTensors;
  const { recorded, rewritten } = stepGraph(descent(w), x, rate);
  expect(tf.memory().numTensors).toBe(before);
  expect(w.dataSync()).toEqual(values);

  const byName = new Map(recorded.map((node) => [node.name, node]));
  const product = byName.get("forward/BatchMatMulV2_1")!;
  expect(product.inputs.map((name) => byName.get(name)?.operation)).toEqual(["_Arg", "_Arg"]);
  expect(byName.get("forward/Square_1")!.inputs).toEqual([product.name]);
  expect(operations(recorded)).toEqual(expect.arrayContaining(["Sum", "Sub", "_Retval"]));
  // The loss and the new weights come out; the gradient of the sum is a constant, so less is left to do.
  expect(operations(rewritten).filter((operation) => operation === "_Retval")).toHaveLength(2);
  const computed = (nodes: readonly GraphNode[]) =>
    nodes.filter(({ operation }) => !/^(_|Const)/.test(operation));
  expect(computed(rewritten).length).toBeLessThan(computed(recorded).length);
  tf.dispose([w, x, rate]);
});

test("stepGraph() refuses a step that reads a value or makes variables, and leaves no tensor behind", () => {
  const x = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  expect(() => stepGraph((a: tf.Tensor1D) => tf.tidy(() => tf.mul(a, a.dataSync()[0]!)), x)).toThrow(
    /reads at .*step-graph\.test\.ts:\d+/,
  );
  let made: tf.Variable | undefined;
  expect(() =>
    stepGraph((a: tf.Tensor1D) => {
      made = tf.variable(a);
      return undefined;
    }, x),
  ).toThrow("must not make variables");
  made!.dispose();
  expect(tf.memory().numTensors).toBe(before);
  x.dispose();
});
