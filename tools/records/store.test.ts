// The folder of records: each held to its schema, its hash and its name, and which of several records of a run counts.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { train } from "residual";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, canonicalLines } from "../../lib/files/canonical-json";
import { without } from "../../lib/without";
import { readRecords, RecordIndex } from "./store";

const root = resolve(import.meta.dirname, "..", "..");
// A run of `npm run reproduce -- resnet-table6-20 --width 0.25 --epochs 2 --data fashion-mnist-sample`.
const record = JSON.parse(readFileSync(join(import.meta.dirname, "record.fixture.json"), "utf8")) as train.RunRecord; // prettier-ignore
let scratch: string;
let folders = 0;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "residual-records-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** A changed record with its hash computed anew. */
function changed(change: object): train.RunRecord {
  const rest = { ...without(record, "sha256"), ...change };
  return { ...rest, sha256: createHash("sha256").update(canonicalJson(rest)).digest("hex") };
}

/** Reads a folder that holds a record under a name. */
function reading(
  one: train.RunRecord,
  name = train.recordName(one),
  text = canonicalLines(one),
): ReturnType<typeof readRecords> {
  const folder = join(scratch, String(folders++));
  mkdirSync(folder);
  writeFileSync(join(folder, name), text);
  return readRecords(root, folder);
}

describe("readRecords()", () => {
  it("reads what is by the schema, its hash and its name", async () => {
    expect((await reading(record)).map((stored) => stored.record)).toEqual([record]);
    expect(await readRecords(root, join(scratch, "nowhere"))).toEqual([]);
  });

  it("refuses a record that was changed: as it is, with a new hash under the old name, and with a field that no schema knows", async () => {
    const old = train.recordName(record);
    await expect(reading({ ...record, seed: 2 }, old)).rejects.toThrow("a record's sha256 must be that of its content"); // prettier-ignore
    await expect(reading(changed({ trainingSeconds: 1 }), old)).rejects.toThrow("file is named by its content"); // prettier-ignore
    await expect(reading(changed({ remark: "mine" }))).rejects.toThrow("must NOT have additional properties");
    await expect(reading(changed({ seed: 1.5 }))).rejects.toThrow("/seed must be integer");
  });
});

describe("a record's text", () => {
  const text = canonicalLines(record);

  it("is refused where it is cut short, or shows something else than the program reads", async () => {
    const read = (other: string) => reading(record, train.recordName(record), other);
    await expect(read(text.slice(0, -100))).rejects.toThrow("a record is JSON");
    const edited = "a record's text must be as the program writes it";
    // Of a field that is there twice a reader sees the first, the program the last.
    await expect(read(text.replace('"seed": 1', '"seed": 2,\n"seed": 1'))).rejects.toThrow(edited);
    await expect(read(text.replace('"accuracy":0.7065', '"accuracy":0.70650000000000000001'))).rejects.toThrow(edited); // prettier-ignore
    await expect(read(text)).resolves.toHaveLength(1);
  });
});

describe("RecordIndex", () => {
  it("finds a run by configuration and seed; of two machines' records the one that ended first", () => {
    const [session] = record.sessions;
    const later = changed({ sessions: [{ ...session, end: "2999-01-01T00:00:00.000Z" }] });
    const index = new RecordIndex([later, record].map((one) => ({ path: "", record: one })));
    expect(index.find(record)?.record).toBe(record);
    expect(index.find({ ...record, seed: 7 })).toBeUndefined();
    expect(index.find({ ...record, configHash: "other" })).toBeUndefined();
  });
});
