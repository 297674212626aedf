// A recorded study as a chapter reads it: by the runs that it asks for, with what is missing, and nothing of what was changed.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ready } from "../runtime/index.js";
import { recordName, type RunRecord } from "./record.js";
import { recordedStudy } from "./recorded-study.js";

const fixture = new URL("../../tools/records/record.fixture.json", import.meta.url);
let folder: string;
let record: RunRecord;

beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-recorded-"));
  record = JSON.parse(await readFile(fixture, "utf8")) as RunRecord;
  const { network, data, recipe } = record.config;
  const networks = [
    { name: "narrow", ...network },
    { name: "wide", ...network, options: { ...network.options, widths: [5, 8, 16] } },
  ];
  await mkdir(join(folder, "studies"));
  await mkdir(join(folder, "records", "runs"), { recursive: true });
  const study = {
    title: "T",
    question: "Q?",
    differs: "D.",
    sweep: { networks, data, recipe, seeds: [1, 2] },
  };
  await writeFile(join(folder, "studies", "toy.json"), JSON.stringify(study));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("recordedStudy()", () => {
  it("says that nothing is recorded where nothing is", async () => {
    const { networks, missing, conditions } = await recordedStudy("toy", { folder });
    expect(networks.map(({ name, seeds }) => [name, seeds])).toEqual([["narrow", []], ["wide", []]]); // prettier-ignore
    expect([missing, conditions]).toEqual([4, "None of 4 runs is recorded yet."]);
  });

  it("gives curves and errors of the runs that are there, whatever their records are called, and on what they ran", async () => {
    await cp(fixture, join(folder, "records", "runs", recordName(record)));
    const { networks, missing, conditions } = await recordedStudy("toy", { folder });
    expect(missing).toBe(3);
    const [narrow] = networks;
    expect(narrow!.seeds).toEqual([1]);
    // Of an accuracy of 0.7065, without the last bits of the subtraction.
    expect(narrow!.errors.test).toEqual([29.35]);
    expect(narrow!.curves.loss).toEqual([record.curves.epochs.loss]);
    expect(narrow!.curves.error[0]).toHaveLength(2);
    expect(conditions).toMatch(
      /^1 of 4 runs, 2026-11-30, on .+ with tensorflow, TensorFlow 2.21.0, .*code at commit 80c2f7d6b/,
    );
  });

  it("refuses a record that was changed, and a study that there is not", async () => {
    const path = join(folder, "records", "runs", "changed.json");
    await writeFile(path, JSON.stringify({ ...record, seed: 2 }));
    await expect(recordedStudy("toy", { folder })).rejects.toThrow("it was changed");
    await rm(path);
    await expect(recordedStudy("toi", { folder })).rejects.toThrow("a study must be one of toy; got toi: is toy meant?"); // prettier-ignore
    await expect(recordedStudy("toy", { folder: tmpdir() })).rejects.toThrow(
      "lie in the course's repository",
    );
  });
});
