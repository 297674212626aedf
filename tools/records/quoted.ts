// Numbers of ours in Markdown pages: each stands between marks that say of which study it is, and is written from the records.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analysis } from "residual";
import { highest, lowest } from "../../lib/numeric";
import { UserError } from "../notebooks/user-error";
import type { StudyStatus } from "../reproduce/status";
import { measureOf, type Measure } from "../reproduce/verdict";

/** `<!-- result: training error of plain-56 in study converged -->…<!-- /result -->` */
const marked =
  /(<!-- result: (training error|test error) of (\S+) in study (\S+) -->)([^<]*)(<!-- \/result -->)/g;

/** The pages in which results may stand, by their paths in the repository. */
export const pagesOf = (root: string): readonly string[] =>
  ["README.md", "lib/README.md", "results/README.md", ...docs(root)].sort();

const docs = (root: string): readonly string[] =>
  readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);

/**
 * A page with each marked number written anew: `31.2 % (25.4 to 40.8, 5 seeds)`, the mean over the seeds with the lowest and the highest.
 *
 * @throws UserError where a mark is not of this form, names what there is not, or a study whose runs are not all recorded
 */
export function withResults(page: string, text: string, studies: readonly StudyStatus[]): string {
  const marks = text.match(/<!-- \/?result/g)?.length ?? 0;
  if (marks !== 2 * [...text.matchAll(marked)].length)
    throw new UserError(`${page}: a result stands between <!-- result: training error of NETWORK in study NAME --> and <!-- /result -->`); // prettier-ignore
  return text.replaceAll(marked, (_, begin: string, measure: Measure, network: string, name: string, __: string, end: string) => `${begin}${resultOf(page, studies, { measure, network, name })}${end}`); // prettier-ignore
}

interface Quoted {
  readonly measure: Measure;
  readonly network: string;
  readonly name: string;
}

function resultOf(page: string, studies: readonly StudyStatus[], { measure, network, name }: Quoted): string {
  const runs = studies.find((study) => study.name === name)?.runs.filter((run) => run.name === network) ?? [];
  const values = runs.flatMap(({ record }) => (record ? measureOf(record, measure) : []));
  if (values.length === 0 || values.length < runs.length)
    throw new UserError(`${page}: ${measure} of ${network} in study ${name} has ${values.length} of ${runs.length} records, so there is no number to write`); // prettier-ignore
  const { mean } = analysis.meanInterval(values);
  return `${mean.toFixed(1)} % (${lowest(values).toFixed(1)} to ${highest(values).toFixed(1)}, ${values.length} seeds)`;
}

/** A page's text without its marked results, for whoever looks for others. */
export const withoutResults = (text: string): string => text.replaceAll(marked, "");

/** The pages with their texts. */
export const readPages = (root: string): readonly (readonly [page: string, text: string])[] =>
  pagesOf(root).map((page) => [page, readFileSync(join(root, page), "utf8")]);
