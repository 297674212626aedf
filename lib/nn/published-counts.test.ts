// Parameter counts of every family against those that papers print and reference implementations have.
import { describe, expect, test } from "vitest";
import { parameterCount, type Architecture } from "./architecture.js";
import { cifarArchitecture } from "./cifar.js";
import {
  cifarDenseNetArchitecture,
  imageNetDenseNetArchitecture,
  type CifarDenseNetOptions,
} from "./densenet.js";
import { highwayArchitecture } from "./highway.js";
import { imageNetArchitecture } from "./imagenet.js";
import { vggArchitecture, type VggDepth } from "./vgg.js";

const counted = (make: () => Architecture) => parameterCount(make());
const millions = (count: number) => (count / 1e6).toFixed(1);
const preActivation = { kind: "bottleneck", shortcut: "activated", order: "preActivation" } as const;

describe("pre-activation networks", () => {
  // PreResNet-164(BN) and PreResNet-1001 in the tables of osmr/imgclsmob, the architecture of resnet-pre-act.lua.
  test.each([
    [164, 1_703_258],
    [1001, 10_327_706],
  ])("of bottlenecks with %i layers have %i parameters", (depth, count) => {
    expect(counted(() => cifarArchitecture({ depth, ...preActivation }))).toBe(count);
  });

  test("have the weights that the identity paper's Table 4 counts: 1.7 and 10.2 million", () => {
    const weights = (depth: number) =>
      Object.values(cifarArchitecture({ depth, ...preActivation }).parts)
        .flatMap((part) => part.parameters())
        .filter(({ parameter }) => parameter.role === "weight" || parameter.role === "bias")
        .reduce((sum, { parameter }) => sum + parameter.size, 0);
    expect(millions(weights(164))).toBe("1.7");
    expect(millions(weights(1001))).toBe("10.2");
  });

  test("of 110 basic layers with option A differ from the original order by their norms only", () => {
    // The first unit leaves out the norm of its input (16 channels), `final` adds one of 64. The first norms of the two units
    // that grow have 16 and 32 channels where the original order has 32 and 64. Each channel has two parameters.
    const expected = 1_727_962 + 2 * (64 - 16 + (16 - 32) + (32 - 64));
    expect(counted(() => cifarArchitecture({ depth: 110, order: "preActivation" }))).toBe(expected);
  });
});

describe("ResNeXt", () => {
  // torchvision's num_params for the first; osmr/imgclsmob's assertions for all three.
  test.each([
    [50, 32, 4, 25_028_904],
    [101, 32, 4, 44_177_704],
    [101, 64, 4, 83_455_272],
  ] as const)("of %i layers, %ix%id, has %i parameters", (depth, cardinality, width, count) => {
    expect(counted(() => imageNetArchitecture({ depth, paths: { cardinality, width } }))).toBe(count); // prettier-ignore
  });

  // CIFAR-10 table of osmr/imgclsmob; the paper's Table 7 prints 68.1M for the second.
  test.each([
    [32, 4, 4_775_754],
    [16, 64, 68_155_210],
  ])("of 29 layers for CIFAR, %ix%id, has %i parameters", (cardinality, width, count) => {
    const options = { depth: 29, kind: "bottleneck", shortcut: "B", widths: [64, 128, 256] } as const;
    expect(counted(() => cifarArchitecture({ ...options, paths: { cardinality, width } }))).toBe(count);
  });
});

describe("squeeze and excitation", () => {
  const gate = { kind: "squeezeExcitation", reduction: 16 } as const;

  test("adds 2/r sum N C^2 weights to ResNet-50 (Hu et al., equation 5), and a bias to each", () => {
    const stages: [units: number, channels: number][] = [
      [3, 256],
      [4, 512],
      [6, 1024],
      [3, 2048],
    ];
    const weights = stages.reduce((sum, [units, channels]) => sum + (2 / 16) * units * channels ** 2, 0);
    const biases = stages.reduce((sum, [units, channels]) => sum + units * (channels / 16 + channels), 0);
    const found = counted(() => imageNetArchitecture({ depth: 50, gate }));
    expect(found - 25_557_032).toBe(weights + biases);
    // The count of the published implementations (FrancescoSaverioZuppichini/glasses, cse_resnet50).
    expect(found).toBe(28_088_024);
  });

  test("on ResNeXt-50 has 27,559,896 parameters (osmr/imgclsmob, seresnext50_32x4d)", () => {
    expect(
      counted(() => imageNetArchitecture({ depth: 50, paths: { cardinality: 32, width: 4 }, gate })),
    ).toBe(27_559_896);
  });
});

describe("DenseNet", () => {
  // Huang et al. 2017, Table 2, as printed.
  test.each<[CifarDenseNetOptions, string]>([
    [{ depth: 40, growth: 12 }, "1.0"],
    [{ depth: 100, growth: 12 }, "7.0"],
    [{ depth: 100, growth: 24 }, "27.2"],
    [{ depth: 100, growth: 12, kind: "bottleneck", compression: 0.5 }, "0.8"],
    [{ depth: 250, growth: 24, kind: "bottleneck", compression: 0.5 }, "15.3"],
    [{ depth: 190, growth: 40, kind: "bottleneck", compression: 0.5 }, "25.6"],
  ])("%o has %s million parameters", (options, printed) => {
    expect(millions(counted(() => cifarDenseNetArchitecture(options)))).toBe(printed);
  });

  test("variants have exactly the parameters of osmr/imgclsmob's CIFAR-10 table", () => {
    const halved = { growth: 12, compression: 0.5, stemChannels: 24 };
    expect(counted(() => cifarDenseNetArchitecture({ depth: 40, ...halved }))).toBe(599_050);
    expect(counted(() => cifarDenseNetArchitecture({ depth: 100, ...halved }))).toBe(4_068_490);
    expect(counted(() => cifarDenseNetArchitecture({ depth: 100, ...halved, kind: "bottleneck" }))).toBe(
      769_162,
    );
  });

  // torchvision's num_params.
  test.each([
    [121, 7_978_856],
    [161, 28_681_000],
    [169, 14_149_480],
    [201, 20_013_928],
  ] as const)("of %i layers for ImageNet has %i parameters", (depth, count) => {
    expect(counted(() => imageNetDenseNetArchitecture({ depth }))).toBe(count);
  });
});

describe("VGG", () => {
  // torchvision's num_params, without and with batch norm.
  test.each<[VggDepth, number, number]>([
    [11, 132_863_336, 132_868_840],
    [13, 133_047_848, 133_053_736],
    [16, 138_357_544, 138_365_992],
    [19, 143_667_240, 143_678_248],
  ])("of %i layers has %i parameters, and %i with batch norm", (depth, without, batch) => {
    expect(counted(() => vggArchitecture({ depth }))).toBe(without);
    expect(counted(() => vggArchitecture({ depth, norm: "batch" }))).toBe(batch);
  });
});

test("a Highway network of 19 layers has 2.3 million parameters (ResNet paper, Table 6)", () => {
  // By hand from the authors' cifar10_network.prototxt, with 10 classes: each unit has two 3x3 convolutions with biases.
  const convolution = (size: number, from: number, to: number) => (size * size * from + 1) * to;
  const unit = (width: number) => 2 * convolution(3, width, width);
  const expected =
    convolution(3, 3, 32) + 4 * unit(32) + convolution(3, 32, 80) + 5 * unit(80) + convolution(3, 80, 128) +
    5 * unit(128) + convolution(1, 128, 100) + 100 * 10 + 10; // prettier-ignore
  expect(counted(() => highwayArchitecture())).toBe(expected);
  expect(millions(expected)).toBe("2.3");
});
