// Brings weights over from PyTorch, torchvision's ResNets and the well-known CIFAR ones, and back: names, layout, and what can be checked.
import { readBytes } from "#files";
import { asFloat32 } from "../files/floats.js";
import { checkTensor, decodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { rowMajor, rowMajorStrides } from "../files/strided.js";
import { decodeTorch, isTorchFile } from "../files/torch-file.js";
import { assignVariables, readVariables } from "../train/weights.js";
import { nearest } from "../nearest.js";
import type { Network } from "./network.js";
import { oneOf, onlyKnown } from "./options.js";
import type { ZerosPlace } from "./shortcut.js";
import { torchCounters, torchName, torchNames } from "./torch-names.js";
import { checkNumbers } from "./torch-numbers.js";

/** Tensors by the names of a PyTorch state dict. */
export type TorchTensors = ReadonlyMap<string, StoredTensor>;

/** How `loadTorchWeights` reads. */
export interface LoadTorchOptions {
  /** What errors call the tensors. Default: the path, or `the state dict`. */
  readonly name?: string;
  /** The key of the state dict in a checkpoint that holds several. Default: the only one that there is. */
  readonly stateDict?: string;
  /**
   * Where the network that was trained has option A's zeros, because no file says it: `around` its channels as in most published CIFAR
   * weights, or `behind` them. Default: `around`.
   */
  readonly zeros?: ZerosPlace;
}

/**
 * A network's values as PyTorch's networks hold them: convolutions [out, in, k, k], the head [classes, features], torchvision's names.
 *
 * @example
 * ```ts
 * const tensors = await nn.torchTensors(nn.cifarResNet({ depth: 8, widths: [2, 2, 2] }));
 * tensors.get("conv1.weight").shape; // [2, 3, 3, 3]
 * ```
 */
export async function torchTensors(network: Network): Promise<Map<string, StoredTensor>> {
  const mine = await readVariables(network.variables());
  return new Map(
    [...mine].map(([name, { shape, data }]) => [
      torchName(name),
      permuted(shape, data as Float32Array, toTorch[shape.length]),
    ]),
  );
}

/**
 * Gives a network of the ImageNet or the CIFAR family the weights of a PyTorch state dict, all of them or none: from a file that
 * `torch.save` wrote (`.pt`, `.pth`, `.th`, in its zip or its legacy format), from a safetensors file, from the bytes of either (in a
 * browser), or from tensors by name. A training script's wrapping (`{"state_dict": ..., "epoch": ...}`), DataParallel's `module.` and
 * `torch.compile`'s `_orig_mod.` are taken off. No file is executed: what else stands in a pickle is passed over unmade, and a call of
 * anything but plain data is refused by name.
 *
 * Names are torchvision's, or those of the well-known CIFAR networks with `linear` for `fc` and `shortcut` for `downsample`. Every tensor
 * must find its variable and every variable its tensor; only the counters `num_batches_tracked` of the network's own norms, on which
 * nothing depends, are passed over. Numbers of 16 bits are taken exactly, those of 64 rounded to 32; each must be finite, and no running
 * variance negative.
 *
 * The images must be normalised as they were in training, which no file says either.
 *
 * @example
 * ```ts
 * const [from, to] = [1, 2].map((seed) =>
 *   nn.cifarResNet({ depth: 8, widths: [2, 2, 2], shortcut: "A-around", seed }),
 * );
 * // Or the path of a file: "resnet20.th".
 * await nn.loadTorchWeights(to, await nn.torchTensors(from));
 * tf.all(tf.equal(train.parameter(from, "head.weight"), train.parameter(to, "head.weight"))); // 1
 * ```
 *
 * @throws RangeError where the network computes something else with the same shapes: its order, gates, the place of option A's zeros, or
 * a bottleneck's stride, which published weights have on the 3x3 convolution.
 * @throws Error naming the tensors that are missing, left over, or of another shape or type; the first number that no network computes
 * with; or what is wrong with the file.
 */
export async function loadTorchWeights(
  network: Network,
  source: string | Uint8Array | ArrayBuffer | TorchTensors,
  options: LoadTorchOptions = {},
): Promise<void> {
  onlyKnown("loadTorchWeights", options, ["name", "stateDict", "zeros"]);
  if (options.zeros !== undefined) oneOf("loadTorchWeights: zeros", options.zeros, ["around", "behind"]);
  checkComputesTheSame(network, options.zeros);
  const { name = typeof source === "string" ? source : "the state dict", stateDict } = options;
  const tensors = withoutWrappers(await tensorsOf(source, name, stateDict));
  const found = matched(network, tensors, name);
  for (const { theirs, stored, values } of found.values()) checkNumbers(theirs, stored, values, name);
  const mine = [...found].map(([variable, { stored: { shape }, values }]) => [variable, permuted(shape, values, fromTorch[shape.length])] as const); // prettier-ignore
  assignVariables(network.variables(), new Map(mine), name);
}

async function tensorsOf(
  source: unknown,
  name: string,
  stateDict: string | undefined,
): Promise<TorchTensors> {
  const bytes = typeof source === "string" ? await readBytes(source) : source instanceof ArrayBuffer ? new Uint8Array(source) : source; // prettier-ignore
  if (bytes instanceof Uint8Array) return decode(bytes, name, stateDict);
  if (!(bytes instanceof Map)) {
    throw new TypeError(
      `${name} must be a path, the bytes of a file as Uint8Array or ArrayBuffer, or a Map of tensors by name; got ${source === null ? "null" : typeof source}`,
    );
  }
  if (stateDict !== undefined)
    throw new RangeError(`a Map of tensors is one state dict; got stateDict: "${stateDict}"`);
  const tensors = new Map<string, StoredTensor>();
  for (const [called, tensor] of bytes as ReadonlyMap<unknown, unknown>) {
    checkTensor(String(called), tensor);
    tensors.set(String(called), tensor);
  }
  return tensors;
}

function decode(bytes: Uint8Array, name: string, stateDict: string | undefined): TorchTensors {
  if (isTorchFile(bytes)) return decodeTorch(bytes, { name, ...(stateDict !== undefined && { stateDict }) });
  // A safetensors file begins with 8 bytes of length and a JSON object.
  if (bytes[8] !== 0x7b) {
    const start = Array.from(bytes.subarray(0, 12), (byte) => (byte < 0x20 || byte > 0x7e ? "?" : String.fromCharCode(byte))); // prettier-ignore
    throw new Error(
      `${name}: must be a file of torch.save or a safetensors file; its ${bytes.length} bytes begin with ${JSON.stringify(start.join(""))}`,
    );
  }
  if (stateDict !== undefined) {
    throw new RangeError(`${name}: a safetensors file holds one state dict; got stateDict: "${stateDict}"`);
  }
  return decodeSafetensors(bytes, { name }).tensors;
}

/** Takes off what every name begins with: DataParallel's `module.` and that of `torch.compile`, as often as they were put around. */
function withoutWrappers(tensors: TorchTensors): TorchTensors {
  const names = [...tensors.keys()];
  const wrapper = ["module.", "_orig_mod."].find((word) => names.every((name) => name.startsWith(word)));
  if (wrapper === undefined || names.length === 0) return tensors;
  return withoutWrappers(new Map([...tensors].map(([name, tensor]) => [name.slice(wrapper.length), tensor])));
}

/** Refuses what has the same names and shapes as the published networks and computes something else. */
function checkComputesTheSame(network: Network, zeros: ZerosPlace | undefined): void {
  const { model, options } = network.spec;
  const { order, shortcut, strideOn } = options;
  const known = model === "imageNetResNet" ? ["B"] : model === "cifarResNet" ? ["A-around", "A", "B"] : [];
  const gated = network.units.some(({ unit }) => unit.gate !== undefined);
  if (!known.includes(shortcut as string) || order !== "original" || gated) {
    throw new RangeError(
      "PyTorch's ResNets are imageNetResNet with shortcut B and cifarResNet with A-around, A or B, in the original order without gates; " +
        `got ${model}, ${network.name}`,
    );
  }
  const isBottleneck = network.units.some(({ unit }) => unit.convolutions.length === 3);
  if (isBottleneck && strideOn !== "3x3") {
    throw new RangeError(
      `PyTorch's bottlenecks have their stride on the 3x3 convolution; got ${network.name}: build it with strideOn: "3x3"`,
    );
  }
  if (shortcut === "B") {
    if (zeros !== undefined) throw new RangeError(`only option A has zeros; got zeros for ${network.name}`);
    return;
  }
  const has = shortcut === "A" ? "behind" : "around";
  if (has !== (zeros ?? "around")) {
    throw new RangeError(
      `weights trained with option A's zeros ${zeros ?? "around, as most published ones are,"} would be silently wrong in ${network.name}, ` +
        `which has them ${has}: build it with shortcut: "${has === "behind" ? "A-around" : "A"}"` +
        (zeros === undefined ? ', or say zeros: "behind" if these were trained so' : ""),
    );
  }
}

/** A variable's tensor: what it is called, as it was stored, and as 32-bit floats. */
interface Found {
  readonly theirs: string;
  readonly stored: StoredTensor;
  readonly values: Float32Array;
}

/**
 * Each variable's tensor, by this library's name.
 * @throws Error naming everything that does not fit.
 */
function matched(network: Network, tensors: TorchTensors, from: string): ReadonlyMap<string, Found> {
  const left = new Map(tensors);
  const found = new Map<string, Found>();
  const missing: string[] = [];
  const misshapen: string[] = [];
  const mistyped: string[] = [];
  const expected = network.variables().flatMap(({ name }) => torchNames(name));
  for (const { name, variable } of network.variables()) {
    const names = torchNames(name);
    const theirs = names.find((candidate) => left.has(candidate));
    for (const counter of (theirs === undefined ? names : [theirs]).flatMap(torchCounters)) {
      const count = left.get(counter);
      if (count && count.data.length !== 1) misshapen.push(`${counter} ${sizes(count.shape)} for []`);
      left.delete(counter);
    }
    if (theirs === undefined) {
      missing.push(names[0]!);
      continue;
    }
    const stored = left.get(theirs)!;
    left.delete(theirs);
    const needed = (toTorch[variable.shape.length] ?? [0]).map((axis) => variable.shape[axis]!);
    const values = asFloat32(stored);
    if (stored.shape.join() !== needed.join())
      misshapen.push(`${theirs} ${sizes(stored.shape)} for ${sizes(needed)}`);
    else if (!values) mistyped.push(`${theirs} ${stored.dtype} for a floating type`);
    else found.set(name, { theirs, stored, values });
  }
  const over = [...left.keys()];
  const faults = [
    listed("missing", missing, (name) => hint(name, over)),
    listed("left over", over, (name) => hint(name, missing.length > 0 ? missing : expected)),
    listed("of another shape", misshapen),
    listed("of another type", mistyped),
  ].filter((fault) => fault !== "");
  if (faults.length > 0) {
    throw new Error(`${from}: its tensors are not those of ${network.name}: ${faults.join("; ")}`);
  }
  return found;
}

const sizes = (shape: readonly number[]) =>
  `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", ..." : ""}]`;

/** `missing a, b and 7 more`, or nothing. */
function listed(what: string, names: readonly string[], remark: (name: string) => string = () => ""): string {
  if (names.length === 0) return "";
  const shown = names.slice(0, 5).map((name) => `${name.length > 80 ? `${name.slice(0, 77)}...` : name}${remark(name)}`); // prettier-ignore
  return `${what} ${shown.join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}

function hint(name: string, candidates: readonly string[]): string {
  const closest = nearest(name, candidates);
  return closest === undefined ? "" : ` (nearest: ${closest})`;
}

/** For each axis of the result, the axis of the source: [k, k, in, out] to [out, in, k, k], [features, classes] to its transpose. */
const toTorch: Readonly<Record<number, readonly number[]>> = { 4: [3, 2, 0, 1], 2: [1, 0] };
const fromTorch: Readonly<Record<number, readonly number[]>> = { 4: [2, 3, 1, 0], 2: [1, 0] };

/** The tensor with its axes in another order, or as it is. */
function permuted(shape: readonly number[], data: Float32Array, order?: readonly number[]): StoredTensor {
  const strides = rowMajorStrides(shape);
  const axes = order ?? shape.map((_, axis) => axis);
  const view = { shape: axes.map((axis) => shape[axis]!), strides: axes.map((axis) => strides[axis]!) };
  return { dtype: "F32", shape: view.shape, data: rowMajor(data, { ...view, offset: 0 }) };
}
