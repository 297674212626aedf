// Unpacks a .tar.gz whose contents are known beforehand, and refuses every other.
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ArchiveLayout } from "./sources";

const block = 512;
/** Files beside the wanted ones, such as a readme, are passed over; more of them or larger ones are not expected. */
const bystanders = { count: 16, bytes: 65_536 };

/**
 * Unpacks the wanted members of `archive` into the existing, empty folder `into`.
 *
 * It reads plain tar (POSIX ustar and GNU). An archive may hold its one folder, the wanted members in their exact sizes,
 * and a few small regular files in that folder, which are not written. Names never become paths: a member is written
 * under the name that `layout` gives it.
 *
 * @throws Error with the rule and the offending entry where the archive holds anything else, lacks a member, is damaged
 * or is cut short. `into` may then hold a part: the caller removes it.
 */
export async function unpack(
  archive: string,
  layout: ArchiveLayout,
  into: string,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(into, { recursive: true });
  await pipeline(
    createReadStream(archive),
    createGunzip(),
    async (stream: AsyncIterable<Buffer>) => {
      await unpackTar(new Blocks(stream), layout, into);
    },
    { ...(signal && { signal }) },
  );
}

async function unpackTar(blocks: Blocks, { folder, members }: ArchiveLayout, into: string): Promise<void> {
  const missing = new Map(members.map((member) => [`${folder}/${member.name}`, member]));
  let passed = 0;
  for (;;) {
    const header = readHeader(await blocks.take(block));
    if (header === "end") break;
    const { name, type, size } = header;
    if (type === "folder" && (name === `${folder}/` || name === folder) && size === 0) continue;
    if (type !== "file") throw new Error(`an archive must hold only regular files; got ${name}, a ${type}`);

    const member = missing.get(name);
    const inFolder = name.startsWith(`${folder}/`) && /^\w[\w.~-]*$/.test(name.slice(folder.length + 1));
    if (member !== undefined) {
      if (size !== member.bytes) throw new Error(`${name} must have ${member.bytes} bytes; got ${size}`);
      missing.delete(name);
      await writeMember(blocks, join(into, member.name), size);
    } else if (members.some((other) => name === `${folder}/${other.name}`)) {
      throw new Error(`a file must come once; got ${name} twice`);
    } else if (inFolder && size <= bystanders.bytes && ++passed <= bystanders.count) {
      await blocks.skip(size);
    } else throw new Error(`an archive must hold the files of ${folder}; got ${name} (${size} bytes)`);
    await blocks.skip((block - (size % block)) % block);
  }
  await blocks.rest();
  if (missing.size > 0) throw new Error(`the archive lacks ${[...missing.keys()].join(", ")}`);
}

async function writeMember(blocks: Blocks, path: string, size: number): Promise<void> {
  const file = await open(path, "wx");
  try {
    await blocks.pass(size, (piece) => file.appendFile(piece));
    await file.sync();
  } finally {
    await file.close();
  }
}

interface Header {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** One tar header, or "end" for the block of zeros after the last entry. */
function readHeader(bytes: Buffer): Header | "end" {
  if (bytes.every((byte) => byte === 0)) return "end";
  const sum = bytes.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  const declared = octal(bytes.subarray(148, 156), "checksum");
  if (sum !== declared) throw new Error(`a tar header's checksum must be its sum, ${sum}; got ${declared}`);
  const name = text(bytes.subarray(0, 100));
  // POSIX keeps the front part of a long name apart; GNU keeps times there, and says so by "ustar  ".
  const prefix = bytes.toString("latin1", 257, 263) === "ustar\0" ? text(bytes.subarray(345, 500)) : "";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type:
      entryTypes[bytes.toString("latin1", 156, 157)] ??
      `header of type ${JSON.stringify(bytes.toString("latin1", 156, 157))}`,
    size: octal(bytes.subarray(124, 136), "size"),
  };
}

const entryTypes: Readonly<Record<string, string>> = {
  "\0": "file",
  "0": "file",
  "1": "hard link",
  "2": "symbolic link",
  "3": "character device",
  "4": "block device",
  "5": "folder",
  "6": "pipe",
};

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

function octal(field: Buffer, what: string): number {
  const digits = text(field).trim();
  if (!/^[0-7]{1,12}$/.test(digits))
    throw new Error(`a tar header's ${what} must be octal digits; got ${JSON.stringify(digits)}`);
  return parseInt(digits, 8);
}

/** Takes exact numbers of bytes from a stream of pieces. */
class Blocks {
  readonly #pieces: AsyncIterator<Buffer, undefined>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  /** Hands on the next `size` bytes, piece by piece. */
  async pass(size: number, use: (piece: Buffer) => Promise<void>): Promise<void> {
    for (let left = size; left > 0;) {
      if (this.#held.length === 0) {
        const { done, value } = await this.#pieces.next();
        if (done) throw new Error("the archive ends in the middle");
        this.#held = value;
        continue;
      }
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      left -= piece.length;
      await use(piece);
    }
  }

  async take(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    await this.pass(size, (piece) => {
      pieces.push(piece);
      return Promise.resolve();
    });
    return Buffer.concat(pieces);
  }

  async skip(size: number): Promise<void> {
    await this.pass(size, () => Promise.resolve());
  }

  /** Reads the stream to its end, so that gzip checks its sum: zeros only, as tar pads its last record. */
  async rest(): Promise<void> {
    for (let size = 0; ;) {
      if (this.#held.some((byte) => byte !== 0))
        throw new Error("an archive must end with zeros after its last entry");
      size += this.#held.length;
      if (size > 1_048_576) throw new Error("an archive must end within 1 MiB of its last entry");
      const { done, value } = await this.#pieces.next();
      if (done) return;
      this.#held = value;
    }
  }
}
