import { beforeAll, expect, test } from "vitest";
import { ready, softmaxCrossEntropy, tf } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { cifarResNet, plainNet } from "./cifar.js";
import { deepenByIdentity } from "./deepen.js";
import { imageNetResNet } from "./imagenet.js";
import type { Network } from "./network.js";

beforeAll(async () => {
  await ready();
});

/** A few steps of SGD, so that no weight or statistic is at its initial value. */
function train(network: Network, x: tf.Tensor4D, labels: tf.Tensor1D): void {
  const optimizer = tf.train.momentum(0.05, 0.9);
  const trained = network.variables().filter(({ role }) => role !== "statistic");
  for (let step = 0; step < 4; step++) {
    optimizer.minimize(
      () => tf.mean(softmaxCrossEntropy(network.forward(x, { training: true }), labels)),
      false,
      trained.map(({ variable }) => variable),
    );
  }
}

const bitsOf = async (tensor: tf.Tensor) => [
  ...new Int32Array(Float32Array.from(await valuesOf(tensor)).buffer),
];

test.each([
  ["plain-8", 20, () => plainNet({ depth: 8, widths: [8, 16, 32], inputShape: [14, 14, 1], seed: 5 })],
  ["plain-20", 56, () => plainNet({ depth: 20, inputShape: [16, 16, 3], seed: 2 })],
  [
    "plain-18",
    34,
    () =>
      imageNetResNet({
        depth: 18,
        shortcut: "none",
        widths: [8, 8, 16, 16],
        inputShape: [33, 33, 3],
        classes: 10,
      }),
  ],
] as const)(
  "deepenByIdentity() keeps the logits and the loss of %s, bit by bit, at depth %i",
  async (_, depth, make) => {
    const shallow = make();
    const x = tf.randomNormal<tf.Rank.R4>([16, ...shallow.inputShape], 0, 1, "float32", 7);
    const labels = tf.tensor1d(Array.from({ length: 16 }, (_unused, i) => i % 10), "int32"); // prettier-ignore
    train(shallow, x, labels);
    const deep = deepenByIdentity(shallow, depth);
    expect(deep.units.length).toBeGreaterThan(shallow.units.length);

    const logits = [shallow, deep].map((network) => network.forward(x, { training: false }));
    const [shallowBits, deepBits] = await Promise.all(logits.map(bitsOf));
    expect(deepBits).toEqual(shallowBits);
    const losses = logits.map((values) => tf.mean(softmaxCrossEntropy(values, labels)));
    expect(await bitsOf(losses[1]!)).toEqual(await bitsOf(losses[0]!));
  },
);

test("deepenByIdentity() leaves the shallow net its own variables", async () => {
  const shallow = plainNet({ depth: 8, widths: [4, 4, 4], inputShape: [8, 8, 1] });
  const deep = deepenByIdentity(shallow, 14);
  const before = await valuesOf(shallow.variables()[0]!.variable);
  const weight = deep.variables()[0]!.variable;
  weight.assign(tf.zerosLike(weight));
  deep.dispose();
  expect(await valuesOf(shallow.variables()[0]!.variable)).toEqual(before);
});

test("deepenByIdentity() refuses what cannot be deepened, and leaves no tensors", () => {
  const shallow = plainNet({ depth: 14, widths: [4, 4, 4], inputShape: [8, 8, 1] });
  const residual = cifarResNet({ depth: 8, widths: [4, 4, 4], inputShape: [8, 8, 1] });
  const before = tf.memory().numTensors;
  expect(() => deepenByIdentity(residual, 14)).toThrow(
    "only a plain net with basic units in the original order can be deepened by identities; got resnet-8 (option A, widths 4/4/4)",
  );
  expect(() => deepenByIdentity(shallow, 14)).toThrow(
    "the deeper net needs more layers than plain-14 (widths 4/4/4); got depth 14",
  );
  expect(() => deepenByIdentity(shallow, 21)).toThrow("depth must be 6n+2");
  expect(tf.memory().numTensors).toBe(before);
});
