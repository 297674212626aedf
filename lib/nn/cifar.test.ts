import { beforeAll, describe, expect, test } from "vitest";
import { ready } from "../runtime/index.js";
import { valuesOf } from "../runtime/kernels/float64.fixture.js";
import { multiplyAdds, parameterCount } from "./architecture.js";
import { cifarArchitecture, cifarResNet, plainNet, type CifarResNetOptions } from "./cifar.js";
import { shortcuts } from "./shortcut.js";

beforeAll(async () => {
  await ready();
});

const shapesOf = (options: CifarResNetOptions) => {
  const { units, parts, inputShape } = cifarArchitecture(options);
  let shape = parts["stem"]!.outputShape(inputShape);
  return units.map(({ unit }) => (shape = unit.outputShape(shape)).join("x"));
};

test.each([
  [20, 269_722],
  [32, 464_154],
  [44, 658_586],
  [56, 853_018],
  [110, 1_727_962],
  [1202, 19_421_274],
])("cifarResNet() of %i layers with option A has %i parameters (Table 6)", (depth, count) => {
  expect(parameterCount(cifarArchitecture({ depth, shortcut: "A" }))).toBe(count);
  expect(parameterCount(cifarArchitecture({ depth, shortcut: "none" }))).toBe(count);
});

test("cifarResNet() with option B adds its two projections, and C the others", () => {
  // A projection in -> out has in * out weights, a scale and a shift.
  const projection = (from: number, to: number) => from * to + 2 * to;
  const grown = projection(16, 32) + projection(32, 64);
  const kept = 3 * projection(16, 16) + 2 * projection(32, 32) + 2 * projection(64, 64);
  expect(parameterCount(cifarArchitecture({ depth: 20, shortcut: "B" }))).toBe(269_722 + grown);
  expect(parameterCount(cifarArchitecture({ depth: 20, shortcut: "C" }))).toBe(269_722 + grown + kept);
});

test("cifarResNet() with bottlenecks has 9n+2 layers and four times the channels", () => {
  const { units } = cifarArchitecture({ depth: 164, kind: "bottleneck" });
  expect(units).toHaveLength(54);
  expect(shapesOf({ depth: 20, kind: "bottleneck" })).toEqual([
    "32x32x64",
    "32x32x64",
    "16x16x128",
    "16x16x128",
    "8x8x256",
    "8x8x256",
  ]);
  // By hand: stem 432+32; per unit 1x1, 3x3, 1x1 and three norms; head.
  const unit = (from: number, width: number) =>
    from * width + 9 * width * width + width * 4 * width + 2 * (width + width + 4 * width);
  const expected = 464 + unit(16, 16) + unit(64, 32) + unit(128, 64) + 257 * 10; // prettier-ignore
  expect(parameterCount(cifarArchitecture({ depth: 11, kind: "bottleneck" }))).toBe(expected);
});

test("cifarResNet() halves sizes at the second and third stage, rounding up", () => {
  expect(shapesOf({ depth: 8 })).toEqual(["32x32x16", "16x16x32", "8x8x64"]);
  expect(shapesOf({ depth: 14, inputShape: [14, 15, 1] })).toEqual([
    "14x15x16",
    "14x15x16",
    "7x8x32",
    "7x8x32",
    "4x4x64",
    "4x4x64",
  ]);
  expect(shapesOf({ depth: 8, inputShape: [1, 1, 4], widths: [8, 16, 32] })).toEqual([
    "1x1x8",
    "1x1x16",
    "1x1x32",
  ]);
  expect(shapesOf({ depth: 8, widthMultiplier: 0.5 })).toEqual(["32x32x8", "16x16x16", "8x8x32"]);
});

test("cifarResNet() counts the multiply-adds of its convolutions and its head", () => {
  // By hand, each stage has 2n convolutions; all but the two that enter a stage cost the same.
  const stem = 32 * 32 * 27 * 16;
  const same = 32 * 32 * 9 * 16 * 16;
  expect(multiplyAdds(cifarArchitecture({ depth: 20 }))).toBe(stem + 16 * same + 2 * (same / 2) + 640);
});

test("cifarResNet() names it after its depth, shortcut and what else is not the paper's", () => {
  const name = (options: CifarResNetOptions) => cifarArchitecture(options).name;
  expect(name({ depth: 20 })).toBe("resnet-20 (option A)");
  expect(name({ depth: 56, shortcut: "none" })).toBe("plain-56");
  expect(name({ depth: 56, shortcut: "A-around" })).toBe("resnet-56 (option A, zeros around)");
  expect(name({ depth: 164, kind: "bottleneck", shortcut: "B", order: "preActivation" })).toBe(
    "resnet-164 (option B, bottleneck, preActivation)",
  );
  expect(name({ depth: 20, shortcut: (change) => shortcuts.A(change) })).toBe("resnet-20 (custom shortcut)");
});

describe("cifarResNet() in pre-activation", () => {
  test("activates after the stem and after the last unit, once each (identity paper, appendix)", () => {
    const { parts, units } = cifarArchitecture({ depth: 8, order: "preActivation" });
    const namesIn = (name: string) => parts[name]!.parameters().map((found) => found.name);
    expect(Object.keys(parts)).toEqual([
      "stem",
      "stage1.unit1",
      "stage2.unit1",
      "stage3.unit1",
      "final",
      "pool",
      "head",
    ]);
    expect(namesIn("final")).toEqual(["norm.scale", "norm.shift", "norm.mean", "norm.variance"]);
    expect(parts["final"]!.rows([8, 8, 64]).map(({ kind }) => kind)).toEqual(["batch norm", "relu"]);
    expect(Object.keys(units[0]!.unit.residual.parts)).toEqual(["conv1", "norm2", "relu2", "conv2"]);
    expect(Object.keys(units[1]!.unit.residual.parts)).toEqual([
      "norm1",
      "relu1",
      "conv1",
      "norm2",
      "relu2",
      "conv2",
    ]);
  });

  test("normalises the channels that the convolution before gave", () => {
    const { units } = cifarArchitecture({ depth: 8, order: "preActivation" });
    const sizes = units[1]!.unit
      .parameters()
      .map(({ name, parameter }) => `${name} ${parameter.shape.join("x")}`);
    expect(sizes).toContain("norm1.scale 16");
    expect(sizes).toContain("norm2.scale 32");
  });

  test("with ReLU only ends with a ReLU only", () => {
    const { parts } = cifarArchitecture({ depth: 8, order: "reluOnlyPreActivation" });
    expect(parts["final"]!.rows([8, 8, 64]).map(({ kind }) => kind)).toEqual(["relu"]);
    expect(cifarArchitecture({ depth: 8 }).parts).not.toHaveProperty("final");
  });
});

test("plainNet() has the names, shapes and initial weights of its residual twin", async () => {
  const options = { depth: 14, widths: [4, 8, 16], inputShape: [8, 8, 1], seed: 9 } as const;
  const plain = plainNet(options).variables();
  const residual = new Map(
    cifarResNet({ ...options, shortcut: "B" })
      .variables()
      .map(({ name, variable }) => [name, variable]),
  );
  for (const { name, variable } of plain) {
    expect(await valuesOf(variable), name).toEqual(await valuesOf(residual.get(name)!));
    residual.delete(name);
  }
  expect([...residual.keys()].filter((name) => !name.includes(".shortcut."))).toEqual([]);
  expect(residual.size).toBe(2 * 5);
});

test.each<[Record<string, unknown>, string]>([
  [{ depth: 21 }, "depth must be 6n+2 for a CIFAR ResNet; got 21 (nearest: 20, 26)"],
  [{ depth: 2 }, "depth must be 6n+2 for a CIFAR ResNet; got 2 (nearest: 8)"],
  [
    { depth: 20, kind: "bottleneck", shortcut: "Z" },
    'shortcut must be one of A, A-around, B, C, activated, none; got "Z"',
  ],
  [
    { depth: 32, kind: "bottleneck" },
    "depth must be 9n+2 for a CIFAR ResNet of bottlenecks; got 32 (nearest: 29, 38)",
  ],
  [{ depth: 20.5 }, "depth must be an integer from 8 to 2000; got 20.5"],
  [{ depth: 2006 }, "depth must be an integer from 8 to 2000; got 2006"],
  [{ depth: "20" }, 'depth must be an integer from 8 to 2000; got "20"'],
  [{}, "depth must be an integer from 8 to 2000; got undefined"],
  [{ depth: 20, kind: "wide" }, 'kind must be one of basic, bottleneck; got "wide"'],
  [{ depth: 20, classes: 0 }, "classes must be an integer from 1 to 100000; got 0"],
  [{ depth: 20, inputShape: [32, 32] }, "inputShape must be a list of 3 integers; got [32,32]"],
  [{ depth: 20, inputShape: [32, 0, 3] }, "inputShape[1] must be an integer from 1 to 4096; got 0"],
  [{ depth: 20, widths: [16, 32] }, "widths must be a list of 3 integers; got [16,32]"],
  [
    { depth: 20, widthMultiplier: 0.3 },
    "widths times widthMultiplier must be whole numbers up to 16384; got 16/32/64 times 0.3",
  ],
  [{ depth: 20, widthMultiplier: -1 }, "widthMultiplier must be over 0 and at most 256; got -1"],
  [{ depth: 20, widthMultiplier: NaN }, "widthMultiplier must be over 0 and at most 256; got NaN"],
  [{ depth: 20, seed: 0.5 }, "seed must be an integer"],
  [{ depth: 20, order: "constructor" }, "order must be one of original, normAfterAddition"],
  [{ depth: 20, order: 7 }, "order must be one of original, normAfterAddition"],
  [{ depth: 20, initialisation: "xavier" }, 'initialisation must be one of fanIn, fanOut; got "xavier"'],
  [
    { depth: 20, width: 2 },
    "cifarResNet has the options depth, kind, shortcut, order, widths, widthMultiplier",
  ],
  [{ depth: 20, widths: [32, 16, 8] }, "option A can only add channels; got 32 to 16"],
])("cifarResNet() names the rule that %o breaks", (options, message) => {
  expect(() => cifarArchitecture(options as unknown as CifarResNetOptions)).toThrow(message);
});
