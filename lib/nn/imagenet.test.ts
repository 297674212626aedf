import { expect, test } from "vitest";
import { multiplyAdds, parameterCount } from "./architecture.js";
import { cifarArchitecture } from "./cifar.js";
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

/** Products of the convolutions and the classifier, straight from Table 1, with the stride on a bottleneck's first 1x1. */
function table1(depth: 18 | 34 | 50 | 101 | 152): number {
  const counts = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3] }[depth]; // prettier-ignore
  let sum = 112 ** 2 * 7 * 7 * 3 * 64;
  let channels = 64;
  counts.forEach((count, stage) => {
    const area = [56, 28, 14, 7][stage]! ** 2;
    const w = [64, 128, 256, 512][stage]!;
    for (let unit = 0; unit < count; unit++) {
      if (depth < 50) sum += area * (9 * channels * w + 9 * w * w);
      else sum += area * (channels * w + 9 * w * w + w * 4 * w) + (unit === 0 ? area * channels * 4 * w : 0);
      channels = depth < 50 ? w : 4 * w;
    }
  });
  return sum + channels * 1000;
}

// Table 1 prints 3.8 for 3.858; the other four are rounded. 18 and 34 layers with option A, the others with B.
test.each([
  [18, "A", 1.8],
  [34, "A", 3.6],
  [50, "B", 3.8],
  [101, "B", 7.6],
  [152, "B", 11.3],
] as const)(
  "imageNetResNet() of %i layers, option %s, stride on the 1x1, costs %d x10^9 multiply-adds (Table 1)",
  (depth, shortcut, printed) => {
    const found = multiplyAdds(imageNetArchitecture({ depth, shortcut, strideOn: "1x1" }));
    expect(found).toBe(table1(depth));
    expect(Math.abs(found / 1e9 - printed)).toBeLessThan(depth === 50 ? 0.06 : 0.05);
  },
);

test("imageNetResNet() with the stride on the 3x3 costs what the published weights are known for", () => {
  // Commonly reported for ResNet-50: 4.09 x10^9 multiply-adds.
  const found = multiplyAdds(imageNetArchitecture({ depth: 50, strideOn: "3x3" }));
  expect((found / 1e9).toFixed(2)).toBe("4.09");
});

test("imageNetResNet() with the paths of a ResNeXt has the stride on the 3x3 unless it is told, which costs what the paper says", () => {
  // Xie et al. 2017, Table 1: 4.2 x10^9 multiply-adds for ResNeXt-50 (32x4d), and 4.1 x10^9 for ResNet-50 with the same stride.
  const paths = { cardinality: 32, width: 4 };
  const costOf = (options: Partial<ImageNetResNetOptions>) => (multiplyAdds(imageNetArchitecture({ depth: 50, ...options })) / 1e9).toFixed(1); // prettier-ignore
  expect(costOf({ paths })).toBe("4.2");
  expect(costOf({ strideOn: "3x3" })).toBe("4.1");
  expect(costOf({ paths, strideOn: "1x1" })).toBe("3.8");
  expect(imageNetArchitecture({ depth: 50, paths }).spec.options["strideOn"]).toBe("3x3");
  const cifar = { depth: 29, kind: "bottleneck" } as const;
  expect(cifarArchitecture({ ...cifar, paths: { cardinality: 8, width: 64 } }).spec.options["strideOn"]).toBe("3x3"); // prettier-ignore
  expect(cifarArchitecture(cifar).spec.options["strideOn"]).toBe("1x1");
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
