// Weights of random CIFAR networks, written as PyTorch's state dicts are named: they load to the same outputs, and with one tensor amiss not at all.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { encodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { ready, tf } from "../runtime/index.js";
import {
  cifarResNet,
  loadTorchWeights,
  torchTensors,
  type CifarResNetOptions,
  type Network,
} from "./index.js";

beforeAll(() => ready());

/** How many networks are drawn; more by `RESIDUAL_TORCH=200`. */
const numRuns = Number(process.env["RESIDUAL_TORCH"] ?? 8);

const widths = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(3), fc.nat(3)).map(([first, second, third]): [number, number, number] => [first, first + second, first + second + third]); // prettier-ignore

const specs: fc.Arbitrary<CifarResNetOptions> = fc
  .record({
    n: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom("basic", "bottleneck"),
    shortcut: fc.constantFrom("A", "A-around", "B"),
    widths,
    classes: fc.integer({ min: 1, max: 4 }),
    size: fc.integer({ min: 4, max: 9 }),
    channels: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ n, kind, size, channels, ...options }) => ({
    ...options,
    kind,
    depth: (kind === "basic" ? 6 : 9) * n + 2,
    strideOn: "3x3",
    inputShape: [size, size, channels],
  }));

/** How a state dict is called and kept. */
const writings = fc.record({
  prefix: fc.constantFrom("", "module.", "_orig_mod.module."),
  head: fc.constantFrom("fc", "linear"),
  projection: fc.constantFrom("downsample", "shortcut"),
  counters: fc.boolean(),
  kept: fc.constantFrom("safetensors", "Map"),
});

/** Moves every value, running statistics too, off where all networks start. */
function stir(network: Network, seed: number): void {
  tf.tidy(() => {
    for (const [i, { name, variable }] of network.variables().entries()) {
      const noise = tf.randomUniform(variable.shape, 0.1, 1, "float32", seed + i);
      variable.assign(name.endsWith("variance") ? noise : tf.add(variable, tf.sub(noise, 0.5)));
    }
  });
}

async function outputs(network: Network): Promise<number[]> {
  const logits = tf.tidy(() => {
    const x = tf.randomUniform([2, ...network.inputShape], -1, 1, "float32", 5);
    return network.forward(x as tf.Tensor4D, { training: false });
  });
  const values = [...(await logits.data())];
  logits.dispose();
  return values;
}

function written(
  mine: ReadonlyMap<string, StoredTensor>,
  { prefix, head, projection, counters }: { prefix: string; head: string; projection: string; counters: boolean }, // prettier-ignore
): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of mine) {
    const called = prefix + name.replace(/^fc/, head).replace("downsample", projection);
    tensors.set(called, tensor);
    if (counters && name.endsWith("running_var")) {
      const counter = called.replace("running_var", "num_batches_tracked");
      tensors.set(counter, { dtype: "I64", shape: [], data: BigInt64Array.of(100n) });
    }
  }
  return tensors;
}

const options = ({ shortcut }: CifarResNetOptions) =>
  shortcut === "A" ? ({ zeros: "behind" } as const) : {};

test("loadTorchWeights() of what torchTensors() gave, under any published names, computes the same", async () => {
  await fc.assert(
    fc.asyncProperty(specs, writings, fc.nat(1000), async (spec, writing, seed) => {
      const source = cifarResNet({ ...spec, seed });
      const receiver = cifarResNet({ ...spec, seed: seed + 1 });
      try {
        stir(source, seed);
        const tensors = written(await torchTensors(source), writing);
        const kept = writing.kept === "Map" ? tensors : encodeSafetensors({ tensors, metadata: {} });
        await loadTorchWeights(receiver, kept, options(spec));
        expect(await outputs(receiver)).toEqual(await outputs(source));
      } finally {
        source.dispose();
        receiver.dispose();
      }
    }),
    { numRuns },
  );
});

/** One thing amiss with one tensor; undefined where it would change nothing. */
const faults: Readonly<
  Record<string, (tensors: Map<string, StoredTensor>, name: string) => Map<string, StoredTensor> | undefined>
> = {
  omitted(tensors, name) {
    tensors.delete(name);
    return tensors;
  },
  "given twice under a like name": (tensors, name) => tensors.set(`${name}_copy`, tensors.get(name)!),
  "given under the prefix alone": (tensors, name) => tensors.set(`module.module.module.${name}`, tensors.get(name)!), // prettier-ignore
  "with its axes in another order"(tensors, name) {
    const tensor = tensors.get(name)!;
    const shape = [...tensor.shape].reverse();
    return shape.join() === tensor.shape.join() ? undefined : tensors.set(name, { ...tensor, shape });
  },
  "with an axis more": (tensors, name) =>
    tensors.set(name, { ...tensors.get(name)!, shape: [...tensors.get(name)!.shape, 1] }),
  flattened(tensors, name) {
    const tensor = tensors.get(name)!;
    return tensor.shape.length < 2
      ? undefined
      : tensors.set(name, { ...tensor, shape: [tensor.data.length] });
  },
  "longer by one"(tensors, name) {
    const { shape, data } = tensors.get(name)!;
    const [first = 1, ...rest] = shape;
    const longer = new Float32Array(data.length + data.length / first).fill(0.5);
    return tensors.set(name, { dtype: "F32", shape: [first + 1, ...rest], data: longer });
  },
  "shorter by one number": (tensors, name) =>
    tensors.set(name, { ...tensors.get(name)!, data: tensors.get(name)!.data.slice(1) } as StoredTensor),
  "of integers": (tensors, name) =>
    tensors.set(name, { dtype: "I32", shape: tensors.get(name)!.shape, data: Int32Array.from(tensors.get(name)!.data as Float32Array) }), // prettier-ignore
};

test("loadTorchWeights() refuses a state dict with any one tensor amiss, and assigns nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      specs,
      writings,
      fc.nat(),
      fc.constantFrom(...Object.keys(faults)),
      async (spec, writing, at, fault) => {
        const network = cifarResNet(spec);
        try {
          const mine = await torchTensors(network);
          const before = written(mine, { ...writing, counters: false });
          const name = [...before.keys()][at % before.size]!;
          const amiss = faults[fault]!(written(mine, writing), name);
          fc.pre(amiss !== undefined);
          await expect(loadTorchWeights(network, amiss, options(spec))).rejects.toThrow(/tensor/);
          expect(await torchTensors(network)).toEqual(mine);
        } finally {
          network.dispose();
        }
      },
    ),
    { numRuns: 3 * numRuns },
  );
});
