// Files as torch.save writes them, made by hand an opcode at a time, for tests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync, type Zippable } from "fflate";

/** Written by nn/torch/make_checkpoint.py, with `torch.save`. */
export const fixture = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(join(__dirname, "../nn/torch", file)));

// ---- Pickles by hand, an opcode at a time. ----
export const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
export const proto = [0x80, 2];
export const stop = ascii(".");
export const mark = ascii("(");
export const int = (value: number): number[] => [
  ...ascii("J"),
  ...new Uint8Array(Int32Array.of(value).buffer),
];
export const text = (value: string): number[] => {
  const bytes = new TextEncoder().encode(value);
  return [...ascii("X"), ...new Uint8Array(Uint32Array.of(bytes.length).buffer), ...bytes];
};
export const tuple = (...items: number[][]): number[] => [...mark, ...items.flat(), ...ascii("t")];
export const global = (module: string, name: string): number[] => ascii(`c${module}\n${name}\n`);
export const reduce = (callee: number[], ...args: number[][]): number[] => [
  ...callee,
  ...tuple(...args),
  ...ascii("R"),
];
export const dictionary = (...entries: [string, number[]][]): number[] => [
  ...ascii("}"),
  ...mark,
  ...entries.flatMap(([key, value]) => [...text(key), ...value]),
  ...ascii("u"),
];
export const storage = (length: number, key = "0", type = "FloatStorage"): number[] => [
  ...tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(length)),
  ...ascii("Q"),
];
export const orderedDict = reduce(global("collections", "OrderedDict"));
export const tensor = (
  from: number[],
  offset: number,
  shape: number[],
  strides: number[],
  ...more: number[][]
) =>
  reduce(
    global("torch._utils", "_rebuild_tensor_v2"),
    from,
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    [0x89],
    orderedDict,
    ...more,
  );
export const good = tensor(storage(4), 0, [2, 2], [2, 1]);
export const program = (...parts: number[][]): Uint8Array =>
  Uint8Array.from([...proto, ...parts.flat(), ...stop]);

/** A zip as torch.save writes it, around a pickle, with one storage of four numbers unless told. */
export function archive(
  pickle: Uint8Array,
  entries: Zippable = { "a/data/0": new Uint8Array(16) },
): Uint8Array {
  return zipSync(
    { "a/data.pkl": pickle, "a/byteorder": Uint8Array.from(ascii("little")), ...entries },
    { level: 0 },
  );
}
export const withTensor = (value: number[]) => archive(program(dictionary(["w", value])));

/** A small valid file in the legacy format around a pickle, from a real one's head. */
export function legacy(pickle: Uint8Array, keys: number[], ...data: Uint8Array[]): Uint8Array {
  const head = fixture("views-legacy.pt").subarray(0, 137);
  return Uint8Array.from([...head, ...pickle, ...program(keys), ...data.flatMap((bytes) => [...bytes])]);
}
export const listOf = (...keys: string[]): number[] => [
  ...ascii("]"),
  ...mark,
  ...keys.flatMap(text),
  ...ascii("e"),
];
export const counted = (count: bigint, bytes: number) =>
  new Uint8Array([...new Uint8Array(BigInt64Array.of(count).buffer), ...new Uint8Array(bytes)]);

/** Bytes with a text replaced by another of the same length, wherever it occurs. */
export function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  if (to.length !== from.length) throw new RangeError(`${to} must be as long as ${from}`);
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  if (!latin1.includes(from)) throw new RangeError(`the bytes hold no ${from}`);
  return Uint8Array.from(ascii(latin1.replaceAll(from, to)));
}
