import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { evaluate } from "../train/evaluate.js";
import type { BatchSource } from "../model/trainable.js";
import { coordinatesIn, directionTo, displaced, randomDirection } from "./directions.js";
import { withoutUnits } from "./lesion.js";
import { lossSurface, roughness } from "./loss-surface.js";

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-surface-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const network = () =>
  nn.cifarResNet({ depth: 8, widths: [2, 3, 4], inputShape: [6, 6, 1], classes: 3, seed: 2 });

const source: BatchSource = {
  name: "noise",
  size: 10,
  imageShape: [6, 6, 1],
  classes: ["a", "b", "c"],
  batch(indices) {
    const stream = randomStream(1, "noise", indices[0]!);
    const images = tf.tensor4d(Float32Array.from({ length: indices.length * 36 }, () => stream.normal()), [indices.length, 6, 6, 1]); // prettier-ignore
    return { images, labels: tf.tensor1d(indices.map((index) => index % 3), "int32") }; // prettier-ignore
  },
};

const valuesOf = async (net: nn.Network) =>
  new Map(await Promise.all(net.variables().map(async ({ name, variable }) => [name, Float32Array.from(await variable.data<"float32">())] as const))); // prettier-ignore

const tensorsOf = async (net: nn.Network) =>
  new Map([...(await valuesOf(net))].map(([name, data]) => [name, { shape: [data.length], data }]));

test("randomDirection() has filters as long as the network's, and moves weights only", async () => {
  const net = network();
  const weights = await valuesOf(net);
  const direction = await randomDirection(net, 4);
  const names = net.variables().filter(({ role }) => role === "weight").map(({ name }) => name); // prettier-ignore
  expect([...direction.keys()]).toEqual(names);
  for (const { name, variable } of net.variables()) {
    const moved = direction.get(name);
    if (!moved) continue;
    const filters = variable.shape.at(-1)!;
    for (let filter = 0; filter < filters; filter++) {
      const norm = (values: Float32Array) => Math.hypot(...values.filter((_, i) => i % filters === filter));
      expect(norm(moved)).toBeCloseTo(norm(weights.get(name)!), 4);
    }
  }
  expect(await randomDirection(net, 4)).toEqual(direction);
  expect(await randomDirection(net, 5)).not.toEqual(direction);
});

test("displaced() and lossSurface() refuse a direction that would move nothing, or has another length", async () => {
  const net = network();
  const work = () => Promise.resolve();
  const none = "a direction must have values for variables of the network, such as stem.conv.weight; got ";
  await expect(displaced(net, [[1, new Map([["other", new Float32Array(2)]])]], work)).rejects.toThrow(`${none}other`); // prettier-ignore
  await expect(lossSurface(net, source, [new Map()], { steps: [0] })).rejects.toThrow(`${none}none`);
  await expect(displaced(net, [[1, new Map([["head.bias", new Float32Array(2)]])]], work)).rejects.toThrow(
    "a direction must have as many values as the variable that it moves; got 2 for head.bias, which has 3",
  );
  net.dispose();
});

test("displaced() moves the weights, and puts them back even where the work fails", async () => {
  const net = network();
  const before = await valuesOf(net);
  const direction = await randomDirection(net, 4);
  const { numTensors } = tf.memory();
  const inside = await displaced(net, [[0.5, direction], [0.25, direction]], () => valuesOf(net)); // prettier-ignore
  const name = "stage2.unit1.conv1.weight";
  inside.get(name)!.forEach((value, i) => {
    expect(value).toBeCloseTo(before.get(name)![i]! + 0.75 * direction.get(name)![i]!, 5);
  });
  await expect(displaced(net, [[1, direction]], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await valuesOf(net)).toEqual(before);
  expect(tf.memory().numTensors).toBe(numTensors);
});

test("lossSurface() gives the loss of a network moved by hand, and leaves it as it was", async () => {
  const net = network();
  const before = await valuesOf(net);
  const [first, second] = [await randomDirection(net, 1), await randomDirection(net, 2)];
  const points: number[] = [];
  const surface = await lossSurface(net, source, [first, second], {
    steps: [-0.5, 0, 1],
    onPoint: ({ done }) => points.push(done),
  });
  expect(points).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await valuesOf(net)).toEqual(before);
  for (const { name, variable } of net.variables()) {
    const [d1, d2] = [first.get(name), second.get(name)];
    if (!d1 || !d2) continue;
    const moved = before.get(name)!.map((value, i) => value + 1 * d1[i]! - 0.5 * d2[i]!);
    variable.assign(tf.tensor(moved, variable.shape));
  }
  const byHand = await evaluate(net, source, { progress: "none" });
  expect(surface.losses[0]![2]).toBeCloseTo(byHand.loss, 4); // second direction by -0.5, first by 1
  expect(surface.losses.flat().every(Number.isFinite)).toBe(true);
});

test("lossSurface() takes other steps along its second direction, and says which", async () => {
  const net = network();
  const directions = [await randomDirection(net, 1), await randomDirection(net, 2)] as const;
  const wide = await lossSurface(net, source, directions, { steps: [-1, 0, 1], secondSteps: [0, 0.5] });
  expect([wide.losses.length, wide.losses[0]!.length]).toEqual([2, 3]);
  expect(wide.secondSteps).toEqual([0, 0.5]);
  const swapped = await lossSurface(net, source, [directions[1], directions[0]], { steps: [0.5], secondSteps: [1] }); // prettier-ignore
  expect(wide.losses[1]![2]).toBeCloseTo(swapped.losses[0]![0]!, 5);
  await expect(lossSurface(net, source, directions, { secondSteps: [Number.NaN] })).rejects.toThrow("secondSteps must be at least one finite number; got NaN"); // prettier-ignore
});

test("lossSurface() that was stopped goes on from its file and gives what an unbroken one gives", async () => {
  const net = network();
  const directions = [await randomDirection(net, 1)] as const;
  const steps = [-1, -0.5, 0, 0.5, 1];
  const path = join(folder, "line.json");
  const stop = new AbortController();
  const stopping = lossSurface(net, source, directions, {
    steps,
    path,
    signal: stop.signal,
    onPoint: ({ done }) => {
      if (done === 2) stop.abort();
    },
  });
  await expect(stopping).rejects.toMatchObject({ name: "AbortError" });
  const counted: number[] = [];
  const resumed = await lossSurface(net, source, directions, { steps, path, onPoint: ({ done }) => counted.push(done) }); // prettier-ignore
  expect(counted).toEqual([3, 4, 5]);
  expect(resumed).toEqual(await lossSurface(net, source, directions, { steps }));
  await expect(lossSurface(net, source, directions, { steps: [0, 1], path })).rejects.toThrow(
    /another surface: its steps.* is .*, and .* was asked for; give another path/,
  );
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
    label: net.name,
    data: { name: "noise" },
  });
  await writeFile(path, "{");
  await expect(lossSurface(net, source, directions, { steps, path })).rejects.toThrow(
    "not valid JSON; remove it",
  );
  for (const text of ["null", "7", "[]"]) {
    await writeFile(path, text);
    await expect(lossSurface(net, source, directions, { steps, path })).rejects.toThrow(`${path}: `);
  }
});

test("lossSurface() takes up no surface of other weights, directions, images or route, though the label is the same", async () => {
  const path = join(folder, "same.json");
  const net = network();
  const along = await randomDirection(net, 1);
  const options = { steps: [0, 1], path, label: "the same", progress: "none" } as const;
  const first = await lossSurface(net, source, [along], options);
  const before = await readFile(path, "utf8");
  const other = nn.cifarResNet({ depth: 8, widths: [2, 3, 4], inputShape: [6, 6, 1], classes: 3, seed: 2 });
  const [bias] = other.variables().slice(-1);
  bias!.variable.assign(tf.add(bias!.variable, 1e-3));
  const brighter: BatchSource = {
    ...source,
    batch(indices) {
      const { images, labels } = source.batch(indices);
      return { images: tf.add(images, 1e-3), labels };
    },
  };
  const refused = async (place: string, model: nn.Model, from: BatchSource, direction: typeof along) => {
    await expect(lossSurface(model, from, [direction], options)).rejects.toThrow(
      `another surface: its ${place}`,
    );
    expect(await readFile(path, "utf8")).toBe(before);
  };
  await refused("weights", other, source, along);
  await refused("directions.0", net, source, await randomDirection(net, 2));
  await refused("data.images", net, brighter, along);
  await refused("model.route", withoutUnits(net, ["stage1.unit1"]), source, along);
  expect(await lossSurface(network(), source, [along], options)).toEqual(first); // equal weights are the same
});

test("lossSurface() keeps losses that are not finite in its file, and measures no point twice", async () => {
  const path = join(folder, "far.json");
  const net = network();
  const along = new Map([...(await randomDirection(net, 1))].map(([name, values]) => [name, values.map((value) => value * 1e30)])); // prettier-ignore
  const options = { steps: [-1, 0, 1], path, progress: "none" } as const;
  const { losses } = await lossSurface(net, source, [along], options);
  expect(losses[0]!.filter(Number.isFinite)).toHaveLength(1);
  const again: number[] = [];
  const resumed = await lossSurface(net, source, [along], { ...options, onPoint: ({ done }) => again.push(done) }); // prettier-ignore
  expect(again).toEqual([]);
  expect(resumed.losses).toEqual(losses);
});

test("coordinatesIn() finds the place of weights in a plane, also by directions that are not orthogonal", async () => {
  const net = network();
  const [first, other] = [await randomDirection(net, 1), await randomDirection(net, 2)];
  const second = new Map([...other].map(([name, values]) => [name, values.map((value, i) => value + 0.5 * first.get(name)![i]!)])); // prettier-ignore
  const moved = await displaced(net, [[0.7, first], [-0.3, second]], () => tensorsOf(net)); // prettier-ignore
  const [a, b] = await coordinatesIn(net, [first, second], moved);
  expect(a).toBeCloseTo(0.7, 4);
  expect(b).toBeCloseTo(-0.3, 4);
  await expect(coordinatesIn(net, [first, first], moved)).rejects.toThrow(
    "two directions that are not parallel",
  );
});

test("directionTo() leads to the other weights, and names what is missing", async () => {
  const [net, goal] = [network(), nn.cifarResNet({ depth: 8, widths: [2, 3, 4], inputShape: [6, 6, 1], classes: 3, seed: 9 })]; // prettier-ignore
  const target = await tensorsOf(goal);
  const arrived = await displaced(net, [[1, await directionTo(net, target)]], () => valuesOf(net));
  const name = "stage3.unit1.conv2.weight";
  arrived.get(name)!.forEach((value, i) => {
    expect(value).toBeCloseTo(target.get(name)!.data[i]!, 5);
  });
  target.delete(name);
  await expect(directionTo(net, target)).rejects.toThrow(`the other weights must have ${name} with 144 numbers; got none`); // prettier-ignore
});

test("roughness() is 0 for a straight line, small for a parabola, large for noise, whatever the scale", () => {
  const at = Array.from({ length: 41 }, (_, i) => i - 20);
  expect(roughness(at.map((x) => 3 * x + 1))).toBeCloseTo(0, 12);
  expect(roughness(Array.from({ length: 300_000 }, (_, i) => i))).toBeCloseTo(0, 12);
  const parabola = roughness(at.map((x) => x * x));
  expect(parabola).toBeLessThan(0.1);
  expect(roughness(at.map((x) => 7 * x * x + 5))).toBeCloseTo(parabola, 10);
  const stream = randomStream(1, "rough");
  const noise = roughness(Array.from({ length: 2000 }, () => stream.normal()));
  // Independent noise: first differences have variance 2, second ones 6, so sqrt(3).
  expect(noise).toBeCloseTo(Math.sqrt(3), 1);
  expect(() => roughness([1, 2])).toThrow("roughness needs at least three finite losses; got 1, 2");
});
