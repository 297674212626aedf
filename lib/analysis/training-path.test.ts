import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { displaced, innerProduct, randomDirection } from "./directions.js";
import { leadingEigenvectors } from "./eigenvectors.js";
import { snapshot, trainingPath, type Snapshot } from "./training-path.js";

beforeAll(async () => {
  await ready();
});

const network = () =>
  nn.cifarResNet({ depth: 8, widths: [2, 3, 4], inputShape: [6, 6, 1], classes: 3, seed: 2 });

test("leadingEigenvectors() solves A v = lambda v, with orthonormal v and the largest lambda first", () => {
  const stream = randomStream(1, "matrix");
  const half = Array.from({ length: 7 }, () => Array.from({ length: 7 }, () => stream.normal()));
  const matrix = half.map((row, i) => row.map((value, j) => value + half[j]![i]!));
  const pairs = leadingEigenvectors(matrix, 7);
  pairs.forEach(({ value, vector }, k) => {
    matrix.forEach((row, i) => {
      expect(row.reduce((sum, a, j) => sum + a * vector[j]!, 0)).toBeCloseTo(value * vector[i]!, 10);
    });
    pairs.forEach((other, l) => {
      const product = vector.reduce((sum, a, i) => sum + a * other.vector[i]!, 0);
      expect(product).toBeCloseTo(Number(k === l), 10);
      if (l > k) expect(value).toBeGreaterThanOrEqual(other.value);
    });
  });
  const trace = pairs.reduce((sum, { value }) => sum + value, 0);
  expect(trace).toBeCloseTo(
    matrix.reduce((sum, row, i) => sum + row[i]!, 0),
    10,
  );
});

test("leadingEigenvectors() takes the 400 snapshots of a long training", () => {
  const matrix = Array.from({ length: 400 }, (_, i) => Array.from({ length: 400 }, (_unused, j) => Number(i === j) * (i + 1))); // prettier-ignore
  expect(leadingEigenvectors(matrix, 2).map(({ value }) => value)).toEqual([400, 399]);
});

test("trainingPath() finds the plane of a path that lies in one, and the places on it", async () => {
  const net = network();
  const [a, b] = [await randomDirection(net, 1), await randomDirection(net, 2)];
  const route = [[3, 0.2], [2.2, -0.4], [1, 0.3], [0, 0]] as const; // prettier-ignore
  const path: Snapshot[] = [];
  for (const [s, t] of route) path.push(await displaced(net, [[s, a], [t, b]], () => snapshot(net))); // prettier-ignore
  const { directions, x, y, shares } = await trainingPath(net, path);
  expect(shares[0]).toBeGreaterThan(0.9);
  expect(shares[0] + shares[1]).toBeCloseTo(1, 6);
  expect(innerProduct(directions[0], directions[1]) / innerProduct(directions[0], directions[0])).toBeCloseTo(0, 6); // prettier-ignore
  // The plane's own coordinates must lead back to the snapshots.
  for (const [i, one] of path.entries()) {
    const back = await displaced(net, [[x[i]!, directions[0]], [y[i]!, directions[1]]], () => snapshot(net)); // prettier-ignore
    for (const [name, { data }] of one) {
      data.forEach((value, k) => {
        expect(back.get(name)!.data[k]).toBeCloseTo(value, 4);
      });
    }
  }
  expect([x.at(-1), y.at(-1)].map((value) => Math.abs(value!))).toEqual([0, 0]);
});

test("trainingPath() leaves running statistics out, and takes norms and biases in", async () => {
  const net = network();
  const start = await snapshot(net);
  const stream = randomStream(3, "moves");
  const path: Snapshot[] = [start];
  for (let k = 0; k < 3; k++) {
    for (const { variable } of net.variables()) {
      const noise = Float32Array.from({ length: variable.size }, () => 0.1 * Math.abs(stream.normal()));
      variable.assign(tf.add(variable, tf.tensor(noise, variable.shape)));
    }
    path.push(await snapshot(net));
  }
  const { directions } = await trainingPath(net, path);
  const expected = net.variables().filter(({ role }) => role !== "statistic").map(({ name }) => name); // prettier-ignore
  expect([...directions[0].keys()]).toEqual(expected);
  const weights = await snapshot(net);
  const squared = expected.reduce((sum, name) => sum + weights.get(name)!.data.reduce((s, v) => s + v * v, 0), 0); // prettier-ignore
  expect(innerProduct(directions[0], directions[0]) / squared).toBeCloseTo(1, 4);
});

test("trainingPath() refuses a path that has no plane", async () => {
  const net = network();
  const here = await snapshot(net);
  await expect(trainingPath(net, [here, here])).rejects.toThrow("at least two directions from the network; got 2 snapshots"); // prettier-ignore
});

test("snapshot() is a copy that later training does not change", async () => {
  const net = network();
  const taken = await snapshot(net);
  const { name, variable } = net.variables()[0]!;
  const before = Array.from(taken.get(name)!.data);
  variable.assign(tf.add(variable, 1));
  expect(Array.from(taken.get(name)!.data)).toEqual(before);
});
