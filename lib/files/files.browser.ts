// Files, for a browser, which has none that a path names: the same functions as in `files.node.ts`.

const refuse = (what: string, path: string): Promise<never> =>
  Promise.reject(new Error(`no file system in a browser: cannot ${what} ${path}`));

/** False: a browser has no files that a path names. */
export function exists(): Promise<boolean> {
  return Promise.resolve(false);
}

/** Undefined: a browser has no files that a path names. */
export function modifiedAt(): Promise<undefined> {
  return Promise.resolve(undefined);
}

/** Always rejects: a browser has no files that a path names. */
export function readBytes(path: string): Promise<Uint8Array> {
  return refuse("read", path);
}

/** Always rejects: a browser has no files that a path names. */
export function writeBytesAtomically(path: string): Promise<void> {
  return refuse("write", path);
}

/** Does nothing: nothing was ever written. */
export function removeAbandonedWrites(): Promise<void> {
  return Promise.resolve();
}
