// How all claims and studies stand by the records: computed anew whenever it is asked for, because a verdict that is written down may be out of date.
import type { train } from "residual";
import { readRecords, RecordIndex } from "../records/store";
import { readClaims, sweepsOf, verdictOf, type Claim } from "./claims";
import { findingVerdicts, readStudy, studyNames, type FindingVerdict, type Study } from "./study";
import { standingOf, type Standing } from "./train-recorded";
import type { Verdict } from "./verdict";

/** A claim with its verdict and the records that it rests on. */
export interface ClaimStatus {
  readonly claim: Claim;
  readonly verdict: Verdict;
  readonly runs: Standing["runs"];
  readonly records: readonly train.RunRecord[];
}

/** A study with its findings' verdicts and its runs. */
export interface StudyStatus {
  readonly name: string;
  readonly study: Study;
  readonly findings: readonly FindingVerdict[];
  readonly runs: Standing["runs"];
}

/** All of them. `folder` is the checkpoints', which decides nothing. */
export async function statusOf(
  root: string,
  folder: string,
): Promise<{ readonly claims: readonly ClaimStatus[]; readonly studies: readonly StudyStatus[] }> {
  const claims = readClaims(root);
  const sweeps = sweepsOf(claims, claims.claims);
  const index = new RecordIndex(await readRecords(root));
  const standings = await Promise.all(sweeps.map((sweep) => standingOf({ sweep, root, folder }, index)));
  const all = standings.flatMap(({ runs }) => runs);
  const studies = studyNames(root).map(async (name) => {
    const study = readStudy(root, name);
    const { runs } = await standingOf({ sweep: study.sweep, root, folder }, index);
    return { name, study, findings: findingVerdicts(study, runs), runs };
  });
  return {
    claims: claims.claims.map((claim) => {
      const runs = all.filter(({ name }) => name === claim.id);
      return {
        claim,
        runs,
        verdict: verdictOf(claim, runs),
        records: runs.flatMap(({ record }) => record ?? []),
      };
    }),
    studies: await Promise.all(studies),
  };
}
