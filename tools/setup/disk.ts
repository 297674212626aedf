// Free space on the disk that a step is about to fill.
import { statfsSync } from "node:fs";
import { Problem } from "./problem";

/** Free bytes for this user on the disk that holds `folder`. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** @throws Problem when less than `bytes` are free; `free` is for tests. */
export function requireFreeSpace(
  folder: string,
  bytes: number,
  what: string,
  free = freeBytes(folder),
): void {
  if (free >= bytes) return;
  throw new Problem(
    `Not enough disk space: ${what} needs ${gigabytes(bytes)} GB while it is made, and ${folder} has ${gigabytes(free)} GB.`,
    "Free some space, or clone the course onto a larger disk, and run the command again.",
  );
}

/** Bytes as gigabytes with one decimal. */
export function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
