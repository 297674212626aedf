// Records of runs: what the program writes is by the published schema, reads back, and shows a change by hand.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, canonicalLines } from "../files/canonical-json.js";
import { sha256 } from "../files/fingerprint.js";
import { ready } from "../runtime/index.js";
import { SessionLog } from "./sessions.js";
import { without } from "../without.js";
import { correctImages, correctMap } from "./correct-map.js";
import { jobsOf } from "./description.js";
import { loadSources, trainJob, type Sources } from "./one-run.js";
import { readRecord, recordName, writeRecord, type RunRecord } from "./record.js";

let folder: string;
let record: RunRecord;

beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-record-"));
  record = await trained(1);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A run of two epochs, stopped and taken up again where `stopAt` says so. */
async function trained(
  seed: number,
  stopAt = Infinity,
  look: (sources: Sources) => void = () => undefined,
): Promise<RunRecord> {
  const [job] = await jobsOf(
    {
      networks: [{ name: "plain 8", model: "cifarResNet", options: { depth: 8, shortcut: "none", widths: [2, 2, 2], inputShape: [14, 14, 1], classes: 10 } }],
      data: { name: "fashion-mnist-sample", perClass: [6, 3], downsample: 2, augment: { pad: 1, flip: true } },
      recipe: { epochs: 2, batchSize: 20 },
      seeds: [seed],
    },
    String,
  ); // prettier-ignore
  const sources = await loadSources(job!.data);
  look(sources);
  const path = join(folder, `${seed}-${stopAt}.safetensors`);
  const run = async (signal: AbortSignal, epoch: () => void) =>
    trainJob(job!, sources, path, { signal, progress: () => undefined, epoch });
  try {
    const stop = new AbortController();
    let epochs = 0;
    const first = await run(stop.signal, () => {
      if (++epochs === stopAt) stop.abort();
    });
    return first.record ?? (await run(new AbortController().signal, () => undefined)).record!;
  } finally {
    sources.dispose();
  }
}

const schema = JSON.parse(
  await readFile(new URL("../../results/run-record.schema.json", import.meta.url), "utf8"),
) as object;
const isValid = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** A record that was changed by somebody who computes its hash anew: the field at a path is `value`, or is gone. */
async function rehashed(path: string, value?: unknown): Promise<RunRecord> {
  const copy = structuredClone(without(record, "sha256")) as Record<string, unknown>;
  const places = path.split(".");
  const field = places.pop()!;
  const within = places.reduce((object, place) => object[place] as Record<string, unknown>, copy);
  within[field] = value;
  const rest = JSON.parse(JSON.stringify(copy)) as RunRecord;
  return { ...rest, sha256: await sha256(canonicalJson(rest)) };
}
const inFile = async (one: RunRecord): Promise<string> => {
  const path = join(folder, "changed.json");
  await writeFile(path, canonicalLines(one));
  return path;
};

describe("a run's record", () => {
  it("is by the schema, is written once under a name of its own, and reads back", async () => {
    expect(isValid(record), JSON.stringify(isValid.errors)).toBe(true);
    const path = await writeRecord(record, join(folder, "records"));
    expect(path.endsWith(`plain-8-seed1-${record.sha256.slice(0, 12)}.json`)).toBe(true);
    expect(await writeRecord(record, join(folder, "records"))).toBe(path);
    expect(await readRecord(path)).toEqual(record);
    expect((await readFile(path)).length).toBeLessThan(50_000);
  });

  it("holds what was trained, on what, by what, and what came out", async () => {
    expect(record).toMatchObject({
      name: "plain 8",
      seed: 1,
      steps: 6,
      data: { train: { images: 60 }, test: { images: 30 } },
      sessions: [{ from: 0, to: 6, engine: { backend: "tensorflow" } }],
      protocol: { testMeasured: "once, after the last update" },
    });
    expect(record.data.transforms.map(({ transform }) => transform)).toEqual([
      "downsample",
      "normalise",
      "pad-crop-flip",
    ]);
    expect(record.config.network).not.toHaveProperty("options.seed");
    expect(record.curves.epochs.step).toEqual([3, 6]);
    expect(record.curves.updates.loss).toHaveLength(6);
    expect(correctImages(record).filter(Boolean).length / 30).toBeCloseTo(record.metrics.test.accuracy, 8); // prettier-ignore
    // Its test images were looked at once, all in one batch.
    const batch = { calls: 0 };
    const other = await trained(2, Infinity, ({ test }) => {
      const take = test.batch.bind(test);
      Object.assign(test, { batch: (...given: Parameters<typeof take>) => (batch.calls++, take(...given)) });
    });
    expect(batch.calls).toBe(1);
    expect(recordName(record)).not.toBe(recordName(other));
  });

  it("of a run that was stopped has both sessions, and else the same numbers", async () => {
    const { sessions, ...stopped } = await trained(1, 1);
    expect(sessions.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 6],
    ]);
    const numbers = ({ curves, metrics, testCorrect, checkpoint }: Omit<RunRecord, "sessions">) => ({
      curves,
      metrics,
      testCorrect,
      weights: checkpoint.weights,
    });
    expect(numbers(stopped)).toEqual(numbers(record));
  });
});

describe("SessionLog", () => {
  it("goes on with the sessions of a run that is taken up, and forgets those of one that begins anew", async () => {
    const path = join(folder, "some.sessions.json");
    const session = async (from: number, to: number) => {
      const log = await SessionLog.open(path);
      log.begin(from);
      await log.reached(to);
      return (await SessionLog.open(path)).all.map((one) => [one.from, one.to]);
    };
    expect(await session(0, 5)).toEqual([[0, 5]]);
    expect(await session(4, 9)).toEqual([[0, 5], [4, 9]]); // prettier-ignore
    expect(await session(0, 3)).toEqual([[0, 3]]);
  });
});

describe("readRecord() refuses", () => {
  it("a record in which anything was changed", async () => {
    const path = await inFile({ ...record, seed: 2 });
    await expect(readRecord(path)).rejects.toThrow("it was changed");
  });

  it("a number that does not agree with the others, though the hash was computed anew", async () => {
    const cases: [string, unknown, string][] = [
      ["metrics.test.accuracy", 0.9, "must be the share that testCorrect has"],
      ["metrics.train.accuracy", 0.123, "whole number of 60 images"],
      ["testCorrect", "/////w==", "a bit for each of 30 test images, and no more"],
      ["config.recipe.epochs", 3, "configHash must be"],
      ["curves.epochs.step", [2, 6], "epochs of 3 updates must end at 3, 6; got 2, 6"],
      ["curves.epochs.learningRate", [0.1, 0.01], "the schedule's rate"],
      ["curves.epochs.loss.0", 0.5, "of epochs and of updates must have the same mean"],
      ["curves.updates.loss", [...record.curves.updates.loss].reverse(), "must be that of the losses"],
      ["curves.epochs.test", { loss: [1, 1], accuracy: [1, 1] }, "as the recipe's validation says"],
      [
        "protocol.testMeasured",
        "after each epoch, and after the last update",
        "as the recipe's validation says",
      ],
      ["data.train.images", 50, "must be those of fashion-mnist-sample, 60; got 50"],
      ["steps", 7, "curves must end at update 7"],
      ["curves.epochs.loss", [1], "a number of each kind for each epoch"],
      ["sessions.0.from", 1, "sessions must lead from update 0"],
      ["sessions.0.end", "2020-01-01T00:00:00.000Z", "must end after it starts"],
      ["curves", undefined, "every field of its schema"],
      ["format", 2, "must have format 1"],
    ];
    for (const [path, value, rule] of cases)
      await expect(readRecord(await inFile(await rehashed(path, value)))).rejects.toThrow(rule);
    await expect(readRecord(await inFile(await rehashed("seed", record.seed)))).resolves.toEqual(record);
  });
});

describe("canonicalJson()", () => {
  it("gives one text for a value, whatever the order of its keys, and reads back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: 1, a: [{ d: "ä", c: null }] })).toBe('{"a":[{"c":null,"d":"ä"}],"b":1}');
  });

  it("refuses what JSON would write as something else", () => {
    expect(() => canonicalJson({ a: NaN })).toThrow("finite numbers; got NaN");
    expect(() => canonicalJson([() => 1])).toThrow("plain values; got a function");
  });
});

describe("correctMap()", () => {
  it("keeps every image's bit", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), (correct) => {
        const data = { test: { images: correct.length } };
        expect(correctImages({ testCorrect: correctMap(correct), data })).toEqual(correct);
      }),
    );
  });
});
