// Decodes a PNG (ISO/IEC 15948) into red, green and blue: any platform, a bounded size, and one clear error for a file that is none.
import { unzlibSync } from "fflate";

/** A picture's bytes, [height, width, 3] in row-major order: red, green and blue, 0 to 255. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly shape: readonly [height: number, width: number, channels: 3];
}

/** What errors call the file. */
export interface DecodePngOptions {
  /** Default: `the picture`. */
  readonly name?: string;
}

/** The most pixels that are decoded: a file of a few kilobytes can claim billions. */
export const mostPixels = 2 ** 24;

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
/** Bytes a pixel by the header's colour type: grey, colour, palette, grey with opacity, colour with opacity. */
const bytesOfPixel: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Header {
  readonly width: number;
  readonly height: number;
  readonly colourType: number;
}

type Refuse = (reason: string) => Error;

/**
 * The pixels of a PNG of 8 bits a value that is not interlaced. Grey becomes three equal channels; where it is not opaque, white shows through.
 *
 * @throws Error with the file's name and what is wrong with it.
 */
export function decodePng(bytes: Uint8Array, { name = "the picture" }: DecodePngOptions = {}): Picture {
  const refuse: Refuse = (reason) => new Error(`${name}: ${reason}`);
  if (bytes[0] === 0xff && bytes[1] === 0xd8)
    throw refuse("must be a PNG; it is a JPEG: open it in a picture viewer and save it as PNG");
  if (signature.some((byte, i) => bytes[i] !== byte))
    throw refuse(`must be a PNG; its ${bytes.length} bytes do not begin as one`);
  const chunks = chunksOf(bytes, refuse);
  const header = headerOf(chunks[0]!, refuse);
  const palette = chunks.find(({ type }) => type === "PLTE")?.body;
  const opacity = chunks.find(({ type }) => type === "tRNS")?.body;
  if (header.colourType === 3 && (palette === undefined || palette.length % 3 !== 0))
    throw refuse("its colours need a palette of red, green and blue, and it has none");
  const rows = unfiltered(unpacked(chunks, header, refuse), header, refuse);
  return {
    pixels: asColours(rows, header, { palette, opacity }, refuse),
    shape: [header.height, header.width, 3],
  };
}

interface Chunk {
  readonly type: string;
  readonly body: Uint8Array;
}

/** The file's chunks up to its end, each held to its sum. */
function chunksOf(bytes: Uint8Array, refuse: Refuse): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signature.length; ;) {
    if (at + 12 > bytes.length) throw refuse(`it ends after ${bytes.length} bytes, before its last part`);
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length)
      throw refuse(`a part of ${length} bytes is claimed at byte ${at}; ${bytes.length - at - 12} follow`);
    const type = new TextDecoder("latin1").decode(bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw refuse(`it is damaged: the part at byte ${at} has another sum than it says`);
    chunks.push({ type, body: bytes.subarray(at + 8, at + 8 + length) });
    if (type === "IEND") return chunks;
    at += 12 + length;
  }
}

function headerOf({ type, body }: Chunk, refuse: Refuse): Header {
  if (type !== "IHDR" || body.length !== 13)
    throw refuse("it must begin with a header of 13 bytes, and does not");
  const view = new DataView(body.buffer, body.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, compression, filter, interlace] = [...body.subarray(8)];
  if (width === 0 || height === 0 || width * height > mostPixels)
    throw refuse(`must have 1 to ${mostPixels} pixels; its header claims ${width}x${height}`);
  if (depth !== 8 || bytesOfPixel[colourType!] === undefined)
    throw refuse(`must have 8 bits a value; it has ${depth} (colour type ${colourType}): save it as 8-bit`);
  if (interlace !== 0) throw refuse("must not be interlaced: save it without");
  if (compression !== 0 || filter !== 0)
    throw refuse(`has compression ${compression} and filter method ${filter}; a PNG has 0 and 0`);
  return { width, height, colourType: colourType! };
}

/** The rows with their filters, unpacked to just as many bytes as the header's sizes need. */
function unpacked(
  chunks: readonly Chunk[],
  { width, height, colourType }: Header,
  refuse: Refuse,
): Uint8Array {
  const parts = chunks.filter(({ type }) => type === "IDAT").map(({ body }) => body);
  const packed = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (packed.set(part, at), at + part.length), 0);
  const expected = height * (1 + width * bytesOfPixel[colourType]!);
  let rows: Uint8Array;
  try {
    // One byte more than is right, so that a longer stream is seen and never unpacked further.
    rows = unzlibSync(packed, { out: new Uint8Array(expected + 1) });
  } catch (error) {
    throw refuse(`its pixels cannot be unpacked: ${(error as Error).message}`);
  }
  if (rows.length !== expected)
    throw refuse(
      `its ${width}x${height} pixels need ${expected} bytes; ${rows.length > expected ? "more" : rows.length} are there`,
    );
  return rows;
}

/** Undoes the filters (ISO/IEC 15948, 9.2): each byte was stored less what its left, upper and upper left neighbours foretell. */
function unfiltered(rows: Uint8Array, { width, height, colourType }: Header, refuse: Refuse): Uint8Array {
  const step = bytesOfPixel[colourType]!;
  const length = width * step;
  const result = new Uint8Array(height * length);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (length + 1)]!;
    if (filter > 4) throw refuse(`row ${y} must have a filter of 0 to 4; it has ${filter}`);
    for (let x = 0; x < length; x++) {
      const at = y * length + x;
      const left = x >= step ? result[at - step]! : 0;
      const above = y > 0 ? result[at - length]! : 0;
      const corner = x >= step && y > 0 ? result[at - length - step]! : 0;
      const foretold = [0, left, above, (left + above) >> 1, filter === 4 ? paeth(left, above, corner) : 0];
      result[at] = rows[y * (length + 1) + 1 + x]! + foretold[filter]!;
    }
  }
  return result;
}

/** The neighbour that is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

interface Palette {
  readonly palette: Uint8Array | undefined;
  readonly opacity: Uint8Array | undefined;
}

function asColours(
  rows: Uint8Array,
  { width, height, colourType }: Header,
  { palette, opacity }: Palette,
  refuse: Refuse,
): Uint8Array {
  const step = bytesOfPixel[colourType]!;
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const first = rows[i * step]!;
    if (colourType === 3 && 3 * first >= palette!.length)
      throw refuse(`pixel ${i} has colour ${first} of a palette of ${palette!.length / 3}`);
    const alpha =
      colourType === 3 ? (opacity?.[first] ?? 255) : colourType >= 4 ? rows[i * step + step - 1]! : 255;
    for (let c = 0; c < 3; c++) {
      const isGrey = colourType === 0 || colourType === 4;
      const value = colourType === 3 ? palette![3 * first + c]! : rows[i * step + (isGrey ? 0 : c)]!;
      pixels[3 * i + c] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return pixels;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** The sum of ISO/IEC 15948, annex D. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255]! ^ (c >>> 8);
  return ~c >>> 0;
}
