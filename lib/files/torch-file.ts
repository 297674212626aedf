// Reads the tensors of a file that torch.save wrote, in its zip format and in its older one, without executing anything.
//
// Both hold a pickle in which a tensor is a view, `_rebuild_tensor_v2(storage, offset, size, stride, ...)`, and a storage is a persistent id.
// Zip (PyTorch 1.6 and later): NAME/data.pkl is the pickle, NAME/data/KEY the bytes of each storage, NAME/byteorder says "little".
// Legacy: five pickles (a magic number, the protocol 1001, facts about the system, the content, the storages' keys), then for each key
// the count of its numbers (8 bytes, little-endian) and its bytes. Source: PyTorch, torch/serialization.py, `_save` and `_legacy_save`.
import { unpickle } from "./pickle.js";
import { kindOf, shown, type Refuse } from "./pickle-values.js";
import { quote } from "./quote.js";
import { storedArrays, type DecodeOptions, type StoredDtype, type StoredTensor } from "./safetensors.js";
import { rowMajor } from "./strided.js";
import { globals, sizeOf, storageReader, type Storage } from "./torch-pickle.js";
import { findStateDict } from "./torch-state-dict.js";
import { storedEntries } from "./zip.js";

/** How a file of torch.save is read. */
export interface DecodeTorchOptions extends DecodeOptions {
  /** The key of the state dict, where a file holds several, such as `ema_state_dict`. Default: the only one that there is. */
  readonly stateDict?: string;
}

/** Bytes of all tensors together for each byte of the file: views may share their numbers. */
const mostUnfolding = 4;

const zipMagic = [0x50, 0x4b, 0x03, 0x04];
/** The opcode of a whole number of ten bytes, which is `legacyMagic`. */
const legacyStart = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/** Where it stands: behind the pickle's protocol, and from protocol 4 behind a frame too. */
const legacyPlaces = [2, 11];
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;

/** Whether bytes begin as a file of torch.save does, in either format. */
export function isTorchFile(bytes: Uint8Array): boolean {
  return (
    startsWith(bytes, zipMagic) || legacyPlaces.some((at) => startsWith(bytes.subarray(at), legacyStart))
  );
}

/**
 * The tensors of a state dict in the order of the file, each row-major and a copy. The state dict is the file's content, or what a
 * training script wrapped it in: `{"state_dict": ..., "epoch": ..., "best_prec1": ...}`.
 *
 * Nothing of the file is executed: of a pickle's globals only dictionaries, tensors, parameters and storages are known. Whatever else
 * stands beside the state dict (a script's arguments, numbers of numpy, an optimizer) is passed over unmade; a call of what is not plain
 * data, such as `os.system`, is refused wherever it stands. So is a tensor of another type than `StoredDtype` has (complex, quantised,
 * boolean).
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
    const { key, type } = view.storage;
    const { dtype } = type;
    if (!dtype)
      throw refuse(`the tensor ${quote(called)} is of ${quote(type.name)}, whose numbers are not read here`);
    unfolded += sizeOf(view.shape) * type.size;
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
    checkLength(storage, data.length / storage.type.size, refuse);
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
    const end = position + 8 + storage.length * storage.type.size;
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

function checkLength({ key, type, length }: Storage, held: number, refuse: Refuse): void {
  if (held !== length) {
    throw refuse(`the storage ${quote(key)} must hold ${length} numbers of ${type.shown}, as its tensors say; it holds ${held}`);
  } // prettier-ignore
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
