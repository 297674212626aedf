// Writes tar archives for tests, wrong ones too: every field of a header can be set.
import { gzipSync } from "node:zlib";

/** One entry. */
export interface Entry {
  readonly name: string;
  readonly data?: Buffer;
  /** The type flag: "0" file (the default), "1" hard link, "2" symbolic link, "5" folder, "x" extended header. */
  readonly type?: string;
  readonly link?: string;
  /** The size field, where it must not be that of the data. */
  readonly size?: number;
  /** Added to the right checksum. */
  readonly checksumError?: number;
  /** POSIX's front part of the name. */
  readonly prefix?: string;
}

/** A tar of the entries, ended by two blocks of zeros. */
export function tar(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const data = entry.data ?? Buffer.alloc(0);
    return [header(entry, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** The same, gzipped. */
export function tarGz(entries: readonly Entry[]): Buffer {
  return gzipSync(tar(entries));
}

function header(
  { name, type = "0", link = "", size, checksumError = 0, prefix = "" }: Entry,
  length: number,
): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${(size ?? length).toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write("ustar\x0000", 257, "latin1");
  block.write(prefix, 345, 155);
  let sum = checksumError;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
