// In which order missing runs are trained: whatever ends it early leaves whole seeds.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { rounds, trainMissing } from "./train-recorded";

describe("rounds()", () => {
  // Three networks with four seeds: place 4 n + s is network n with seed s.
  const seedOf = (place: number) => (place % 4) + 1;
  const all = Array.from({ length: 12 }, (_, place) => place);

  it("takes the first seeds of all networks first, as many seeds as keep the cores busy", () => {
    expect(rounds(all, seedOf, 3)).toEqual([[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]); // prettier-ignore
    expect(rounds(all, seedOf, 4)).toEqual([[0, 4, 8, 1, 5, 9], [2, 6, 10, 3, 7, 11]]); // prettier-ignore
  });

  it("takes each place once, also where some are through", () => {
    expect(rounds([1, 4, 11], seedOf, 2)).toEqual([[4, 1], [11]]);
    expect(rounds([], seedOf, 2)).toEqual([]);
  });
});

describe("trainMissing()", () => {
  it("records the later seeds too where an earlier one fails, and names every run that failed at the end", async () => {
    const scratch = mkdtempSync(join(tmpdir(), "residual-failing-"));
    const module = join(scratch, "failing.cjs");
    writeFileSync(module, 'exports.network = () => { throw new Error("no such network"); };');
    const options = { depth: 8, widths: [1, 1, 1], inputShape: [14, 14, 1] };
    // One seed more than the first round takes.
    const seeds = Array.from({ length: availableParallelism() + 1 }, (_, i) => i + 1);
    const sweep = {
      networks: [
        { name: "failing", module },
        { name: "sound", model: "cifarResNet", options },
      ],
      data: { name: "fashion-mnist-sample", perClass: [1, 1], downsample: 2 },
      recipe: { steps: 1, batchSize: 10 },
      seeds,
    } as const;
    const records = join(scratch, "records");
    const what = { sweep, root: resolve(import.meta.dirname, "..", ".."), folder: join(scratch, "runs"), records }; // prettier-ignore
    try {
      const failing = trainMissing(what, { signal: new AbortController().signal, progress: "none" });
      await expect(failing).rejects.toMatchObject({
        name: "SweepFailed",
        failed: seeds.map((seed) => ({ name: "failing", seed })),
      });
      expect(readdirSync(records).map((file) => file.split("-").slice(0, 2).join())).toEqual(seeds.map((seed) => `sound,seed${seed}`)); // prettier-ignore
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
