// Safetensors: tensors and text in one file that cannot carry code. A pure codec, strict in what it accepts.
//
// The format (huggingface/safetensors, README "Format"): 8 bytes, the header's length N as an unsigned little-endian integer;
// N bytes of JSON in UTF-8, an object that begins with "{" and may end in spaces; then the tensors' bytes, little-endian and
// row-major, without holes or overlaps. The header gives each tensor its dtype, shape and [begin, end) in those bytes, and
// `__metadata__` maps strings to strings.
//
// Typed arrays have the machine's byte order; every machine that runs Node or a browser today is little-endian.
import { duplicateKey } from "./json.js";
import { quote } from "./quote.js";

/** How element types lie in memory. 16-bit floats have no typed array in Node 20, so their bits are given. */
export const storedArrays = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

/** The typed array that holds each element type. */
export interface StoredArrays {
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  readonly F16: Uint16Array;
  readonly BF16: Uint16Array;
  readonly I64: BigInt64Array;
  readonly I32: Int32Array;
  readonly U8: Uint8Array;
}

/** An element type of the file. */
export type StoredDtype = keyof StoredArrays;

/** One tensor of a file; `data` is row-major, its length the product of `shape`. */
export type StoredTensor = {
  [D in StoredDtype]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: StoredArrays[D];
  };
}[StoredDtype];

/** What a safetensors file holds. */
export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text by name: the file's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** How the bytes are called in errors. */
export interface DecodeOptions {
  /** The file's name, first word of every error. */
  readonly name?: string;
}

/** The format's own bound on the header, in bytes. */
export const maximumHeader = 100_000_000;

const prefixSize = 8;

/**
 * The bytes of a safetensors file, its tensors in the order of the map.
 *
 * @throws RangeError for whatever `decodeSafetensors` would refuse: a shape that does not give the data's length or cannot be counted, a
 * tensor called `__metadata__`, a header beyond the format's bound.
 */
export function encodeSafetensors({ tensors, metadata }: SafetensorsContent): Uint8Array {
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : [];
  let end = 0;
  for (const [name, tensor] of tensors) {
    if (name === "__metadata__") throw new RangeError('a tensor must not be called "__metadata__"');
    checkTensor(name, tensor);
    const { dtype, shape, data } = tensor;
    header.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }]);
    end += data.byteLength;
  }
  // Object.fromEntries defines its keys, so that even "__proto__" is a name like any other.
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const dataStart = prefixSize + Math.ceil(text.length / 8) * 8;
  if (dataStart - prefixSize > maximumHeader)
    throw new RangeError(
      `the header must be at most ${maximumHeader} bytes; it would have ${dataStart - prefixSize}`,
    );

  const bytes = new Uint8Array(dataStart + end).fill(0x20, prefixSize + text.length, dataStart);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - prefixSize), true);
  bytes.set(text, prefixSize);
  let offset = dataStart;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * Holds what was given as a tensor to its own description: numbers of its type, as many as its shape has.
 *
 * @throws RangeError with the tensor's name and what disagrees.
 */
export function checkTensor(name: string, tensor: unknown): asserts tensor is StoredTensor {
  const { dtype, shape, data } = isObject(tensor) ? tensor : {};
  if (!isDtype(dtype) || !(data instanceof storedArrays[dtype])) {
    const held = isObject(data) ? data.constructor.name : typeof data;
    throw new RangeError(
      `tensor ${quote(name)} must have a dtype and its data in that one's array, one of ${arraysInWords}; ` +
        `got ${quote(dtype)} and ${quote(held)}`,
    );
  }
  if (!isListOfSizes(shape))
    throw new RangeError(`tensor ${quote(name)} must have a list of sizes as shape; got ${quote(shape)}`);
  const elements = shape.reduce((product, size) => product * size, 1);
  const sizes = `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", ..." : ""}]`;
  if (elements !== data.length)
    throw new RangeError(
      `tensor ${quote(name)} of shape ${sizes} needs ${elements} numbers; got ${data.length}`,
    );
  if (bytesOf(dtype, shape) === undefined)
    throw new RangeError(`tensor ${quote(name)} has a shape too large to count: ${sizes}`);
}

const arraysInWords = Object.entries(storedArrays).map(([dtype, { name }]) => `${dtype} ${name}`).join(", "); // prettier-ignore

/**
 * What the bytes of a safetensors file hold; every tensor is a copy.
 *
 * @throws Error with the file's name and the one thing that is wrong with it.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  { name: file = "safetensors" }: DecodeOptions = {},
): SafetensorsContent {
  const refuse: Refuse = (reason) => new Error(`${file}: ${reason}`);
  const { header, dataStart } = readHeader(bytes, refuse);
  const held = bytes.length - dataStart;

  const { __metadata__: text, ...entries } = header;
  const metadata = text === undefined ? {} : checkMetadata(text, refuse);
  const spans = Object.entries(entries).map(([name, entry]) => checkSpan(name, entry, held, refuse));

  // In file order each tensor begins where the one before it ends, and the last one ends with the file.
  let covered = 0;
  for (const { name, begin, end } of [...spans].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      throw refuse(
        `tensor ${quote(name)} must begin at byte ${covered}, where the one before it ends; it begins at ${begin}`,
      );
    }
    covered = end;
  }
  if (covered !== held) throw refuse(`its tensors span ${covered} bytes but the file holds ${held}`);

  const tensors = new Map(
    spans.map(({ name, dtype, shape, begin, end }) => {
      // A copy starts at offset 0 of its own buffer, so that typed arrays of any element size fit. (Not `bytes.slice`: a Node
      // Buffer is a Uint8Array too, and its slice is no copy.)
      const { buffer } = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
      return [name, { dtype, shape, data: new storedArrays[dtype](buffer) } as StoredTensor];
    }),
  );
  return { tensors, metadata };
}

type Refuse = (reason: string) => Error;

function readHeader(
  bytes: Uint8Array,
  refuse: Refuse,
): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < prefixSize) {
    throw refuse(
      `a safetensors file begins with ${prefixSize} bytes of length; this one has ${bytes.length} in all`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, prefixSize).getBigUint64(0, true);
  if (length > maximumHeader)
    throw refuse(`the header must be at most ${maximumHeader} bytes; it claims ${length.toString()}`);
  const dataStart = prefixSize + Number(length);
  if (dataStart > bytes.length) {
    throw refuse(`the header claims ${length.toString()} bytes but only ${bytes.length - prefixSize} follow`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(prefixSize, dataStart),
    );
  } catch {
    throw refuse("the header is not valid UTF-8");
  }
  if (!text.startsWith("{"))
    throw refuse(`the header must begin with "{"; it begins with ${quote(text.slice(0, 1))}`);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw refuse(`the header is not valid JSON: ${(error as SyntaxError).message.replaceAll(/\s+/g, " ")}`);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw refuse(`the header holds the key ${quote(twice)} twice`);
  return { header: header as Record<string, unknown>, dataStart }; // it begins with "{", so it is an object
}

function checkMetadata(value: unknown, refuse: Refuse): Record<string, string> {
  if (!isObject(value)) throw refuse("__metadata__ must be an object of strings");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string")
      throw refuse(`__metadata__ must hold strings; ${quote(key)} is ${quote(text)}`);
  }
  return value as Record<string, string>;
}

interface Span {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkSpan(name: string, entry: unknown, held: number, refuse: Refuse): Span {
  const called = `tensor ${quote(name)}`;
  if (!isObject(entry))
    throw refuse(`${called} must be an object of dtype, shape and data_offsets; got ${quote(entry)}`);
  const { dtype, shape, data_offsets: offsets, ...rest } = entry;
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw refuse(`${called} has ${quote(extra)}, which the format does not know`);
  if (!isDtype(dtype)) {
    throw refuse(
      `${called} has dtype ${quote(dtype)}; this reader knows ${Object.keys(storedArrays).join(", ")}`,
    );
  }
  if (!isListOfSizes(shape))
    throw refuse(`${called} must have a list of sizes as shape; got ${quote(shape)}`);
  if (!isListOfSizes(offsets) || offsets.length !== 2) {
    throw refuse(`${called} must have data_offsets [begin, end]; got ${quote(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const size = bytesOf(dtype, shape);
  if (size === undefined) throw refuse(`${called} has a shape too large to count: ${quote(shape)}`);
  if (end > held) throw refuse(`${called} spans bytes ${begin}..${end} but the file holds ${held}`);
  if (end - begin !== size) {
    throw refuse(
      `${called}, ${dtype} of shape ${quote(shape)}, needs ${size} bytes but spans ${begin}..${end}, which is ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDtype(value: unknown): value is StoredDtype {
  return typeof value === "string" && Object.hasOwn(storedArrays, value);
}

/** How many bytes a tensor takes; undefined where the product is too large at any place. */
function bytesOf(dtype: StoredDtype, shape: readonly number[]): number | undefined {
  let size: number = storedArrays[dtype].BYTES_PER_ELEMENT;
  for (const dimension of shape) {
    size *= dimension;
    if (!Number.isSafeInteger(size)) return undefined;
  }
  return size;
}

function isListOfSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}
