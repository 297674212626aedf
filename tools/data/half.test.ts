// Halves: their own values come back, and between two of them it goes to the nearer, or the even one.
import { expect, test } from "vitest";
import { asFloat32 } from "../../lib/files/floats";
import { toHalf } from "./half";

const value = (bits: number): number =>
  asFloat32({ dtype: "F16", shape: [1], data: Uint16Array.of(bits) })![0]!;

test("toHalf() gives each of the finite halves back", () => {
  for (let bits = 0; bits < 0x10000; bits++)
    if ((bits & 0x7c00) !== 0x7c00 && toHalf(value(bits)) !== bits)
      throw new Error(`half ${bits} comes back as ${toHalf(value(bits))}`);
});

test("toHalf() rounds to the nearer, and what lies in the middle to the even one", () => {
  for (const bits of [0, 1, 2, 0x3fe, 0x3ff, 0x400, 0x3bff, 0x3c00, 0x3c01, 0x7bfe]) {
    const [low, high] = [value(bits), value(bits + 1)];
    expect([toHalf(low + 0.49 * (high - low)), toHalf(low + 0.51 * (high - low))]).toEqual([bits, bits + 1]);
    expect(toHalf((low + high) / 2)).toBe(bits % 2 === 0 ? bits : bits + 1);
    expect(toHalf(-(low + 0.51 * (high - low)))).toBe(0x8000 | (bits + 1));
  }
});

test("toHalf() refuses what no half holds", () => {
  for (const wrong of [65520, Infinity, NaN]) expect(() => toHalf(wrong)).toThrow(RangeError);
  expect(toHalf(65519)).toBe(0x7bff);
});
