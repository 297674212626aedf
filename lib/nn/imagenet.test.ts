import { expect, test } from "vitest";
import { multiplyAdds, parameterCount } from "./architecture.js";
import { imageNetArchitecture, type ImageNetDepth, type ImageNetResNetOptions } from "./imagenet.js";
import { sequential } from "./sequential.js";

test.each<[ImageNetDepth, number]>([
  [18, 11_689_512],
  [34, 21_797_672],
  [50, 25_557_032],
  [101, 44_549_160],
  [152, 60_192_808],
])(
  "imageNetResNet() of %i layers has the published %i parameters, wherever the stride is",
  (depth, count) => {
    expect(parameterCount(imageNetArchitecture({ depth, strideOn: "3x3" }))).toBe(count);
    expect(parameterCount(imageNetArchitecture({ depth, strideOn: "1x1" }))).toBe(count);
  },
);

// Table 1 in units of 10^9. Option A for 18 and 34, which then have no more than the plain nets; B for the others.
// The paper prints ResNet-50's 3.858 as 3.8: one decimal, cut off; the others are the same cut off or rounded, or rounded.
test.each<[ImageNetDepth, "A" | "B", number, number]>([
  [18, "A", 1.8, 1_794_805_760],
  [34, "A", 3.6, 3_644_493_824],
  [50, "B", 3.8, 3_857_973_248],
  [101, "B", 7.6, 7_570_194_432],
  [152, "B", 11.3, 11_282_415_616],
])(
  "imageNetResNet() of %i layers, option %s, stride on the 1x1, costs %d x10^9 multiply-adds (Table 1)",
  (depth, shortcut, printed, exact) => {
    const found = multiplyAdds(imageNetArchitecture({ depth, shortcut, strideOn: "1x1" }));
    expect(found).toBe(exact);
    expect([Math.round(found / 1e8) / 10, Math.floor(found / 1e8) / 10]).toContain(printed);
  },
);

test("imageNetResNet() with the stride on the 3x3 costs what the published weights are known for", () => {
  // Commonly reported for ResNet-50: 4.09 x10^9 multiply-adds.
  const found = multiplyAdds(imageNetArchitecture({ depth: 50, strideOn: "3x3" }));
  expect((found / 1e9).toFixed(2)).toBe("4.09");
});

test("imageNetResNet() has Table 1's output sizes", () => {
  const { parts, inputShape } = imageNetArchitecture({ depth: 50 });
  const rows = sequential(parts).rows(inputShape);
  const size = (name: string) => rows.find((row) => row.name === name)!.outputShape.join("x");
  expect(size("stem.conv")).toBe("112x112x64");
  expect(size("stem.pool")).toBe("56x56x64");
  expect(size("stage1.unit3.relu3")).toBe("56x56x256");
  expect(size("stage2.unit1.conv1")).toBe("28x28x128");
  expect(size("stage2.unit4.relu3")).toBe("28x28x512");
  expect(size("stage3.unit6.relu3")).toBe("14x14x1024");
  expect(size("stage4.unit3.relu3")).toBe("7x7x2048");
  expect(size("pool")).toBe("2048");
  expect(size("head")).toBe("1000");
});

test("imageNetResNet() puts the bottleneck's stride where it is told", () => {
  const sizes = (strideOn: "1x1" | "3x3") => {
    const { parts, inputShape } = imageNetArchitecture({ depth: 50, strideOn });
    const rows = sequential(parts).rows(inputShape);
    return ["conv1", "conv2"].map(
      (name) => rows.find((row) => row.name === `stage2.unit1.${name}`)!.outputShape[0],
    );
  };
  expect(sizes("1x1")).toEqual([28, 28]);
  expect(sizes("3x3")).toEqual([56, 28]);
});

test("imageNetResNet() has as many convolutions and dense layers on its main path as its name says", () => {
  for (const depth of [18, 34, 50, 101, 152] as const) {
    const { parts, inputShape } = imageNetArchitecture({ depth, shortcut: "none" });
    const weighted = sequential(parts)
      .rows(inputShape)
      .filter((row) => row.multiplyAdds > 0);
    expect(weighted).toHaveLength(depth);
  }
});

test("imageNetResNet() is named after the paper's models", () => {
  expect(imageNetArchitecture({ depth: 34, shortcut: "none" }).name).toBe("plain-34");
  expect(imageNetArchitecture({ depth: 50 }).name).toBe("resnet-50 (option B)");
  expect(imageNetArchitecture({ depth: 50, strideOn: "3x3" }).name).toBe(
    "resnet-50 (option B, stride on 3x3)",
  );
});

test.each<[Record<string, unknown>, string]>([
  [{ depth: 20 }, "depth must be one of 18, 34, 50, 101, 152; got 20"],
  [{ depth: 50, strideOn: "2x2" }, 'strideOn must be one of 1x1, 3x3; got "2x2"'],
  [{ depth: 50, widths: [64, 128, 256] }, "widths must be a list of 4 integers; got [64,128,256]"],
  [{ depth: 50, kind: "basic" }, "imageNetResNet has the options depth, shortcut"],
])("imageNetResNet() names the rule that %o breaks", (options, message) => {
  expect(() => imageNetArchitecture(options as unknown as ImageNetResNetOptions)).toThrow(message);
});
