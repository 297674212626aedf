// Published numbers and names with which a network would load and be wrong: each is refused with its tensor and what to do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { StoredTensor } from "../files/safetensors.js";
import { decodeTorch } from "../files/torch-file.js";
import { ready } from "../runtime/index.js";
import { cifarResNet, loadTorchWeights, torchTensors, type TorchTensors } from "./index.js";

beforeAll(() => ready());

const bytes = readFileSync(join(__dirname, "torch", "resnet-20-legacy.th"));
const tensorsOfFile = (): Map<string, StoredTensor> => new Map(decodeTorch(bytes));
const network = () => cifarResNet({ depth: 20, widths: [4, 8, 16], shortcut: "A-around", seed: 3 });

/** The tensor with one number replaced, and in another type of array if one is given. */
function replaced(tensor: StoredTensor, at: number, value: number, dtype: "F32" | "F64" | "F16" = "F32") {
  const numbers = [...(tensor.data as Float32Array)];
  numbers[at] = value;
  const data = { F32: Float32Array, F64: Float64Array, F16: Uint16Array }[dtype].from(numbers);
  return { dtype, shape: tensor.shape, data } as StoredTensor;
}

/** Loads, expects the error, and that nothing was assigned. */
async function refused(tensors: TorchTensors, message: string): Promise<void> {
  const model = network();
  const before = await torchTensors(model);
  await expect(loadTorchWeights(model, tensors, { name: "a.th" })).rejects.toThrow(message);
  expect(await torchTensors(model)).toEqual(before);
  model.dispose();
}

describe("loadTorchWeights() refuses numbers that no network computes with", () => {
  test.each<[string, string, (tensor: StoredTensor) => StoredTensor, string]>([
    ["NaN in a kernel", "conv1.weight", (t) => replaced(t, 10, NaN), "a.th: conv1.weight[0, 1, 0, 1] is NaN, and a network computes only with finite numbers: take a checkpoint from before"],
    ["infinity in the head", "linear.bias", (t) => replaced(t, 9, -Infinity), "a.th: linear.bias[9] is -Infinity, and"],
    ["NaN in a running mean", "bn1.running_mean", (t) => replaced(t, 3, NaN), "a.th: bn1.running_mean[3] is NaN, and"],
    ["infinity in a running variance", "bn1.running_var", (t) => replaced(t, 0, Infinity), "a.th: bn1.running_var[0] is Infinity, and"],
    ["infinity in half precision", "bn1.weight", (t) => ({ dtype: "F16", shape: t.shape, data: Uint16Array.of(0, 0, 0x7c00, 0) }), "a.th: bn1.weight[2] is Infinity, and"],
    ["double precision beyond 32 bits", "linear.bias", (t) => replaced(t, 4, -1e39, "F64"), "a.th: linear.bias[4] is -1e+39, beyond 3.4028234663852886e+38, the largest number of 32 bits"],
    ["a variance beyond 32 bits and negative", "bn1.running_var", (t) => replaced(t, 1, -1e39, "F64"), "a.th: bn1.running_var[1] is -1e+39, beyond"],
    ["a negative variance", "layer2.0.bn1.running_var", (t) => replaced(t, 7, -0.25), "a.th: layer2.0.bn1.running_var[7] is -0.25, and a variance is never negative: see whether running_mean and running_var are exchanged"],
  ])("loadTorchWeights() refuses %s, with its place", async (_, name, change, message) => {
    const tensors = tensorsOfFile();
    tensors.set(name, change(tensors.get(name)!));
    await refused(tensors, message);
  }); // prettier-ignore

  test("loadTorchWeights() refuses statistics that are exchanged", async () => {
    const tensors = tensorsOfFile();
    const [mean, variance] = ["layer3.1.bn2.running_mean", "layer3.1.bn2.running_var"] as const;
    const exchanged = new Map(tensors);
    exchanged.set(mean, tensors.get(variance)!);
    exchanged.set(variance, tensors.get(mean)!);
    await refused(exchanged, "and a variance is never negative: see whether running_mean and running_var are exchanged"); // prettier-ignore
  });

  test("loadTorchWeights() takes the largest and the smallest numbers of 32 bits, and a variance of zero", async () => {
    const tensors = tensorsOfFile();
    const largest = 3.4028234663852886e38;
    tensors.set("linear.bias", { dtype: "F64", shape: [10], data: Float64Array.of(largest, -largest, 2 ** -149, -1e-300, -0, 1, 2, 3, 4, 5) }); // prettier-ignore
    tensors.set("bn1.running_var", { dtype: "F32", shape: [4], data: Float32Array.of(0, -0, 1, largest) });
    const model = network();
    await loadTorchWeights(model, tensors);
    expect([...(await torchTensors(model)).get("fc.bias")!.data]).toEqual([largest, -largest, 2 ** -149, -0, -0, 1, 2, 3, 4, 5]); // prettier-ignore
    model.dispose();
  });
});

describe("loadTorchWeights() accounts for every name", () => {
  const counter = { dtype: "I64", shape: [], data: BigInt64Array.of(7n) } as const;

  test.each(["", "extra.num_batches_tracked", "layer1.9.bn1.num_batches_tracked", "layer1.0.shortcut.1.num_batches_tracked", ".num_batches_tracked", "conv1.num_batches_tracked"])(
    "loadTorchWeights() does not pass over the counter %s, which belongs to no norm",
    async (name) => {
      await refused(tensorsOfFile().set(name, counter), `left over ${name}`);
    },
  ); // prettier-ignore

  test("loadTorchWeights() passes over the counters of its own norms, as PyTorch before 0.4.1 wrote none", async () => {
    const tensors = tensorsOfFile();
    const counters = [...tensors.keys()].filter((name) => name.endsWith(".num_batches_tracked"));
    expect(counters).toHaveLength(19);
    const model = network();
    for (const name of counters) tensors.delete(name);
    await loadTorchWeights(model, tensors);
    await refused(tensors.set(counters[5]!, { dtype: "I64", shape: [2], data: BigInt64Array.of(7n, 7n) }), `of another shape ${counters[5]!} [2] for []`); // prettier-ignore
    model.dispose();
  });

  test.each(["module.", "_orig_mod.", "module.module.", "module._orig_mod.module.", "_orig_mod.module."])(
    "loadTorchWeights() takes off %s, which wrappers of PyTorch put before every name",
    async (prefix) => {
      const tensors = tensorsOfFile();
      const model = network();
      await loadTorchWeights(model, new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor])));
      expect((await torchTensors(model)).get("fc.weight")!.data).toEqual(tensors.get("linear.weight")!.data);
      model.dispose();
    },
  );

  test("loadTorchWeights() names all that is missing from a state dict of nothing", async () => {
    await refused(new Map(), "missing conv1.weight, bn1.weight");
  });
});

describe("loadTorchWeights() takes bytes and Maps, and says what else it was given", () => {
  test("loadTorchWeights() takes an ArrayBuffer, as fetch gives it", async () => {
    const model = network();
    await loadTorchWeights(model, new Uint8Array(bytes).buffer);
    const given = (await torchTensors(model)).get("fc.weight")!.data;
    expect(given).toEqual(tensorsOfFile().get("linear.weight")!.data);
    model.dispose();
  });

  test.each<[string, unknown, string]>([
    ["an object", Object.fromEntries(tensorsOfFile()), "the state dict must be a path, the bytes of a file as Uint8Array or ArrayBuffer, or a Map of tensors by name; got object"],
    ["nothing", undefined, "or a Map of tensors by name; got undefined"],
    ["fewer numbers than the shape has", tensorsOfFile().set("linear.bias", { dtype: "F32", shape: [10], data: new Float32Array(9) }), 'tensor "linear.bias" of shape [10] needs 10 numbers; got 9'],
    ["more numbers than the shape has", tensorsOfFile().set("conv1.weight", { dtype: "F32", shape: [4, 3, 3, 3], data: new Float32Array(109) }), 'tensor "conv1.weight" of shape [4, 3, 3, 3] needs 108 numbers; got 109'],
    ["a shape that cannot be", tensorsOfFile().set("linear.bias", { dtype: "F32", shape: [-10], data: new Float32Array(10) }), 'tensor "linear.bias" must have a list of sizes as shape; got [-10]'],
    ["numbers in another array than their type's", tensorsOfFile().set("linear.bias", { dtype: "F32", shape: [10], data: new Float64Array(10) } as unknown as StoredTensor), 'tensor "linear.bias" must have a dtype and its data in that one\'s array, one of F64 Float64Array'],
    ["a list of numbers", new Map([["linear.bias", [1, 2]]]), 'got nothing and "undefined"'],
  ])("loadTorchWeights() refuses %s", async (_, source, message) => {
    const model = network();
    await expect(loadTorchWeights(model, source as TorchTensors)).rejects.toThrow(message);
    model.dispose();
  }); // prettier-ignore

  test("loadTorchWeights() refuses stateDict for a Map, which is one state dict", async () => {
    const model = network();
    const loading = loadTorchWeights(model, tensorsOfFile(), { stateDict: "ema" });
    await expect(loading).rejects.toThrow('a Map of tensors is one state dict; got stateDict: "ema"');
    model.dispose();
  });
});
