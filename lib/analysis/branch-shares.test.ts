import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { branchShares } from "./branch-shares.js";
import { shareLaw } from "./correlation-laws.js";

beforeAll(async () => {
  await ready();
});

const images = () => tf.randomNormal<tf.Rank.R4>([12, 8, 8, 1], 0, 1, "float32", 5);
const common = { widths: [8, 8, 8], inputShape: [8, 8, 1], classes: 3, seed: 2, shortcut: "A" } as const;

test("branchShares() is the variance of F over that of both ways, by numbers read from the units", async () => {
  const network = nn.cifarResNet({ ...common, depth: 14, order: "preActivation" });
  const x = images();
  const names = ["stage2.unit2.shortcut", "stage2.unit2.residual"];
  const [carried, added] = names.map((name) => {
    const value = network.activations(x, { names: [name], training: true })[name]!;
    const channels = value.shape.at(-1)!;
    const data = value.dataSync();
    const variances = Array.from({ length: channels }, (_, c) => {
      const own = [...data].filter((_, i) => i % channels === c);
      const mean = own.reduce((a, b) => a + b) / own.length;
      return own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length;
    });
    value.dispose();
    return variances.reduce((a, b) => a + b) / channels;
  });
  const shares = await branchShares(network, x);
  const found = shares.find(({ name }) => name === "stage2.unit2")!;
  expect(found.shortcut).toBe("identity");
  expect(found.carried).toBeCloseTo(carried!, 3);
  expect(found.share).toBeCloseTo(added! / (added! + carried!), 4);
  expect(shares).toHaveLength(6);
});

test("branchShares() falls with the unit where batch norm stands, and not where it does not", async () => {
  const x = images();
  const inStage1 = async (order: nn.CifarResNetOptions["order"]) => {
    const network = nn.cifarResNet({ ...common, widths: [16, 16, 16], depth: 38, ...(order && { order }) });
    return (await branchShares(network, x)).slice(0, 6).map(({ share }) => share);
  };
  const normed = await inStage1("preActivation");
  const bare = await inStage1({ each: ["relu", "conv"], last: ["relu", "conv"], afterAddition: [] });
  expect(normed[5]!).toBeLessThan(normed[1]! / 2);
  expect(Math.abs(normed[5]! - shareLaw("normalised residual", 6)[5]!)).toBeLessThan(0.1);
  expect(bare[5]!).toBeGreaterThan(0.2);
});

test("branchShares() leaves statistics and memory as they were, and refuses a network without shortcuts", async () => {
  const network = nn.cifarResNet({ ...common, depth: 8 });
  const x = images();
  const values = () => network.variables().map(({ variable }) => [...variable.dataSync()]);
  const before = values();
  const tensors = tf.memory().numTensors;
  await branchShares(network, x);
  expect(values()).toEqual(before);
  expect(tf.memory().numTensors).toBe(tensors);
  await expect(branchShares(nn.plainNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1] }), x)).rejects.toThrow(/shortcut/); // prettier-ignore
});
