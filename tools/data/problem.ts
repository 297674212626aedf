// A failure that the person at the keyboard can mend: what is wrong, and what to do about it.

/** Shown as its message and its remedy, without a stack. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "Problem";
  }
}

/** The code of a system error, such as `ENOSPC`; undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** Millions of bytes, as people count downloads: `170.1 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
