// The page of evidence: each claim and study with its verdict, records, curves and spread, and what is not run with what that would cost.
import { plot, train } from "residual";
import { highest } from "../../lib/numeric";
import { conditionsOf } from "../../lib/sweep/record-conditions";
import { median } from "../bench/statistics";
import { formatSeconds } from "../notebooks/duration";
import { readRecords } from "../records/store";
import { readClaims, sweepsOf, type Claims } from "../reproduce/claims";
import { multiplyAdds, trainingImages } from "../reproduce/estimate";
import { statusOf, type ClaimStatus, type StudyStatus } from "../reproduce/status";
import { measureOf, type Status } from "../reproduce/verdict";
import { escapeHtml } from "./prepare";

/** What the page is made of: all of it from `results/`. */
export interface Evidence {
  readonly claims: Claims;
  readonly claimStatuses: readonly ClaimStatus[];
  readonly studies: readonly StudyStatus[];
  readonly records: readonly train.RunRecord[];
}

/** Reads claims, studies and records, and judges them anew. */
export async function readEvidence(root: string): Promise<Evidence> {
  const { claims, studies } = await statusOf(root, "runs");
  const records = (await readRecords(root)).map(({ record }) => record);
  return { claims: readClaims(root), claimStatuses: claims, studies, records };
}

/** The files that the page links to, by their paths in the repository. */
export const linkedFiles = ({ studies, records }: Evidence): readonly string[] => [
  "results/README.md",
  "results/claims.json",
  ...studies.map(({ name }) => `results/studies/${name}.json`),
  ...records.map((record) => `results/records/runs/${train.recordName(record)}`),
];

const paperNames = {
  resnet: "Deep Residual Learning for Image Recognition (He et al. 2015)",
  identity: "Identity Mappings in Deep Residual Networks (He et al. 2016)",
} as const;
const statuses: readonly Status[] = ["reproduced", "within noise", "not reproduced", "not run"];

/** The page's text, without the shell. `linked` says where on the site a file of the repository lies. */
export function evidencePage(evidence: Evidence, linked: (path: string) => string): string {
  const { claims, claimStatuses, studies, records } = evidence;
  const seconds = secondsPerMultiplyAdd(records);
  const counts = statuses.map((status) => `${claimStatuses.filter(({ verdict }) => verdict.status === status).length} ${status}`); // prettier-ignore
  const papers = (["resnet", "identity"] as const).map((paper) => {
    const own = claimStatuses.filter(({ claim }) => claim.paper === paper);
    const parts = statuses.map((status) => {
      const some = own.filter(({ verdict }) => verdict.status === status);
      return some.length === 0 ? "" : `<h3>${mark(status)} ${some.length} ${some.length === 1 ? "claim" : "claims"}</h3>\n${some.map((one) => claimHtml(one, costOfClaim(claims, one, seconds), linked)).join("\n")}`; // prettier-ignore
    });
    return `<h2>${escapeHtml(paperNames[paper])}</h2>\n${parts.join("\n")}`;
  });
  return `<div class="evidence">
<h1>Evidence</h1>
<p>What the two papers claim in numbers, what was run here, and what follows from it by rules that were fixed before the runs. Every verdict on this page is
computed from <a href="${linked("results/claims.json")}">the claims</a> and the records of runs; <a href="${linked("results/README.md")}">how</a>.</p>
<p>${claimStatuses.length} claims: ${counts.join(", ")}. ${records.length} ${records.length === 1 ? "run is" : "runs are"} recorded. ${costBasis(seconds, records)}</p>
<h2>Studies of our own, at the course's size</h2>
${studies.map((one) => studyHtml(one, seconds, linked)).join("\n")}
${papers.join("\n")}
</div>
`;
}

const mark = (status: Status): string =>
  `<span class="status ${status.replaceAll(" ", "-")}">${status}</span>`;

function studyHtml(
  { name, study, findings, runs }: StudyStatus,
  seconds: number | undefined,
  linked: (path: string) => string,
): string {
  const records = runs.flatMap(({ record }) => record ?? []);
  const missing = runs.flatMap(({ record, name: network }) => (record ? [] : [workOf(study.sweep, network)]));
  const rows = findings.map(({ statement, status, because, overImages }) => {
    const images =
      overImages === undefined ? "" : `; over other test images its deviation is ${overImages.toFixed(2)}`;
    return `<li>${mark(status)} ${escapeHtml(statement)} <small>${escapeHtml(because + images)}</small></li>`;
  });
  return `<section id="${name}">
<h3><a href="${linked(`results/studies/${name}.json`)}">${escapeHtml(study.title)}</a></h3>
<p>${escapeHtml(study.question)}</p>
<p><small>${escapeHtml(study.differs)}</small></p>
<ul class="findings">
${rows.join("\n")}
</ul>
${figuresHtml(study.title, runs)}
<p>${escapeHtml(conditionsOf(records, runs.length))}${missing.length === 0 ? "" : ` Not run: ${missing.length}, ${costText(sum(missing), seconds)}.`}</p>
${recordsHtml(records, linked)}
</section>`;
}

function claimHtml(
  { claim, verdict, records, runs }: ClaimStatus,
  cost: string,
  linked: (path: string) => string,
): string {
  const { id, where, quantity, value, unit, conditions } = claim;
  return `<section class="claim" id="${escapeHtml(id)}">
<p><strong>${escapeHtml(`${quantity}: ${value} ${unit}`)}</strong> <small>${escapeHtml(`${where}. ${conditions}`)}</small></p>
<p>${escapeHtml(verdict.because)}.${cost}</p>
${records.length === 0 ? "" : figuresHtml(quantity, runs)}${recordsHtml(records, linked)}
</section>`;
}

type Runs = StudyStatus["runs"];

/** Final errors as dots, and the training error by epoch. */
function figuresHtml(title: string, runs: Runs): string {
  const names = [...new Set(runs.map(({ name }) => name))];
  const recordsOf = (name: string) =>
    runs.flatMap((run) => (run.name === name && run.record ? run.record : []));
  const networks = names.map((name) => ({ name, records: recordsOf(name) })).filter(({ records }) => records.length > 0); // prettier-ignore
  if (networks.length === 0) return "";
  const x = { title: "network", categories: networks.map(({ name }) => name) };
  const errors = (["training error", "test error"] as const).map((name) => ({
    name,
    values: networks.map(({ records }) => records.map((record) => measureOf(record, name))),
  }));
  const curves = networks.map(({ name, records }) => ({ name, runs: records.map(({ curves: { epochs } }) => epochs.accuracy.map((share) => 100 * (1 - share))) })); // prettier-ignore
  // A recipe of its own has other epochs, and then the longest axis holds them all.
  const longest = highest(curves.flatMap(({ runs: all }) => all.map(({ length }) => length)));
  const drawn = curves.map(({ name, runs: all }) => ({ name, runs: all.map((run) => [...run, ...Array<null>(longest - run.length).fill(null)]) })); // prettier-ignore
  return [
    plot.dots(errors, { title: `Errors after the last update: ${title}`, x, y: { title: "error (%)" }, caption: "A dot is a run of one seed, a dash the mean of a network's runs." }),
    plot.trainingCurves(drawn, { title: `Training error by epoch: ${title}`, x: { title: "epoch" }, y: { title: "error of training batches (%)" }, caption: "Lines are means over seeds, bands reach from the lowest run to the highest. Measured on augmented batches, so above the final training error." }),
  ].map(figureHtml).join("\n"); // prettier-ignore
}

/** As the chapters' template writes a figure. */
function figureHtml({ data: traces, layout, summary }: plot.Figure): string {
  const json = JSON.stringify({ data: traces, layout }).replaceAll("<", "\\u003c");
  return `<div class="jp-OutputArea-output plotly-figure"><script type="application/json">${json}</script><noscript><pre>${escapeHtml(summary)}</pre></noscript></div>`;
}

function recordsHtml(records: readonly train.RunRecord[], linked: (path: string) => string): string {
  if (records.length === 0) return "";
  const items = records.map((record) => {
    const name = train.recordName(record);
    const [training, test] = (["training error", "test error"] as const).map((measure) => measureOf(record, measure).toFixed(2)); // prettier-ignore
    return `<li><a href="${linked(`results/records/runs/${name}`)}">${escapeHtml(name)}</a>: training error ${training!} %, test error ${test!} %</li>`;
  });
  return `<details><summary>${records.length} ${records.length === 1 ? "record" : "records"}</summary>\n<ul>\n${items.join("\n")}\n</ul></details>`;
}

/** Multiply-adds of a forward pass of every training image of one run of a network; undefined for a file of one's own, which nobody counts. */
function workOf(sweep: train.Sweep, name: string): number | undefined {
  const network = sweep.networks.find((one) => one.name === name)!;
  return "module" in network ? undefined : multiplyAdds(network) * trainingImages(sweep, network);
}

const sum = (works: readonly (number | undefined)[]): number | undefined =>
  works.includes(undefined) ? undefined : works.reduce<number>((total, work) => total + work!, 0);

/** Seconds of the processor for a multiply-add of a forward pass, with all that training does beside it: the median of the recorded runs. */
function secondsPerMultiplyAdd(records: readonly train.RunRecord[]): number | undefined {
  const rates = records.flatMap(
    ({ config: { network, recipe, data: about }, name, seed, sessions, trainingSeconds }) => {
      if ("module" in network) return [];
      const sweep = {
        networks: [{ name, ...network }],
        data: about,
        recipe,
        seeds: [seed],
      };
      const used = sessions.map(({ cpuSeconds }) => cpuSeconds);
      const seconds = used.includes(null)
        ? trainingSeconds
        : used.reduce<number>((total, one) => total + one!, 0);
      return seconds / workOf(sweep, name)!;
    },
  );
  return rates.length === 0 ? undefined : median(rates);
}

function costOfClaim(
  claims: Claims,
  { claim, verdict, runs, records }: ClaimStatus,
  seconds: number | undefined,
): string {
  const isRunnable = claim.rule.kind !== "count" && claim.rule.protocol !== null;
  if (verdict.status !== "not run" || !isRunnable) return "";
  const [sweep] = sweepsOf(claims, [claim]);
  const missing = runs.length - records.length;
  return ` ${missing} ${missing === 1 ? "run" : "runs"}, ${costText(missing * workOf(sweep!, claim.id)!, seconds)}.`;
}

/** Runs go side by side, one thread each, so two cores halve the time of the processor. */
const costText = (work: number | undefined, seconds: number | undefined): string =>
  work === undefined
    ? "of networks whose operations are not counted"
    : seconds === undefined
      ? `${work.toPrecision(2)} multiply-adds forward; no run is recorded from which the time could be estimated`
      : `about ${duration((work * seconds) / 2)} on 2 cores`;

function duration(seconds: number): string {
  const days = seconds / 86_400;
  return days < 2
    ? formatSeconds(seconds)
    : `${days < 10 ? days.toFixed(1) : Math.round(days).toLocaleString("en")} days`;
}

function costBasis(seconds: number | undefined, records: readonly train.RunRecord[]): string {
  if (seconds === undefined) return "";
  const processors = [
    ...new Set(records.flatMap(({ sessions }) => sessions.map(({ machine }) => machine.processor))),
  ];
  return `What is not run has an estimate of its time on 2 cores, by the median time per multiplication of the recorded runs (${escapeHtml(processors.join(", "))}); wide networks are faster than that.`;
}
