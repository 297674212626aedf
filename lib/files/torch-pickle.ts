// What a pickle of torch.save may name: storages, tensors that are views of them, and what training scripts put beside a state dict.
import {
  kindOf,
  PickleFunction,
  PickleTuple,
  PickleUnknown,
  setItem,
  shown,
  type Refuse,
} from "./pickle-values.js";
import { quote } from "./quote.js";
import { storedArrays, type StoredDtype } from "./safetensors.js";

/** A storage that a pickle speaks of: `length` numbers under a key. */
export class Storage {
  /** Of numbers of a type. */
  constructor(
    readonly key: string,
    readonly type: StorageType,
    readonly length: number,
  ) {}
}

/** A type of storage: its name, the bytes of a number, and what it is called here if its numbers can be read. */
export class StorageType {
  /** As PyTorch names it. */
  constructor(
    readonly name: string,
    readonly size: number,
    readonly dtype?: StoredDtype,
  ) {}

  /** What messages call it. */
  get shown(): string {
    return this.dtype ?? this.name;
  }
}

/** A tensor whose numbers are not read yet. */
export class TensorView {
  /** Within its storage. */
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** Axes of a tensor: PyTorch's own bound. */
const mostAxes = 64;

/** Makes storages of persistent ids: ("storage", type, key, location, length), and in the legacy format what it is a view of. */
export function storageReader(spoken: Map<string, Storage>) {
  return (id: unknown, refuse: Refuse): unknown => {
    const [kind, type, key, , length, viewed] = id instanceof PickleTuple ? id.items : [];
    // The legacy format writes a network's class so, with its file and its source, if it writes the whole network.
    if (kind === "module" && type instanceof PickleUnknown) return type;
    if (kind !== "storage" || !(type instanceof StorageType) || typeof key !== "string" || !isSize(length)) {
      throw refuse('a persistent id must be ("storage", type, key, location, length)');
    }
    if (viewed !== undefined && viewed !== null) {
      throw refuse("a storage that is a view of another is of a PyTorch before 0.4; read and write it once with a later one");
    } // prettier-ignore
    const before = spoken.get(key);
    if (before && (before.type !== type || before.length !== length)) {
      throw refuse(
        `the storage ${quote(key)} is ${before.type.shown} of ${before.length} and ${type.shown} of ${length}`,
      );
    }
    const storage = before ?? new Storage(key, type, length);
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

/** A tensor with attributes of its own, which are left out. */
const rebuildParameter = new PickleFunction(([data], refuse) => {
  if (!(data instanceof TensorView) && !(data instanceof PickleUnknown)) {
    throw refuse(`a parameter needs a tensor; got ${kindOf(data)}`);
  }
  return data;
});

/** A dictionary of [key, value] lists, as Python 2 writes an OrderedDict; Python 3 makes it empty and fills it. */
function dictionary(items: unknown, more: readonly unknown[], refuse: Refuse): Map<unknown, unknown> {
  if (!Array.isArray(items) || more.length > 0) {
    throw refuse(
      `a dictionary must be made empty, or of one list of keys and values; got ${kindOf(more[0] ?? items)}`,
    );
  }
  const made = new Map<unknown, unknown>();
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2)
      throw refuse(`an item of a dictionary must be a list of its key and its value; got ${kindOf(item)}`);
    setItem(made, item[0], item[1], refuse);
  }
  return made;
}

/** Bytes of a number of each type of storage, and what those are called here whose numbers are read. */
const storageTypes: readonly (readonly [name: string, dtypeOrSize: StoredDtype | number])[] = [
  ["torch.DoubleStorage", "F64"],
  ["torch.FloatStorage", "F32"],
  ["torch.HalfStorage", "F16"],
  ["torch.BFloat16Storage", "BF16"],
  ["torch.LongStorage", "I64"],
  ["torch.IntStorage", "I32"],
  ["torch.ByteStorage", "U8"],
  ["torch.BoolStorage", 1],
  ["torch.CharStorage", 1],
  ["torch.ShortStorage", 2],
  ["torch.ComplexFloatStorage", 8],
  ["torch.ComplexDoubleStorage", 16],
  ["torch.QInt8Storage", 1],
  ["torch.QUInt8Storage", 1],
  ["torch.QInt32Storage", 4],
  ["torch.storage.UntypedStorage", 1],
];

/** What plain data call when Python writes them, so that an honest file calls them too. Nothing is called: a word stands for each. */
const dataMakers = [
  ...["bytearray", "bytes", "complex", "frozenset", "range", "set", "slice", "xrange"].flatMap((name) => [
    `__builtin__.${name}`,
    `builtins.${name}`,
  ]),
  ...["Counter", "deque"].map((name) => `collections.${name}`),
  ...["date", "datetime", "time", "timedelta", "timezone"].map((name) => `datetime.${name}`),
  ...["Path", "PosixPath", "PurePosixPath", "PureWindowsPath", "WindowsPath"].flatMap((name) => [
    `pathlib.${name}`,
    `pathlib._local.${name}`, // Python 3.13
  ]),
  "_codecs.encode", // bytes, in protocol 2
  "decimal.Decimal",
  "fractions.Fraction",
  "uuid.UUID",
  "numpy.dtype",
  ...["numpy.core.multiarray", "numpy._core.multiarray"].flatMap((module) => [
    `${module}._reconstruct`,
    `${module}.scalar`,
  ]),
  "numpy._core.numeric._frombuffer",
  "numpy.core.numeric._frombuffer",
  "torch.Size",
  "torch.device",
  "torch.serialization._get_layout",
  "torch._tensor._rebuild_from_type_v2",
  "torch._utils._rebuild_device_tensor_from_numpy",
  "torch._utils._rebuild_meta_tensor_no_storage",
  "torch._utils._rebuild_qtensor",
  "torch._utils._rebuild_sparse_tensor",
  "torch._utils._rebuild_tensor_v3",
];

/** All that a pickle may name and call; what else it names stays a word. */
export const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...dataMakers.map((name) => {
    const made = new PickleUnknown(name);
    return [name, new PickleFunction(() => made)] as const;
  }),
  ...storageTypes.map(([name, type]) => [name, typeof type === "number" ? new StorageType(name, type) : new StorageType(name, storedArrays[type].BYTES_PER_ELEMENT, type)] as const), // prettier-ignore
  [
    "collections.OrderedDict",
    new PickleFunction(([items = [], ...more], refuse) => dictionary(items, more, refuse)),
  ],
  // Its first argument, the factory of values that are missing, has no use here.
  ["collections.defaultdict", new PickleFunction(([, ...items], refuse) => dictionary([], items, refuse))],
  ["torch._utils._rebuild_tensor_v2", new PickleFunction(rebuildTensor)],
  ["torch._utils._rebuild_tensor", new PickleFunction(rebuildTensor)], // before PyTorch 0.4: the first four of the arguments
  ["torch._utils._rebuild_parameter", rebuildParameter],
  ["torch._utils._rebuild_parameter_with_state", rebuildParameter],
]);

/** Numbers of a tensor of a shape. */
export function sizeOf(shape: readonly number[]): number {
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
