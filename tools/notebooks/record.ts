// The record of each notebook's last everyday run: what the README's table of times and memory is made of.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";

/** One run of one notebook. */
export interface NotebookRecord {
  /** `01-the-degradation-problem` */
  readonly notebook: string;
  readonly setting: "everyday";
  /** Wall time from the kernel's start to its last reply. */
  readonly seconds: number;
  /** The largest resident memory of the kernel and its children. */
  readonly peakBytes: number;
  /** How many notebooks ran at once, this one included. */
  readonly sideBySide: number;
  readonly machine: { readonly processor: string; readonly cores: number; readonly platform: string };
  readonly node: string;
}

/** Where the records lie: a file a notebook, so that two runs of two notebooks do not touch one file. */
export function recordsFolder(root: string): string {
  return join(root, "results", "records", "notebooks");
}

/** Writes the record of a run on this machine, over that of the run before. */
export function writeRecord(
  root: string,
  run: Pick<NotebookRecord, "notebook" | "seconds" | "peakBytes" | "sideBySide">,
): void {
  const record: NotebookRecord = {
    notebook: run.notebook,
    setting: "everyday",
    seconds: Math.round(run.seconds),
    peakBytes: run.peakBytes,
    sideBySide: run.sideBySide,
    machine: {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      platform: `${process.platform} ${process.arch}`,
    },
    node: process.versions.node,
  };
  const folder = recordsFolder(root);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${run.notebook}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** Every record, by notebook. @throws SyntaxError where a file is no JSON */
export function readRecords(root: string): Map<string, NotebookRecord> {
  const folder = recordsFolder(root);
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as NotebookRecord)
      .map((record) => [record.notebook, record]),
  );
}
