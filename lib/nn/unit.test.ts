import { beforeAll, describe, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import {
  centralDifferences,
  dot,
  expectClose,
  oddValues,
  valuesOf,
} from "../runtime/kernels/float64.fixture.js";
import { operationsOf, unitOrders, type UnitOrderName } from "./order.js";
import {
  added,
  convolved,
  expectForward,
  normalised,
  oddImages,
  rectified,
  setOddValues,
  toTensor,
  type Images,
} from "./reference.fixture.js";
import { shortcuts } from "./shortcut.js";
import { residualUnit, unitKinds, type UnitShape } from "./unit.js";

beforeAll(async () => {
  await ready();
});

const small: UnitShape = { inChannels: 3, width: 3, stride: 1, strideOn: "1x1" };
const growing: UnitShape = { inChannels: 2, width: 4, stride: 2, strideOn: "1x1" };

type Values = Record<string, Images>;
const norm = (x: Images, k: number, p: Values) =>
  normalised(x, p[`norm${k}.scale`]!.values, p[`norm${k}.shift`]!.values);
const conv = (x: Images, k: number, p: Values, stride = 1) =>
  convolved(x, p[`conv${k}.weight`]!, stride, (p[`conv${k}.weight`]!.shape[0] - 1) / 2);

/** The identity paper's Figure 4, written out by hand: w1 and w2 are its "weight" boxes. */
const figure4: Record<UnitOrderName, (x: Images, p: Values) => Images> = {
  original: (x, p) => rectified(added(norm(conv(rectified(norm(conv(x, 1, p), 1, p)), 2, p), 2, p), x)),
  normAfterAddition: (x, p) =>
    rectified(norm(added(conv(rectified(norm(conv(x, 1, p), 1, p)), 2, p), x), 2, p)),
  reluBeforeAddition: (x, p) =>
    added(rectified(norm(conv(rectified(norm(conv(x, 1, p), 1, p)), 2, p), 2, p)), x),
  reluOnlyPreActivation: (x, p) =>
    added(norm(conv(rectified(norm(conv(rectified(x), 1, p), 1, p)), 2, p), 2, p), x),
  preActivation: (x, p) => added(conv(rectified(norm(conv(rectified(norm(x, 1, p)), 1, p), 2, p)), 2, p), x),
};

describe("residualUnit() equals Figure 4 of the identity paper, written out", () => {
  test.each(Object.keys(figure4) as UnitOrderName[])("%s", async (order) => {
    const unit = residualUnit(unitKinds.basic(small), { order: unitOrders[order] });
    const values = setOddValues(unit);
    const x = oddImages([2, 4, 5, 3], 1);
    await expectForward(unit, x, figure4[order](x, values));
  });
});

test("residualUnit() with option A and stride 2 adds the padded subsample", async () => {
  const unit = residualUnit(unitKinds.basic(growing), { shortcut: shortcuts.A });
  const p = setOddValues(unit);
  const x = oddImages([2, 6, 5, 2], 1);
  const residual = norm(conv(rectified(norm(conv(x, 1, p, 2), 1, p)), 2, p), 2, p);
  const everySecond = convolved(x, { shape: [1, 1, 2, 4], values: [1, 0, 0, 0, 0, 1, 0, 0] }, 2, 0);
  await expectForward(unit, x, rectified(added(residual, everySecond)));
});

test("residualUnit() with option B adds the projection", async () => {
  const unit = residualUnit(unitKinds.basic(growing), { shortcut: shortcuts.B });
  const p = setOddValues(unit);
  const x = oddImages([2, 6, 6, 2], 1);
  const residual = norm(conv(rectified(norm(conv(x, 1, p, 2), 1, p)), 2, p), 2, p);
  const projected = normalised(
    convolved(x, p["shortcut.conv.weight"]!, 2, 0),
    p["shortcut.norm.scale"]!.values,
    p["shortcut.norm.shift"]!.values,
  );
  await expectForward(unit, x, rectified(added(residual, projected)));
});

test.each(["1x1", "3x3"] as const)("unitKinds.bottleneck has its stride on the %s", async (strideOn) => {
  const shape: UnitShape = { inChannels: 2, width: 2, stride: 2, strideOn };
  const unit = residualUnit(unitKinds.bottleneck(shape), { shortcut: shortcuts.none });
  const p = setOddValues(unit);
  const x = oddImages([2, 5, 6, 2], 1);
  const strides = strideOn === "1x1" ? [2, 1] : [1, 2];
  const first = rectified(norm(conv(x, 1, p, strides[0]), 1, p));
  const second = rectified(norm(conv(first, 2, p, strides[1]), 2, p));
  await expectForward(unit, x, rectified(norm(conv(second, 3, p), 3, p)));
  expect(p["conv3.weight"]!.shape).toEqual([1, 1, 2, 8]);
});

test("residualUnit() without a shortcut has the twin's names and adds nothing", async () => {
  const residual = residualUnit(unitKinds.basic(small), { shortcut: shortcuts.A });
  const plain = residualUnit(unitKinds.basic(small), { shortcut: shortcuts.none });
  const names = (unit: typeof plain) => unit.parameters().map(({ name }) => name);
  expect(names(plain)).toEqual(names(residual));
  const p = setOddValues(plain);
  const x = oddImages([2, 4, 4, 3], 1);
  await expectForward(plain, x, rectified(norm(conv(rectified(norm(conv(x, 1, p), 1, p)), 2, p), 2, p)));
});

test("residualUnit() gradients equal float64 central differences", async () => {
  const unit = residualUnit(unitKinds.basic(small));
  const p = setOddValues(unit);
  const x = oddImages([2, 3, 4, 3], 1);
  const weights = oddValues(2 * 3 * 4 * 3, 9);
  const names = ["conv1.weight", "norm1.scale", "norm1.shift", "conv2.weight", "norm2.scale", "norm2.shift"];

  const loss = (xs: number[], ...values: number[][]) => {
    const set = Object.fromEntries(names.map((name, k) => [name, { shape: p[name]!.shape, values: values[k]! }])); // prettier-ignore
    return dot(figure4.original({ ...x, values: xs }, set).values, weights);
  };
  const inputs = [[...x.values], ...names.map((name) => [...p[name]!.values])];

  const variables = names.map((name) => unit.parameters().find((found) => found.name === name)!.parameter.variable); // prettier-ignore
  const xVariable = tf.variable(toTensor(x));
  const { grads } = tf.variableGrads(
    () => tf.sum(tf.mul(unit.forward(xVariable, { training: true }), tf.tensor4d(weights, [2, 3, 4, 3]))),
    [xVariable, ...variables],
  );
  for (const [which, variable] of [xVariable, ...variables].entries()) {
    const expected = centralDifferences(loss, inputs, which);
    expectClose(await valuesOf(grads[variable.name]!), expected, 2e-4);
  }
});

test("residualUnit() shows shortcut, residual and sum, and its gradient there through a probe", async () => {
  const unit = residualUnit(unitKinds.basic(small));
  setOddValues(unit);
  const x = toTensor(oddImages([1, 3, 3, 3], 1));
  const seen: Record<string, tf.Tensor> = {};
  const y = unit.forward(x, {
    training: true,
    observe: (name, value) => {
      seen[name] = tf.keep(tf.clone(value));
    },
  });
  expect(Object.keys(seen)).toEqual([
    "shortcut",
    "conv1",
    "norm1",
    "relu1",
    "conv2",
    "norm2",
    "residual",
    "sum",
    "relu2",
  ]);
  expectClose(
    await valuesOf(seen["sum"]!),
    await valuesOf(tf.add(seen["residual"]!, seen["shortcut"]!)),
    1e-6,
  );
  // d sum(y) / d sum is 1 where the last ReLU is open and 0 elsewhere.
  const gradient = tf.grad((probe: tf.Tensor) =>
    tf.sum(
      unit.forward(x, {
        training: true,
        replace: (name, value) => (name === "sum" ? tf.add(value, probe) : value),
      }),
    ),
  )(tf.zerosLike(y));
  expect(await valuesOf(gradient)).toEqual((await valuesOf(y)).map((value) => (value > 0 ? 1 : 0)));
});

test("residualUnit() is its shortcut when the residual is cut", async () => {
  const unit = residualUnit(unitKinds.basic(small), { order: unitOrders.preActivation });
  setOddValues(unit);
  const x = toTensor(oddImages([1, 3, 3, 3], 1));
  const y = unit.forward(x, {
    training: false,
    replace: (name, value) => (name === "residual" ? tf.zerosLike(value) : value),
  });
  expect(await valuesOf(y)).toEqual(await valuesOf(x));
});

test("residualUnit() leaves no tensors but its output", () => {
  const unit = residualUnit(unitKinds.basic(small), { shortcut: shortcuts.C });
  setOddValues(unit);
  const x = toTensor(oddImages([1, 3, 3, 3], 1));
  for (const training of [true, false]) {
    const before = tf.memory().numTensors;
    unit.forward(x, { training });
    expect(tf.memory().numTensors).toBe(before + 1);
  }
});

test("residualUnit() refuses a shortcut of another shape than F(x)", () => {
  const unit = residualUnit(unitKinds.basic(growing), {
    shortcut: (change) => shortcuts.B({ ...change, stride: 1 }),
  });
  expect(() => unit.outputShape([8, 8, 2])).toThrow(
    "a shortcut must give the shape of F(x), [4, 4, 4]; got [8, 8, 4]",
  );
});

test("operationsOf() numbers a bottleneck's operations as they come", () => {
  const { leading, branch, afterAddition } = operationsOf(unitOrders.preActivation, 3);
  const names = (list: typeof branch) => list.map(({ name }) => name).join(" ");
  expect(names(leading)).toBe("norm1 relu1");
  expect(names(branch)).toBe("conv1 norm2 relu2 conv2 norm3 relu3 conv3");
  expect(names(afterAddition)).toBe("");
});

test("operationsOf() refuses an order without its convolution", () => {
  expect(() => operationsOf({ each: ["conv", "relu"], last: ["norm"], afterAddition: [] }, 2)).toThrow(
    "an order needs 1 conv in last; got 0: norm",
  );
  expect(() => operationsOf({ each: ["conv"], last: ["conv"], afterAddition: ["conv"] }, 2)).toThrow(
    "an order needs 0 conv in afterAddition; got 1: conv",
  );
});
