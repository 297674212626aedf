// Weights kept beside records: those that the run ended with, or none.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ready } from "../runtime/index.js";
import { weightsFingerprint } from "../train/identity.js";
import type { RunRecord } from "./record.js";
import { keepWeights, recordedNetwork } from "./recorded-weights.js";
import { sweep, type SweptRun } from "./sweep.js";

let folder: string;
let narrow: SweptRun;
let wide: SweptRun;
const recordOf = (run: SweptRun): RunRecord => run.record!;

beforeAll(async () => {
  await ready();
  folder = await mkdtemp(join(tmpdir(), "residual-weights-"));
  const network = (name: string, width: number) => ({ name, model: "cifarResNet", options: { depth: 8, widths: [width, width, width], inputShape: [14, 14, 1] } }); // prettier-ignore
  const { runs } = await sweep(
    {
      networks: [network("narrow", 2), network("wide", 72)],
      data: { name: "fashion-mnist-sample", perClass: [1, 1], downsample: 2 },
      recipe: { steps: 1, batchSize: 10 },
      seeds: [3],
    },
    { folder, progress: "none" },
  );
  narrow = runs[0]!;
  wide = runs[1]!;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("keepWeights() and recordedNetwork()", () => {
  it("say how the weights are had where none are kept", async () => {
    await expect(recordedNetwork(recordOf(narrow), { folder })).rejects.toThrow(
      /is not there: the weights of narrow, seed 3, are not kept\. npm run replay -- narrow-seed3-\w+\.json --keep/,
    );
  });

  it("say so where no record is given, as for a seed that is not recorded", async () => {
    const none = [] as RunRecord[];
    await expect(recordedNetwork(none[0]!)).rejects.toThrow("has the study so many seeds recorded?");
  });

  it("keep what the run ended with, without the optimizer's memory", async () => {
    const path = await keepWeights(recordOf(narrow), narrow.checkpoint, { folder });
    expect((await stat(path!)).size).toBeLessThan((await stat(narrow.checkpoint)).size * 0.7);
    const network = await recordedNetwork(recordOf(narrow), { folder });
    expect(await weightsFingerprint(network.variables())).toBe(recordOf(narrow).checkpoint.weights);
    network.dispose();
    // A second time changes nothing, whatever lies at the checkpoint's place.
    expect(await keepWeights(recordOf(narrow), "nowhere", { folder })).toBe(path);
  });

  it("refuse weights that the run did not end with, kept or to be kept", async () => {
    const other: RunRecord = { ...recordOf(narrow), name: "other", checkpoint: { ...recordOf(narrow).checkpoint, weights: "0" } }; // prettier-ignore
    await expect(keepWeights(other, narrow.checkpoint, { folder })).rejects.toThrow("must hold the weights that other, seed 3, ended with"); // prettier-ignore
    const path = (await keepWeights(recordOf(narrow), narrow.checkpoint, { folder }))!;
    const bytes = await readFile(path);
    bytes[bytes.length - 2]! ^= 1;
    await writeFile(path, bytes);
    await expect(recordedNetwork(recordOf(narrow), { folder })).rejects.toThrow("must hold the weights that narrow, seed 3"); // prettier-ignore
    await expect(keepWeights(recordOf(wide), narrow.checkpoint, { folder })).rejects.toThrow("made by another model"); // prettier-ignore
  });

  it("keep none over a megabyte, and none of a network that no record can build", async () => {
    expect(await keepWeights(recordOf(wide), wide.checkpoint, { folder })).toBeUndefined();
    const { config } = recordOf(narrow);
    const network = { module: "own.ts", sha256: "0", export: "network", options: {} };
    const own: RunRecord = { ...recordOf(narrow), name: "own", config: { ...config, network } };
    expect(await keepWeights(own, narrow.checkpoint, { folder })).toBeUndefined();
    await writeFile(
      join(folder, "records", "weights", `own-seed3-${own.sha256.slice(0, 12)}.safetensors`),
      "",
    );
    await expect(recordedNetwork(own, { folder })).rejects.toThrow(RangeError);
  });
});
