// Plain data on its way between processes.
import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode, MESSAGE_DEPTH } from "./wire";

test("encode() and decode() carry numbers that JSON does not, and typed arrays", () => {
  const value = {
    shape: [3],
    values: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1.5],
    text: "é",
    none: null,
  };
  expect(decode(encode(value))).toEqual(value);
  expect(decode(encode(new Float32Array([1.5, Number.NaN])))).toEqual([1.5, Number.NaN]);
});

test("encode() writes what JSON writes, and decode() reads it back, whatever the plain data", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      expect(encode(value)).toBe(text);
      expect(encode(JSON.parse(text))).toBe(text);
    }),
  );
});

test("encode() asks no value for another to write in its place", () => {
  expect(encode({ a: [1], toJSON: "text" })).toBe('{"a":[1],"toJSON":"text"}');
  const forged = Object.assign(Object.create({ toJSON: () => "forged" }) as object, { a: 1 });
  expect(encode(forged)).toBe('{"a":1}');
});

test("encode() carries the deepest answer on to the judge", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 63; i++) deep = [deep];
  const { value } = decode(encode({ id: "", value: deep })) as { value: unknown };
  expect(() =>
    decode(encode({ request: { output: { value } } }, MESSAGE_DEPTH), MESSAGE_DEPTH),
  ).not.toThrow();
});

test("encode() refuses what is not plain data", () => {
  expect(() => encode(() => 1)).toThrow(/plain data.*got function/);
  expect(() => encode({ a: undefined })).toThrow(/got undefined/);
  let deep: unknown = 1;
  for (let i = 0; i < 100; i++) deep = [deep];
  expect(() => encode(deep)).toThrow(/at most 64 levels/);
});

test("decode() drops keys that would change an object's prototype, and refuses depth", () => {
  const value = decode('{"__proto__": {"finding": null}, "a": 1}');
  expect(Object.keys(value as object)).toEqual(["a"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(() => decode("[".repeat(100) + "]".repeat(100))).toThrow(/at most 64 levels/);
});
