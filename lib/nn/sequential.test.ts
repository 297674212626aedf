import { beforeAll, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { relu } from "./activation.js";
import { batchNorm } from "./batch-norm.js";
import { conv2d } from "./conv2d.js";
import { leaf } from "./layer.js";
import { initialise } from "./initialise.js";
import { sequential } from "./sequential.js";

beforeAll(async () => {
  await ready();
});

const plus = (amount: number) =>
  leaf({ kind: `plus ${amount}`, forward: (x) => tf.add(x, amount), outputShape: (input) => input });

test("sequential() names parameters, rows and shapes by its parts, nested", () => {
  const inner = sequential({ conv: conv2d(3, 4, { stride: 2 }), norm: batchNorm(4) });
  const layer = sequential({ stem: inner, relu: relu() });
  expect(layer.parameters().map(({ name }) => name)).toEqual([
    "stem.conv.weight",
    "stem.norm.scale",
    "stem.norm.shift",
    "stem.norm.mean",
    "stem.norm.variance",
  ]);
  const rows = layer.rows([8, 8, 3]).map(({ name, outputShape }) => `${name} ${outputShape.join("x")}`);
  expect(rows).toEqual(["stem.conv 4x4x4", "stem.norm 4x4x4", "relu 4x4x4"]);
});

test("sequential() shows every output under its dotted name, in order", async () => {
  const seen: string[] = [];
  const layer = sequential({ a: plus(1), b: sequential({ c: plus(2), d: plus(3) }) });
  const y = layer.forward(tf.tensor1d([10]), {
    training: false,
    observe: (name, value) => seen.push(`${name} ${value.shape.join()}`),
  });
  expect(seen).toEqual(["a 1", "b.c 1", "b.d 1", "b 1"]);
  expect(await valuesOf(y)).toEqual([16]);
});

test("sequential() goes on with what replaces a value", async () => {
  const layer = sequential({ a: plus(1), b: sequential({ c: plus(2), d: plus(3) }) });
  const y = layer.forward(tf.tensor1d([10]), {
    training: false,
    replace: (name, value) => (name === "b.c" ? tf.zerosLike(value) : value),
  });
  expect(await valuesOf(y)).toEqual([3]);
});

test("sequential() refuses a replacement of another shape", () => {
  expect(() =>
    sequential({ a: plus(1) }).forward(tf.tensor1d([1]), { training: false, replace: () => tf.ones([2]) }),
  ).toThrow("what replaces a must have its shape [1]; got [2]");
});

test("sequential() refuses names that JavaScript would reorder", () => {
  expect(() => sequential({ 2: relu(), 1: relu() })).toThrow(
    `a part's name must start with a letter; got "1"`,
  );
});

test("sequential() names the part's rule where shapes do not fit", () => {
  const layer = sequential({ conv: conv2d(3, 4), norm: batchNorm(5) });
  initialise(layer, { seed: 1 });
  expect(() => layer.outputShape([8, 8, 3])).toThrow("batch norm needs 5 channels; got 4 in [8, 8, 4]");
});
