// Whether records are evidence for what is asked of them: of this repository's code and images, planned, and with the question fixed before the runs.
import { data, train } from "residual";
import { canonicalJson } from "../../lib/files/canonical-json";
import { fingerprint } from "../../lib/files/fingerprint";
import type { Claim, Claims } from "../reproduce/claims";
import { statusOf, type ClaimStatus, type StudyStatus } from "../reproduce/status";
import type { Study } from "../reproduce/study";
import { compareRuns } from "./compare";
import { historyGap, isInHistory, textAt } from "./history";
import { readRecords } from "./store";

type Record = train.RunRecord;

/**
 * What speaks against the records of a repository, a sentence each; `readRecords` has looked at each by itself before. What needs git's history is
 * left out where that tells nothing (`historyGap`).
 */
export async function evidenceFaults(root: string): Promise<readonly string[]> {
  const records = (await readRecords(root)).map(({ record }) => record);
  if (records.length === 0) return [];
  const { claims, studies } = await statusOf(root, "runs");
  return [
    ...unplanned(records, claims, studies),
    ...contradictions(records),
    ...(await otherImages(records)),
    ...otherThanNamed(studies),
    ...(historyGap(root) === undefined
      ? [
          ...otherCode(root, records),
          ...movedClaims(root, claims),
          ...movedFindings(root, studies),
          ...droppedFindings(root, studies),
        ]
      : []),
  ];
}

/** Runs that nobody asks for, or under a name that is not theirs: a study that is changed afterwards would hide its runs so. */
function unplanned(
  records: readonly Record[],
  claims: readonly ClaimStatus[],
  studies: readonly StudyStatus[],
): string[] {
  const key = ({ name, configHash, seed }: Pick<Record, "name" | "configHash" | "seed">) =>
    `${name} ${configHash} ${seed}`;
  const planned = new Set([...claims, ...studies].flatMap(({ runs }) => runs.map(key)));
  return records
    .filter((record) => !planned.has(key(record)))
    .map(
      (record) =>
        `${train.recordName(record)}: no claim and no study has a run of this name, configuration and seed; a study is not changed after its runs, a new question is a new study`,
    );
}

/** Records with equal keys together. */
function groups(records: readonly Record[], keyOf: (record: Record) => string): readonly Record[][] {
  const found = new Map<string, Record[]>();
  for (const record of records) found.set(keyOf(record), [...(found.get(keyOf(record)) ?? []), record]);
  return [...found.values()];
}

/** Two records of one run that should have the same bits and do not. */
function contradictions(records: readonly Record[]): string[] {
  const runs = groups(records, ({ configHash, seed }) => `${configHash} ${seed}`);
  return runs.flatMap(([first, ...others]) =>
    others.flatMap((other) => {
      const { outcome, because } = compareRuns(first!, other, []);
      if (outcome !== "different") return [];
      return `${train.recordName(first!)} and ${train.recordName(other)} are records of one run and contradict each other: ${because}`;
    }),
  );
}

/** Records that name the same images and saw others; the sample's are held to the files in the repository. */
async function otherImages(records: readonly Record[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [first, ...others] of groups(records, ({ config }) => canonicalJson(config.data))) {
    for (const other of others) {
      if (canonicalJson(other.data) !== canonicalJson(first!.data))
        faults.push(`${train.recordName(other)} names the same images as ${train.recordName(first!)} and saw other ones: compare their data`); // prettier-ignore
    }
    const { name, perClass } = first!.config.data;
    if (name !== "fashion-mnist-sample") continue;
    for (const [i, split] of (["train", "test"] as const).entries()) {
      const { images, labels } = await data.load(name, {
        split,
        ...(perClass && { perClass: perClass[i]! }),
      });
      if ((await fingerprint([images, labels])) !== first!.data[split].fingerprint)
        faults.push(`${train.recordName(first!)}: its ${split} images are not those of datasets/${name}`);
    }
  }
  return faults;
}

/** A study's runs on other images than those that it names by their fingerprints. */
function otherThanNamed(studies: readonly StudyStatus[]): string[] {
  return studies.flatMap(({ name, study: { images }, runs }) =>
    runs.flatMap(({ record }) => {
      if (!images || !record) return [];
      const isNamed = (["train", "test"] as const).every(
        (split) => record.data[split].fingerprint === images[split],
      );
      return isNamed
        ? []
        : `${train.recordName(record)}: its images are not those that the study ${name} names`;
    }),
  );
}

/** Runs of code that nobody can look up: another history's, or with changes that were not committed. */
function otherCode(root: string, records: readonly Record[]): string[] {
  return records.flatMap((record) => {
    const name = train.recordName(record);
    const faults = record.sessions.flatMap(({ code: { commit, dirty } }) => {
      if (commit === null || !isInHistory(root, commit))
        return `${name}: it must be trained by a commit of this repository's history; got ${commit ?? "none"}`;
      if (dirty !== false)
        return `${name}: it must be trained by code that is committed; at ${commit.slice(0, 9)} the library's folder differed, or nobody knows`;
      return [];
    });
    return [...new Set(faults)];
  });
}

/** What a claim's runs are judged by. */
const termsOf = ({ value, spread, of, rule }: Claim): string => canonicalJson({ value, spread, of, rule });

/** Claims whose rule was another one when their runs were made. */
function movedClaims(root: string, claims: readonly ClaimStatus[]): string[] {
  return claims.flatMap(({ claim, records }) => {
    const terms = termsOf(claim);
    const early = records.find((record) => {
      const then = jsonAt(root, record, "results/claims.json") as Claims | undefined;
      const same = then?.claims.find(({ id }) => id === claim.id);
      return same === undefined || termsOf(same) !== terms;
    });
    if (!early) return [];
    return `claim ${claim.id}: its value and rule must be fixed before its runs; at the commit of ${train.recordName(early)} results/claims.json had others, or none`;
  });
}

/**
 * Findings that were written or changed when both networks' runs were there already. One network's may be older, as in a study that takes over
 * another's baseline, because the difference is known only with the other's.
 */
function movedFindings(root: string, studies: readonly StudyStatus[]): string[] {
  return studies.flatMap(({ name, study, runs }) => {
    const file = `results/studies/${name}.json`;
    return study.findings.flatMap((finding) => {
      const asked = canonicalJson([study.question, study.sweep.seeds, finding]);
      const isAskedAt = (record: Record) => {
        const then = jsonAt(root, record, file) as Study | undefined;
        const same = then?.findings.find(({ id }) => id === finding.id);
        return same !== undefined && canonicalJson([then!.question, then!.sweep.seeds, same]) === asked;
      };
      const recordsOf = (network: string) =>
        runs.flatMap((run) => (run.name === network && run.record ? run.record : []));
      const sides = [recordsOf(finding.network), recordsOf(finding.minus)];
      if (sides.some((side) => side.length === 0) || sides.some((side) => side.every(isAskedAt))) return [];
      return `study ${name}, ${finding.id}: question, seeds and finding must be fixed before the runs that decide it; at commits of ${finding.network}'s and of ${finding.minus}'s records ${file} had others, or none`;
    });
  });
}

/** Findings that were asked when both networks' runs were made, and are gone: nobody would see what came out. */
function droppedFindings(root: string, studies: readonly StudyStatus[]): string[] {
  return studies.flatMap(({ name, study, runs }) => {
    const file = `results/studies/${name}.json`;
    const kept = new Set(study.findings.map(({ id }) => id));
    const ran = new Map<string, Set<string>>();
    for (const { record, name: network } of runs) {
      const then = record && (jsonAt(root, record, file) as Study | undefined);
      for (const { id, network: more, minus } of then?.findings ?? [])
        if (!kept.has(id) && [more, minus].includes(network))
          ran.set(id, (ran.get(id) ?? new Set()).add(network));
    }
    const dropped = [...ran].filter(([, networks]) => networks.size === 2).map(([id]) => id);
    return dropped.map(
      (id) => `study ${name}: it asked ${id} when its runs were made, and must go on asking it`,
    );
  });
}

/** A JSON file of the repository as it was at the commit that a record's run began with; undefined where there was none. */
function jsonAt(root: string, { sessions }: Record, path: string): unknown {
  const { commit } = sessions[0]!.code;
  const text = commit === null ? undefined : textAt(root, commit, path);
  return text === undefined ? undefined : JSON.parse(text);
}
