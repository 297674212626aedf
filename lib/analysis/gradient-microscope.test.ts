// The gradient microscope on real networks: its terms add up on every depth, and it says no where they do not.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.js";
import * as nn from "../nn/index.js";
import { randomStream } from "../random/index.js";
import { ready } from "../runtime/index.js";
import { splitGradients, traceGradients } from "./gradient-microscope.js";
import { splitTrace, type GradientTrace } from "./gradient-split.js";
import { readTrace, saveTrace } from "./gradient-trace-file.js";

let folder: string;
beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-trace-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function batchFor(network: nn.Network, count: number) {
  const stream = randomStream(7, "images");
  const shape = [count, ...network.inputShape] as [number, number, number, number];
  const size = tf.util.sizeFromShape(shape);
  return {
    images: tf.tensor4d(Float32Array.from({ length: size }, () => stream.normal()), shape), // prettier-ignore
    labels: tf.tensor1d(
      Int32Array.from({ length: count }, () => stream.integer(network.classes)),
      "int32",
    ),
  };
}

const options = { widths: [4, 8, 8], inputShape: [9, 7, 2], classes: 5, seed: 3 } as const;

// The papers' own networks and image size; narrower ones where another thing than depth is tested.
const networks: [name: string, make: () => nn.Network][] = [
  ["ResNet-20 as in the paper", () => nn.cifarResNet({ depth: 20, seed: 1 })],
  ["ResNet-56", () => nn.cifarResNet({ depth: 56, seed: 1 })],
  ["ResNet-110", () => nn.cifarResNet({ depth: 110, seed: 1 })],
  ["pre-activation-110", () => nn.cifarResNet({ depth: 110, order: "preActivation", seed: 1 })],
  ["plain-20", () => nn.plainNet({ ...options, depth: 20 })],
  ["option B", () => nn.cifarResNet({ ...options, depth: 8, shortcut: "B" })],
  [
    "bottlenecks, option C",
    () => nn.cifarResNet({ ...options, depth: 11, kind: "bottleneck", shortcut: "C" }),
  ],
  ...Object.keys(nn.unitOrders).map((order): [string, () => nn.Network] => [
    `order ${order}`,
    () => nn.cifarResNet({ ...options, depth: 14, order: order as nn.UnitOrderName }),
  ]),
];

test.each(networks)("splitGradients() terms add up to backpropagation's gradient: %s", async (_, make) => {
  const network = make();
  const { images, labels } = batchFor(network, 5);
  const values = () =>
    Promise.all(network.variables().map(async ({ variable }) => [...(await variable.data())]));
  const before = await values();
  const { numTensors } = tf.memory();

  const split = await splitGradients(network, images, labels);

  expect(split.units).toHaveLength(network.units.length);
  expect(split.mismatch).toBeLessThan(1e-6);
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(await values()).toEqual(before);
  for (const { carried, residual, shortcut, share } of split.units) {
    expect(residual).toBeGreaterThan(0);
    if (shortcut === "none") expect(carried).toBe(0);
    else expect(carried).toBeGreaterThan(0);
    expect(Number.isFinite(share)).toBe(true);
  }
  network.dispose();
});

test("splitGradients() the identity term of a pre-activation unit is the gradient above it, the residual's is not", async () => {
  const network = nn.cifarResNet({ ...options, depth: 14, order: "preActivation" });
  const { images, labels } = batchFor(network, 4);
  const { units } = await traceGradients(network, images, labels);
  const identities = units.flatMap(({ shortcut, carried, residual }, i) => {
    const above = units[i + 1];
    return shortcut === "identity" && above ? [{ carried, residual, above: above.gradient }] : [];
  });
  expect(identities.length).toBe(3);
  for (const { carried, residual, above } of identities) {
    expect(carried).toEqual(above);
    expect(residual).not.toEqual(above);
  }
  const grows = "zero padding/2";
  expect(units.map(({ shortcut }) => shortcut)).toEqual([
    "identity", "identity", grows, "identity", grows, "identity",
  ]); // prettier-ignore
  network.dispose();
});

test("splitGradients() names the unit whose second run differs from the first", async () => {
  const network = nn.cifarResNet({ ...options, depth: 8 });
  const { images, labels } = batchFor(network, 4);
  const { unit } = network.units[2]!;
  let runs = 0;
  const drifting: nn.ResidualUnit = {
    ...unit,
    forward: (x, mode) => tf.mul(unit.forward(x, mode), 1 + 0.01 * runs++),
  };
  const parts = { ...network.parts, "stage3.unit1": drifting };
  const body = nn.sequential(parts);
  await expect(
    splitGradients(
      {
        name: "drifting",
        parts,
        units: network.units.map(({ name }, i) => ({
          name,
          unit: i === 2 ? drifting : network.units[i]!.unit,
        })),
        variables: () => network.variables(),
        forward: (x: tf.Tensor4D, mode: nn.Mode) => tf.tidy(() => body.forward(x, mode) as tf.Tensor2D),
      } as unknown as nn.Model,
      images,
      labels,
    ),
  ).rejects.toThrow(
    /^stage3\.unit1: the term through the shortcut and the term through F must add up to dE\/dx; they miss it by/,
  );
});

describe("splitTrace()", () => {
  const trace = (carried: number[], residual: number[], gradient: number[]): GradientTrace => ({
    network: "by hand",
    moment: "now",
    topNorm: 2,
    units: [{ name: "u", shortcut: "identity", shape: [1, 1, 1, 2], gradient: Float32Array.from(gradient), carried: Float32Array.from(carried), residual: Float32Array.from(residual) }],
  }); // prettier-ignore

  test("splitTrace() norms, cosine, share and factor of terms worked by hand", () => {
    const [unit] = splitTrace(trace([3, 0], [0, 4], [3, 4])).units;
    expect(unit).toMatchObject({ gradient: 5, carried: 3, residual: 4, cosine: 0, factor: 2.5, mismatch: 0 });
    expect(unit!.share).toBeCloseTo(9 / 25, 12);
  });

  test("splitTrace() a residual term that pulls the other way makes a share over 1", () => {
    const [unit] = splitTrace(trace([4, 0], [-1, 0], [3, 0])).units;
    expect(unit!.share).toBeCloseTo(4 / 3, 12);
    expect(unit!.cosine).toBeCloseTo(-1, 12);
  });

  test("splitTrace() refuses terms that do not add up, and takes them with a wider tolerance", () => {
    const off = trace([3, 0], [0, 4], [3, 4.001]);
    expect(() => splitTrace(off)).toThrow(/u: .* miss it by 1\.4e-4 of their size, and 1e-5 is allowed/);
    expect(splitTrace(off, { tolerance: 1e-3 }).mismatch).toBeCloseTo(0.001 / 7, 6);
  });

  test("splitTrace() refuses NaN", () => {
    expect(() => splitTrace(trace([Number.NaN, 0], [0, 4], [3, 4]))).toThrow(
      "u: its gradients must be finite",
    );
  });
});

describe("a saved trace", () => {
  const path = () => join(folder, "trace.safetensors");
  const save = async (change: (trace: GradientTrace) => GradientTrace = (trace) => trace) => {
    const network = nn.cifarResNet({ ...options, depth: 8 });
    const { images, labels } = batchFor(network, 3);
    const trace = await traceGradients(network, images, labels, { moment: "before training" });
    const split = await splitGradients(network, images, labels, { moment: "before training" });
    await saveTrace(change(trace), path());
    network.dispose();
    return { trace, split };
  };

  test("readTrace() gives what saveTrace() wrote, and the same report", async () => {
    const { trace, split } = await save();
    const read = await readTrace(path());
    expect(read).toEqual(trace);
    expect(splitTrace(read).units).toEqual(split.units);
    expect(splitTrace(read).text).toBe(split.text);
  });

  test("splitTrace() says no to a trace with one number changed", async () => {
    await save((trace) => {
      trace.units[1]!.carried[0]! += 1;
      return trace;
    });
    const read = await readTrace(path());
    expect(() => splitTrace(read)).toThrow(/^stage2\.unit1: .*must add up/);
  });

  const description = (text: string) => async () => {
    await save();
    const { tensors } = decodeSafetensors(Uint8Array.from(await readFile(path())));
    await writeFile(path(), encodeSafetensors({ tensors, metadata: { "residual.gradientTrace": text } }));
  };
  const valid = { format: 1, network: "n", moment: "m", topNorm: 1 };
  const units = ["stage1.unit1", "stage2.unit1", "stage3.unit1"].map((name) => ({
    name,
    shortcut: "identity",
  }));
  const cases: [what: string, text: string, reason: RegExp][] = [
    ["broken JSON", "{", /is not valid JSON/],
    ["a list", "[]", /must be an object; got \[\]/],
    ["another format", JSON.stringify({ ...valid, format: 2, units }), /must have format 1, .*got 2/],
    ["a name that is a number", JSON.stringify({ ...valid, network: 5, units }), /must name network and moment/],
    ["a name without end", JSON.stringify({ ...valid, moment: "m".repeat(999), units }), /up to 200 characters/],
    ["a negative norm", JSON.stringify({ ...valid, topNorm: -1, units }), /must give topNorm as a number from 0 up; got -1/],
    ["no units", JSON.stringify({ ...valid, units: [] }), /must list 1 to 2000 units; got \[\]/],
    ["a unit without shortcut", JSON.stringify({ ...valid, units: [{ name: "a" }] }), /each unit a name and a shortcut/],
    ["a unit twice", JSON.stringify({ ...valid, units: [...units, units[0]] }), /must list each unit once; got "stage1\.unit1"/],
    ["a unit without tensors", JSON.stringify({ ...valid, units: [{ ...units[0]!, name: "__proto__" }] }), /F32 tensor "__proto__\/gradient"; it is missing/],
    ["tensors without a unit", JSON.stringify({ ...valid, units: units.slice(1) }), /must hold 3 tensors a unit, 6; it holds 9/],
  ]; // prettier-ignore
  test.each(cases)("readTrace() refuses %s", async (_, text, reason) => {
    await description(text)();
    await expect(readTrace(path())).rejects.toThrow(reason);
    await expect(readTrace(path())).rejects.toThrow(path());
  });

  test("readTrace() refuses tensors that are not finite, and shapes that differ", async () => {
    await save();
    const { tensors, metadata } = decodeSafetensors(Uint8Array.from(await readFile(path())));
    const changed = new Map(tensors);
    const { shape, data } = tensors.get("stage1.unit1/residual")!;
    const infinite = Float32Array.from(data as Float32Array, (value, i) => (i === 2 ? Infinity : value));
    changed.set("stage1.unit1/residual", { dtype: "F32", shape, data: infinite });
    await writeFile(path(), encodeSafetensors({ tensors: changed, metadata }));
    await expect(readTrace(path())).rejects.toThrow(
      'tensor "stage1.unit1/residual" must hold finite numbers only',
    );
    changed.set("stage1.unit1/residual", tensors.get("stage1.unit1/residual")!);
    changed.set("stage1.unit1/carried", { dtype: "F32", shape: [1], data: Float32Array.of(1) });
    await writeFile(path(), encodeSafetensors({ tensors: changed, metadata }));
    await expect(readTrace(path())).rejects.toThrow(
      /the tensors of unit "stage1\.unit1" must have one shape; got \[3, 9, 7, 4\] and \[1\]/,
    );
  });

  test("readTrace() refuses a file that is no trace", async () => {
    await writeFile(path(), encodeSafetensors({ tensors: new Map(), metadata: {} }));
    await expect(readTrace(path())).rejects.toThrow(
      "not a gradient trace: it has no metadata called residual.gradientTrace",
    );
  });
});
