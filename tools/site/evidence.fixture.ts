// Evidence as it might be: a study of three networks, of which two are recorded with two seeds. The records are copies of one that was made.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { train } from "residual";
import { readClaims, verdictOf } from "../reproduce/claims";
import { findingVerdicts, type Study } from "../reproduce/study";
import type { Evidence } from "./evidence";

const tools = join(import.meta.dirname, "..");
const fixture = JSON.parse(
  readFileSync(join(tools, "records", "record.fixture.json"), "utf8"),
) as train.RunRecord;

/** A record with an accuracy that is lower by so much. */
function copy(name: string, seed: number, less: number): train.RunRecord {
  const { train: ofTrain, test } = fixture.metrics;
  const metrics = { train: { ...ofTrain, accuracy: ofTrain.accuracy - less }, test: { ...test, accuracy: test.accuracy - less } }; // prettier-ignore
  return { ...fixture, name, seed, metrics };
}

export function evidenceFixture(): Evidence {
  const { network, data, recipe } = fixture.config as {
    network: train.SweptSpec;
  } & train.RunRecord["config"];
  const names = ["narrow", "wide", "a network that nobody has trained"];
  const study: Study = {
    title: "A study of two networks & one more, with a title that a narrow page has to break into several lines",
    question: "Is narrow worse?",
    differs: "It was made up for a test, so it says nothing of anything.",
    sweep: { networks: names.map((name) => ({ name, ...network })), data, recipe, seeds: [1, 2] },
    findings: [
      { id: "worse", statement: "Narrow is worse.", measure: "training error", network: "narrow", minus: "wide", above: 0 },
      { id: "much-worse", statement: "Narrow is much worse.", measure: "test error", network: "narrow", minus: "wide", above: 5 },
      { id: "open", statement: "Nobody knows.", measure: "test error", network: "narrow", minus: names[2]!, above: 0 },
    ],
  }; // prettier-ignore
  const records = [
    copy("narrow", 1, 0),
    copy("narrow", 2, 0.0001),
    copy("wide", 1, -0.02),
    copy("wide", 2, -0.02),
  ];
  const runs = names.flatMap((name) =>
    study.sweep.seeds.map((seed) => {
      const record = records.find((one) => one.name === name && one.seed === seed);
      return { name, seed, checkpoint: "", configHash: fixture.configHash, ...(record && { record }) };
    }),
  );
  const claims = readClaims(join(tools, ".."));
  // One that is counted, one that nobody can run here, and one that is not run.
  const ids = ["resnet-table1-flops-18", "resnet-table2-plain-18", "resnet-table6-20"];
  const claimStatuses = claims.claims.flatMap((claim) => {
    if (!ids.includes(claim.id)) return [];
    const seeds = claim.rule.kind === "count" ? [] : Array.from({ length: claim.rule.seeds }, (_, seed) => seed + 1); // prettier-ignore
    const planned = seeds.map((seed) => ({ name: claim.id, seed, checkpoint: "", configHash: "" }));
    return { claim, verdict: verdictOf(claim, planned), runs: planned, records: [] };
  });
  const status = { name: "toy", study, findings: findingVerdicts(study, runs), runs };
  return { claims, claimStatuses, studies: [status], records };
}
