import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { lineGradients } from "./line-gradients.js";
import { withStatisticsOf } from "./passes.js";

beforeAll(async () => {
  await ready();
});

const network = () =>
  nn.cifarResNet({ depth: 8, widths: [4, 4, 4], inputShape: [8, 8, 1], classes: 3, seed: 1 });
const images = () => tf.randomNormal<tf.Rank.R4>([6, 8, 8, 1], 0, 1, "float32", 7);
const image = (seed: number) => tf.randomNormal<tf.Rank.R3>([8, 8, 1], 0, 1, "float32", seed);

test("lineGradients() adds up, along the line, to what the logit changes by", async () => {
  const net = network();
  const [from, to, statisticsOf] = [image(1), image(2), images()];
  const points = 401;
  const series = await lineGradients(net, from, to, { statisticsOf, logit: 2, points });
  expect(series).toHaveLength(64);
  // The slope along the line is the gradient times the direction; a ReLU makes it jump, so that it is summed (trapezoids) and no difference is taken.
  const direction = tf.sub(to, from).dataSync();
  const slopes = Array.from({ length: points }, (_, j) =>
    series.reduce((sum, one, i) => sum + one[j]! * direction[i]!, 0),
  );
  const whole = slopes.reduce((sum, slope, j) => sum + (j === 0 || j === points - 1 ? slope / 2 : slope), 0);
  const ends = tf.stack([from, to]) as unknown as tf.Tensor4D;
  const change = await withStatisticsOf(net, statisticsOf, () => {
    const logits = net.forward(ends, { training: false }).dataSync();
    return Promise.resolve(logits[3 + 2]! - logits[2]!);
  });
  const travelled = slopes.reduce((sum, slope) => sum + Math.abs(slope), 0) / (points - 1);
  expect(travelled).toBeGreaterThan(0.02);
  expect(Math.abs(whole / (points - 1) - change)).toBeLessThan(0.02 * travelled);
});

test("withStatisticsOf() gives batch norm the batch's statistics, whatever the running ones were", async () => {
  const net = network();
  const x = images();
  const before = net.variables().map(({ variable }) => [...variable.dataSync()]);
  const training = net.forward(x, { training: true }).dataSync();
  const ran = net.variables().map(({ variable }) => [...variable.dataSync()]); // a training pass has moved them
  const stem = net.variables().find(({ name }) => name === "stem.norm.mean")!;
  await withStatisticsOf(net, x, () => {
    const inference = net.forward(x, { training: false }).dataSync();
    // The statistics kept have n - 1 in the variance, and the last stage has 24 values a channel.
    training.forEach((logit, i) => {
      expect(Math.abs(logit - inference[i]!)).toBeLessThan(0.1);
    });
    // r = 0.9 · 0 + 0.1 · b
    stem.variable.dataSync().forEach((mean, i) => {
      expect(0.1 * mean).toBeCloseTo(ran[net.variables().indexOf(stem)]![i]!, 5);
    });
    return Promise.resolve();
  });
  expect(net.variables().map(({ variable }) => [...variable.dataSync()])).toEqual(ran);
  expect(ran).not.toEqual(before);
});

test("lineGradients() leaves memory as it was and refuses a logit that is none", async () => {
  const net = network();
  const [from, to, statisticsOf] = [image(1), image(2), images()];
  const tensors = tf.memory().numTensors;
  await lineGradients(net, from, to, { statisticsOf, points: 3 });
  expect(tf.memory().numTensors).toBe(tensors);
  await expect(lineGradients(net, from, to, { statisticsOf, logit: 3 })).rejects.toThrow(/logit/);
});
