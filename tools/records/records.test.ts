// The records that are committed: each by its schema, its hash and its name, and none changed since; and that a change is found out.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runtime, train } from "residual";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceFaults } from "./evidence";
import { changedRecords, historyGap } from "./history";
import { readRecords, runsFolder } from "./store";

const root = resolve(import.meta.dirname, "..", "..");

describe("the committed records", () => {
  it("are each by the schema, their hash and their name", async () => {
    await expect(readRecords(root)).resolves.toBeInstanceOf(Array);
  });

  it("are files that git keeps: a rule for learners' runs once left them out", () => {
    const { status } = spawnSync("git", ["check-ignore", "--quiet", join(runsFolder(root), "a-record.json")], { cwd: root }); // prettier-ignore
    expect(status, "0 says that git leaves it out; 1 that it does not, 128 that this is no repository").not.toBe(0); // prettier-ignore
  });

  it("are evidence: planned, of committed code and the named images, with their questions fixed before", async () => {
    expect(await evidenceFaults(root)).toEqual([]);
  });

  it("have beside them no weights but those that the runs ended with", async () => {
    await runtime.ready();
    const folder = join(root, "results", "records", "weights");
    const kept = existsSync(folder) ? readdirSync(folder) : [];
    const records = (await readRecords(root)).map((stored) => stored.record);
    const nameOf = (record: train.RunRecord) => train.recordName(record).replace(/json$/, "safetensors");
    const named = records.filter((record) => kept.includes(nameOf(record)));
    expect(kept.sort()).toEqual(named.map(nameOf).sort());
    // It throws where the weights are others.
    for (const record of named) (await train.recordedNetwork(record)).dispose();
  });

  it("were never changed or deleted, as far as the history here tells", () => {
    const gap = historyGap(root);
    if (gap !== undefined) console.warn(gap);
    // In a copy without git only their hashes and names speak for them.
    const tells = gap?.includes("no git repository") !== true;
    expect(tells ? changedRecords(root, runsFolder(root)) : []).toEqual([]);
  });
});

describe("changedRecords()", () => {
  let folder: string;
  const file = (name: string) => join(folder, "runs", name);
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...words], { cwd: folder });
  const found = () => changedRecords(folder, join(folder, "runs"));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "residual-history-"));
    mkdirSync(join(folder, "runs"));
    git("init", "--quiet");
    for (const name of ["a.json", "b.json", "c.json"]) writeFileSync(file(name), name);
    git("add", ".");
    git("commit", "--quiet", "-m", "records");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("says where the history does not tell", () => {
    expect(historyGap(folder)).toBeUndefined();
    const shallow = join(folder, "shallow");
    git("clone", "--quiet", "--depth", "1", `file://${folder}`, shallow);
    expect(historyGap(shallow)).toContain("git fetch --unshallow");
    rmSync(shallow, { recursive: true });
    expect(historyGap(tmpdir())).toContain("no git repository");
    writeFileSync(join(folder, ".course.json"), "{}");
    expect(historyGap(folder)).toContain("a released course");
    rmSync(join(folder, ".course.json"));
  });

  it("finds nothing where records are only added", () => {
    writeFileSync(file("d.json"), "d");
    expect(found()).toEqual([]);
    git("add", ".");
    git("commit", "--quiet", "-m", "more");
    expect(found()).toEqual([]);
  });

  it("finds what is changed, and what goes on under another name, before and after the commit", () => {
    writeFileSync(file("a.json"), "other");
    renameSync(file("b.json"), file("e.json"));
    expect(found()).toEqual(["runs/a.json, not committed", "runs/b.json, not committed"]);
    git("add", "-A");
    git("commit", "--quiet", "-m", "tampered");
    expect(found()).toEqual([
      expect.stringMatching(/^runs\/a\.json, in [0-9a-f]+$/),
      expect.stringMatching(/^runs\/b\.json, in/),
    ]);
    // Even when it is put back.
    writeFileSync(file("a.json"), "a.json");
    git("commit", "--quiet", "-am", "put back");
    expect(found()).toHaveLength(3);
  });
});
