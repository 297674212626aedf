// Random programs of copying, training, keeping and disposing: compiled and uncompiled they see the same numbers, bit for bit.
// RESIDUAL_PROGRAMS says how many programs are drawn.
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { copyWeights } from "../nn/index.js";
import { compile, type CompiledStep, type StepResult } from "../compile/index.js";
import { ready } from "../runtime/index.js";
import { fit } from "./fit.js";
import { sgd } from "./sgd.js";
import { trainedVariables, trainingStep } from "./step.js";
import type { BatchSource, Trainable } from "../model/trainable.js";

beforeAll(async () => {
  await ready();
});

const programs = Number(process.env["RESIDUAL_PROGRAMS"] ?? 12);
const classes = 3;

/** What a program can do; the numbers choose among what there is when the instruction is carried out. */
const instructions = [
  "assign", "clone", "variable", "dispose", "copyWeights", "snapshot", "restore",
  "train", "train", "fit", "call", "call", "call", "prepare", "compile", "capture",
] as const; // prettier-ignore

const program = fc.array(
  fc.record({
    does: fc.constantFrom(...instructions),
    a: fc.nat(30),
    b: fc.nat(30),
    c: fc.nat(30),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 3, maxLength: 10 },
);
type Program = typeof program extends fc.Arbitrary<infer T> ? T : never;

/** A dense layer with a running mean of its logits. */
function denseModel(seed: number) {
  const make = (shape: number[], phase: number, trainable: boolean) =>
    tf.tidy(() => tf.variable(tf.sin(tf.add(tf.range(0, tf.util.sizeFromShape(shape)), seed + phase)).reshape(shape), trainable)); // prettier-ignore
  const weight = make([4, classes], 0, true);
  const bias = make([classes], 0.5, true);
  const mean = make([classes], 0.7, false);
  const model: Trainable = {
    spec: { model: "dense", options: { seed } },
    inputShape: [2, 2, 1],
    classes,
    variables: () => [
      { name: "weight", role: "weight", variable: weight },
      { name: "bias", role: "bias", variable: bias },
      { name: "mean", role: "statistic", variable: mean },
    ],
    forward(x, { training }) {
      const logits = tf.add(tf.matMul(x.reshape([-1, 4]), weight), bias);
      if (training) mean.assign(tf.add(tf.mul(mean, 0.9), tf.mul(tf.mean(logits, 0), 0.1)));
      return tf.sub(logits, mean);
    },
  };
  return { model, bias, mean };
}

const images = (indices: Int32Array) =>
  tf.tensor4d(Float32Array.from({ length: 4 * indices.length }, (_, i) => Math.cos(i + (indices[i >> 2] ?? 0))), [indices.length, 2, 2, 1]); // prettier-ignore
const source: BatchSource = {
  name: "cosines",
  size: 6,
  imageShape: [2, 2, 1],
  classes: ["a", "b", "c"],
  batch: (indices) => ({
    images: images(indices),
    labels: tf.tensor1d(indices.map((index) => index % classes), "int32"),
  }), // prettier-ignore
};

const pick = <T>(items: readonly T[], index: number): T => items[index % items.length]!;

/** Carries a program out; gives everything that it saw: results, and after each instruction every tensor that is there. */
async function carryOut(instructionsOfProgram: Program, compiled: boolean): Promise<unknown[]> {
  const networks = [denseModel(1), denseModel(2)].map((network) => {
    const trained = trainedVariables(network.model);
    const optimizer = sgd().start(trained);
    return { ...network, optimizer, step: trainingStep(network.model, trained, optimizer) };
  });
  const plain = [1, 2].map((seed) => tf.tidy(() => tf.variable(tf.sin(tf.range(seed, seed + classes)))));
  const [v, w] = plain as [tf.Variable, tf.Variable];
  const named = [
    ...plain,
    ...networks.flatMap(({ bias, mean, optimizer }) => [bias, mean, optimizer.variables[1]!.variable]),
  ];
  const added: tf.Variable[] = [];
  const held: tf.Tensor[] = [tf.tensor1d([0.5, -1, 2])];
  const snapshots: tf.Tensor[][] = [];
  let captured: tf.Tensor = tf.tensor1d([1, 2, 3]);

  type Step = (a: tf.Tensor, b: tf.Tensor) => StepResult;
  const bounded = (x: tf.Tensor) => tf.div(x, tf.add(tf.abs(x), 1));
  const steps: Step[] = [
    (a, b) => tf.tidy(() => tf.sub(a, b)),
    (a, b) =>
      tf.tidy(() => {
        v.assign(bounded(tf.add(v, tf.mul(a, b))));
        return [tf.mul(v, w), tf.add(a, b)];
      }),
    (a) =>
      tf.tidy(() => {
        const old = tf.clone(v);
        v.assign(w);
        w.assign(old);
        return tf.sub(a, tf.mul(v, 2));
      }),
    (a, b) =>
      tf.tidy(() => {
        w.assign(a === w ? tf.clone(a) : a);
        return { product: tf.mul(captured, b), value: tf.clone(w) };
      }),
    (a, b) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => tf.sum(tf.mul(tf.mul(a, b), tf.mul(v, captured))),
          [v],
        );
        v.assign(bounded(tf.sub(v, grads[v.name]!)));
        return value;
      }),
    (a, b) =>
      tf.tidy(() => {
        const [da, db] = tf.grads((p: tf.Tensor, q: tf.Tensor) => tf.mul(p, tf.square(q)))([a, b]);
        return [da!, db!];
      }),
  ];
  const made: CompiledStep<[], StepResult>[] = [];
  const refusals: string[] = [];
  const compiling = <F extends (...args: never[]) => StepResult>(step: F): F => {
    if (!compiled) return step;
    const result = compile(step as never, { onUncompiled: (reason) => refusals.push(reason) });
    made.push(result);
    return result as unknown as F;
  };
  const calls = steps.map(compiling);
  const trainers = networks.map(({ step }) => compiling(step));
  const batch = { ...source.batch(Int32Array.of(0, 1, 2, 3)), rate: tf.scalar(0.1), seed: tf.tensor1d([1, 2], "int32") }; // prettier-ignore
  const seen: unknown[] = [];
  const see = (result: StepResult) => {
    const results =
      result === undefined ? [] : result instanceof tf.Tensor ? [result] : Object.values(result);
    seen.push(results.map((tensor) => Array.from(tensor.dataSync())));
    tf.dispose(results);
  };

  for (const { does, a, b, c, times } of instructionsOfProgram) {
    const variables = [...named, ...added];
    const tensors = [...held, ...variables];
    const { model } = pick(networks, a);
    switch (does) {
      case "assign": {
        const [target, value] = [pick(variables, a), pick(tensors, b)];
        if (target !== value) target.assign(value); // TensorFlow.js frees a variable that is assigned itself
        break;
      }
      case "clone": held.push(tf.clone(pick(tensors, a))); break;
      case "variable": added.push(tf.variable(pick(tensors, a))); break;
      case "dispose":
        if (b % 2 === 0 && held.length > 1) held.splice(a % held.length, 1)[0]!.dispose();
        else if (added.length > 0) added.splice(a % added.length, 1)[0]!.dispose();
        break;
      case "copyWeights": copyWeights(model, pick(networks, a + 1).model); break;
      case "snapshot": snapshots.push(model.variables().map(({ variable }) => tf.clone(variable))); break;
      case "restore":
        if (snapshots.length > 0) model.variables().forEach(({ variable }, i) => { variable.assign(pick(snapshots, b)[i]!); });
        break;
      case "train":
        for (let k = 0; k < times; k++) see(pick(trainers, a)(batch.images, batch.labels, batch.rate, batch.seed));
        break;
      case "fit": {
        const { stepLosses } = await fit(model, source, { steps: times, batchSize: 3, progress: "none", stepLosses: true, compile: compiled ? {} : false });
        seen.push(stepLosses);
        break;
      }
      case "call":
        for (let k = 0; k < times; k++) see(pick(calls, a)(pick(tensors, b), pick(tensors, c)));
        break;
      case "prepare":
        (pick(calls, a) as Partial<CompiledStep<[tf.Tensor, tf.Tensor], StepResult>>).prepare?.(pick(tensors, b), pick(tensors, c));
        break;
      case "compile":
        (pick(calls, a) as Partial<CompiledStep<[], StepResult>>).dispose?.();
        calls[a % calls.length] = compiling(pick(steps, a));
        break;
      case "capture": {
        const next = tf.clone(pick(tensors, a));
        captured.dispose();
        captured = next;
        break;
      }
    } // prettier-ignore
    seen.push(
      [...named, ...added, ...held, ...snapshots.flat()].map((tensor) => Array.from(tensor.dataSync())),
    );
  }
  for (const step of made) step.dispose();
  for (const { model, optimizer } of networks) {
    optimizer.dispose();
    tf.dispose(model.variables().map(({ variable }) => variable));
  }
  tf.dispose([plain, added, held, snapshots, captured, Object.values(batch)]);
  expect(refusals).toEqual([]);
  return seen;
}

test("compile() and fit() see what the uncompiled steps see in random programs over shared storage", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (drawn) => {
      const before = tf.memory().numTensors;
      expect(await carryOut(drawn, true)).toEqual(await carryOut(drawn, false));
      expect(tf.memory().numTensors).toBe(before);
    }),
    { seed: 15, numRuns: programs },
  );
}, 3_600_000);
