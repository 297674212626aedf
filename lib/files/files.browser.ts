// Files, for a browser, which has none that a path names.
/** Always throws: a browser has no files that a path names. */
export function readBytes(path: string): Promise<Uint8Array> {
  return Promise.reject(new Error(`no file system in a browser: cannot read ${path}`));
}

/** Always throws: a browser has no files that a path names. */
export function writeBytesAtomically(path: string): Promise<void> {
  return Promise.reject(new Error(`no file system in a browser: cannot write ${path}`));
}
