// Writes a study before its first run: a question, the sweep that is to answer it, and what would count as an answer.
import { exists, readBytes, writeBytesAtomically } from "#files";
import { finite, oneOf, onlyKnown, shown } from "../options.js";
import { jobsOf, type Sweep } from "./description.js";

/** What is asked of the runs, fixed before them: of two networks by pairs of runs of one seed. */
export interface StudyFinding {
  /** Letters, digits, dots and hyphens. */
  readonly id: string;
  readonly statement: string;
  readonly measure: "training error" | "test error";
  readonly network: string;
  /** The network whose measure is subtracted, seed by seed. */
  readonly minus: string;
  /** The bound above which the 95 % interval of the mean difference has to lie, in points. */
  readonly above: number;
}

/** A study as its file holds it, by the schema `results/study.schema.json`. */
export interface Study {
  readonly title: string;
  readonly question: string;
  /** In what its conditions differ from those of the paper that it asks about. */
  readonly differs: string;
  readonly sweep: Sweep;
  readonly findings: readonly StudyFinding[];
}

/**
 * Writes a study into `studies` of a folder like the repository's `results`, and gives its path. What was written is fixed: the same study again is
 * left alone, and another one under its name is refused, because a question that changes after the first run is answered by choosing it.
 *
 * @throws RangeError or TypeError where the study breaks a rule; Error where another study has the name.
 *
 * @example
 * ```ts
 * const network = { model: "cifarResNet", options: { depth: 8, widths: [1, 1, 1], inputShape: [28, 28, 1] } };
 * const study = {
 *   title: "A toy",
 *   question: "Does a shortcut lower the error?",
 *   differs: "Nothing is as in the paper.",
 *   sweep: {
 *     networks: [
 *       { ...network, name: "plain", options: { ...network.options, shortcut: "none" } },
 *       { ...network, name: "residual" },
 *     ],
 *     data: { name: "fashion-mnist-sample" },
 *     recipe: { steps: 1 },
 *     seeds: [1, 2],
 *   },
 *   findings: [
 *     { id: "toy", statement: "It does.", measure: "test error", network: "plain", minus: "residual", above: 0 },
 *   ],
 * };
 * await train.writeStudy("toy", study, "results-of-mine"); // "results-of-mine/studies/toy.json"
 * ```
 */
export async function writeStudy(name: string, study: Study, folder: string): Promise<string> {
  requireName("writeStudy: name", name);
  await checkStudy(study);
  const path = `${folder}/studies/${name}.json`;
  const text = `${JSON.stringify(study, plain, 2)}\n`;
  if (await exists(path)) {
    if (new TextDecoder().decode(await readBytes(path)) === text) return path;
    throw new Error(`${path}: a study is fixed once it is written; give the other question another name`);
  }
  await writeBytesAtomically(path, new TextEncoder().encode(text));
  return path;
}

/** An optimizer or a schedule of `train`'s is written as what it says of itself. */
const plain = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && "description" in value ? value.description : value;

const fields = ["title", "question", "differs", "sweep", "findings"] as const;
const findingFields = ["id", "statement", "measure", "network", "minus", "above"] as const;

async function checkStudy(study: Study): Promise<void> {
  onlyKnown("writeStudy", study, fields, fields);
  for (const field of ["title", "question", "differs"] as const) requireText(`writeStudy: ${field}`, study[field]); // prettier-ignore
  const jobs = await jobsOf(study.sweep, (path) => path);
  if (study.sweep.seeds.length < 2)
    throw new RangeError(`writeStudy: a study needs at least 2 seeds, since one says nothing of how runs scatter; got ${study.sweep.seeds.length}`); // prettier-ignore
  if (!Array.isArray(study.findings) || study.findings.length === 0)
    throw new RangeError("writeStudy: findings must be a list of at least one: what is asked is fixed before the runs"); // prettier-ignore
  const names = [...new Set(jobs.map((job) => job.name))];
  for (const [i, finding] of (study.findings as readonly StudyFinding[]).entries()) {
    const what = `writeStudy: findings[${i}]`;
    onlyKnown(what, finding, findingFields, findingFields);
    requireText(`${what}.statement`, finding.statement);
    requireName(`${what}.id`, finding.id);
    oneOf(`${what}.measure`, finding.measure, ["training error", "test error"]);
    finite(`${what}.above`, finding.above);
    for (const side of ["network", "minus"] as const) oneOf(`${what}.${side}`, finding[side], names);
  }
}

function requireName(what: string, value: unknown): void {
  if (typeof value !== "string" || !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(value))
    throw new RangeError(`${what} must be letters, digits, dots and hyphens; got ${shown(value)}`);
}

function requireText(what: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "") throw new RangeError(`${what} must be a text; got ${shown(value)}`); // prettier-ignore
}
