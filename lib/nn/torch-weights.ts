// Brings weights over from PyTorch: the tensors of torchvision's ResNets under this library's names and in its layout, and back.
import { readBytes } from "#files";
import { decodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { assignVariables, readVariables } from "../train/weights.js";
import type { Network } from "./network.js";

/** Tensors by the names of a PyTorch state dict. */
export type TorchTensors = ReadonlyMap<string, StoredTensor>;

const leaves: Readonly<Record<string, string>> = {
  weight: "weight",
  bias: "bias",
  scale: "weight",
  shift: "bias",
  mean: "running_mean",
  variance: "running_var",
};

/**
 * What torchvision's ResNets call a variable: `stage2.unit1.conv1.weight` is `layer2.0.conv1.weight`, a shortcut's projection and its
 * norm are `downsample.0` and `downsample.1`, batch norm's scale and shift are `weight` and `bias`, the head is `fc`.
 *
 * @throws RangeError for a variable that those networks do not have.
 */
export function torchName(name: string): string {
  const parts = /^(?:(stem)\.(conv|norm)|stage(\d)\.unit(\d+)\.(conv|norm)(\d)|stage(\d)\.unit(\d+)\.shortcut\.(conv|norm)|(head))\.(\w+)$/.exec(name); // prettier-ignore
  const leaf = leaves[parts?.[11] ?? ""];
  if (!parts || leaf === undefined) throw new RangeError(`torchvision's ResNets have no tensor for ${name}`);
  const short = (kind: string) => (kind === "conv" ? "conv" : "bn");
  if (parts[1]) return `${short(parts[2]!)}1.${leaf}`;
  if (parts[10]) return `fc.${leaf}`;
  if (parts[3]) return `layer${parts[3]}.${Number(parts[4]) - 1}.${short(parts[5]!)}${parts[6]!}.${leaf}`;
  return `layer${parts[7]!}.${Number(parts[8]) - 1}.downsample.${parts[9] === "conv" ? 0 : 1}.${leaf}`;
}

/** A network's values as torchvision's networks hold them: convolutions [out, in, k, k], the head [classes, features]. */
export async function torchTensors(network: Network): Promise<Map<string, StoredTensor>> {
  const mine = await readVariables(network.variables());
  return new Map([...mine].map(([name, tensor]) => [torchName(name), reversed(tensor, toTorch)]));
}

/**
 * Gives a network of the ImageNet family the tensors of a PyTorch state dict, all of them or none. Counters of batches
 * (`num_batches_tracked`) are passed over: nothing here depends on them.
 *
 * @param from what errors call the tensors, such as the file's name
 * @throws RangeError where the network computes something else with the same shapes: torchvision's bottlenecks have their stride on the
 * 3x3 convolution, its units the original order.
 * @throws Error naming the first tensor that is missing, unknown, or of another shape.
 */
export function assignTorchTensors(
  network: Network,
  tensors: TorchTensors,
  { from = "the state dict" }: { readonly from?: string } = {},
): void {
  const { model, options } = network.spec;
  const isBottleneck = network.units.some(({ unit }) => unit.convolutions.length === 3);
  if (model !== "imageNetResNet" || options["order"] !== "original" || options["shortcut"] !== "B") {
    throw new RangeError(
      `torchvision's ResNets are imageNetResNet with shortcut B in the original order; got ${network.name}`,
    );
  }
  if (isBottleneck && options["strideOn"] !== "3x3") {
    throw new RangeError(
      `torchvision's bottlenecks have their stride on the 3x3 convolution; got ${network.name}: build it with strideOn: "3x3"`,
    );
  }
  const own = new Map(network.variables().map(({ name }) => [torchName(name), name]));
  const renamed = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    if (name.endsWith(".num_batches_tracked")) continue;
    renamed.set(own.get(name) ?? name, reversed(tensor, fromTorch));
  }
  assignVariables(network.variables(), renamed, from);
}

/**
 * Reads a safetensors file of a PyTorch state dict into a network of the ImageNet family. In Python such a file is written by
 * `safetensors.torch.save_file(model.state_dict(), path)`.
 *
 * @throws Error and RangeError as `assignTorchTensors`, and Error if the file is no safetensors file.
 */
export async function loadTorchWeights(network: Network, path: string): Promise<void> {
  const { tensors } = decodeSafetensors(await readBytes(path), { name: path });
  assignTorchTensors(network, tensors, { from: path });
}

/** For each axis of the result, the axis of the source: [k, k, in, out] to [out, in, k, k], [features, classes] to its transpose. */
const toTorch: Readonly<Record<number, readonly number[]>> = { 4: [3, 2, 0, 1], 2: [1, 0] };
const fromTorch: Readonly<Record<number, readonly number[]>> = { 4: [2, 3, 1, 0], 2: [1, 0] };

/** The tensor with its axes in the other library's order. */
function reversed(tensor: StoredTensor, orders: Readonly<Record<number, readonly number[]>>): StoredTensor {
  const order = orders[tensor.shape.length];
  if (!order || tensor.dtype !== "F32") return tensor;
  const strides = tensor.shape.map((_, axis) =>
    tensor.shape.slice(axis + 1).reduce((product, length) => product * length, 1),
  );
  const shape = order.map((axis) => tensor.shape[axis]!);
  const data = new Float32Array(tensor.data.length);
  const place = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    data[i] = tensor.data[place.reduce((sum, at, axis) => sum + at * strides[order[axis]!]!, 0)]!;
    for (let axis = place.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis]! + 1) % shape[axis]!;
      if (place[axis] !== 0) break;
    }
  }
  return { dtype: "F32", shape, data };
}
