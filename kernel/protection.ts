// Marks what of the kernel's own must not be ended half-way by an interrupt.

let depth = 0;

/** Code under protection runs to its end. */
export const protection = {
  /** Whether protected code is running. */
  get active(): boolean {
    return depth > 0;
  },
  /** Runs `code` under protection. */
  during<T>(code: () => T): T {
    depth++;
    try {
      return code();
    } finally {
      depth--;
    }
  },
};
