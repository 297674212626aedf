// Weights from PyTorch: the logits are PyTorch's own, and what would be silently wrong is refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { ready, tf } from "../runtime/index.js";
import {
  assignTorchTensors,
  imageNetResNet,
  torchName,
  torchTensors,
  type ImageNetResNetOptions,
} from "./index.js";

beforeAll(() => ready());

/** Written by torch/make_checkpoint.py. */
function checkpoint(depth: 18 | 50) {
  const bytes = readFileSync(join(__dirname, "torch", `resnet-${depth}.safetensors`));
  const tensors = new Map(decodeSafetensors(bytes).tensors);
  const [input, logits] = (["input", "logits"] as const).map((name) => tensors.get(name)!);
  tensors.delete("input");
  tensors.delete("logits");
  return { tensors, input: input!, logits: logits! };
}

const network = (depth: 18 | 50, options: Partial<ImageNetResNetOptions> = {}) =>
  imageNetResNet({ depth, widths: [4, 6, 6, 8], inputShape: [64, 64, 3], classes: 5, strideOn: "3x3", seed: 3, ...options }); // prettier-ignore

function logitsOf(model: ReturnType<typeof network>, { shape, data }: StoredTensor) {
  return tf.tidy(() => {
    const images = tf.transpose(tf.tensor4d(data as Float32Array, shape as [number, number, number, number]), [0, 2, 3, 1]); // prettier-ignore
    return model.forward(images, { training: false });
  });
}

describe("assignTorchTensors()", () => {
  test.each([18, 50] as const)("assignTorchTensors() gives resnet-%i PyTorch's logits", async (depth) => {
    const { tensors, input, logits } = checkpoint(depth);
    const model = network(depth);
    assignTorchTensors(model, tensors);
    const given = await logitsOf(model, input).data();
    const expected = Array.from(logits.data as Float32Array);
    const scale = Math.max(...expected.map(Math.abs));
    expected.forEach((value, i) => {
      expect(Math.abs(given[i]! - value) / scale).toBeLessThan(1e-4);
    });
    model.dispose();
  });

  test("assignTorchTensors() refuses a network whose stride stands elsewhere, which has the same shapes", () => {
    const { tensors } = checkpoint(50);
    expect(() => {
      assignTorchTensors(network(50, { strideOn: "1x1" }), tensors);
    }).toThrow('build it with strideOn: "3x3"');
    expect(() => {
      assignTorchTensors(network(18, { shortcut: "A" }), tensors);
    }).toThrow("shortcut B in the original order");
  });

  test("assignTorchTensors() names what is missing, unknown or of another shape, and assigns nothing then", async () => {
    const { tensors } = checkpoint(18);
    const model = network(18);
    const [before] = await Promise.all([model.variables()[0]!.variable.data()]);
    const missing = new Map(tensors);
    missing.delete("layer1.0.bn1.running_var");
    expect(() => {
      assignTorchTensors(model, missing, { from: "a.safetensors" });
    }).toThrow('a.safetensors: tensor "stage1.unit1.norm1.variance", which the model has, is missing');
    expect(() => {
      assignTorchTensors(model, new Map([...tensors, ["fc2.weight", tensors.get("fc.weight")!]]));
    }).toThrow('tensor "fc2.weight" is unknown');
    expect(() => {
      assignTorchTensors(network(18, { classes: 7 }), tensors);
    }).toThrow("must have the model's shape");
    expect(Array.from(await model.variables()[0]!.variable.data())).toEqual(Array.from(before));
  });
});

describe("torchTensors()", () => {
  test("torchTensors() is what assignTorchTensors() takes back, and has PyTorch's names and shapes", async () => {
    const { tensors } = checkpoint(50);
    const model = network(50);
    const mine = await torchTensors(model);
    const theirs = [...tensors].filter(([name]) => !name.endsWith("num_batches_tracked"));
    expect(new Map([...mine].map(([name, { shape }]) => [name, shape]))).toEqual(
      new Map(theirs.map(([name, { shape }]) => [name, shape])),
    );
    assignTorchTensors(model, tensors);
    const back = await torchTensors(model);
    for (const [name, { data }] of theirs) expect(back.get(name)!.data).toEqual(data);
  });
});

test("torchName() refuses what those networks do not have", () => {
  expect(() => torchName("stage1.unit1.gate.conv.weight")).toThrow(
    "no tensor for stage1.unit1.gate.conv.weight",
  );
});
