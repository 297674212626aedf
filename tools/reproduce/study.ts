// A study of the project's own: a question, and the sweep that answers it, in results/studies/NAME.json.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { train } from "residual";
import { nearest } from "../../lib/nearest";
import { UserError } from "../notebooks/user-error";
import { schemaFault, validator } from "../records/store";
import type { Standing } from "./train-recorded";
import { differenceVerdict, measureOf, type Measure, type Verdict } from "./verdict";

/** What a study's file holds. */
export interface Study {
  readonly title: string;
  readonly question: string;
  /** In what its conditions differ from the paper's. */
  readonly differs: string;
  readonly sweep: train.Sweep;
  readonly findings: readonly Finding[];
}

/** What is asked of the runs, fixed before them. */
export interface Finding {
  readonly id: string;
  readonly statement: string;
  readonly measure: Measure;
  readonly network: string;
  /** The network whose measure is subtracted, seed by seed; null for none. */
  readonly minus: string | null;
  /** The bound above which the 95 % interval has to lie, in points. */
  readonly above: number;
}

/** How a study's findings stand by its runs. Seeds of which one network has no record do not count. */
export function findingVerdicts(
  { findings, sweep }: Study,
  runs: Standing["runs"],
): readonly (Verdict & Finding)[] {
  return findings.map((finding) => {
    const { measure, network, minus, above } = finding;
    const value = (name: string, seed: number) => {
      const record = runs.find((run) => run.name === name && run.seed === seed)?.record;
      return record && measureOf(record, measure);
    };
    const pairs = sweep.seeds.flatMap((seed) => {
      const [more, less] = [value(network, seed), minus === null ? 0 : value(minus, seed)];
      return more === undefined || less === undefined ? [] : [[more, less] as const];
    });
    const [more, less] = [pairs.map(([one]) => one), pairs.map(([, one]) => one)];
    return { ...finding, ...differenceVerdict(more, less, sweep.seeds.length, above) };
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
  return study;
}
