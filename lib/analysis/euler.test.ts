import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { eulerRefined } from "./euler.js";

beforeAll(async () => {
  await ready();
});

const tiny = { depth: 14, inputShape: [8, 8, 2], classes: 4, widths: [3, 4, 5], seed: 3 } as const;
const images = () => tf.randomNormal<tf.Rank.R4>([3, 8, 8, 2], 0, 1, "float32", 5);
const logits = (model: { forward: nn.Network["forward"] }) =>
  Array.from(model.forward(images(), { training: false }).dataSync());
const distance = (a: readonly number[], b: readonly number[]) =>
  Math.hypot(...a.map((value, i) => value - b[i]!));

/** Running statistics and scales at odd values, so that no norm is nearly the identity. */
function disturbed(network: nn.Network): nn.Network {
  const stream = randomStream(4, "disturbed");
  for (const { name, role, variable } of network.variables()) {
    if (role === "weight") continue;
    const values = Float32Array.from({ length: variable.size }, () => 0.3 * stream.normal() + (name.endsWith("mean") || role === "shift" ? 0 : 1.5)); // prettier-ignore
    variable.assign(tf.tensor(values.map((value) => (name.endsWith("variance") ? Math.abs(value) + 0.2 : value)), variable.shape)); // prettier-ignore
  }
  return network;
}

test.each(["original", "preActivation"] as const)(
  "eulerRefined() equals a network that is deeper by hand, with copied weights and divided residuals (%s)",
  (order) => {
    const coarse = disturbed(nn.cifarResNet({ ...tiny, order }));
    const before = tf.memory().numTensors;
    const refined = tf.tidy(() => logits(eulerRefined(coarse, 3)));
    expect(tf.memory().numTensors).toBe(before);
    // By hand: the last linear operation of F is divided by 3, and the unit is run three times.
    const last = order === "original" ? ["norm2.scale", "norm2.shift"] : ["conv2.weight"];
    const steps = new Set(coarse.units.filter(({ unit }) => unit.change.stride === 1 && unit.change.inChannels === unit.change.outChannels).map(({ name }) => name)); // prettier-ignore
    expect(steps.size).toBe(4);
    for (const { name, variable } of coarse.variables()) {
      if (last.some((end) => name.endsWith(end) && steps.has(name.slice(0, -end.length - 1)))) variable.assign(tf.div(variable, 3)); // prettier-ignore
    }
    const byHand = Object.entries(coarse.parts).reduce<tf.Tensor>((h, [name, part]) => {
      const times = steps.has(name) ? 3 : 1;
      return Array.from({ length: times }).reduce<tf.Tensor>((x) => part.forward(x, { training: false }), h);
    }, images());
    const expected = Array.from(byHand.dataSync());
    expect(distance(refined, expected) / Math.hypot(...expected)).toBeLessThan(1e-5);
  },
);

test("eulerRefined() with one step is the network itself, bit by bit", () => {
  const network = disturbed(nn.cifarResNet(tiny));
  expect(logits(eulerRefined(network, 1))).toEqual(logits(network));
});

test("eulerRefined() converges in proportion to the step", () => {
  const network = nn.cifarResNet({ ...tiny, order: "preActivation" });
  const limit = logits(eulerRefined(network, 512));
  const errors = [16, 32, 64].map((steps) => distance(logits(eulerRefined(network, steps)), limit));
  for (const k of [0, 1]) {
    const ratio = errors[k]! / errors[k + 1]!;
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.5);
  }
});

test("eulerRefined() of some units leaves the others, and keeps what else was replaced", () => {
  const network = disturbed(nn.cifarResNet(tiny));
  const seen: string[] = [];
  eulerRefined(network, 2, { units: ["stage2.unit2"] }).forward(images(), {
    training: false,
    observe: (name: string) => seen.push(name),
  });
  const residuals = seen.filter((name) => name.endsWith(".residual"));
  expect(residuals.filter((name) => name.startsWith("stage2.unit2."))).toEqual([
    "stage2.unit2.step1.residual",
    "stage2.unit2.step2.residual",
  ]);
  expect(residuals).toHaveLength(7);
});

test("eulerRefined() names the rule that is broken", () => {
  const network = nn.cifarResNet(tiny);
  expect(() => eulerRefined(network, 1.5)).toThrow("steps must be a whole number of at least 1; got 1.5");
  expect(() => eulerRefined(network, 2, { units: ["stage2.unit1"] })).toThrow(
    "only a unit with a shortcut that keeps the shape is a step x + F(x); got stage2.unit1",
  );
  expect(() => eulerRefined(nn.plainNet(tiny), 2)).toThrow("got stage1.unit1: refine others");
  expect(() => eulerRefined(network, 2, { units: ["stage9"] })).toThrow('got "stage9"');
});
