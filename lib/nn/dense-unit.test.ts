import { beforeAll, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { conv2d } from "./conv2d.js";
import { composites, denseUnit } from "./dense-unit.js";
import { cifarDenseNetArchitecture, imageNetDenseNetArchitecture } from "./densenet.js";
import { highwayArchitecture } from "./highway.js";
import { convolved, expectForward, normalised, oddImages, rectified, setOddValues, toTensor } from "./reference.fixture.js"; // prettier-ignore
import { vggArchitecture } from "./vgg.js";

beforeAll(async () => {
  await ready();
});

test("denseUnit() puts what it made behind its input (Huang et al. 2017, equation 2)", async () => {
  const unit = denseUnit(3, 2, composites.basic);
  const p = setOddValues(unit);
  const x = oddImages([2, 3, 4, 3], 1);
  const active = rectified(normalised(x, p["norm1.scale"]!.values, p["norm1.shift"]!.values));
  const made = convolved(active, p["conv1.weight"]!, 1, 1).values;
  const pixels = x.values.length / 3;
  const joined = Array.from({ length: pixels }, (_, i) => [...x.values.slice(3 * i, 3 * i + 3), ...made.slice(2 * i, 2 * i + 2)]); // prettier-ignore
  await expectForward(unit, x, { shape: [2, 3, 4, 5], values: joined.flat() });
});

test("conv2d() with groups convolves each group of channels by itself", async () => {
  const layer = conv2d(4, 6, { groups: 2, stride: 2 });
  const kernel = setOddValues(layer)["weight"]!;
  expect(kernel.shape).toEqual([3, 3, 2, 6]);
  const x = oddImages([2, 5, 4, 4], 1);
  const channelsOf = ({ shape, values }: typeof x, first: number, count: number) => ({
    shape: [shape[0], shape[1], shape[2], count] as const,
    values: values.filter((_, i) => i % shape[3] >= first && i % shape[3] < first + count),
  });
  const groups = [0, 1].map((g) => convolved(channelsOf(x, 2 * g, 2), channelsOf(kernel, 3 * g, 3), 2, 1));
  const y = await valuesOf(layer.forward(toTensor(x), { training: true }));
  const expected = Array.from({ length: y.length / 6 }, (_, pixel) => groups.map(({ values }) => values.slice(3 * pixel, 3 * pixel + 3))); // prettier-ignore
  expected.flat(2).forEach((value, i) => {
    expect(y[i]).toBeCloseTo(value, 4);
  });
});

test("conv2d() refuses groups that do not divide its channels", () => {
  expect(() => conv2d(4, 6, { groups: 3 })).toThrow(
    "groups must divide the channels; got 3 groups for 4 channels to 6",
  );
});

test("conv2d() with groups has a gradient of each group's own weights only", () => {
  const layer = conv2d(2, 2, { kernel: 1, groups: 2 });
  setOddValues(layer);
  const weight = layer.parameters()[0]!.parameter.variable;
  const { grads } = tf.variableGrads(() => tf.sum(layer.forward(tf.tensor4d([3, 7], [1, 1, 1, 2]), { training: true })), [weight]); // prettier-ignore
  expect(Array.from(grads[weight.name]!.dataSync())).toEqual([3, 7]);
});

test.each<[() => unknown, string]>([
  [() => cifarDenseNetArchitecture({ depth: 41 }), "depth must be 3n+4 for a CIFAR DenseNet; got 41 (nearest: 40, 43)"], // prettier-ignore
  [
    () => cifarDenseNetArchitecture({ depth: 40, kind: "bottleneck", growth: 0 }),
    "growth must be an integer from 1 to 1024; got 0",
  ],
  [() => cifarDenseNetArchitecture({ depth: 41, kind: "bottleneck" }), "got 41 (nearest: 40, 46)"],
  [() => cifarDenseNetArchitecture({ depth: 40, compression: 2 }), "compression must be a number from 0.01 to 1; got 2"], // prettier-ignore
  [
    () => imageNetDenseNetArchitecture({ depth: 120 as 121 }),
    "depth must be one of 121, 161, 169, 201; got 120",
  ],
  [() => vggArchitecture({ depth: 12 as 11 }), "depth must be one of 11, 13, 16, 19; got 12"],
  [
    () => vggArchitecture({ depth: 11, inputShape: [16, 16, 3] }),
    "max pool 2x2/2 needs an image of at least 2 pixels a side; got 1x1",
  ],
  [() => highwayArchitecture({ counts: [0, 1, 1] }), "counts[0] must be an integer from 1 to 300; got 0"],
])("%o names the rule that it breaks", (make, message) => {
  expect(make).toThrow(message);
});
