// Remembers how long each cell took, so that the next run can say how long is left.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Seconds by cell id; ids follow from the source, so an edited cell has no time until it has run. */
export type Timings = Readonly<Record<string, number>>;

/** Where timings are kept: with the other disposable things under node_modules, since they are of this machine. */
export function timingsPath(root: string): string {
  return join(root, "node_modules", ".cache", "residual", "notebook-timings.json");
}

/** The known timings; none when the file is missing or damaged, because an estimate is no reason to fail. */
export function readTimings(path: string): Timings {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, seconds]) => typeof seconds === "number"));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** Adds what was measured now to what was known. */
export function writeTimings(path: string, measured: Timings): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ ...readTimings(path), ...measured }));
}

/** Seconds that the cells would take by the timings, or null when one of them is unknown. */
export function estimate(timings: Timings, ids: readonly string[]): number | null {
  let total = 0;
  for (const id of ids) {
    const seconds = timings[id];
    if (seconds === undefined) return null;
    total += seconds;
  }
  return total;
}
