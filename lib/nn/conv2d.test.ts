import { beforeAll, describe, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { conv2d } from "./conv2d.js";
import {
  convolved,
  expectForward,
  oddImages,
  setOddValues,
  toTensor,
  type Images,
} from "./reference.fixture.js";

beforeAll(async () => {
  await ready();
});

describe("conv2d() equals the definition of convolution with zeros on all sides", () => {
  test.each([
    { height: 6, width: 6, kernel: 3, stride: 1, padding: 1 },
    { height: 6, width: 8, kernel: 3, stride: 2, padding: 1 },
    { height: 7, width: 5, kernel: 3, stride: 2, padding: 1 },
    { height: 10, width: 10, kernel: 7, stride: 2, padding: 3 },
    { height: 6, width: 7, kernel: 1, stride: 2, padding: 0 },
    { height: 5, width: 5, kernel: 3, stride: 1, padding: 0 },
  ])("$height x $width, kernel $kernel, stride $stride, padding $padding", async (size) => {
    const { height, width, kernel, stride, padding } = size;
    const layer = conv2d(3, 4, { kernel, stride, padding });
    const { weight } = setOddValues(layer);
    const x = oddImages([2, height, width, 3], 1);
    await expectForward(layer, x, convolved(x, weight!, stride, padding));
  });
});

test("conv2d() pads so that stride 1 keeps the size, unless told otherwise", () => {
  expect(conv2d(3, 8, { kernel: 7 }).outputShape([9, 11, 3])).toEqual([9, 11, 8]);
});

test("conv2d() has no bias, and adds one where asked for", async () => {
  expect(conv2d(1, 2).parameters().map(({ name }) => name)).toEqual(["weight"]); // prettier-ignore
  const layer = conv2d(1, 2, { kernel: 1, bias: 0 });
  const { weight, bias } = setOddValues(layer);
  const x = oddImages([1, 2, 2, 1], 1);
  const plain = convolved(x, weight!, 1, 0);
  const expected: Images = { ...plain, values: plain.values.map((value, i) => value + bias!.values[i % 2]!) };
  await expectForward(layer, x, expected);
});

test("conv2d() counts one multiply-add for each product", () => {
  // By hand: 4x4 output pixels, 8 output channels, 3x3x3 products each.
  const [row] = conv2d(3, 8, { stride: 2 }).rows([8, 8, 3]);
  expect(row).toEqual({
    name: "",
    kind: "conv 3x3/2",
    outputShape: [4, 4, 8],
    parameters: 216,
    multiplyAdds: 3456,
    activations: 4 * 4 * 8,
    receptiveField: 3,
  });
});

test("conv2d() names the rule for a wrong number of channels, a small image and no image", () => {
  expect(() => conv2d(3, 8).outputShape([8, 8, 1])).toThrow("conv 3x3 needs 3 channels; got 1 in [8, 8, 1]");
  expect(() => conv2d(3, 8, { kernel: 7, padding: 1 }).outputShape([8, 4, 3])).toThrow(
    "conv 7x7 with padding 1 needs an image of at least 5 pixels a side; got 8x4",
  );
  expect(() => conv2d(3, 8).outputShape([8])).toThrow("conv 3x3 needs an image [H, W, C]; got [8]");
});

test("conv2d() asks for initial values before it is used", () => {
  const x = toTensor(oddImages([1, 4, 4, 3], 1));
  expect(() => conv2d(3, 8).forward(x, { training: false })).toThrow(
    "a parameter must be initialised before it is used; this weight [3, 3, 3, 8] is not",
  );
});
