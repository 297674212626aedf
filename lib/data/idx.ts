// Reads and writes IDX, the format of MNIST and Fashion-MNIST: a magic number, big-endian dimensions, then the values.

/** Unsigned bytes in the shape that an IDX file declares. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row-major; a view into the bytes that were parsed. */
  readonly values: Uint8Array;
}

/** The type code of unsigned bytes, the third byte of the magic number. */
const unsignedByte = 0x08;

/**
 * Parses an IDX file of unsigned bytes.
 *
 * Layout: two zero bytes, the type code, the number of dimensions, each dimension as a big-endian 32-bit integer, and
 * exactly as many bytes as the dimensions' product.
 *
 * @param source names the file in errors.
 * @throws Error where the magic number, the shape or the byte count is not as `shape` says; a `undefined` in `shape` allows any size.
 */
export function parseIdx(
  bytes: Uint8Array,
  shape: readonly (number | undefined)[],
  source = "IDX data",
): IdxArray {
  const rank = shape.length;
  const header = 4 + 4 * rank;
  if (bytes.length < header)
    throw new Error(
      `${source}: an IDX header of ${rank} dimensions takes ${header} bytes; got ${bytes.length}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const expected = (unsignedByte << 8) | rank;
  if (magic !== expected)
    throw new Error(
      `${source}: IDX magic must be ${hex(expected)} (bytes, ${rank} dimensions); got ${hex(magic)}`,
    );

  const declared = shape.map((_, d) => view.getUint32(4 + 4 * d));
  if (shape.some((size, d) => size !== undefined && size !== declared[d]))
    throw new Error(
      `${source}: shape must be [${shape.map((s) => s ?? "any").join(", ")}]; got [${declared.join(", ")}]`,
    );
  const count = declared.reduce((product, size) => product * size, 1);
  if (bytes.length !== header + count)
    throw new Error(
      `${source}: shape [${declared.join(", ")}] takes ${header + count} bytes with its header; got ${bytes.length}`,
    );
  return { shape: declared, values: bytes.subarray(header) };
}

/**
 * Writes an IDX file of unsigned bytes; what `parseIdx` reads.
 * @throws RangeError where the values are not as many as the shape says.
 */
export function formatIdx({ shape, values }: IdxArray): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (values.length !== count)
    throw new RangeError(`shape [${shape.join(", ")}] holds ${count} values; got ${values.length}`);
  const header = 4 + 4 * shape.length;
  const bytes = new Uint8Array(header + count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, (unsignedByte << 8) | shape.length);
  shape.forEach((size, d) => {
    view.setUint32(4 + 4 * d, size);
  });
  bytes.set(values, header);
  return bytes;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
