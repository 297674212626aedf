import { beforeAll, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import type { Spec } from "./architecture.js";
import { build, buildArchitecture } from "./build.js";
import { cifarResNet } from "./cifar.js";
import { copyWeights } from "./copy.js";

beforeAll(async () => {
  await ready();
});

const tiny = { depth: 8, widths: [2, 4, 4], inputShape: [4, 4, 1], classes: 3 } as const;

test("build() gives the same initial weights from the stored spec", async () => {
  const network = cifarResNet({ ...tiny, seed: 4, initialisation: "fanOut" });
  const again = build(JSON.parse(JSON.stringify(network.spec)) as Spec);
  for (const [k, { variable }] of network.variables().entries()) {
    expect(await valuesOf(again.variables()[k]!.variable)).toEqual(await valuesOf(variable));
  }
});

test.each<[unknown, string]>([
  [null, "a spec must be { model, options }; got null"],
  ["cifarResNet", 'a spec must be { model, options }; got "cifarResNet"'],
  [{ model: "cifarResNet" }, 'a spec must be { model, options }; got {"model":"cifarResNet"}'],
  [{ model: "cifarResNet", options: [20] }, "a spec must be { model, options }"],
  [
    { model: "toString", options: {} },
    'model must be one of cifarResNet, imageNetResNet, cifarDenseNet, imageNetDenseNet, highway, vgg; got "toString"',
  ],
  [{ model: "cifarResNet", options: { depth: 20, colour: 1 } }, "cifarResNet has the options depth, kind"],
  [{ model: "cifarResNet", options: JSON.parse('{"depth":20,"__proto__":{}}') as unknown }, '"__proto__"'],
  [
    { model: "cifarResNet", options: { depth: 1e9 } },
    "depth must be an integer from 8 to 2000; got 1000000000",
  ],
  [
    { model: "cifarResNet", options: { depth: 1994, widths: [4096, 4096, 4096] } },
    "a spec may ask for at most 268435456 parameters; got ",
  ],
  [
    { model: "cifarResNet", options: { depth: 20, shortcut: "custom" } },
    "shortcut must be one of A, A-around, B, C, activated, none",
  ],
  [
    {
      model: "cifarResNet",
      options: { depth: 20, order: { each: ["conv"], last: ["conv"], afterAddition: [] } },
    },
    "order in a spec must be a name; got {",
  ],
  [
    { model: "imageNetResNet", options: { depth: 50, classes: 1e6 } },
    "classes must be an integer from 1 to 100000",
  ],
])("build() refuses %o and says why, without memory", (spec, message) => {
  const before = tf.memory().numTensors;
  // First without memory: were a bound missing, the second line could take all there is.
  expect(() => buildArchitecture(spec as Spec)).toThrow(message);
  expect(() => build(spec as Spec)).toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});

test("copyWeights() of a network to itself keeps its values", async () => {
  const network = cifarResNet({ ...tiny, seed: 1 });
  const read = async () => Promise.all(network.variables().map(({ variable }) => valuesOf(variable)));
  const before = await read();
  copyWeights(network, network);
  expect(await read()).toEqual(before);
});

test("copyWeights() copies by name and says what matched", async () => {
  const from = cifarResNet({ ...tiny, seed: 1, shortcut: "B" });
  const to = cifarResNet({ ...tiny, seed: 2, classes: 4, depth: 14 });
  from.forward(tf.randomNormal([4, 4, 4, 1]), { training: true });
  const report = copyWeights(from, to);
  expect(report.differentShape).toEqual(["head.weight", "head.bias"]);
  expect(report.onlyInSource).toHaveLength(2 * 5);
  expect(report.onlyInSource.every((name) => name.includes(".shortcut."))).toBe(true);
  expect(report.onlyInTarget.every((name) => name.includes(".unit2."))).toBe(true);
  expect(report.onlyInTarget).toHaveLength(3 * 10);
  expect(report.copied).toHaveLength(5 + 3 * 10);
  const values = async (network: typeof from, name: string) =>
    valuesOf(network.variables().find((found) => found.name === name)!.variable);
  for (const name of report.copied) expect(await values(to, name)).toEqual(await values(from, name));
  expect(report.copied).toContain("stem.norm.variance");
});
