// Decoding PNG against zlib's own packing and the encoder, and files that are none.
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodePng } from "../display/png.js";
import { crc32, decodePng } from "./png.js";

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const chunk = (type: string, body: ArrayLike<number>): number[] => {
  const named = [...Buffer.from(type), ...Array.from(body)];
  return [...bigEndian(body.length), ...named, ...bigEndian(crc32(Uint8Array.from(named)))];
};
interface Made {
  readonly size?: readonly [width: number, height: number];
  /** Depth, colour type, compression, filter method, interlacing. */
  readonly kind?: readonly number[];
  readonly rows: readonly number[];
  readonly extra?: readonly (readonly [string, readonly number[]])[];
}
/** A PNG of two pixels, one above the other, unless told. */
const made = ({ size = [1, 2], kind = [8, 0, 0, 0, 0], rows, extra = [] }: Made): Uint8Array =>
  Uint8Array.from([
    ...[137, 80, 78, 71, 13, 10, 26, 10],
    ...chunk("IHDR", [...size.flatMap(bigEndian), ...kind]),
    ...extra.flatMap(([type, body]) => chunk(type, body)),
    ...chunk("IDAT", deflateSync(Uint8Array.from(rows))),
    ...chunk("IEND", []),
  ]);

describe("decodePng()", () => {
  test("gives back what the encoder wrote, grey as three equal channels", () => {
    const pixels = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => (i * 53) % 256);
    expect(decodePng(encodePng(pixels, [2, 3, 3]))).toEqual({ pixels, shape: [2, 3, 3] });
    expect([...decodePng(encodePng(Uint8Array.of(7, 200), [1, 2, 1])).pixels]).toEqual([7, 7, 7, 200, 200, 200]); // prettier-ignore
  });

  test("undoes each of the five filters", () => {
    const want = [[10, 20, 35], [12, 25, 50], [200, 3, 90], [7, 7, 9], [250, 1, 128]]; // prettier-ignore
    const stored = want.flatMap((row, filter) => {
      const above = want[filter - 1] ?? [0, 0, 0];
      return [filter, ...row.map((value, x) => {
          const [left, up, corner] = [row[x - 1] ?? 0, above[x]!, above[x - 1] ?? 0];
          const guesses = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
          const nearest = [left, up, corner][guesses.indexOf(Math.min(...guesses))]!;
          const foretold = [0, left, up, Math.floor((left + up) / 2), nearest][filter]!;
          return (value - foretold + 512) % 256;
        })]; // prettier-ignore
    });
    const { pixels } = decodePng(made({ size: [3, 5], rows: stored }));
    expect([...pixels].filter((_, i) => i % 3 === 0)).toEqual(want.flat());
  });

  test("lays what is not opaque on white, by channel and by palette", () => {
    const half = made({ size: [1, 1], kind: [8, 6, 0, 0, 0], rows: [0, 100, 0, 255, 51] });
    expect([...decodePng(half).pixels]).toEqual([224, 204, 255]);
    const palette = made({
      kind: [8, 3, 0, 0, 0],
      rows: [0, 1, 0, 0],
      extra: [["PLTE", [1, 2, 3, 40, 50, 60]], ["tRNS", [0]]],
    }); // prettier-ignore
    expect([...decodePng(palette).pixels]).toEqual([40, 50, 60, 255, 255, 255]);
  });

  const whole = made({ rows: [0, 1, 0, 2] });
  const damaged = whole.slice();
  damaged[45]! ^= 1;
  test.each([
    ["nothing", new Uint8Array(), "do not begin as one"],
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff), "it is a JPEG"],
    ["a cut file", whole.slice(0, 50), "follow"],
    ["a file without its end", whole.slice(0, -12), "before its last part"],
    ["a flipped bit", damaged, "damaged"],
    ["16 bits a value", made({ kind: [16, 0, 0, 0, 0], rows: [] }), "8 bits a value; it has 16"],
    ["interlacing", made({ kind: [8, 0, 0, 0, 1], rows: [] }), "interlaced"],
    ["sizes beyond the bound", made({ size: [65536, 65536], rows: [] }), "65536x65536"],
    ["no pixel", made({ size: [0, 2], rows: [] }), "0x2"],
    ["too few rows", made({ rows: [0, 1] }), "need 4 bytes; 2 are there"],
    ["a bomb", made({ rows: new Array<number>(100_000).fill(0) }), "more are there"],
    ["an unknown filter", made({ rows: [5, 1, 0, 2] }), "row 0 must have a filter"],
    ["a palette without the colour", made({ kind: [8, 3, 0, 0, 0], rows: [0, 0, 0, 9], extra: [["PLTE", [1, 2, 3]]] }), "colour 9 of a palette of 1"], // prettier-ignore
    ["no palette", made({ kind: [8, 3, 0, 0, 0], rows: [0, 0, 0, 0] }), "need a palette"],
  ])("refuses %s by one error with the file's name", (_, bytes, reason) => {
    expect(() => decodePng(bytes, { name: "own.png" })).toThrow(new RegExp(`^own\\.png: .*(?:${reason})`));
  });
});
