// The trained networks: the file in the repository is what its README and the run's record say, and torchvision's is taken where it lies.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.js";
import { ready } from "../runtime/index.js";
import { weightsFingerprint } from "../train/identity.js";
import { imageNetResNet } from "./imagenet.js";
import { torchTensors } from "./torch-weights.js";
import { trainedResNet } from "./trained.js";

const folder = new URL("../../datasets/resnet-20/", import.meta.url);
beforeAll(async () => {
  await ready();
});

test("trainedResNet() has the weights that the README and the record name, in 16 bits", async () => {
  const bytes = await readFile(new URL("resnet-20.safetensors", folder));
  const readme = await readFile(new URL("README.md", folder), "utf8");
  expect(readme).toContain(createHash("sha256").update(bytes).digest("hex"));
  const { tensors, metadata } = decodeSafetensors(bytes);
  expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(["F16"]));
  const record = JSON.parse(await readFile(new URL(`../../results/records/runs/${metadata["record"]!}`, folder), "utf8")) as { checkpoint: { weights: string } }; // prettier-ignore
  expect(record.checkpoint.weights).toBe(metadata["fingerprint before rounding"]);
  for (const key of ["record", "mistakes before rounding", "mistakes after rounding"])
    expect(readme).toContain(metadata[key]!);
  const { network } = await trainedResNet({ which: "resnet-20" });
  expect(await weightsFingerprint(network.variables())).toBe(metadata["fingerprint after rounding"]);
  network.dispose();
});

test("trainedResNet() takes torchvision's file where it lies, else the course's own, and says what it lacks", async () => {
  const root = await mkdtemp(join(tmpdir(), "residual-trained-"));
  try {
    await expect(trainedResNet({ which: "resnet-18", root })).rejects.toThrow("npm run data -- resnet-18");
    const source = imageNetResNet({ depth: 18, seed: 3 });
    const tensors = await torchTensors(source);
    await mkdir(join(root, "resnet-18", "download"), { recursive: true });
    const path = join(root, "resnet-18", "download", "resnet18-f37072fd.pth");
    await writeFile(path, encodeSafetensors({ tensors, metadata: {} }));
    const { name, network, classes, side } = await trainedResNet({ root });
    expect([name, classes.length, side]).toEqual(["resnet-18", 1000, 224]);
    const value = (of: typeof network) => of.variables()[0]!.variable.dataSync().slice(0, 9);
    expect(value(network)).toEqual(value(source));
    source.dispose();
    network.dispose();
    const before = tf.memory().numTensors;
    await writeFile(path, "no weights");
    await expect(trainedResNet({ root })).rejects.toThrow(path);
    expect(tf.memory().numTensors).toBe(before);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
