// `npm run reproduce`: plans, trains and records the runs that a claim or a study rests on, and says what came out.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { train } from "residual";
import { UserError } from "../notebooks/user-error";
import { readPages, withResults } from "../records/quoted";
import { chosenClaims, readClaims, sweepsOf, verdictOf, type Claim, type Claims } from "./claims";
import { measureSeconds, planText, trainingImages } from "./estimate";
import { meansText } from "./means";
import { scaled, scaledText, type Scale } from "./scale";
import { statusOf } from "./status";
import { findingVerdicts, readStudy, requireImages, studyNames } from "./study";
import { standingOf, trainMissing, type Recorded } from "./train-recorded";

const root = resolve(__dirname, "..", "..");

const help = `npm run reproduce -- CLAIM ... | --table N | --all | study NAME  [options]

Trains every run of the papers' claims (results/claims.json) or of a study (results/studies) that has no record yet, writes a record of each into
results/records/runs, and says what they show. It measures for 20 seconds how long that takes here, says so and asks. Stopped or killed, the same command goes
on: it loses at most a minute of each run.

  --list             the claims and studies, each with how it stands by the records
  --list --json      the same as JSON, with the names of the records
  --pages            writes the results in README.md and docs/ anew from the records
  --table N          the claims of this table
  --paper NAME       resnet or identity                    (default: both)
  --all              every claim

A smaller variant, which says so and never counts for the claim; its records go to runs/scaled-down:
  --width FACTOR     of every width, such as 0.25
  --epochs N         so many epochs; the rate falls at the same fractions
  --data NAME        other images
  --seeds N          so many seeds

  --root FOLDER      where the images are, if not in the usual place
  --yes              do not ask
  --workers N        runs side by side                     (default: as many as cores and memory allow)
  --folder FOLDER    where the checkpoints are kept        (default runs/reproduce)
  --help             this text`;

/** What all commands share. */
interface Common {
  readonly folder: string;
  readonly isAsking: boolean;
  readonly workers?: number;
  /** Where the images are. */
  readonly images?: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      pages: { type: "boolean", default: false },
      table: { type: "string" },
      paper: { type: "string" },
      all: { type: "boolean", default: false },
      width: { type: "string" },
      epochs: { type: "string" },
      data: { type: "string" },
      seeds: { type: "string" },
      root: { type: "string" },
      yes: { type: "boolean", default: false },
      workers: { type: "string" },
      folder: { type: "string", default: "runs/reproduce" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const common: Common = {
    folder: resolve(values.folder),
    isAsking: !values.yes,
    ...(values.root !== undefined && { images: values.root }),
    ...(values.workers !== undefined && { workers: numberOf("--workers", values.workers) }),
  };
  const scale: Scale = {
    ...(values.width !== undefined && { width: numberOf("--width", values.width) }),
    ...(values.epochs !== undefined && { epochs: numberOf("--epochs", values.epochs) }),
    ...(values.data !== undefined && { data: values.data }),
    ...(values.seeds !== undefined && { seeds: numberOf("--seeds", values.seeds) }),
  };
  if (values.list) {
    await list(common.folder, values.json);
    return;
  }
  if (values.pages) {
    const { studies } = await statusOf(root, common.folder);
    for (const [page, text] of readPages(root)) {
      const made = withResults(page, text, studies);
      if (made !== text) writeFileSync(resolve(root, page), made);
    }
    return;
  }
  const [kind, name, ...more] = positionals;
  if (kind === "study") {
    if (name === undefined || more.length > 0 || scaledText(scale) !== undefined)
      throw new UserError(`a study is called as in study ${studyNames(root)[0]!}, and is never made smaller. See npm run reproduce -- --help`); // prettier-ignore
    await study(name, common);
    return;
  }
  const claims = readClaims(root);
  const { table, paper, all } = values;
  const chosen = chosenClaims(claims, { ids: positionals, all, ...(table !== undefined && { table }), ...(paper !== undefined && { paper }) }); // prettier-ignore
  await reproduce(claims, chosen, scale, common);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UserError(`${option} must be a number; got ${text}`); // prettier-ignore
  return value;
}

async function list(folder: string, isJson: boolean): Promise<void> {
  const { claims, studies } = await statusOf(root, folder);
  if (isJson) {
    const plain = {
      claims: claims.map(({ claim: { id }, verdict, records }) => ({ id, ...verdict, records: records.map(train.recordName) })), // prettier-ignore
      studies: studies.map(({ name, findings, runs }) => ({ name, findings, records: runs.flatMap(({ record }) => (record ? train.recordName(record) : [])) })), // prettier-ignore
    };
    console.log(JSON.stringify(plain, null, 2));
    return;
  }
  for (const { claim, verdict } of claims)
    console.log(`${claim.id.padEnd(48)} ${verdict.status.padEnd(14)} ${claim.value} ${claim.unit}. ${verdict.because}`); // prettier-ignore
  for (const { name, study: about, findings, runs } of studies) {
    const recorded = runs.filter(({ record }) => record).length;
    console.log(`study ${name.padEnd(42)} ${recorded} of ${runs.length} runs recorded. ${about.title}`);
    for (const { id, status } of findings) console.log(`  ${id.padEnd(46)} ${status}`);
  }
}

async function study(name: string, { folder, images: from, ...how }: Common): Promise<void> {
  const published = readStudy(root, name);
  const asked = { ...published, sweep: withRoot(published.sweep, from) };
  console.log(`${asked.title}\n${asked.question}\n${asked.differs}\n`);
  await requireImages(asked);
  const what = { sweep: asked.sweep, root, folder };
  const isStopped = await completed([what], how);
  const { runs } = await standingOf(what);
  console.log(`\n${meansText(runs)}\n`);
  for (const { statement, status, because, overImages } of findingVerdicts(asked, runs)) {
    const images = overImages === undefined ? "" : `; over other test images its deviation is ${overImages.toFixed(2)}`; // prettier-ignore
    console.log(`${status}: ${statement} ${because}${images}`);
  }
  sayIfStopped(isStopped);
}

async function reproduce(
  claims: Claims,
  chosen: readonly Claim[],
  scale: Scale,
  common: Common,
): Promise<void> {
  const smaller = scaledText(scale);
  const { folder, images: from, ...how } = common;
  // A smaller variant must not lie among the records that count.
  const place = {
    root,
    folder,
    ...(smaller !== undefined && { records: resolve(root, "runs", "scaled-down") }),
  };
  const sweeps = sweepsOf(claims, chosen).map((sweep) =>
    smaller === undefined ? sweep : scaled(sweep, { seeds: 2, ...scale }),
  );
  const all = sweeps.map((sweep) => ({ sweep: withRoot(sweep, from), ...place }));
  const isStopped = await completed(all, how);
  if (smaller !== undefined)
    console.log(`\nA smaller variant, ${smaller}: whatever it shows, it does not count for the claims.`);
  const runs = (await Promise.all(all.map((what) => standingOf(what)))).flatMap((standing) => standing.runs);
  for (const claim of chosen) {
    const { status, because } = verdictOf(
      claim,
      runs.filter(({ name }) => name === claim.id),
    );
    const note = smaller === undefined || claim.rule.kind === "count" ? "" : "smaller variant, ";
    console.log(`\n${claim.id}: ${note}${status}\n  ${claim.where}: ${claim.quantity}, ${claim.value} ${claim.unit}\n  ${because}`); // prettier-ignore
  }
  sayIfStopped(isStopped);
}

/** The sweep with its images from a folder, which is no part of what it asks. */
const withRoot = (sweep: train.Sweep, images: string | undefined): train.Sweep =>
  images === undefined ? sweep : { ...sweep, data: { ...sweep.data, root: resolve(images) } };

function sayIfStopped(isStopped: boolean): void {
  if (!isStopped) return;
  console.error("\nnot all runs are through: the same command goes on with them");
  process.exitCode = 130;
}

/** Trains what sweeps lack, if its user wants to; whether something is left. */
async function completed(
  all: readonly Recorded[],
  { isAsking, workers }: Omit<Common, "folder" | "images">,
): Promise<boolean> {
  const lacking: Recorded[] = [];
  let [runs, images] = [0, 0];
  for (const what of all) {
    const { missing } = await standingOf(what);
    if (missing.length === 0) continue;
    lacking.push(what);
    runs += missing.length;
    const { networks, seeds } = what.sweep;
    for (const place of missing)
      images += trainingImages(what.sweep, networks[Math.floor(place / seeds.length)]);
  }
  if (runs === 0) return false;
  const stop = new AbortController();
  // Slurm and Kubernetes send SIGTERM before they take a machine away.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      console.error(`\n${signal}: every run saves itself`);
      stop.abort();
    });
  }
  const options = { signal: stop.signal, ...(workers !== undefined && { workers }) };
  console.log(planText({ runs, images, seconds: await measureSeconds(lacking, options) }));
  if (stop.signal.aborted || (isAsking && !(await isWanted()))) return true;
  for (const what of lacking) {
    const isStopped = await trainMissing(what, {
      ...options,
      written: (path) => {
        console.log(path);
      },
    });
    if (isStopped) return true;
  }
  return false;
}

async function isWanted(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(
      "there is no terminal to ask whether to go on: give --yes to train without a question",
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question("Train them now? [y/N] ")).trim());
  } finally {
    terminal.close();
  }
}

main().catch((error: unknown) => {
  const isExpected = error instanceof UserError || error instanceof RangeError || error instanceof TypeError;
  console.error(isExpected || error instanceof train.SweepFailed ? (error as Error).message : error);
  process.exitCode = 1;
});
