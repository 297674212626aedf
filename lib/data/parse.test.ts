// The formats, read from bytes written out by hand, and every way in which a file is refused.
import { describe, expect, test } from "vitest";
import { parseCifar } from "./cifar.js";
import { formatIdx, parseIdx } from "./idx.js";

describe("parseIdx()", () => {
  // Two images of 2 rows and 3 columns.
  const header = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3];
  const values = [1, 2, 3, 4, 5, 6, 250, 251, 252, 253, 254, 255];
  const bytes = Uint8Array.from([...header, ...values]);

  test("parseIdx() reads shape and values from bytes written by hand", () => {
    const parsed = parseIdx(bytes, [2, 2, 3]);
    expect(parsed.shape).toEqual([2, 2, 3]);
    expect([...parsed.values]).toEqual(values);
  });

  test("parseIdx() reads a view that begins inside its buffer", () => {
    const inside = Uint8Array.from([9, 9, 9, ...bytes]).subarray(3);
    expect([...parseIdx(inside, [2, undefined, undefined]).values]).toEqual(values);
  });

  test("parseIdx() reads sizes as big-endian", () => {
    const many = new Uint8Array(8 + 258);
    many.set([0, 0, 8, 1, 0, 0, 1, 2]);
    expect(parseIdx(many, [undefined]).shape).toEqual([258]);
  });

  test.each([
    [
      "a signed type",
      [0, 0, 9, 3, ...bytes.slice(4)],
      [2, 2, 3],
      "magic must be 0x00000803 (bytes, 3 dimensions); got 0x00000903",
    ],
    ["another rank", [...bytes], [2], "magic must be 0x00000801 (bytes, 1 dimensions); got 0x00000803"],
    ["another shape", [...bytes], [2, 2, 4], "shape must be [2, 2, 4]; got [2, 2, 3]"],
    ["a missing byte", [...bytes.slice(0, -1)], [2, 2, 3], "takes 28 bytes with its header; got 27"],
    ["a byte too many", [...bytes, 0], [2, 2, 3], "takes 28 bytes with its header; got 29"],
    ["half a header", [0, 0, 8, 3, 0], [2, 2, 3], "an IDX header of 3 dimensions takes 16 bytes; got 5"],
    ["nothing", [], [2], "an IDX header of 1 dimensions takes 8 bytes; got 0"],
    [
      "a size that overflows",
      [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1],
      [undefined, undefined],
      "shape [4294967295, 4294967295]",
    ],
  ])("parseIdx() refuses %s", (_, data, shape, message) => {
    expect(() => parseIdx(Uint8Array.from(data), shape, "images.gz")).toThrow(message);
    expect(() => parseIdx(Uint8Array.from(data), shape, "images.gz")).toThrow("images.gz: ");
  });

  test("formatIdx() writes the bytes written by hand", () => {
    expect([...formatIdx({ shape: [2, 2, 3], values: Uint8Array.from(values) })]).toEqual([...bytes]);
  });

  test("formatIdx() refuses values that do not fill the shape", () => {
    expect(() => formatIdx({ shape: [2, 2], values: new Uint8Array(3) })).toThrow(
      "[2, 2] holds 4 values; got 3",
    );
  });
});

describe("parseCifar()", () => {
  /** A value of channel c at row y, column x of record n, different for neighbours in every direction. */
  const pixel = (n: number, c: number, y: number, x: number): number =>
    (n * 101 + c * 67 + y * 31 + x * 7) % 256;

  function records(count: number, labelsOf: (n: number) => readonly number[]): Uint8Array {
    const bytes: number[] = [];
    for (let n = 0; n < count; n++) {
      bytes.push(...labelsOf(n));
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < 32; y++) for (let x = 0; x < 32; x++) bytes.push(pixel(n, c, y, x));
    }
    return Uint8Array.from(bytes);
  }

  test("parseCifar() brings the planes of CIFAR-10 together, pixel by pixel", () => {
    const bytes = records(3, (n) => [n + 4]);
    const { images, labels, coarseLabels } = parseCifar(bytes, { labelBytes: 1, records: 3, classes: 10 });
    expect([...labels]).toEqual([4, 5, 6]);
    expect(coarseLabels).toBeUndefined();
    const expected: number[] = [];
    for (let n = 0; n < 3; n++)
      for (let y = 0; y < 32; y++)
        for (let x = 0; x < 32; x++) for (let c = 0; c < 3; c++) expected.push(pixel(n, c, y, x));
    expect([...images]).toEqual(expected);
  });

  test("parseCifar() reads CIFAR-100's superclass, then its class", () => {
    const bytes = records(2, (n) => [18 + n, 98 + n]);
    const parsed = parseCifar(bytes, { labelBytes: 2, records: 2, classes: 100, coarseClasses: 20 });
    expect([...parsed.coarseLabels!]).toEqual([18, 19]);
    expect([...parsed.labels]).toEqual([98, 99]);
    expect(parsed.images[3 * 1024 + 2]).toBe(pixel(1, 2, 0, 0));
  });

  test("parseCifar() refuses a byte count that is not the records'", () => {
    const format = { labelBytes: 1, records: 2, classes: 10 } as const;
    const bytes = records(2, () => [0]);
    expect(() => parseCifar(bytes.subarray(1), format, "a.bin")).toThrow(
      "a.bin: 2 records of 3073 bytes take 6146 bytes; got 6145",
    );
    // CIFAR-100's file read as CIFAR-10's.
    expect(() =>
      parseCifar(
        records(2, () => [0, 0]),
        format,
      ),
    ).toThrow("got 6148");
  });

  test("parseCifar() refuses labels out of range, and says where", () => {
    const one = { labelBytes: 1, records: 2, classes: 10 } as const;
    expect(() =>
      parseCifar(
        records(2, (n) => [n === 1 ? 10 : 9]),
        one,
        "a.bin",
      ),
    ).toThrow("a.bin: a class must be 0 to 9; got 10 in record 1");
    const two = { labelBytes: 2, records: 1, classes: 100, coarseClasses: 20 } as const;
    expect(() =>
      parseCifar(
        records(1, () => [20, 0]),
        two,
      ),
    ).toThrow("a superclass must be 0 to 19; got 20 in record 0");
    expect(() =>
      parseCifar(
        records(1, () => [0, 100]),
        two,
      ),
    ).toThrow("a class must be 0 to 99; got 100 in record 0");
  });
});
