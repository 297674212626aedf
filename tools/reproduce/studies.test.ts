// Each kind of study trains: recipes of a network's own, networks of a file, images that are not shipped. A few updates of narrow networks, by the same data.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runtime, type train } from "residual";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobsOf } from "../../lib/sweep/description";
import { loadSources, trainJob } from "../../lib/sweep/one-run";
import { recordFault } from "../../lib/sweep/record";
import { validator } from "../records/store";
import { trainingImages } from "./estimate";
import { readStudy, requireImages } from "./study";

const root = resolve(import.meta.dirname, "..", "..");
const seeds = [1];
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "residual-studies-"));
  await runtime.ready();
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** A recipe of three updates of ten images: a warm-up of one, and else what it is. */
function short(recipe: train.SweepRecipe): train.SweepRecipe {
  const { epochs, steps, batchSize, ...rest } = recipe;
  const schedule = recipe.schedule as { readonly schedule: string } | undefined;
  return {
    ...rest,
    ...((epochs !== undefined || steps !== undefined) && { steps: 3 }),
    ...(batchSize !== undefined && { batchSize: 10 }),
    ...(schedule?.schedule === "warm-up" && { schedule: { ...schedule, steps: 1 } }),
  };
}

/** The study with eight layers of one or two channels, or one unit a stage, on some images of the sample; of networks that differ in their depth alone, one. */
function small({ sweep }: { readonly sweep: train.Sweep }): train.Sweep {
  const smallest = (options: object = {}) =>
    "unitsPerStage" in options
      ? { unitsPerStage: 1 }
      : { depth: 8, widths: [1, 1, 2], inputShape: [14, 14, 1], classes: 10 };
  const networks = sweep.networks.map((network) => ({
    ...network,
    options: { ...network.options, ...smallest(network.options) },
    ...(network.recipe && { recipe: short(network.recipe) }),
  }));
  return {
    networks: [
      ...new Map(networks.map((network) => [JSON.stringify({ ...network, name: "" }), network])).values(),
    ],
    data: { ...sweep.data, name: "fashion-mnist-sample", perClass: [3, 1], downsample: 2 },
    recipe: short(sweep.recipe),
    seeds,
  };
}

async function trained(name: string): Promise<readonly train.RunRecord[]> {
  const sweep = small(readStudy(root, name));
  const sources = await loadSources(sweep.data);
  const signal = new AbortController().signal;
  const records: train.RunRecord[] = [];
  try {
    for (const [i, job] of (await jobsOf(sweep, String)).entries()) {
      const path = join(scratch, `${name}-${i}.safetensors`);
      const { record } = await trainJob(job, sources, path, { signal, progress: () => undefined, epoch: () => undefined }); // prettier-ignore
      records.push(record!);
    }
  } finally {
    sources.dispose();
  }
  return records;
}

describe("results/studies", () => {
  it.each([
    ["gentle-start", 3],
    ["zero-start", 2],
    ["first-steps-without-norm", 7],
    ["adaptive-clipping", 7],
    ["cifar-10-jpeg", 2],
  ])("%s trains, and its records are by the schema", async (name, networks) => {
    const isValid = validator(root, "run-record");
    const records = await trained(name);
    for (const record of records) {
      expect(isValid(record), JSON.stringify(isValid.errors)).toBe(true);
      expect(await recordFault(record)).toBeUndefined();
    }
    expect(new Set(records.map(({ configHash }) => configHash)).size).toBe(networks);
  });

  it("of a gentle start has as many updates at each of the schedule's rates, and says so in its records", async () => {
    const { sweep } = readStudy(root, "gentle-start");
    const [plain, warmUp, clipped] = ["plain-56", "plain-56-warm-up", "plain-56-clipped"].map((name) => sweep.networks.find((network) => network.name === name)!); // prettier-ignore
    const [usual, longer] = [plain!, warmUp!].map((network) => trainingImages(sweep, network));
    expect(longer! - usual!).toBe(400 * 128);
    const jobs = await jobsOf({ ...sweep, networks: [plain!, warmUp!, clipped!], seeds }, String);
    const at = (description: unknown) => (description as { readonly at: readonly number[] }).at;
    const then = (jobs[1]!.recipe.schedule as { readonly then: unknown }).then;
    expect(at(then)).toEqual(at(jobs[0]!.recipe.schedule).map((update) => update + 400));
    expect(jobs[1]!.recipe).toMatchObject({ steps: 5080, batchSize: 128 });
    expect(jobs[1]!.recipe).not.toHaveProperty("epochs");
    expect(jobs[2]!.recipe).toEqual({ ...jobs[0]!.recipe, clipNorm: 1 });
  });

  it("with images of its own refuses others", async () => {
    const study = readStudy(root, "cifar-10-jpeg");
    const other = { ...study, sweep: { ...study.sweep, data: { ...study.sweep.data, name: "fashion-mnist-sample" as const } } }; // prettier-ignore
    await expect(requireImages(other)).rejects.toThrow("the study is of cifar-10 (JPEG copy), whose train images have the fingerprint"); // prettier-ignore
  });
});

describe("a network's own recipe", () => {
  const base = { ...small(readStudy(root, "gentle-start")) };
  const [first] = base.networks as [train.SweptSpec];

  it.each([
    [{ clipNorm: 0 }, "sweep: networks[0].recipe.clipNorm must be a finite number above 0; got 0"],
    [{ adaptiveClip: -1 }, "sweep: networks[0].recipe.adaptiveClip must be a finite number above 0; got -1"],
    [{ clip: 1 }, "sweep: networks[0].recipe"],
    [{ epochs: 1, steps: 1 }, "sweep: networks[0].recipe needs either epochs or steps; got both"],
  ])("is checked as the sweep's is: %o", async (recipe, message) => {
    await expect(jobsOf({ ...base, networks: [{ ...first, recipe: recipe as train.SweepRecipe }] }, String)).rejects.toThrow(message); // prettier-ignore
  });
});
