// Weights from PyTorch: the logits are PyTorch's own, and what would be silently wrong is refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { decodeTorch } from "../files/torch-file.js";
import { ready, tf } from "../runtime/index.js";
import {
  cifarResNet,
  imageNetResNet,
  loadTorchWeights,
  torchName,
  torchTensors,
  type CifarResNetOptions,
  type ImageNetResNetOptions,
  type LoadTorchOptions,
  type Network,
} from "./index.js";

beforeAll(() => ready());

/** Written by torch/make_checkpoint.py. */
const fixture = (file: string) => join(__dirname, "torch", file);

/** A narrow torchvision network's tensors, the images it was shown, and its logits. */
function checkpoint(depth: 18 | 50) {
  const tensors = new Map(decodeSafetensors(readFileSync(fixture(`resnet-${depth}.safetensors`))).tensors);
  const [input, logits] = (["input", "logits"] as const).map((name) => tensors.get(name)!);
  tensors.delete("input");
  tensors.delete("logits");
  return { tensors, input: input!, logits: [...(logits!.data as Float32Array)] };
}

/** The tensors of resnet-20.th, without DataParallel's prefix. */
const cifarTensors = (): Map<string, StoredTensor> =>
  new Map(decodeTorch(readFileSync(fixture("resnet-20-legacy.th"))));

const imageNet = (depth: 18 | 50, options: Partial<ImageNetResNetOptions> = {}) =>
  imageNetResNet({ depth, widths: [4, 6, 6, 8], inputShape: [64, 64, 3], classes: 5, strideOn: "3x3", seed: 3, ...options }); // prettier-ignore

const cifar = (depth: number, options: Partial<CifarResNetOptions> = {}) =>
  cifarResNet({ depth, widths: [4, 8, 16], shortcut: "A-around", seed: 3, ...options });

/** The logits for images [N, C, H, W], as PyTorch keeps them. */
async function logitsOf(model: Network, shape: readonly number[], data: Float32Array): Promise<number[]> {
  const logits = tf.tidy(() => {
    const images = tf.transpose(tf.tensor4d(data, shape as [number, number, number, number]), [0, 2, 3, 1]);
    return model.forward(images, { training: false });
  });
  const values = [...(await logits.data())];
  logits.dispose();
  return values;
}

/** What PyTorch's network gave for them. */
const published = (name: string) => [
  ...(decodeSafetensors(readFileSync(fixture("logits.safetensors"))).tensors.get(name)!.data as Float32Array),
];

/** `cifar_images` of make_checkpoint.py. */
const cifarImages = () => Float32Array.from({ length: 2 * 3 * 32 * 32 }, (_, i) => ((37 * i) % 101) / 64 - 0.75); // prettier-ignore

/** The largest difference, as a part of the largest expected value. */
function apart(given: readonly number[], expected: readonly number[]): number {
  expect(given).toHaveLength(expected.length);
  const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
  return largest(given.map((value, i) => value - expected[i]!)) / largest(expected);
}

describe("loadTorchWeights()", () => {
  test.each([
    ["resnet-20.th", "resnet-20", 20, "A-around"],
    ["resnet-20-legacy.th", "resnet-20", 20, "A-around"],
    ["resnet-56.th", "resnet-56", 56, "A-around"],
    ["resnet-20-B.th", "resnet-20-B", 20, "B"],
  ] as const)("loadTorchWeights() of %s gives PyTorch's logits", async (file, name, depth, shortcut) => {
    const model = cifar(depth, { shortcut });
    await loadTorchWeights(model, fixture(file));
    const given = await logitsOf(model, [2, 3, 32, 32], cifarImages());
    expect(apart(given, published(name))).toBeLessThan(1e-4);
    model.dispose();
  });

  test.each([
    [18, "safetensors"],
    [18, "pth"],
    [50, "safetensors"],
  ] as const)(
    "loadTorchWeights() gives torchvision's resnet-%i of a .%s PyTorch's logits",
    async (depth, kind) => {
      const { tensors, input, logits } = checkpoint(depth);
      const model = imageNet(depth);
      const bytes =
        kind === "pth"
          ? readFileSync(fixture("resnet-18.pth"))
          : encodeSafetensors({ tensors, metadata: {} });
      await loadTorchWeights(model, bytes);
      expect(apart(await logitsOf(model, input.shape, input.data as Float32Array), logits)).toBeLessThan(
        1e-4,
      );
      model.dispose();
    },
  );

  test("loadTorchWeights() takes the state dict that is asked for, where a file can hold several", async () => {
    const model = cifar(20);
    await loadTorchWeights(model, fixture("resnet-20.th"), { stateDict: "state_dict" });
    await expect(
      loadTorchWeights(model, fixture("resnet-20.th"), { stateDict: "ema", name: "a.th" }),
    ).rejects.toThrow('a.th: it must hold a state dict, a dictionary of tensors alone, under the key "ema"');
    const safetensors = encodeSafetensors({ tensors: cifarTensors(), metadata: {} });
    await expect(loadTorchWeights(model, safetensors, { stateDict: "ema" })).rejects.toThrow(
      'a safetensors file holds one state dict; got stateDict: "ema"',
    );
    model.dispose();
  });

  test("loadTorchWeights() takes one network under each of its published names", async () => {
    const b = decodeTorch(readFileSync(fixture("resnet-20-B.th")));
    const renamed = (name: string) => name.replace("shortcut", "downsample").replace("linear", "fc");
    const model = cifar(20, { shortcut: "B" });
    for (const prefix of ["", "module."]) {
      await loadTorchWeights(
        model,
        new Map([...b].map(([name, tensor]) => [prefix + renamed(name), tensor])),
      );
    }
    const given = await logitsOf(model, [2, 3, 32, 32], cifarImages());
    expect(apart(given, published("resnet-20-B"))).toBeLessThan(1e-4);
    model.dispose();
  });

  test("loadTorchWeights() takes half, bfloat16 and double precision to the number", async () => {
    const tensors = cifarTensors();
    const bits = Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff);
    const bias = {
      dtype: "F64",
      shape: [10],
      data: Float64Array.from({ length: 10 }, (_, i) => i / 10),
    } as const;
    tensors.set("bn1.weight", { dtype: "F16", shape: [4], data: bits });
    tensors.set("bn1.bias", { dtype: "BF16", shape: [4], data: bits });
    tensors.set("linear.bias", bias);
    const model = cifar(20);
    await loadTorchWeights(model, tensors);
    const back = await torchTensors(model);
    expect([...back.get("bn1.weight")!.data]).toEqual([1, -2.5, 2 ** -24, 65504]);
    expect([...back.get("bn1.bias")!.data]).toEqual([0.0078125, -8, 2 ** -133, 255 * 2 ** 113]); // prettier-ignore
    expect(back.get("fc.bias")!.data).toEqual(Float32Array.from(bias.data));
    model.dispose();
  });

  test.each<[string, () => Network, LoadTorchOptions, string]>([
    ["zeros behind", () => cifar(20, { shortcut: "A" }), {}, 'build it with shortcut: "A-around", or say zeros: "behind" if'],
    ["zeros around for behind", () => cifar(20), { zeros: "behind" }, 'build it with shortcut: "A"'],
    ["zeros for option B", () => cifar(20, { shortcut: "B" }), { zeros: "behind" }, "only option A has zeros"],
    ["a plain network", () => cifar(20, { shortcut: "none" }), {}, "got cifarResNet, plain-20"],
    ["an own shortcut", () => cifar(20, { shortcut: () => undefined }), {}, "got cifarResNet, resnet-20 (custom shortcut"],
    ["another order", () => cifar(20, { order: "preActivation" }), {}, "in the original order without gates"],
    ["a gate without variables", () => cifar(20, { gate: { kind: "constant", shortcut: 0.5, residual: 1 } }), {}, "without gates"],
    ["a bottleneck's stride", () => imageNet(50, { strideOn: "1x1" }), {}, 'build it with strideOn: "3x3"'],
    ["option A of ImageNet", () => imageNet(18, { shortcut: "A" }), {}, "imageNetResNet with shortcut B"],
    ["an unknown option", () => cifar(20), { key: "model" } as LoadTorchOptions, 'has the options name, stateDict, zeros; got "key"'],
  ])("loadTorchWeights() refuses what has the same shapes and computes something else: %s", async (_, make, options, message) => {
    const model = make();
    await expect(loadTorchWeights(model, cifarTensors(), options)).rejects.toThrow(message);
    model.dispose();
  }); // prettier-ignore

  test("loadTorchWeights() takes weights that were trained with zeros behind, where that is said", async () => {
    const model = cifar(20, { shortcut: "A" });
    await loadTorchWeights(model, cifarTensors(), { zeros: "behind" });
    expect([...(await torchTensors(model)).get("fc.weight")!.data]).toEqual([
      ...cifarTensors().get("linear.weight")!.data,
    ]);
    model.dispose();
  });

  const three = (tensors: Map<string, StoredTensor>, name: string) => tensors.get(name)!;
  test.each<[string, (tensors: Map<string, StoredTensor>) => void, string]>([
    ["missing", (t) => t.delete("layer1.0.bn1.running_var"), "missing layer1.0.bn1.running_var"],
    ["left over", (t) => t.set("linear2.weight", three(t, "linear.weight")), "left over linear2.weight (nearest: linear.weight)"],
    ["twice, under both names", (t) => t.set("fc.weight", three(t, "linear.weight")), "left over linear.weight"],
    ["misnamed", (t) => { t.set("layer1.0.cnv1.weight", three(t, "layer1.0.conv1.weight")); t.delete("layer1.0.conv1.weight"); }, "missing layer1.0.conv1.weight (nearest: layer1.0.cnv1.weight); left over layer1.0.cnv1.weight (nearest: layer1.0.conv1.weight)"],
    ["of another shape", (t) => t.set("conv1.weight", { ...three(t, "conv1.weight"), shape: [3, 4, 3, 3] }), "of another shape conv1.weight [3, 4, 3, 3] for [4, 3, 3, 3]"],
    ["a kernel in this library's layout", (t) => t.set("conv1.weight", { ...three(t, "conv1.weight"), shape: [3, 3, 3, 4] }), "conv1.weight [3, 3, 3, 4] for [4, 3, 3, 3]"],
    ["of another type", (t) => t.set("linear.bias", { dtype: "I64", shape: [10], data: new BigInt64Array(10) }), "of another type linear.bias I64 for a floating type"],
    ["many at once", (t) => { for (const name of [...t.keys()]) if (name.endsWith("running_mean")) t.delete(name); }, "layer1.1.bn2.running_mean and 14 more"],
    ["some with DataParallel's prefix", (t) => { t.set("module.conv1.weight", three(t, "conv1.weight")); t.delete("conv1.weight"); }, "left over module.conv1.weight (nearest: conv1.weight)"],
    ["named by a stranger", (t) => t.set("__proto__", three(t, "conv1.weight")), "left over __proto__"],
  ])("loadTorchWeights() accounts for every tensor, and assigns nothing else: %s", async (_, change, message) => {
    const tensors = cifarTensors();
    change(tensors);
    const model = cifar(20);
    const before = await torchTensors(model);
    await expect(loadTorchWeights(model, tensors, { name: "a.th" })).rejects.toThrow("a.th: its tensors are not those of resnet-20 (option A, zeros around, widths 4/8/16): ");
    await expect(loadTorchWeights(model, tensors)).rejects.toThrow(message);
    expect(await torchTensors(model)).toEqual(before);
    model.dispose();
  }); // prettier-ignore

  test("loadTorchWeights() names all of another network in a bounded message", async () => {
    const model = cifar(56);
    const failed = loadTorchWeights(model, fixture("resnet-20.th"));
    await expect(failed).rejects.toThrow(/missing layer1\.3\.conv1\.weight.* and 175 more$/);
    await expect(failed).rejects.toThrow(/^.{1,1200}$/);
    model.dispose();
  });

  test.each<[string, Uint8Array, string]>([
    [
      "a web page",
      new TextEncoder().encode("<!DOCTYPE html><html>"),
      'its 21 bytes begin with "<!DOCTYPE ht"',
    ],
    ["nothing", new Uint8Array(), 'its 0 bytes begin with ""'],
    ["a large file's pointer", new TextEncoder().encode("version https://git-lfs"), '"version http"'],
  ])("loadTorchWeights() refuses %s by its first bytes", async (_, bytes, message) => {
    const model = cifar(20);
    await expect(loadTorchWeights(model, bytes)).rejects.toThrow(
      "must be a file of torch.save or a safetensors file",
    );
    await expect(loadTorchWeights(model, bytes)).rejects.toThrow(message);
    model.dispose();
  });
});

describe("torchTensors()", () => {
  test("torchTensors() is what loadTorchWeights() takes back, and has PyTorch's names and shapes", async () => {
    const { tensors } = checkpoint(50);
    const model = imageNet(50);
    const mine = await torchTensors(model);
    const theirs = [...tensors].filter(([name]) => !name.endsWith("num_batches_tracked"));
    expect(new Map([...mine].map(([name, { shape }]) => [name, shape]))).toEqual(
      new Map(theirs.map(([name, { shape }]) => [name, shape])),
    );
    await loadTorchWeights(model, tensors);
    const back = await torchTensors(model);
    for (const [name, { data }] of theirs) expect(back.get(name)!.data).toEqual(data);
    model.dispose();
  });
});

test("torchName() refuses what those networks do not have", () => {
  expect(() => torchName("stage1.unit1.gate.conv.weight")).toThrow(
    "no tensor for stage1.unit1.gate.conv.weight",
  );
});
