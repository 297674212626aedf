// The PNG encoder against Node's own inflate and a CRC written another way.
import { crc32, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { dataUri, encodePng } from "./png.js";

/** Chunks of a PNG by type; each checksum is verified. */
function chunks(png: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
  const found = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.subarray(at + 4, at + 8).toString("latin1");
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    found.set(type, bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

describe("encodePng()", () => {
  it("writes rows of pixels that any decoder reads back", () => {
    // Longer than one stored block of 65,535 bytes.
    const [height, width, channels] = [150, 200, 3];
    const pixels = Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 7 + (i >> 8)) & 255);
    const found = chunks(encodePng(pixels, [height, width, channels]));
    expect([...found.keys()]).toEqual(["IHDR", "IDAT", "IEND"]);
    expect([...found.get("IHDR")!]).toEqual([0, 0, 0, width, 0, 0, 0, height, 8, 2, 0, 0, 0]);
    const rows = inflateSync(found.get("IDAT")!); // verifies the Adler checksum too
    const row = width * channels;
    expect(rows).toHaveLength(height * (row + 1));
    for (let y = 0; y < height; y++) {
      expect(rows[y * (row + 1)]).toBe(0);
      expect(
        rows.subarray(y * (row + 1) + 1, (y + 1) * (row + 1)).equals(pixels.subarray(y * row, (y + 1) * row)),
      ).toBe(true);
    }
  });

  it("refuses a size that the pixels do not have", () => {
    expect(() => encodePng(new Uint8Array(5), [2, 3, 1])).toThrow("2x3x1 pixels are 6 bytes; got 5");
    expect(() => encodePng(new Uint8Array(20), [2, 2, 5])).toThrow("a PNG has 1 to 4 channels; got 5");
  });
});

it("dataUri() carries every byte value", () => {
  const bytes = Uint8Array.from({ length: 20000 }, (_, i) => i & 255);
  const [head, body] = dataUri(bytes).split(",");
  expect(head).toBe("data:image/png;base64");
  expect(Buffer.from(body!, "base64").equals(bytes)).toBe(true);
});
