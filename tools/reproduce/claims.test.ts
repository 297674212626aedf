// The published files: claims and studies by their schemas, seeds by a power calculation, sweeps that the library takes; and smaller variants.
import { resolve } from "node:path";
import { analysis, nn, runtime, train } from "residual";
import { beforeAll, describe, expect, it } from "vitest";
import { chosenClaims, readClaims, sweepsOf, verdictOf } from "./claims";
import { trainingImages } from "./estimate";
import { scaled } from "./scale";
import { findingVerdicts, readStudy, studyNames } from "./study";

const root = resolve(import.meta.dirname, "..", "..");
const claims = readClaims(root);

beforeAll(async () => {
  await runtime.ready();
});

describe("results/claims.json", () => {
  it("has claims of both papers, each under a name of its own and with a network that the library builds", () => {
    const ids = claims.claims.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(60);
    for (const { rule } of claims.claims) expect(nn.buildArchitecture(rule.network).units.length).toBeGreaterThan(0); // prettier-ignore
  });

  it("plans as many seeds as the margin and the guessed deviation ask for", () => {
    for (const { id, rule } of claims.claims) {
      if (rule.kind !== "equivalent") continue;
      const { deviation, margin } = rule as Required<typeof rule>;
      expect(rule.seeds, id).toBe(Math.max(3, analysis.runsForEquivalence({ deviation, margin })));
    }
  });

  it("has no margin by which ResNet-56's error would reproduce ResNet-32's row", () => {
    const of = (id: string) => claims.claims.find((claim) => claim.id === id)!;
    for (const [one, other] of [
      ["20", "32"],
      ["32", "56"],
      ["56", "110"],
      ["110", "1202"],
    ]) {
      const [a, b] = [of(`resnet-table6-${one!}`), of(`resnet-table6-${other!}`)];
      for (const { rule } of [a, b])
        if (rule.kind === "equivalent") expect(rule.margin!).toBeLessThanOrEqual(Math.abs(a.value - b.value)); // prettier-ignore
    }
  });

  it("gives sweeps that the library takes, one network a claim", async () => {
    const sweeps = sweepsOf(claims, claims.claims);
    const runs = (await Promise.all(sweeps.map((sweep) => train.sweepRuns(sweep)))).flat();
    const runnable = claims.claims.filter(({ rule }) => rule.kind !== "count" && rule.protocol !== null);
    expect(new Set(runs.map(({ name }) => name))).toEqual(new Set(runnable.map(({ id }) => id)));
  });

  it("counts what the architecture decides, and calls nothing reproduced that was not run", () => {
    for (const claim of claims.claims) {
      const { status } = verdictOf(claim, []);
      if (claim.rule.kind !== "count") expect(status, claim.id).toBe("not run");
      else expect(["reproduced", "not reproduced"]).toContain(status);
    }
    expect(verdictOf(claims.claims.find(({ id }) => id === "resnet-table6-parameters-110")!, []).status).toBe("reproduced"); // prettier-ignore
  });
});

describe("chosenClaims()", () => {
  const none = { ids: [], all: false };

  it("takes names, a table, or all", () => {
    expect(chosenClaims(claims, { ...none, ids: ["resnet-table6-20"] })).toHaveLength(1);
    expect(chosenClaims(claims, { ...none, table: "6" })).toHaveLength(12);
    expect(chosenClaims(claims, { ...none, table: "1", paper: "identity" }).every(({ paper }) => paper === "identity")).toBe(true); // prettier-ignore
    expect(chosenClaims(claims, { ...none, all: true })).toHaveLength(claims.claims.length);
  });

  it("refuses what there is not, with the nearest", () => {
    expect(() => chosenClaims(claims, none)).toThrow("either claims must be named");
    expect(() => chosenClaims(claims, { ...none, ids: ["resnet-table6-21"] })).toThrow(/there is no claim resnet-table6-21: is resnet-table6-\d+ meant/); // prettier-ignore
    expect(() => chosenClaims(claims, { ...none, table: "9" })).toThrow("no claim is of table 9");
    expect(() => chosenClaims(claims, { ...none, all: true, paper: "vgg" })).toThrow("resnet or identity");
  });
});

describe("scaled()", () => {
  const [sweep] = sweepsOf(claims, chosenClaims(claims, { ids: ["resnet-table6-110"], all: false })) as [train.Sweep]; // prettier-ignore

  it("makes width, images, epochs and seeds smaller, and keeps the schedule's proportions", async () => {
    const small = scaled(sweep, { width: 0.25, epochs: 2, data: "fashion-mnist-sample", seeds: 2 });
    expect(small.networks[0]).toMatchObject({ options: { depth: 110, widths: [4, 8, 16], inputShape: [28, 28, 1], classes: 10 } }); // prettier-ignore
    expect(small).toMatchObject({ seeds: [1, 2], recipe: { epochs: 2, schedule: { steps: 1, then: { at: [78, 117] } } } }); // prettier-ignore
    expect(small.recipe.steps).toBeUndefined();
    expect(trainingImages(small)).toBe(2 * 78 * 128);
    expect(await train.sweepRuns(small)).toHaveLength(2);
    // No record of it can be taken for one of the claim's.
    const [ours, claimed] = [await train.sweepRuns(small), await train.sweepRuns(sweep)];
    expect(claimed.map(({ configHash }) => configHash)).not.toContain(ours[0]!.configHash);
  });

  it("refuses what is no scale", () => {
    expect(() => scaled(sweep, { width: 0 })).toThrow("--width must be a factor above 0");
    expect(() => scaled(sweep, { epochs: 0.5 })).toThrow("--epochs must be a whole number");
    expect(() => scaled(sweep, { seeds: 1 })).toThrow("--seeds must be a whole number of at least 2");
    expect(() => scaled(sweep, { data: "fashion-mnist-samples" })).toThrow("is fashion-mnist-sample meant?");
  });
});

describe("results/studies", () => {
  it("are by the schema, name networks that they have, and give sweeps that the library takes", async () => {
    for (const name of studyNames(root)) {
      const study = readStudy(root, name);
      const names = (await train.sweepRuns(study.sweep)).map((run) => run.name);
      for (const { network, minus } of study.findings)
        for (const one of [network, minus]) expect(names).toContain(one);
      for (const { status } of findingVerdicts(study, [])) expect(status).toBe("not run");
    }
    expect(() => readStudy(root, "convergd")).toThrow("is converged meant?");
  });
});
