import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ready, tf } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { loadWeights, saveWeights } from "../train/weights.js";
import {
  convolved,
  expectForward,
  normalised,
  oddImages,
  setOddValues,
  toTensor,
  type Images,
} from "./reference.fixture.js";
import { buildArchitecture } from "./build.js";
import { cifarArchitecture, cifarResNet } from "./cifar.js";
import { shortcuts, zeroPadding, type ShapeChange, type Shortcut, type ShortcutName } from "./shortcut.js";

beforeAll(async () => {
  await ready();
});

const same: ShapeChange = { inChannels: 4, outChannels: 4, stride: 1 };
const larger: ShapeChange = { inChannels: 2, outChannels: 5, stride: 2 };

/** Every second pixel from the first: `before` zeros, its channels, then zeros. */
function subsampledAndPadded(x: Images, stride: number, channels: number, before = 0): Images {
  const [n, height, width, own] = x.shape;
  const values: number[] = [];
  for (let image = 0; image < n; image++)
    for (let row = 0; row < height; row += stride)
      for (let column = 0; column < width; column += stride)
        for (let c = 0; c < channels; c++)
          values.push(
            c >= before && c - before < own
              ? x.values[((image * height + row) * width + column) * own + c - before]!
              : 0,
          );
  return { shape: [n, Math.ceil(height / stride), Math.ceil(width / stride), channels], values };
}

describe("shortcuts.A", () => {
  test.each([
    [6, 6, 2],
    [7, 5, 2],
    [4, 4, 1],
  ])(
    "subsamples and pads with zeros, without parameters: %i x %i, stride %i",
    async (height, width, stride) => {
      const shortcut = shortcuts.A({ ...larger, stride });
      const x = oddImages([2, height, width, 2], 1);
      expect(shortcut.parameters()).toEqual([]);
      await expectForward(shortcut, x, subsampledAndPadded(x, stride, 5), { training: true }, 1e-7);
    },
  );

  test("passes the gradient to the pixels it kept, and only to them", async () => {
    const x = toTensor(oddImages([1, 3, 3, 2], 1));
    const gradient = tf.grad((input: tf.Tensor) =>
      tf.sum(shortcuts.A(larger).forward(input, { training: true })),
    )(x);
    const kept = [1, 0, 1, 0, 0, 0, 1, 0, 1].flatMap((pixel) => [pixel, pixel]);
    expect(await valuesOf(gradient)).toEqual(kept);
  });

  test("refuses to drop channels", () => {
    expect(() => zeroPadding({ inChannels: 8, outChannels: 4, stride: 1 })).toThrow(
      "option A can only add channels; got 8 to 4: use option B, which projects",
    );
  });
});

describe('shortcuts["A-around"]', () => {
  test.each([
    [6, 6, 2, 4, 1],
    [7, 5, 2, 8, 3],
    [4, 4, 1, 5, 1],
  ])(
    "puts half of the zeros before: %i x %i, stride %i, 2 channels to %i, %i of the zeros before",
    async (height, width, stride, outChannels, before) => {
      const x = oddImages([2, height, width, 2], 1);
      const shortcut = shortcuts["A-around"]({ inChannels: 2, outChannels, stride });
      const expected = subsampledAndPadded(x, stride, outChannels, before);
      await expectForward(shortcut, x, expected, { training: true }, 1e-7);
    },
  );

  test("is named by what it does, in a summary and in a spec that builds it again", () => {
    const { spec, units } = cifarArchitecture({ depth: 8, shortcut: "A-around" });
    expect(units[1]!.unit.shortcut!.kind).toBe("zero padding around/2");
    expect(spec.options["shortcut"]).toBe("A-around");
    const again = buildArchitecture(JSON.parse(JSON.stringify(spec)) as typeof spec);
    expect(again.spec).toEqual(spec);
    expect(again.units[1]!.unit.shortcut!.kind).toBe("zero padding around/2");
  });

  test("makes another run: weights that were trained with zeros behind are refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "residual-zeros-"));
    const path = join(folder, "behind.safetensors");
    const make = (shortcut: ShortcutName) => cifarResNet({ depth: 8, widths: [2, 4, 6], shortcut });
    const [behind, around] = [make("A"), make("A-around")];
    await saveWeights(behind, path);
    await loadWeights(behind, path);
    await expect(loadWeights(around, path)).rejects.toThrow(
      'its options.shortcut is "A"; this model has "A-around"',
    );
    behind.dispose();
    around.dispose();
    await rm(folder, { recursive: true });
  });

  test("is not what another word means", () => {
    expect(() => zeroPadding(larger, { zeros: "before" as "behind" })).toThrow(
      'zeros must be one of behind, around; got "before"',
    );
  });
});

test.each(["A", "A-around", "B"] as const)("shortcuts.%s is x itself where dimensions stay", (option) => {
  const x = toTensor(oddImages([1, 2, 2, 4], 1));
  expect(shortcuts[option](same).forward(x, { training: true })).toBe(x);
});

test.each([
  ["B", larger],
  ["C", larger],
  ["C", same],
] as const)("shortcuts.%s projects by a 1x1 convolution and batch norm: %o", async (option, change) => {
  const shortcut = shortcuts[option](change);
  const set = setOddValues(shortcut);
  const x = oddImages([2, 5, 6, change.inChannels], 1);
  const projected = convolved(x, set["conv.weight"]!, change.stride, 0);
  const expected = normalised(projected, set["norm.scale"]!.values, set["norm.shift"]!.values);
  await expectForward(shortcut, x, expected);
});

test("shortcuts.none is nothing", () => {
  const none: Shortcut = shortcuts.none;
  expect(none(larger)).toBeUndefined();
});
