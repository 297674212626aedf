// Plain data on its way between processes.
import { expect, test } from "vitest";
import { decode, encode } from "./wire";

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
