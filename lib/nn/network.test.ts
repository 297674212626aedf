import { beforeAll, describe, expect, test } from "vitest";
import { randomDraws, ready, softmaxCrossEntropy, tf } from "../runtime/index.js";
import { expectClose, valuesOf } from "../runtime/kernels/float64.fixture.js";
import type { Trainable } from "../model/trainable.js";
import { buildArchitecture } from "./build.js";
import { cifarArchitecture, cifarResNet, plainNet } from "./cifar.js";
import { cifarDenseNet, imageNetDenseNet } from "./densenet.js";
import { highway } from "./highway.js";
import { imageNetResNet } from "./imagenet.js";
import { Network } from "./network.js";
import { unitOrders, type UnitOrderName } from "./order.js";
import { sequential } from "./sequential.js";
import { shortcutVariants } from "./shortcut-variants.js";
import { vgg } from "./vgg.js";

beforeAll(async () => {
  await ready();
});

const tiny = { depth: 8, widths: [4, 8, 8], inputShape: [8, 8, 3], classes: 5 } as const;

const images = (network: Trainable, count = 4) =>
  tf.randomNormal<tf.Rank.R4>([count, ...network.inputShape], 0, 1, "float32", 3);

/** A mode for training, with random draws for the layers that need them. */
const training = () => ({ training: true, random: randomDraws(tf.tensor1d([1, 2], "int32")) });

function backward(network: Trainable, x: tf.Tensor4D): void {
  tf.tidy(() => {
    const labels = tf.zeros<tf.Rank.R1>([x.shape[0]], "int32");
    const trained = network.variables().filter(({ role }) => role !== "statistic");
    const { grads } = tf.variableGrads(
      () => tf.mean(softmaxCrossEntropy(network.forward(x, training()), labels)),
      trained.map(({ variable }) => variable),
    );
    expect(Object.keys(grads)).toHaveLength(trained.length);
  });
}

const tinyVgg = { widths: [2, 3, 4, 4, 4], features: 6, inputShape: [32, 32, 3], classes: 5 } as const;

const families: Record<string, () => Network> = {
  "basic, option A": () => cifarResNet(tiny),
  "basic, option A with zeros around": () => cifarResNet({ ...tiny, shortcut: "A-around" }),
  "basic, option B": () => cifarResNet({ ...tiny, shortcut: "B" }),
  "basic, option C": () => cifarResNet({ ...tiny, shortcut: "C" }),
  plain: () => plainNet(tiny),
  bottleneck: () => cifarResNet({ ...tiny, kind: "bottleneck", depth: 11, strideOn: "3x3" }),
  "imagenet 18": () =>
    imageNetResNet({ depth: 18, widths: [4, 8, 8, 8], inputShape: [32, 32, 3], classes: 5 }),
  "imagenet 50": () =>
    imageNetResNet({ depth: 50, widths: [4, 4, 4, 4], inputShape: [33, 32, 1], classes: 5 }),
  "pre-activation bottleneck": () =>
    cifarResNet({ ...tiny, kind: "bottleneck", depth: 20, order: "preActivation", shortcut: "activated" }),
  aggregated: () =>
    cifarResNet({
      ...tiny,
      kind: "bottleneck",
      depth: 11,
      shortcut: "B",
      paths: { cardinality: 2, width: 32 },
    }),
  "squeeze and excitation": () => cifarResNet({ ...tiny, gate: { kind: "squeezeExcitation", reduction: 2 } }),
  "exclusive gating": () => cifarResNet({ ...tiny, ...shortcutVariants.exclusiveGating }),
  "shortcut-only gating": () => cifarResNet({ ...tiny, ...shortcutVariants.shortcutOnlyGating }),
  "dropout of shortcuts": () => cifarResNet({ ...tiny, ...shortcutVariants.dropout }),
  "stochastic depth": () => cifarResNet({ ...tiny, gate: { kind: "stochasticDepth", lastSurvival: 0.5 } }),
  densenet: () => cifarDenseNet({ depth: 10, growth: 3, inputShape: [8, 8, 3], classes: 5 }),
  "densenet-BC": () =>
    cifarDenseNet({
      depth: 16,
      growth: 3,
      kind: "bottleneck",
      compression: 0.5,
      inputShape: [8, 8, 3],
      classes: 5,
    }),
  "imagenet densenet": () => imageNetDenseNet({ depth: 121, growth: 2, inputShape: [32, 32, 3], classes: 5 }),
  highway: () =>
    highway({ counts: [1, 2, 1], widths: [4, 4, 8], features: 6, inputShape: [8, 8, 3], classes: 5 }),
  vgg: () => vgg({ depth: 11, ...tinyVgg }),
  "vgg with batch norm": () => vgg({ depth: 16, norm: "batch", ...tinyVgg }),
  ...Object.fromEntries(
    (Object.keys(unitOrders) as UnitOrderName[]).map((order) => [
      order,
      () => cifarResNet({ ...tiny, depth: 14, order }),
    ]),
  ),
};

describe.each(Object.entries(families))("Network %s", (_, make) => {
  test("gives logits, and leaves no tensor after a step, a forward pass and dispose()", () => {
    const before = tf.memory().numTensors;
    const network = make();
    const built = tf.memory().numTensors;
    expect(built - before).toBe(network.variables().length);
    const x = images(network);
    for (const mode of [training, () => ({ training: false })]) {
      tf.tidy(() => {
        expect(network.forward(x, mode()).shape).toEqual([4, 5]);
      });
    }
    backward(network, x);
    x.dispose();
    expect(tf.memory().numTensors).toBe(built);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("has outputs of the shapes that its rows promise", () => {
    const network = make();
    const promised = new Map(
      network.body.rows(network.inputShape).map((row) => [row.name, row.outputShape.join()]),
    );
    const checked: string[] = [];
    network.forward(images(network), {
      training: false,
      observe(name, value) {
        const shape = promised.get(name);
        if (shape === undefined) return;
        expect(value.shape.slice(1).join(), name).toBe(shape);
        checked.push(name);
      },
    });
    expect(new Set(checked)).toEqual(new Set(promised.keys()));
  });

  test("has a spec that builds the same network from JSON", () => {
    const network = make();
    const again = buildArchitecture(JSON.parse(JSON.stringify(network.spec)) as typeof network.spec);
    expect(again.name).toBe(network.name);
    expect(again.spec).toEqual(network.spec);
    const shapes = sequential(again.parts)
      .parameters()
      .map(({ name, parameter }) => `${name} ${parameter.shape.join()}`);
    expect(shapes).toEqual(
      network.variables().map(({ name, variable }) => `${name} ${variable.shape.join()}`),
    );
  });
});

test("Network has stable dotted names", () => {
  const names = cifarResNet({ ...tiny, shortcut: "B" })
    .variables()
    .map(({ name, role }) => `${name} (${role})`);
  expect(names.slice(0, 6)).toEqual([
    "stem.conv.weight (weight)",
    "stem.norm.scale (scale)",
    "stem.norm.shift (shift)",
    "stem.norm.mean (statistic)",
    "stem.norm.variance (statistic)",
    "stage1.unit1.conv1.weight (weight)",
  ]);
  expect(names).toContain("stage2.unit1.shortcut.conv.weight (weight)");
  expect(names).toContain("stage3.unit1.norm2.shift (shift)");
  expect(names.slice(-2)).toEqual(["head.weight (weight)", "head.bias (bias)"]);
});

test("Network.forward() in training changes statistics and nothing else; in inference nothing", async () => {
  const network = cifarResNet(tiny);
  const x = images(network);
  const snapshot = async () =>
    Promise.all(network.variables().map(async ({ variable }) => (await valuesOf(variable)).join()));
  const initial = await snapshot();
  network.forward(x, { training: false });
  expect(await snapshot()).toEqual(initial);
  network.forward(x, { training: true });
  const changed = (await snapshot()).map((values, k) => values !== initial[k]);
  expect(changed).toEqual(network.variables().map(({ role }) => role === "statistic"));
});

test("Network.forward() in inference gives each image logits of its own; in training the batch's", async () => {
  const network = cifarResNet(tiny);
  const x = images(network);
  const firstOf = async (batch: tf.Tensor4D, training: boolean) =>
    (await valuesOf(network.forward(batch, { training }))).slice(0, 5);
  const alone = tf.slice(x, 0, 1);
  expectClose(await firstOf(x, false), await firstOf(alone, false), 1e-5);
  const together = await firstOf(x, true);
  expect(Math.abs((await firstOf(alone, true))[0]! - together[0]!)).toBeGreaterThan(1e-3);
});

test("Network.forward() refuses images of another shape, and says both", () => {
  const network = cifarResNet(tiny);
  expect(() => network.forward(tf.zeros([2, 8, 8, 1]), { training: false })).toThrow(
    "resnet-8 (option A, widths 4/8/8) takes images [N, 8, 8, 3]; got [2, 8, 8, 1]",
  );
  expect(() => network.forward(tf.zeros([8, 8, 3]) as unknown as tf.Tensor4D, { training: false })).toThrow(
    "takes images [N, 8, 8, 3]; got [8, 8, 3]",
  );
});

test("Network is its parts one after another, so that a chapter can leave one out", async () => {
  const network = cifarResNet({ ...tiny, depth: 14 });
  const x = images(network);
  const { "stage2.unit2": removed, ...rest } = network.parts;
  expect(removed).toBe(network.units[3]!.unit);
  const lesioned = sequential(rest).forward(x, { training: false });
  // The same by hand: the unit's residual cut. Its input is not negative, so the last ReLU changes nothing.
  const cut = network.forward(x, {
    training: false,
    replace: (name, value) => (name === "stage2.unit2.residual" ? tf.zerosLike(value) : value),
  });
  expect(await valuesOf(lesioned)).toEqual(await valuesOf(cut));
  expect(await valuesOf(lesioned)).not.toEqual(await valuesOf(network.forward(x, { training: false })));
});

test("Network.activations() gives each part's output, or what is asked for, and keeps nothing else", async () => {
  const network = cifarResNet(tiny);
  const x = images(network);
  const before = tf.memory().numTensors;
  const all = network.activations(x);
  expect(Object.keys(all)).toEqual(Object.keys(network.parts));
  const some = network.activations(x, {
    names: ["stage2.unit1.residual", "stage2.unit1.shortcut", "stage2.unit1"],
  });
  const rebuilt = tf.tidy(() =>
    tf.relu(tf.add(some["stage2.unit1.residual"]!, some["stage2.unit1.shortcut"]!)),
  );
  expectClose(await valuesOf(rebuilt), await valuesOf(some["stage2.unit1"]!), 1e-6);
  expect(() => network.activations(x, { names: ["stage9", "stem"] })).toThrow(
    /has the values stem\.conv, stem\.norm, .*, head; got stage9/,
  );
  tf.dispose([all, some, rebuilt]);
  expect(tf.memory().numTensors).toBe(before);
});

test("Network takes an architecture once, and cannot be used after dispose()", () => {
  const architecture = cifarArchitecture(tiny);
  const network = new Network(architecture);
  expect(() => new Network(architecture)).toThrow("a parameter must be empty to be initialised");
  network.dispose();
  expect(() => network.forward(images(network), { training: false })).toThrow("must be initialised before");
});

test("Network of 1202 layers counts without memory and builds within it", () => {
  const before = tf.memory().numTensors;
  const architecture = cifarArchitecture({ depth: 1202, widths: [1, 1, 1], inputShape: [4, 4, 1] });
  expect(tf.memory().numTensors).toBe(before);
  const network = new Network(architecture);
  const logits = network.forward(tf.ones([2, 4, 4, 1]), { training: true });
  expect(logits.shape).toEqual([2, 10]);
  network.dispose();
});
