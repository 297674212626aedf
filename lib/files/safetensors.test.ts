import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomStream } from "../random/index.js";
import { duplicateKey } from "./json.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "./safetensors.js";

/** The bytes of a file, laid out by hand from a header's text and a body. */
function file(header: string, body: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const decode = (bytes: Uint8Array) => decodeSafetensors(bytes, { name: "w.safetensors" });

// What the Python package safetensors 0.8.0 wrote for b = [[0, 1, 2], [3, 4, 5]] float32, a = [1, 2, 3] int64, h = [1.5]
// float16, s = 7.5 float32, e = zeros (0, 4) float32, and the metadata k: v.
const fromPython = file(
  '{"__metadata__":{"k":"v"},"a":{"dtype":"I64","shape":[3],"data_offsets":[0,24]},' +
    '"b":{"dtype":"F32","shape":[2,3],"data_offsets":[24,48]},"e":{"dtype":"F32","shape":[0,4],"data_offsets":[48,48]},' +
    '"s":{"dtype":"F32","shape":[],"data_offsets":[48,52]},"h":{"dtype":"F16","shape":[1],"data_offsets":[52,54]}} ',
  [
    [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0xa0, 0x40],
    [0, 0, 0xf0, 0x40],
    [0, 0x3e],
  ].flat(),
);

test("decodeSafetensors() reads a file of the Python package", () => {
  const { tensors, metadata } = decode(fromPython);
  expect(metadata).toEqual({ k: "v" });
  expect(Object.fromEntries(tensors)).toEqual({
    a: { dtype: "I64", shape: [3], data: BigInt64Array.of(1n, 2n, 3n) },
    b: { dtype: "F32", shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
    e: { dtype: "F32", shape: [0, 4], data: new Float32Array(0) },
    s: { dtype: "F32", shape: [], data: Float32Array.of(7.5) },
    h: { dtype: "F16", shape: [1], data: Uint16Array.of(0x3e00) },
  });
});

test("decodeSafetensors() reads from inside a larger buffer, at any alignment, and copies", () => {
  for (let shift = 0; shift < 8; shift++) {
    const around = Buffer.alloc(fromPython.length + 16, 0xff);
    around.set(fromPython, shift);
    const { tensors } = decode(around.subarray(shift, shift + fromPython.length));
    around.fill(0);
    expect(tensors.get("b")?.data).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
  }
});

test("encodeSafetensors() lays out length, padded header and little-endian data", () => {
  const bytes = encodeSafetensors({
    tensors: new Map([["x", { dtype: "F32", shape: [2], data: Float32Array.of(1, -2) }]]),
    metadata: { k: "v" },
  });
  const header = '{"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  expect([...bytes]).toEqual([...file(padded, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])]);
});

test("encodeSafetensors() round trip keeps order, every bit, and names of any kind", () => {
  const stream = randomStream(3, "round trip");
  const names = ["z", "a.b", "__proto__", "constructor", 'quote " and \\', "line\nbreak", "é"];
  const tensors = new Map<string, StoredTensor>(
    names.map((name, i) => {
      const data = Float32Array.from({ length: i * 3 }, () => stream.normal());
      return [name, { dtype: "F32", shape: [i, 3], data }];
    }),
  );
  tensors.set("special", { dtype: "F32", shape: [4], data: Float32Array.of(NaN, -0, Infinity, 1e-45) });
  tensors.set("integers", { dtype: "I32", shape: [1, 1], data: Int32Array.of(-(2 ** 31)) });
  const metadata = { __proto__x: "1", json: '{"a": 1}' };
  const back = decode(encodeSafetensors({ tensors, metadata }));
  expect([...back.tensors]).toEqual([...tensors]);
  expect(back.metadata).toEqual(metadata);
});

test("encodeSafetensors() refuses a shape that does not give the data's length", () => {
  const tensors = new Map<string, StoredTensor>([
    ["x", { dtype: "F32", shape: [2, 2], data: new Float32Array(3) }],
  ]);
  expect(() => encodeSafetensors({ tensors, metadata: {} })).toThrow(
    'tensor "x" of shape [2, 2] needs 4 numbers; got 3',
  );
});

test("encodeSafetensors() refuses numbers in another array than their type's, whose file could not be read", () => {
  const tensor = { dtype: "F32", shape: [2], data: new Float64Array(2) } as unknown as StoredTensor;
  expect(() => encodeSafetensors({ tensors: new Map([["x", tensor]]), metadata: {} })).toThrow(
    'tensor "x" must have a dtype and its data in that one\'s array, one of F64 Float64Array, F32 Float32Array',
  );
});

describe("decodeSafetensors() refuses", () => {
  const entry = (text: string, bytes = 4) => file(`{"x":${text}}`, new Array<number>(bytes).fill(0));
  const tooLong = file("{}");
  new DataView(tooLong.buffer).setBigUint64(0, 2n ** 63n, true);
  const cases: [what: string, bytes: Uint8Array, reason: string][] = [
    ["an empty file", new Uint8Array(0), "a safetensors file begins with 8 bytes of length; this one has 0 in all"],
    ["a header above the format's bound", tooLong, "the header must be at most 100000000 bytes; it claims 9223372036854775808"],
    ["a header longer than the file", file("{}").subarray(0, 9), "the header claims 2 bytes but only 1 follow"],
    ["bytes that are not UTF-8", (() => { const b = file('{"a":1}'); b[10] = 0xff; return b; })(), "the header is not valid UTF-8"], // prettier-ignore
    ["a header that is a list", file("[]"), 'the header must begin with "{"; it begins with "["'],
    ["a header that begins with a space", file(" {}"), 'the header must begin with "{"; it begins with " "'],
    ["a byte order mark", file("\uFEFF{}"), 'the header must begin with "{"; it begins with "\uFEFF"'],
    ["broken JSON", file('{"x":'), "the header is not valid JSON: Unexpected end of JSON input"],
    ["a key twice", file('{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"x":1}', [0, 0, 0, 0]), 'the header holds the key "x" twice'],
    ["a key twice by another spelling", file('{"x":1,"\\u0078":1}'), 'the header holds the key "x" twice'],
    ["a key twice inside a tensor", entry('{"dtype":"F32","dtype":"I32","shape":[],"data_offsets":[0,4]}'), 'the header holds the key "dtype" twice'],
    ["metadata that is not text", file('{"__metadata__":{"a":1}}'), '__metadata__ must hold strings; "a" is 1'],
    ["metadata that is a list", file('{"__metadata__":[]}'), "__metadata__ must be an object of strings"],
    ["a tensor that is a number", file('{"x":1}'), 'tensor "x" must be an object of dtype, shape and data_offsets; got 1'],
    ["an unknown field", entry('{"dtype":"F32","shape":[],"data_offsets":[0,4],"more":1}'), 'tensor "x" has "more", which the format does not know'],
    ["an unknown dtype", entry('{"dtype":"F8","shape":[],"data_offsets":[0,4]}'), 'tensor "x" has dtype "F8"; this reader knows F64, F32, F16, BF16, I64, I32, U8'],
    ["a dtype that objects inherit", entry('{"dtype":"toString","shape":[],"data_offsets":[0,4]}'), 'tensor "x" has dtype "toString"'],
    ["no dtype", entry('{"shape":[],"data_offsets":[0,4]}'), 'tensor "x" has dtype nothing'],
    ["a negative size", entry('{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}'), 'tensor "x" must have a list of sizes as shape; got [-1]'],
    ["a size that is no whole number", entry('{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}'), 'tensor "x" must have a list of sizes as shape; got [0.5]'],
    ["a shape whose product overflows", entry('{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}', 0), 'tensor "x" has a shape too large to count: [4294967296,4294967296,0]'],
    ["three offsets", entry('{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}'), 'tensor "x" must have data_offsets [begin, end]; got [0,4,8]'],
    ["an end beyond the file", entry('{"dtype":"F32","shape":[10],"data_offsets":[10,50]}', 40), 'tensor "x" spans bytes 10..50 but the file holds 40'],
    ["an end before the beginning", entry('{"dtype":"F32","shape":[],"data_offsets":[4,0]}'), 'tensor "x", F32 of shape [], needs 4 bytes but spans 4..0, which is -4'],
    ["a span that is not the shape's", entry('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'), 'tensor "x", F32 of shape [2], needs 8 bytes but spans 0..4, which is 4'],
    ["a hole at the start", entry('{"dtype":"F32","shape":[],"data_offsets":[4,8]}', 8), 'tensor "x" must begin at byte 0, where the one before it ends; it begins at 4'],
    ["bytes after the last tensor", entry('{"dtype":"F32","shape":[],"data_offsets":[0,4]}', 5), "its tensors span 4 bytes but the file holds 5"],
    [
      "tensors that overlap",
      file('{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}', new Array<number>(8).fill(0)),
      'tensor "y" must begin at byte 8, where the one before it ends; it begins at 4',
    ],
  ]; // prettier-ignore
  test.each(cases)("%s", (_, bytes, reason) => {
    expect(() => decode(bytes)).toThrow(`w.safetensors: ${reason}`);
  });

  test("every truncation, with one line that names the file", () => {
    for (let length = 0; length < fromPython.length; length++) {
      expect(() => decode(fromPython.subarray(0, length))).toThrow(/^w\.safetensors: .+$/);
    }
  });

  test("or reads every file with one byte changed, and fails in no other way", () => {
    const stream = randomStream(11, "damage");
    for (let at = 0; at < fromPython.length; at++) {
      const damaged = fromPython.slice();
      damaged[at] = damaged[at]! ^ (1 + stream.integer(255));
      try {
        decode(damaged);
      } catch (error) {
        expect((error as Error).message).toMatch(/^w\.safetensors: .+$/);
      }
    }
  });
});

test("duplicateKey() looks at keys only, each in its own object", () => {
  expect(duplicateKey('{"a":{"b":1},"b":["a","a",{"a":1},{"a":2}],"c":"a\\",\\"a\\":"}')).toBeUndefined();
  expect(duplicateKey('[{"a":1},{"b":{"c":[],"c":{}}}]')).toBe("c");
});

test("decodeSafetensors() reads every file that encodeSafetensors() does not refuse, and gives it back equal", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "__proto__", "__metadata__", "1", "\ud800", "😀"),
  );
  const length = fc.oneof(fc.nat(3), fc.constantFrom(-1, 0.5, NaN, 2 ** 53, 2 ** 31));
  const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e-45));
  const stored = fc
    .tuple(
      fc.constantFrom(Float32Array, Float64Array, Int32Array, Uint8Array),
      fc.array(length, { maxLength: 3 }),
      fc.array(number, { maxLength: 12 }),
    )
    .map(([Type, shape, data]) => {
      const size = Math.abs(shape.reduce((product, one) => product * one, 1));
      const values = new Type(
        Array.from({ length: size <= 30 ? Math.floor(size) : 0 }, (_, i) => data[i] ?? 0),
      );
      const dtype = { Float32Array: "F32", Float64Array: "F64", Int32Array: "I32", Uint8Array: "U8" }[
        Type.name
      ];
      return { dtype, shape, data: values } as StoredTensor;
    });
  const files = fc.record({
    tensors: fc.array(fc.tuple(text, stored), { maxLength: 4 }).map((entries) => new Map(entries)),
    metadata: fc.dictionary(text, text, { noNullPrototype: true }),
  });
  let written = 0;
  fc.assert(
    fc.property(files, (content) => {
      let bytes: Uint8Array;
      try {
        bytes = encodeSafetensors(content);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      written++;
      const { tensors, metadata } = decodeSafetensors(bytes);
      expect(metadata).toEqual(content.metadata);
      expect(tensors).toEqual(content.tensors);
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(written).toBeGreaterThan(300);
});
