// Marks what of the kernel's own must not be ended half-way by an interrupt.
import { library } from "./intrinsics";

let depth = 0;

/** Code under protection runs to its end, with JavaScript's library as it was. */
export const protection = {
  /** Whether protected code is running. */
  get active(): boolean {
    return depth > 0;
  },
  /** Runs `code` under protection. */
  during<T>(code: () => T): T {
    depth++;
    try {
      return library.during(code);
    } finally {
      depth--;
    }
  },
};
