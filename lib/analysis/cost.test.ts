import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import * as nn from "../nn/index.js";
import { ready } from "../runtime/index.js";
import { costOf, costTable } from "./cost.js";

beforeAll(async () => {
  await ready();
});

test("costOf() VGG-16 has the 15.3 billion multiply-adds that the ResNet paper prints for it", () => {
  // Section 4.1 of the ResNet paper: ResNet-152 "still has lower complexity than VGG-16/19 nets (15.3/19.6 billion FLOPs)".
  const convolutions = costOf(nn.vggArchitecture({ depth: 16 }), { detail: "layers" }).rows.filter(({ kind }) => kind.startsWith("conv")); // prettier-ignore
  const sum = convolutions.reduce((total, row) => total + row.multiplyAdds, 0);
  expect((sum / 1e9).toFixed(1)).toBe("15.3");
  expect((costOf(nn.vggArchitecture({ depth: 19 })).multiplyAdds / 1e9).toFixed(1)).toBe("19.6");
});

test("costOf() of ResNet-18 equals Table 1, multiplied out by hand", () => {
  // Stem, then for each stage its area times the products of two units of two 3x3 convolutions; option A costs nothing.
  const stem = 112 ** 2 * 49 * 3 * 64;
  const stages = [56, 28, 14, 7].map((side, k) => {
    const width = 64 * 2 ** k;
    const into = k === 0 ? width : width / 2;
    return side ** 2 * 9 * width * (into + 3 * width);
  });
  const expected = stem + stages.reduce((a, b) => a + b) + 512 * 1000;
  expect(costOf(nn.imageNetArchitecture({ depth: 18, shortcut: "A" })).multiplyAdds).toBe(expected);
});

const tiny = { inputShape: [8, 8, 3], classes: 3, widths: [2, 4, 6] } as const;
const networks: Record<string, () => nn.Network> = {
  "option A": () => nn.cifarResNet({ ...tiny, depth: 14 }),
  "option B, pre-activation": () => nn.cifarResNet({ ...tiny, depth: 14, shortcut: "B", order: "preActivation" }), // prettier-ignore
  "exclusive gating": () => nn.cifarResNet({ ...tiny, depth: 8, ...nn.shortcutVariants.exclusiveGating }),
  densenet: () => nn.cifarDenseNet({ depth: 10, growth: 2, inputShape: [8, 8, 3], classes: 3 }),
  highway: () => nn.highway({ counts: [1, 1, 1], widths: [2, 4, 6], features: 3, inputShape: [8, 8, 3], classes: 3 }), // prettier-ignore
};

test.each(Object.entries(networks))(
  "costOf() counts the numbers that a forward pass of %s writes",
  (_, make) => {
    const network = make();
    // An independent count: the distinct tensors that are seen, of layers that have no parts of their own.
    const rows = new Set(network.body.rows(network.inputShape).map(({ name }) => name));
    const seen = new Set<number>();
    let numbers = 0;
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([1, ...network.inputShape]);
      seen.add((x as unknown as { dataId: { id: number } }).dataId.id);
      network.forward(x, {
        training: false,
        observe(name, value) {
          const { id } = value;
          const product = network.units.some(({ unit, name: at }) => unit.gate && (name === `${at}.shortcut` || name === `${at}.residual`)); // prettier-ignore
          if ((!rows.has(name) && !product) || seen.has(id)) return;
          seen.add(id);
          if (product || value !== x) numbers += value.size;
          // What a shortcut that is no identity gives is hidden behind its product, which is seen by the same name.
          const unit = network.units.find(({ name: at }) => name === `${at}.shortcut`)?.unit;
          if (product && unit?.shortcut?.kind.startsWith("zero padding")) numbers += value.size;
        },
      });
    });
    expect(costOf(network).activations).toBe(numbers);
    network.dispose();
  },
);

test.each<[string, () => nn.Network]>([
  ["plain-8", () => nn.plainNet({ depth: 8, widths: [2, 2, 2], inputShape: [63, 63, 1], classes: 2 })],
  ["resnet-8, option B", () => nn.cifarResNet({ depth: 8, shortcut: "B", widths: [2, 2, 2], inputShape: [63, 63, 1], classes: 2 })], // prettier-ignore
  ["bottleneck", () => nn.cifarResNet({ depth: 11, kind: "bottleneck", strideOn: "3x3", shortcut: "B", widths: [2, 2, 2], inputShape: [63, 63, 1], classes: 2 })], // prettier-ignore
  ["densenet", () => nn.cifarDenseNet({ depth: 7, growth: 2, inputShape: [64, 64, 1], classes: 2 })],
  ["highway", () => nn.highway({ counts: [1, 1, 1], widths: [2, 2, 2], features: 2, bias: 0, inputShape: [64, 64, 1], classes: 2 })], // prettier-ignore
])("costOf() gives the receptive field that a probe of %s finds", async (_, make) => {
  const network = make();
  const last = Object.keys(network.parts)
    .filter((name) => name !== "pool" && name !== "head")
    .at(-1)!;
  // Weights that are all positive, so that no ReLU closes and no two paths cancel: a pixel that counts shows itself.
  for (const { role, variable } of network.variables()) {
    if (role === "weight") variable.assign(tf.tidy(() => tf.abs(variable)));
  }
  // Image 0 is even; image r + 1 has its row r raised. Whatever differs from image 0 depends on that row.
  const side = network.inputShape[0];
  const raised = (r: number) => Array.from({ length: side * side }, (_unused, i) => (Math.floor(i / side) === r ? 1e4 : 1)); // prettier-ignore
  const pixels = [-1, ...Array.from({ length: side }, (_unused, r) => r)].flatMap(raised);
  const features = tf.tidy(() => {
    const images = tf.tensor4d(pixels, [side + 1, side, side, 1]);
    const value = network.activations(images, { names: [last] })[last]!;
    const [, height, width] = value.shape;
    const middle = tf.slice(value, [0, Math.floor(height! / 2), Math.floor(width! / 2), 0], [-1, 1, 1, -1]);
    const sums = tf.sum(middle, [1, 2, 3]);
    value.dispose();
    return sums;
  });
  const [even, ...rows] = Array.from(await features.data());
  const touched = rows.flatMap((value, r) => (value === even ? [] : [r]));
  expect(Math.max(...touched) - Math.min(...touched) + 1).toBe(costOf(network).receptiveField);
  network.dispose();
  features.dispose();
});

test("costOf() with squeeze and excitation sees the whole image", () => {
  const gate = { kind: "squeezeExcitation", reduction: 2 } as const;
  expect(costOf(nn.cifarArchitecture({ ...tiny, depth: 8, gate })).receptiveField).toBe(Infinity);
});

test("costTable() shows networks side by side", () => {
  const { text } = costTable([nn.imageNetArchitecture({ depth: 50 }), nn.vggArchitecture({ depth: 16 })]);
  expect(text).toContain("resnet-50 (option B)");
  expect(text).toMatch(/vgg-16 +138\.36 +15,470\.26/);
  expect(text).toMatch(/resnet-50 \(option B\) +25\.56 +3857\.97/);
});
