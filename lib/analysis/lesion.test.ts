import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { kendallTau, swappedOrder, withoutUnits, withUnitOrder } from "./lesion.js";

beforeAll(async () => {
  await ready();
});

const tiny = { depth: 20, inputShape: [8, 8, 2], classes: 4, widths: [3, 4, 5], seed: 3 } as const;
const images = () => tf.randomNormal<tf.Rank.R4>([3, 8, 8, 2], 0, 1, "float32", 5);
const logits = (model: { forward: nn.Network["forward"] }, x = images()) =>
  Array.from(model.forward(x, { training: false }).dataSync());

test.each(["original", "preActivation"] as const)(
  "withoutUnits() equals a network whose branch ends in zeros by hand (%s)",
  (order) => {
    const network = nn.cifarResNet({ ...tiny, order });
    const cut = ["stage1.unit2", "stage2.unit1"];
    const before = tf.memory().numTensors;
    const lesioned = tf.tidy(() => logits(withoutUnits(network, cut)));
    expect(tf.memory().numTensors).toBe(before);
    const intact = logits(network);
    // By hand: the last weights of F, or the last norm's scale and shift, are zero.
    const zeroed = order === "original" ? ["norm2.scale", "norm2.shift"] : ["conv2.weight"];
    for (const { name, variable } of network.variables()) {
      if (cut.some((unit) => zeroed.some((end) => name === `${unit}.${end}`))) variable.assign(tf.zeros(variable.shape)); // prettier-ignore
    }
    expect(lesioned).toEqual(logits(network));
    expect(lesioned).not.toEqual(intact);
  },
);

test("withoutUnits() of a plain net lets the unit's input go on", () => {
  const network = nn.plainNet(tiny);
  const lesioned = logits(withoutUnits(network, ["stage1.unit2"]));
  const rest = Object.entries(network.parts).filter(([name]) => name !== "stage1.unit2");
  const byHand = rest.reduce<tf.Tensor>((h, [, part]) => part.forward(h, { training: false }), images());
  expect(lesioned).toEqual(Array.from(byHand.dataSync()));
});

test("withoutUnits() still shows its values, and lets others be replaced", () => {
  const network = nn.cifarResNet(tiny);
  const seen: Record<string, number> = {};
  withoutUnits(network, ["stage1.unit2"]).forward(images(), {
    training: false,
    observe(name: string, value: tf.Tensor) {
      seen[name] = tf.max(tf.abs(value)).dataSync()[0]!;
    },
  });
  expect(seen["stage1.unit2.residual"]).toBe(0);
  expect(seen["stage1.unit3.residual"]).toBeGreaterThan(0);
});

test("withoutUnits() names the rule that a name breaks", () => {
  expect(() => withoutUnits(nn.cifarResNet(tiny), ["stage4.unit1"])).toThrow(
    'the network has the units stage1.unit1, stage1.unit2, stage1.unit3, stage2.unit1, stage2.unit2, stage2.unit3, stage3.unit1, stage3.unit2, stage3.unit3; got "stage4.unit1"',
  );
  expect(() => withoutUnits(nn.plainNet(tiny), ["stage2.unit1"])).toThrow(
    "a plain unit that changes the shape cannot be deleted, since nothing of its output's shape would go on; got stage2.unit1",
  );
});

test("withUnitOrder() equals a network whose units' values were exchanged", () => {
  const network = nn.cifarResNet(tiny);
  const order = network.units.map(({ name }) => name);
  [order[4], order[5]] = [order[5]!, order[4]!];
  const reordered = logits(withUnitOrder(network, order));
  const values = new Map(network.variables().map(({ name, variable }) => [name, tf.clone(variable)]));
  for (const { name, variable } of network.variables()) {
    const other = name.replace(/^stage2\.unit(\d)/, (whole, k: string) => (k === "2" ? "stage2.unit3" : k === "3" ? "stage2.unit2" : whole)); // prettier-ignore
    variable.assign(values.get(other)!);
  }
  expect(reordered).toEqual(logits(network));
});

test("withUnitOrder() refuses what does not fit", () => {
  const network = nn.cifarResNet(tiny);
  const order = network.units.map(({ name }) => name);
  expect(() => withUnitOrder(network, order.slice(1))).toThrow("an order must name each of the 9 units once; got 8 names"); // prettier-ignore
  [order[2], order[4]] = [order[4]!, order[2]!];
  expect(() => withUnitOrder(network, order)).toThrow(
    "units can change places where both keep one shape; got stage2.unit2 in place of stage1.unit3",
  );
});

test("swappedOrder() gives orders that fit, the same from the same seed", () => {
  const network = nn.cifarArchitecture({ ...tiny, depth: 32 });
  const orders = [1, 2, 3].map((seed) => swappedOrder(network, 6, seed));
  for (const order of orders) {
    expect(() => withUnitOrder(nn.cifarResNet({ ...tiny, depth: 32 }), order)).not.toThrow();
  }
  expect(swappedOrder(network, 6, 2)).toEqual(orders[1]);
  expect(new Set(orders.map(String)).size).toBe(3);
});

test("kendallTau() is 1 for the same order, -1 for the reverse, and counts pairs in between", () => {
  const names = ["a", "b", "c", "d"];
  expect(kendallTau(names, names)).toBe(1);
  expect(kendallTau([...names].reverse(), names)).toBe(-1);
  expect(kendallTau(["b", "a", "c", "d"], names)).toBeCloseTo((5 - 1) / 6, 12);
  for (const other of [
    ["a", "b", "c", "e"],
    ["a", "b", "c"],
    ["a", "b", "c", "c"],
  ]) {
    expect(() => kendallTau(other, names)).toThrow("two orders must have the same names, each once; got ");
  }
});
