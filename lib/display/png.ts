// Encodes pixels as a PNG (ISO/IEC 15948), without compression: small pictures, any platform, no dependency.
import { crc32 } from "../files/png.js";

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
/** Colour types of the PNG header by number of channels. */
const colourTypes = new Map([
  [1, 0],
  [2, 4],
  [3, 2],
  [4, 6],
]);
/** The longest stored block of a deflate stream (RFC 1951, 3.2.4). */
const longestBlock = 65535;

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

function join(parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function chunk(type: string, body: ArrayLike<number>): Uint8Array {
  const named = join([Array.from(type, (letter) => letter.charCodeAt(0)), body]);
  return join([bigEndian(body.length), named, bigEndian(crc32(named))]);
}

/** A zlib stream (RFC 1950) of stored blocks. */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: ArrayLike<number>[] = [[0x78, 0x01]];
  for (let at = 0; at < bytes.length; at += longestBlock) {
    const block = bytes.subarray(at, at + longestBlock);
    const { length } = block;
    const isLast = at + longestBlock >= bytes.length;
    parts.push([isLast ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], block);
  }
  return join([...parts, bigEndian(adler32(bytes))]);
}

/**
 * A PNG of 8-bit pixels.
 *
 * @param pixels [height, width, channels] in row-major order, channels 1 (grey) or 3 (red, green, blue), or one more for opacity.
 * @throws RangeError if the number of channels or of pixels is another.
 */
export function encodePng(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array {
  const colourType = colourTypes.get(channels);
  if (colourType === undefined) throw new RangeError(`a PNG has 1 to 4 channels; got ${String(channels)}`);
  const row = width * channels;
  if (pixels.length !== height * row)
    throw new RangeError(
      `${String(height)}x${String(width)}x${String(channels)} pixels are ${String(height * row)} bytes; got ${String(pixels.length)}`,
    );
  const filtered = new Uint8Array(height * (row + 1)); // each row opens with its filter, 0: none
  for (let y = 0; y < height; y++) filtered.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const header = [...bigEndian(width), ...bigEndian(height), 8, colourType, 0, 0, 0];
  return join([signature, chunk("IHDR", header), chunk("IDAT", stored(filtered)), chunk("IEND", [])]);
}

/** Bytes as a `data:` address that a page can show without any server. */
export function dataUri(png: Uint8Array): string {
  let text = "";
  for (const byte of png) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}
