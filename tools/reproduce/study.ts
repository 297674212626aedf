// A study of the project's own: a question, and the sweep that answers it, in results/studies/NAME.json.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { data, type train } from "residual";
import { fingerprint } from "../../lib/files/fingerprint";
import { nearest } from "../../lib/nearest";
import { UserError } from "../notebooks/user-error";
import { imageDeviation } from "./images";
import { schemaFault, validator } from "../records/store";
import type { Standing } from "./train-recorded";
import { differenceVerdict, measureOf, type Measure, type Verdict } from "./verdict";

/** What a study's file holds. */
export interface Study {
  readonly title: string;
  readonly question: string;
  /** In what its conditions differ from the paper's. */
  readonly differs: string;
  /** Fingerprints of the splits, where the data's name does not say which files are meant. */
  readonly images?: { readonly train: string; readonly test: string };
  readonly sweep: train.Sweep;
  readonly findings: readonly Finding[];
}

/** What is asked of the runs, fixed before them. */
export interface Finding {
  readonly id: string;
  readonly statement: string;
  readonly measure: Measure;
  readonly network: string;
  /** The network whose measure is subtracted, seed by seed. */
  readonly minus: string;
  /** The bound above which the 95 % interval has to lie, in points. */
  readonly above: number;
}

/** A finding's verdict; of a difference in test error also what other test images would make of it. */
export interface FindingVerdict extends Verdict, Finding {
  /** The difference's standard deviation over other test images, in points. */
  readonly overImages?: number;
}

/** How a study's findings stand by its runs. Seeds of which one network has no record do not count. */
export function findingVerdicts(
  { findings, sweep }: Study,
  runs: Standing["runs"],
): readonly FindingVerdict[] {
  return findings.map((finding) => {
    const { measure, network, minus, above } = finding;
    const recordOf = (name: string, seed: number) => runs.find((run) => run.name === name && run.seed === seed)?.record; // prettier-ignore
    const pairs = sweep.seeds.flatMap((seed) => {
      const [more, less] = [recordOf(network, seed), recordOf(minus, seed)];
      return more && less ? [{ more, less }] : [];
    });
    const [more, less] = [pairs.map((pair) => pair.more), pairs.map((pair) => pair.less)];
    const values = (records: typeof more) => records.map((record) => measureOf(record, measure));
    const verdict = differenceVerdict(values(more), values(less), sweep.seeds.length, above);
    const isOnImages = measure === "test error" && pairs.length > 0;
    return { ...finding, ...verdict, ...(isOnImages && { overImages: imageDeviation(more, less) }) };
  });
}

const folderOf = (root: string): string => join(root, "results", "studies");

/** The studies' names. */
export const studyNames = (root: string): readonly string[] =>
  readdirSync(folderOf(root))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();

/** A study by its name. @throws UserError where there is none, with the nearest, or its file breaks the schema */
export function readStudy(root: string, name: string): Study {
  const path = join(folderOf(root), `${name}.json`);
  const names = studyNames(root);
  if (!names.includes(name) || !existsSync(path)) {
    const meant = nearest(name, names);
    throw new UserError(
      `a study must be one of ${names.join(", ")}; got ${name}${meant === undefined ? "" : `: is ${meant} meant?`}`,
    );
  }
  const study = JSON.parse(readFileSync(path, "utf8")) as Study;
  const isValid = validator(root, "study");
  if (!isValid(study)) throw new UserError(`${path}: ${schemaFault(isValid)}`);
  // A module lies in the repository, whatever the working directory is.
  const networks = study.sweep.networks.map((network) =>
    "module" in network ? { ...network, module: join(root, network.module) } : network,
  );
  return { ...study, sweep: { ...study.sweep, networks } };
}

/** @throws UserError where the images that a study would be trained on are not the ones that it means */
export async function requireImages({ images, sweep }: Study): Promise<void> {
  if (!images) return;
  const { name, root, as } = sweep.data;
  for (const split of ["train", "test"] as const) {
    const loaded = await data.load(name, { split, ...(root !== undefined && { root }) });
    const found = await fingerprint([loaded.images, loaded.labels]);
    if (found !== images[split])
      throw new UserError(`the study is of ${as ?? name}, whose ${split} images have the fingerprint ${images[split]}; those found have ${found}: name their folder by --root`); // prettier-ignore
  }
}
