// The forward sum and the backward one: exact on a pre-activation network, broken where h or f is not the identity.
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { backwardOne, forwardSum } from "./identity-sums.js";

beforeAll(async () => {
  await ready();
});

const options = { widths: [4, 8, 8], inputShape: [9, 7, 2], classes: 5, seed: 3 } as const;

function batch() {
  const stream = randomStream(7, "images");
  return {
    images: tf.tensor4d(Float32Array.from({ length: 4 * 9 * 7 * 2 }, () => stream.normal()), [4, 9, 7, 2]),
    labels: tf.tensor1d([3, 0, 4, 1], "int32"),
  }; // prettier-ignore
}

test("forwardSum() and backwardOne() hold on pre-activation-56, in every row, and leave nothing behind", async () => {
  const network = nn.cifarResNet({ ...options, depth: 56, order: "preActivation" });
  const { images, labels } = batch();
  const values = () =>
    Promise.all(network.variables().map(async ({ variable }) => [...(await variable.data())]));
  const before = await values();
  const { numTensors } = tf.memory();
  const forward = await forwardSum(network, images);
  const backward = await backwardOne(network, images, labels);
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(await values()).toEqual(before);

  for (const report of [forward, backward]) {
    expect(report.holds).toBe(true);
    // Stage 1 keeps its size throughout; stage 2 from its second unit; stage 3 has as many channels, but a stride.
    expect(report.rows.map(({ terms }) => terms)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1]); // prettier-ignore
    for (const { h, f, one, sum } of report.rows) {
      expect([h, f]).toEqual(["identity", "identity"]);
      expect(Math.min(one, sum)).toBeGreaterThan(0);
    }
  }
  expect(forward.error).toBeLessThan(1e-7);
  expect(backward.error).toBeLessThan(1e-6);
  network.dispose();
});

test.each([
  ["the original order, where f is a ReLU", { order: "original" }, "identity", "relu"],
  ["batch norm after the addition", { order: "normAfterAddition" }, "identity", "batch norm relu"],
  ["projections everywhere", { order: "preActivation", shortcut: "C" }, "projection", "identity"],
  ["no shortcut", { shortcut: "none" }, "none", "relu"],
] as const)("forwardSum() and backwardOne() are broken with %s", async (_, variant, h, f) => {
  const network = nn.cifarResNet({ ...options, depth: 20, ...variant });
  const { images, labels } = batch();
  for (const report of [await forwardSum(network, images), await backwardOne(network, images, labels)]) {
    expect(report.holds).toBe(false);
    expect(report.error).toBeGreaterThan(0.01);
    expect(report.rows[0]).toMatchObject({ h, f });
    expect(report.text).toMatch(/the identity is broken from stage\d\.unit\d on/);
  }
  network.dispose();
});

test("forwardSum() tells an addition that loses one part in a hundred thousand", async () => {
  const network = nn.cifarResNet({ ...options, depth: 14, order: "preActivation" });
  const { images } = batch();
  const body = network.parts;
  const parts = Object.fromEntries(
    Object.entries(body).map(([name, part]) => [
      name,
      name === "stage1.unit2"
        ? { ...part, forward: (x: tf.Tensor, mode: nn.Mode) => tf.mul(part.forward(x, mode), 1 + 1e-5) }
        : part,
    ]),
  );
  const all = nn.sequential(parts);
  const report = await forwardSum(
    {
      name: "lossy",
      parts,
      units: network.units,
      variables: () => network.variables(),
      forward: (x: tf.Tensor4D, mode: nn.Mode) => tf.tidy(() => all.forward(x, mode) as tf.Tensor2D),
    } as nn.Model,
    images,
  );
  expect(report.rows.filter(({ holds }) => !holds).map(({ from }) => from)).toEqual([
    "stage1.unit1",
    "stage1.unit2",
  ]);
  network.dispose();
});
