// Reads the tensors of a file that torch.save wrote, in its zip format and in its older one, without executing anything.
//
// Both hold a pickle in which a tensor is a view, `_rebuild_tensor_v2(storage, offset, size, stride, ...)`, and a storage is a persistent id.
// Zip (PyTorch 1.6 and later): NAME/data.pkl is the pickle, NAME/data/KEY the bytes of each storage, NAME/byteorder says "little".
// Legacy: five pickles (a magic number, the protocol 1001, facts about the system, the content, the storages' keys), then for each key
// the count of its numbers (8 bytes, little-endian) and its bytes. Source: PyTorch, torch/serialization.py, `_save` and `_legacy_save`.
import { kindOf, PickleFunction, PickleTuple, unpickle, type Refuse } from "./pickle.js";
import { quote } from "./quote.js";
import { storedArrays, type DecodeOptions, type StoredDtype, type StoredTensor } from "./safetensors.js";
import { rowMajor } from "./strided.js";
import { storedEntries } from "./zip.js";

/** How a file of torch.save is read. */
export interface DecodeTorchOptions extends DecodeOptions {
  /** The key of the state dict, where a file holds several, such as `ema_state_dict`. Default: the only one that there is. */
  readonly stateDict?: string;
}

/** A storage that a pickle speaks of: `length` numbers under a key. */
class Storage {
  constructor(
    readonly key: string,
    readonly dtype: StoredDtype,
    readonly length: number,
  ) {}
}

/** A type of storage, as the pickle names it. */
class StorageType {
  constructor(readonly dtype: StoredDtype) {}
}

/** A tensor whose numbers are not read yet. */
class TensorView {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** Axes of a tensor: PyTorch's own bound. */
const mostAxes = 64;

/** Bytes of all tensors together for each byte of the file: views may share their numbers. */
const mostUnfolding = 4;

const zipMagic = [0x50, 0x4b, 0x03, 0x04];
/** A pickle of protocol 2 that begins with the whole number `legacyMagic`. */
const legacyStart = [0x80, 0x02, 0x8a, 0x0a];
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;

/** Whether bytes begin as a file of torch.save does, in either format. */
export function isTorchFile(bytes: Uint8Array): boolean {
  return startsWith(bytes, zipMagic) || startsWith(bytes, legacyStart);
}

/**
 * The tensors of a state dict in the order of the file, each row-major and a copy. The state dict is the file's content, or what a
 * training script wrapped it in: `{"state_dict": ..., "epoch": ..., "best_prec1": ...}`.
 *
 * Nothing of the file is executed: of a pickle's globals only `OrderedDict`, tensors, parameters and storages are known. A storage of
 * another type than `StoredDtype` has (complex, quantised, boolean) is refused.
 *
 * @throws Error with the file's name, and the opcode, global, tensor or entry that is refused, and its position.
 */
export function decodeTorch(
  bytes: Uint8Array,
  { name = "torch file", stateDict }: DecodeTorchOptions = {},
): ReadonlyMap<string, StoredTensor> {
  const refuse: Refuse = (reason) => new Error(`${name}: ${reason}`);
  const { content, storages } = startsWith(bytes, zipMagic)
    ? readZip(bytes, refuse)
    : readLegacy(bytes, refuse);
  const views = findStateDict(content, stateDict, refuse);
  const arrays = new Map<string, StoredTensor["data"]>();
  let unfolded = 0;
  const tensors = new Map<string, StoredTensor>();
  for (const [called, view] of views) {
    const { key, dtype } = view.storage;
    unfolded += sizeOf(view.shape) * storedArrays[dtype].BYTES_PER_ELEMENT;
    if (unfolded > mostUnfolding * bytes.length) {
      throw refuse(`its tensors unfold to more than ${mostUnfolding} times the file, at ${quote(called)}`);
    }
    if (!arrays.has(key)) arrays.set(key, typed(dtype, storages.get(key)!));
    const data = rowMajor(arrays.get(key)!, view);
    tensors.set(called, { dtype, shape: view.shape, data } as StoredTensor);
  }
  return tensors;
}

/** A pickle's value, and the bytes of every storage that it speaks of. */
interface Contents {
  readonly content: unknown;
  readonly storages: ReadonlyMap<string, Uint8Array>;
}

function readZip(bytes: Uint8Array, refuse: Refuse): Contents {
  const entries = storedEntries(bytes, { refuse });
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const folder = pickles[0]?.slice(0, -"/data.pkl".length);
  if (pickles.length !== 1 || folder === undefined) {
    throw refuse(`a file of torch.save holds one NAME/data.pkl; this archive holds ${pickles.length}`);
  }
  if (entries.has(`${folder}/constants.pkl`)) {
    throw refuse(
      "it is a TorchScript program; write the tensors alone: torch.save(model.state_dict(), path)",
    );
  }
  const order = entries.get(`${folder}/byteorder`);
  const littleEndian = order === undefined || new TextDecoder().decode(order) === "little";
  if (!littleEndian) throw refuse("its numbers must be little-endian; write it on a machine that is");

  const spoken = new Map<string, Storage>();
  const within: Refuse = (reason) => refuse(`data.pkl, ${reason}`);
  const pickle = entries.get(`${folder}/data.pkl`)!;
  const { value, end } = unpickle(pickle, { globals, persistent: storageReader(spoken), refuse: within });
  if (end !== pickle.length)
    throw within(`byte ${end}: ${pickle.length - end} bytes follow the pickle's end`);

  const storages = new Map<string, Uint8Array>();
  for (const [key, storage] of spoken) {
    const data = entries.get(`${folder}/data/${key}`);
    if (!data)
      throw refuse(`the storage ${quote(key)} is missing: the archive has no ${quote(`data/${key}`)}`);
    checkLength(storage, data.length / storedArrays[storage.dtype].BYTES_PER_ELEMENT, refuse);
    storages.set(key, data);
  }
  return { content: value, storages };
}

function readLegacy(bytes: Uint8Array, refuse: Refuse): Contents {
  let position = 0;
  const spoken = new Map<string, Storage>();
  const next = (known: ReadonlyMap<string, unknown> = new Map()): unknown => {
    const persistent = known === globals ? { persistent: storageReader(spoken) } : {};
    const { value, end } = unpickle(bytes, { globals: known, start: position, refuse, ...persistent });
    position = end;
    return value;
  };
  const magic = next();
  if (magic !== legacyMagic) throw refuse("it must begin with PyTorch's magic number");
  const protocol = next();
  if (protocol !== legacyProtocol) {
    throw refuse(`the legacy format's protocol must be ${legacyProtocol}; it is ${shown(protocol)}`);
  }
  const system = next();
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    throw refuse("its numbers must be little-endian; write it on a machine that is");
  }
  const content = next(globals);
  const keys = next();
  if (!Array.isArray(keys)) throw refuse(`the storages' keys must be a list; got ${kindOf(keys)}`);

  const storages = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys as unknown[]) {
    const storage = typeof key === "string" ? spoken.get(key) : undefined;
    if (!storage) throw refuse(`the key ${shown(key)} belongs to no storage of its tensors`);
    if (storages.has(storage.key)) throw refuse(`the storage ${quote(key)} is there twice`);
    const end = position + 8 + storage.length * storedArrays[storage.dtype].BYTES_PER_ELEMENT;
    if (end > bytes.length) {
      throw refuse(`the storage ${quote(key)} ends at byte ${end} of ${bytes.length}: the file is cut off`);
    }
    checkLength(storage, Number(view.getBigInt64(position, true)), refuse);
    storages.set(storage.key, bytes.subarray(position + 8, end));
    position = end;
  }
  const [lost] = [...spoken.keys()].filter((key) => !storages.has(key));
  if (lost !== undefined) throw refuse(`the storage ${quote(lost)} is missing`);
  if (position !== bytes.length) throw refuse(`${bytes.length - position} bytes follow its last storage`);
  return { content, storages };
}

function checkLength({ key, dtype, length }: Storage, held: number, refuse: Refuse): void {
  if (held !== length) {
    throw refuse(`the storage ${quote(key)} must hold ${length} numbers of ${dtype}, as its tensors say; it holds ${held}`);
  } // prettier-ignore
}

/** Makes storages of persistent ids: ("storage", type, key, location, length), and in the legacy format what it is a view of. */
function storageReader(spoken: Map<string, Storage>) {
  return (id: unknown, refuse: Refuse): Storage => {
    const [kind, type, key, , length, viewed] = id instanceof PickleTuple ? id.items : [];
    if (kind !== "storage" || !(type instanceof StorageType) || typeof key !== "string" || !isSize(length)) {
      throw refuse('a persistent id must be ("storage", type, key, location, length)');
    }
    if (viewed !== undefined && viewed !== null) {
      throw refuse("a storage that is a view of another is of a PyTorch before 0.4; read and write it once with a later one");
    } // prettier-ignore
    const before = spoken.get(key);
    if (before && (before.dtype !== type.dtype || before.length !== length)) {
      throw refuse(
        `the storage ${quote(key)} is ${before.dtype} of ${before.length} and ${type.dtype} of ${length}`,
      );
    }
    const storage = before ?? new Storage(key, type.dtype, length);
    spoken.set(key, storage);
    return storage;
  };
}

/** The tensor of `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata)`, within its storage. */
function rebuildTensor(args: readonly unknown[], refuse: Refuse): TensorView {
  const [storage, offset, size, stride, , , metadata] = args;
  if (!(storage instanceof Storage) || !isSize(offset)) {
    throw refuse(`a tensor needs a storage and an offset; got ${kindOf(storage)} and ${shown(offset)}`);
  }
  if (!isSizes(size) || !isSizes(stride) || size.items.length !== stride.items.length) {
    throw refuse(`a tensor needs as many sizes as strides, at most ${mostAxes}, none of them negative`);
  }
  // Marks of a lazy conjugate or negation, under which the stored numbers are not the tensor's own.
  if (metadata !== undefined && !(metadata instanceof Map && metadata.size === 0)) {
    throw refuse("a tensor with metadata holds other numbers than it stores; write tensor.clone()");
  }
  const shape = size.items as readonly number[];
  const strides = stride.items as readonly number[];
  const last = shape.reduce((at, length, axis) => at + (length - 1) * strides[axis]!, offset);
  if (!Number.isSafeInteger(sizeOf(shape)) || (sizeOf(shape) > 0 && !(last < storage.length))) {
    throw refuse(
      `a tensor of shape [${brief(shape)}], strides [${brief(strides)}] and offset ${offset} reaches beyond ` +
        `the ${storage.length} numbers of its storage`,
    );
  }
  return new TensorView(storage, offset, shape, strides);
}

/** All that a pickle may name. */
// prettier-ignore
const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["collections.OrderedDict", new PickleFunction((args, refuse) => {
    if (args.length > 0) throw refuse("an OrderedDict must be made empty and then filled");
    return new Map();
  })],
  ["torch._utils._rebuild_tensor_v2", new PickleFunction(rebuildTensor)],
  ["torch._utils._rebuild_tensor", new PickleFunction(rebuildTensor)], // before PyTorch 0.4: the first four of the arguments
  ["torch._utils._rebuild_parameter", new PickleFunction(([data], refuse) => {
    if (!(data instanceof TensorView)) throw refuse(`a parameter needs a tensor; got ${kindOf(data)}`);
    return data;
  })],
  ["torch.DoubleStorage", new StorageType("F64")],
  ["torch.FloatStorage", new StorageType("F32")],
  ["torch.HalfStorage", new StorageType("F16")],
  ["torch.BFloat16Storage", new StorageType("BF16")],
  ["torch.LongStorage", new StorageType("I64")],
  ["torch.IntStorage", new StorageType("I32")],
  ["torch.ByteStorage", new StorageType("U8")],
]);

/** The one state dict in a file's content: a dictionary of tensors by name. */
function findStateDict(
  content: unknown,
  key: string | undefined,
  refuse: Refuse,
): ReadonlyMap<string, TensorView> {
  if (key === undefined && isStateDict(content)) return content;
  if (!(content instanceof Map)) throw refuse(`it must hold a state dict; it holds ${kindOf(content)}`);
  const inside = [...content].filter((entry): entry is [string, Map<string, TensorView>] =>
    isStateDict(entry[1]),
  );
  const chosen = key === undefined ? inside : inside.filter(([name]) => name === key);
  if (chosen.length === 1) return chosen[0]![1];
  const names = (entries: readonly (readonly [unknown, unknown])[]) =>
    entries.length === 0 ? "none" : entries.slice(0, 8).map(([name]) => shown(name)).join(", "); // prettier-ignore
  throw refuse(
    key === undefined && inside.length > 1
      ? `it holds several state dicts: ${names(inside)}; choose one by the option stateDict`
      : `it must hold a state dict, a dictionary of tensors alone, ${key === undefined ? "at its top or one level below" : `under the key ${quote(key)}`}; ` +
          `its keys are ${names([...content])}, of state dicts ${names(inside)}`,
  );
}

function isStateDict(value: unknown): value is Map<string, TensorView> {
  if (!(value instanceof Map) || value.size === 0) return false;
  for (const [name, tensor] of value)
    if (typeof name !== "string" || !(tensor instanceof TensorView)) return false;
  return true;
}

/** A storage's bytes as numbers: a view where they are aligned, as a zip's are, and a copy otherwise. */
function typed(dtype: StoredDtype, bytes: Uint8Array): StoredTensor["data"] {
  const { BYTES_PER_ELEMENT: size } = storedArrays[dtype];
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new storedArrays[dtype](buffer as ArrayBuffer, byteOffset, bytes.length / size);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSizes(value: unknown): value is PickleTuple {
  return value instanceof PickleTuple && value.items.length <= mostAxes && value.items.every(isSize);
}

function brief(numbers: readonly number[]): string {
  return numbers.length > 8 ? `${numbers.slice(0, 8).join(", ")}, ...` : numbers.join(", ");
}

/** A value of a pickle on one line: words and numbers themselves, of others only the kind. */
function shown(value: unknown): string {
  if (typeof value === "string") return quote(value);
  return typeof value === "number" || typeof value === "bigint" ? value.toString() : kindOf(value);
}
