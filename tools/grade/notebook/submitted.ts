// Reads a notebook that anyone may have made: as much of it as is there, and a line for each thing that is wrong.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readlink } from "node:fs/promises";
import { printable } from "../intake/names";
import { codeOf, folderBounds } from "../intake/walk";
import { joined } from "../../notebooks/notebook";
import { OutputStripper } from "./strip-outputs";

/** A code cell that a learner handed in. */
export interface SubmittedCell {
  /** Its place among all cells, from 1. */
  readonly number: number;
  readonly code: string;
  readonly gradeId?: string;
}

/** What could be read of a submission. */
export interface Submitted {
  readonly sha256: string;
  readonly bytes: number;
  readonly cells: readonly SubmittedCell[];
  /** What was odd about it, for the learner. */
  readonly notes: readonly string[];
}

/** A notebook without its outputs may have this many bytes. */
const MOST_BYTES = 8 << 20;

/** Cells and notes; more of them are counted. */
const MOST_CELLS = 1000;

/**
 * Reads the file. Never throws for what it holds or is; rejects where the machine fails.
 *
 * @param path without a link on its way: where one has been put in the place of a folder since, it may lead to a peer's work
 */
export async function readSubmitted(path: string): Promise<Submitted> {
  const unread = (why: string): Submitted => ({ sha256: "", bytes: 0, cells: [], notes: [why] });
  // A link is not followed, and a pipe that nobody writes to does not wait.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((error: unknown) => codeOf(error));
  if (typeof file === "string") {
    if (!["ELOOP", "EACCES", "EPERM", "ENOENT", "ENXIO", "ENAMETOOLONG"].includes(file))
      throw new Error(`${path} could not be opened: ${file}`);
    return unread(`the file could not be opened (${file})`);
  }
  try {
    if (!(await file.stat()).isFile()) return unread("it is no file");
    // Linux tells where an open file lies, whatever has become of the folders on its way.
    const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => path);
    if (place !== path)
      return unread("it was replaced, or a folder above it by a link, while the class was graded");
    return await readPieces(file.createReadStream({ highWaterMark: 1 << 20, autoClose: false }));
  } finally {
    await file.close();
  }
}

async function readPieces(pieces: AsyncIterable<unknown>): Promise<Submitted> {
  const hash = createHash("sha256");
  const stripper = new OutputStripper();
  const kept: Uint8Array[] = [];
  let bytes = 0;
  let keptBytes = 0;
  for await (const piece of pieces as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
    const rest = stripper.write(piece);
    keptBytes += rest.length;
    if (keptBytes <= MOST_BYTES) kept.push(rest);
    // It may have grown since it was found.
    if (bytes > folderBounds.bytes) break;
  }
  const file = { sha256: hash.digest("hex"), bytes };
  const nothing = (note: string): Submitted => ({ ...file, cells: [], notes: [note] });
  if (bytes === 0) return nothing("the file is empty");
  if (keptBytes > MOST_BYTES)
    return nothing(`a notebook may have at most 8 MiB besides its outputs; this has ${keptBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(kept)));
  } catch (error) {
    return nothing(
      `the file is not a notebook (not JSON: ${printable((error as Error).message.slice(0, 120))})`,
    );
  }
  return { ...file, ...readCells(value) };
}

function readCells(value: unknown): Pick<Submitted, "cells" | "notes"> {
  const notes: string[] = [];
  const notebook = asRecord(value);
  if (!Array.isArray(notebook["cells"]))
    return { cells: [], notes: ["the file is JSON, but it holds no cells"] };
  const kernel = asRecord(asRecord(notebook["metadata"])["kernelspec"])["name"];
  if (kernel !== "residual") {
    const name = typeof kernel === "string" ? printable(kernel.slice(0, 40)) : "none";
    notes.push(`the notebook names the kernel ${name}; its cells are read as TypeScript all the same`);
  }
  const cells: SubmittedCell[] = [];
  let broken = 0;
  const all = notebook["cells"].length;
  if (all > MOST_CELLS) notes.push(`the notebook has ${all} cells; the first ${MOST_CELLS} were read`);
  notebook["cells"].slice(0, MOST_CELLS).forEach((item: unknown, index) => {
    const cell = asRecord(item);
    if (cell["cell_type"] === "markdown" || cell["cell_type"] === "raw") return;
    const code = asText(cell["source"]);
    if (cell["cell_type"] !== "code" || code === undefined) {
      broken++;
      return;
    }
    const nbgrader = asRecord(asRecord(cell["metadata"])["nbgrader"]);
    const gradeId = nbgrader["grade_id"];
    cells.push({
      number: index + 1,
      code,
      ...(typeof gradeId === "string" ? { gradeId } : {}),
    });
  });
  if (broken > 0) notes.push(`${broken} of ${all} cells are damaged and were left out`);
  return { cells, notes };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function asText(source: unknown): string | undefined {
  if (typeof source === "string") return source;
  if (Array.isArray(source) && source.every((line) => typeof line === "string")) return joined(source);
  return undefined;
}
