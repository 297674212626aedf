// The folder of records, results/records/runs: all of them, each held to its hash, its schema and its name.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { train } from "residual";
import { canonicalLines } from "../../lib/files/canonical-json";
import { UserError } from "../notebooks/user-error";

/** Where the records of runs lie, in the repository. */
export const runsFolder = (root: string): string => join(root, "results", "records", "runs");

/** A record and the file that it is in. */
export interface StoredRecord {
  readonly path: string;
  readonly record: train.RunRecord;
}

/** A record, held to its hash, its schema and the name of its file. @throws UserError naming the rule that it breaks */
export async function readStored(root: string, path: string): Promise<StoredRecord> {
  const isValid = validator(root, "run-record");
  let record: train.RunRecord;
  try {
    record = await train.readRecord(path);
  } catch (error) {
    throw new UserError((error as Error).message);
  }
  // Whoever reads the text must see what the program reads: a field twice, or digits that are lost, would show something else.
  if (readFileSync(path, "utf8") !== canonicalLines(record))
    throw new UserError(`${path}: a record's text must be as the program writes it: it was edited`);
  if (!isValid(record)) throw new UserError(`${path}: ${schemaFault(isValid)}`);
  if (basename(path) !== train.recordName(record))
    throw new UserError(
      `${path}: a record's file is named by its content, ${train.recordName(record)}: it was changed, or renamed`,
    );
  return { path, record };
}

/** Every record of a folder, in the order of their names. @throws UserError naming the first file that breaks a rule, and the rule */
export async function readRecords(root: string, folder = runsFolder(root)): Promise<readonly StoredRecord[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return Promise.all(files.sort().map((file) => readStored(root, join(folder, file))));
}

const validators = new Map<string, ValidateFunction>();

/** What holds a value to a schema published in `results/`. */
export function validator(root: string, name: string): ValidateFunction {
  const path = join(root, "results", `${name}.schema.json`);
  const known = validators.get(path);
  if (known) return known;
  const schema = JSON.parse(readFileSync(path, "utf8")) as object;
  const made = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  validators.set(path, made);
  return made;
}

/** The first fault that a validator found, in one line. */
export function schemaFault({ errors }: ValidateFunction): string {
  const [first] = errors ?? [];
  return first
    ? `${first.instancePath || "it"} ${first.message ?? "breaks the schema"}`
    : "breaks the schema";
}

/** By what runs of one kind are found: of several records of one run, as of two machines, the one that ended first counts. */
export class RecordIndex {
  readonly #byRun = new Map<string, StoredRecord>();

  constructor(records: readonly StoredRecord[]) {
    const ended = ({ record }: StoredRecord) => record.sessions.at(-1)!.end;
    for (const stored of [...records].sort((a, b) => (ended(a) < ended(b) ? -1 : 1))) {
      const key = keyOf(stored.record);
      if (!this.#byRun.has(key)) this.#byRun.set(key, stored);
    }
  }

  /** The record of a run, if there is one. */
  find(run: { readonly configHash: string; readonly seed: number }): StoredRecord | undefined {
    return this.#byRun.get(keyOf(run));
  }
}

const keyOf = ({ configHash, seed }: { readonly configHash: string; readonly seed: number }): string =>
  `${configHash} ${seed}`;
