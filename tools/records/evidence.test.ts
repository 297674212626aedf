// What somebody would do who wants records to say something else: each of it is a sentence in a repository made for the purpose.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { train } from "residual";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canonicalJson, canonicalLines } from "../../lib/files/canonical-json";
import { without } from "../../lib/without";
import type { Study } from "../reproduce/study";
import { evidenceFaults } from "./evidence";

const course = resolve(import.meta.dirname, "..", "..");
const fixture = JSON.parse(readFileSync(join(import.meta.dirname, "record.fixture.json"), "utf8")) as train.RunRecord; // prettier-ignore
let root: string;
let study: Study;
let claims: { protocols: Record<string, object>; claims: { id: string; rule: { protocol: string; network: object; margin: number } }[] }; // prettier-ignore

const git = (...words: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...words], { cwd: root, encoding: "utf8" }); // prettier-ignore
const commit = () => {
  git("add", "-A");
  git("commit", "--quiet", "--allow-empty", "-m", "x");
  return git("rev-parse", "HEAD").trim();
};
const studyFile = () => join(root, "results", "studies", "toy.json");
const claimsFile = () => join(root, "results", "claims.json");
const runs = () => join(root, "results", "records", "runs");
const writeStudy = (change: object = {}) => {
  writeFileSync(studyFile(), JSON.stringify({ ...study, ...change }));
};

/** Writes the record of a run that nobody made: it was trained at a commit, by its file. */
function record(network: string, seed: number, at: string, change: object = {}): train.RunRecord {
  const swept = study.sweep.networks.find(({ name }) => name === network)! as train.SweptSpec;
  const config = { ...fixture.config, network: without(swept, "name") };
  const [session] = fixture.sessions;
  const rest = {
    ...without(fixture, "sha256"),
    name: network,
    config,
    configHash: hashOf(config),
    seed,
    sessions: [{ ...session!, to: fixture.steps, code: { ...session!.code, commit: at, dirty: false } }],
    ...change,
  };
  const made = { ...rest, sha256: hashOf(rest) };
  writeFileSync(join(runs(), train.recordName(made)), canonicalLines(made));
  return made;
}
const hashOf = (value: object) => createHash("sha256").update(canonicalJson(value)).digest("hex");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-evidence-"));
  mkdirSync(runs(), { recursive: true });
  mkdirSync(join(root, "results", "studies"));
  for (const file of readdirSync(join(course, "results")).filter((name) => name.endsWith(".json")))
    cpSync(join(course, "results", file), join(root, "results", file));
  // One claim, so that each test does not look up the runs of all.
  claims = JSON.parse(readFileSync(claimsFile(), "utf8")) as typeof claims;
  claims.claims = claims.claims.filter(({ id }) => id === "resnet-table6-20");
  writeFileSync(claimsFile(), JSON.stringify(claims));
  const { data, recipe, network } = fixture.config;
  const [narrow, wide] = [[4, 8, 16], [4, 8, 17]].map((widths, i) => ({
    name: ["narrow", "wide"][i]!,
    ...(network as train.SweptSpec),
    options: { ...(network as train.SweptSpec).options, widths },
  })); // prettier-ignore
  study = {
    title: "A toy",
    question: "Does a channel help?",
    differs: "In everything.",
    sweep: { networks: [narrow!, wide!], data, recipe, seeds: [1, 2] },
    findings: [{ id: "wide-helps", statement: "It does.", measure: "test error", network: "narrow", minus: "wide", above: 0 }],
  }; // prettier-ignore
  git("init", "--quiet");
  writeStudy();
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("evidenceFaults()", () => {
  it("finds nothing in runs of a question that was asked before, made by committed code", async () => {
    const asked = commit();
    for (const network of ["narrow", "wide"]) for (const seed of [1, 2]) record(network, seed, asked);
    commit();
    expect(await evidenceFaults(root)).toEqual([]);
  });

  it("names records of other code: another history's, or with changes that were not committed", async () => {
    const asked = commit();
    record("narrow", 1, "0123456789".repeat(4));
    record("narrow", 2, asked, { sessions: fixture.sessions.map((one) => ({ ...one, code: { ...one.code, commit: asked, dirty: true } })) }); // prettier-ignore
    expect(await evidenceFaults(root)).toEqual([
      expect.stringContaining("must be trained by a commit of this repository's history; got 0123456789"),
      expect.stringContaining("must be trained by code that is committed"),
    ]);
  });

  it("names a record that is there twice with other numbers, and lets equal ones be", async () => {
    const asked = commit();
    const { metrics } = record("narrow", 1, asked);
    record("narrow", 1, asked, { trainingSeconds: 1 });
    expect(await evidenceFaults(root)).toEqual([]);
    record("narrow", 1, asked, { metrics: { ...metrics, train: { ...metrics.train, accuracy: 0.9 } } });
    expect((await evidenceFaults(root))[0]).toMatch(/^narrow-seed1.* and narrow-seed1.* are records of one run and contradict each other/); // prettier-ignore
  });

  it("names runs that saw other images than they say", async () => {
    const asked = commit();
    record("narrow", 1, asked);
    const data = { ...fixture.data, test: fixture.data.train };
    const seen = { ...data, test: { ...data.test, images: 2000 } };
    record("wide", 1, asked, { data: seen });
    const faults = await evidenceFaults(root);
    expect(faults[0]).toMatch(/^wide-seed1.* names the same images as narrow-seed1.* and saw other ones/);
    rmSync(runs(), { recursive: true });
    mkdirSync(runs());
    record("wide", 1, asked, { data: seen });
    expect((await evidenceFaults(root))[0]).toContain("its test images are not those of datasets/fashion-mnist-sample"); // prettier-ignore
    const { train: trained, test } = seen;
    writeStudy({ images: { train: trained.fingerprint, test: test.fingerprint } });
    expect(await evidenceFaults(root)).toHaveLength(1);
    writeStudy({ images: { train: trained.fingerprint, test: fixture.data.test.fingerprint } });
    expect(await evidenceFaults(root)).toContainEqual(
      expect.stringContaining("not those that the study toy names"),
    );
  });

  it("names a study in which anything of the question was changed after its runs", async () => {
    const asked = commit();
    for (const network of ["narrow", "wide"]) for (const seed of [1, 2]) record(network, seed, asked);
    const [finding] = study.findings as [Study["findings"][number]];
    for (const change of [
      { findings: [{ ...finding, above: -1 }] },
      { findings: [{ ...finding, network: "wide", minus: "narrow" }] },
      { findings: [finding, { ...finding, id: "more" }] },
      { sweep: { ...study.sweep, seeds: [1, 2, 3] } },
      { question: "Does a channel harm?" },
    ]) {
      writeStudy(change);
      expect((await evidenceFaults(root))[0], JSON.stringify(change)).toMatch(/^study toy, .*must be fixed before the runs that decide it/); // prettier-ignore
    }
  });

  it("names a study that no longer asks what it asked when its runs were made", async () => {
    const [finding] = study.findings as [Study["findings"][number]];
    writeStudy({ findings: [finding, { ...finding, id: "unwelcome" }] });
    const asked = commit();
    for (const seed of [1, 2]) record("narrow", seed, asked);
    writeStudy();
    expect(await evidenceFaults(root)).toEqual([]);
    for (const seed of [1, 2]) record("wide", seed, asked);
    expect(await evidenceFaults(root)).toEqual(["study toy: it asked unwelcome when its runs were made, and must go on asking it"]); // prettier-ignore
  });

  it("names a study that was written when all its runs were there, and takes one whose other network came later", async () => {
    rmSync(studyFile());
    const before = commit();
    for (const seed of [1, 2]) record("narrow", seed, before);
    writeStudy();
    const asked = commit();
    for (const seed of [1, 2]) record("wide", seed, asked);
    expect(await evidenceFaults(root)).toEqual([]);
    rmSync(runs(), { recursive: true });
    mkdirSync(runs());
    for (const network of ["narrow", "wide"]) for (const seed of [1, 2]) record(network, seed, before);
    expect(await evidenceFaults(root)).toHaveLength(1);
  });

  it("names runs that a changed study no longer has, and runs under another's name", async () => {
    const asked = commit();
    record("narrow", 1, asked);
    record("wide", 1, asked, { name: "wider" });
    writeStudy({ sweep: { ...study.sweep, seeds: [2, 3] } });
    expect(await evidenceFaults(root)).toEqual(
      ["narrow-seed1", "wider-seed1"].map((name): unknown => expect.stringMatching(new RegExp(`^${name}.*: no claim and no study has a run`))), // prettier-ignore
    );
  });

  it("names a claim whose margin was changed after its runs", async () => {
    const [claim] = claims.claims as [(typeof claims.claims)[number]];
    // A claim of the sample in the repository, so that the fixture can be its run.
    claims.protocols[claim.rule.protocol] = { ...claims.protocols[claim.rule.protocol], data: fixture.config.data, recipe: fixture.config.recipe }; // prettier-ignore
    claim.rule.network = fixture.config.network;
    writeFileSync(claimsFile(), JSON.stringify(claims));
    const asked = commit();
    study = { ...study, sweep: { ...study.sweep, networks: [{ name: claim.id, ...(claim.rule.network as train.SweptSpec) }] } }; // prettier-ignore
    record(claim.id, 1, asked);
    expect(await evidenceFaults(root)).toEqual([]);
    claim.rule.margin *= 2;
    writeFileSync(claimsFile(), JSON.stringify(claims));
    expect(await evidenceFaults(root)).toEqual([expect.stringMatching(/^claim resnet-table6-20: its value and rule must be fixed before its runs/)]); // prettier-ignore
  });
});
