// The entries of a zip archive that stores its files as they are: what torch.save writes.
import { unzipSync, type UnzipFileInfo } from "fflate";
import { quote } from "./quote.js";

/** Entries of one archive: torch.save writes one for each storage. */
const mostEntries = 100_000;

/** What `storedEntries` needs besides the bytes. */
export interface StoredEntriesOptions {
  /** Makes the error of a reason. */
  readonly refuse: (reason: string) => Error;
}

/**
 * The files of a zip archive by their names. Nothing is decompressed, so that the files together are at most as large as the archive;
 * names are never used as paths, and still those that lead out of a folder are refused. Checksums are not compared: PyTorch does not either.
 *
 * @throws what `refuse` makes of a damaged directory, and of the first entry that is compressed, cut off, there twice, or badly named.
 */
export function storedEntries(
  archive: Uint8Array,
  { refuse }: StoredEntriesOptions,
): ReadonlyMap<string, Uint8Array> {
  const sizes = new Map<string, number>();
  let total = 0;
  const check = ({ name, size, originalSize, compression }: UnzipFileInfo): boolean => {
    const called = `the entry ${quote(name)}`;
    if (sizes.size >= mostEntries) throw refuse(`the archive has more than ${mostEntries} entries`);
    if (!isPlainName(name)) throw refuse(`${called} must be a path inside the archive, without "..", "\\" or an empty part`); // prettier-ignore
    if (sizes.has(name)) throw refuse(`${called} is there twice`);
    if (compression !== 0) {
      throw refuse(`${called} is compressed (method ${compression}); torch.save stores files as they are`);
    }
    total += originalSize;
    if (size !== originalSize || total > archive.length) {
      throw refuse(`${called} claims ${size} bytes stored and ${originalSize} in all, of ${archive.length} of the archive`); // prettier-ignore
    }
    sizes.set(name, size);
    return true;
  };

  let files: Readonly<Record<string, Uint8Array>>;
  let refused: Error | undefined;
  try {
    files = unzipSync(archive, {
      filter(file) {
        try {
          return check(file);
        } catch (error) {
          refused = error as Error;
          throw error;
        }
      },
    });
  } catch (error) {
    if (refused) throw refused;
    throw refuse(`the zip archive is damaged: ${(error as Error).message}`);
  }
  const entries = new Map<string, Uint8Array>();
  for (const [name, size] of sizes) {
    const bytes = files[name];
    if (bytes?.length !== size) {
      throw refuse(`the entry ${quote(name)} claims ${size} bytes; ${bytes?.length ?? 0} are there`);
    }
    entries.set(name, bytes);
  }
  return entries;
}

/** Whether a name is `folder/.../file` of plain parts; the folder also keeps `__proto__` from being a name by itself. */
function isPlainName(name: string): boolean {
  const parts = name.split("/");
  return (
    name.length <= 1024 &&
    parts.length > 1 &&
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    parts.every((part) => part !== "" && part !== "." && part !== ".." && !/[\\\x00-\x1f]/.test(part))
  );
}
