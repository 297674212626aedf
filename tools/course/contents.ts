// What of the repository learners get, and what of a file: everything but answers, hidden checks and what teachers work with.
import { UserError } from "../notebooks/user-error";

/** What stays with the instructor, each by a pattern of paths relative to the root. */
const withheld: readonly RegExp[] = [
  /^solutions\//,
  // The page of proofs and the teaching guide name mistakes; the other two are about making and grading exercises.
  /^docs\/(?:exercises|grading|jupyterhub|proof|teaching)\.md$/,
  /^tools\/(?:course|grade)\//,
  // A Hub's settings lie in what learners get, because that is what a Hub shows them; the class that tests it does not.
  /^tools\/hub\/[^/]*\.ts$/,
  /^tools\/exercises\/(?!(?:diagnose|exercise-file|progress|progress-main|progress-page|run-answer|turns|types)\.ts$)/,
  /^tools\/notebooks\/check-yourself\.test\.ts$/,
  /^test\/(?:autograder|exercises-in-jupyterlab\.browser|grading|grading-pages\.browser|nbgrader-course)\.test\.ts$/,
  /^test\/(?:attack-programs|grading-fixture|debian\.newcomer|hub\.classroom|walls\.systemd)\.ts$/,
  /^test\/fixtures\/grading\//,
];

/** The commands of `package.json` whose files stay with the instructor. */
const withheldScripts: readonly string[] = [
  "bench:classroom",
  "course",
  "exercises",
  "grade",
  "grade:agree",
  "grade:attack",
  "grade:load",
  "solution",
  "test:classroom",
  "test:newcomer",
  "test:systemd",
];

/** Whether learners get a file, by its path relative to the root. */
export function isReleased(path: string): boolean {
  return !withheld.some((pattern) => pattern.test(path));
}

/** A file as learners get it: pages without what stands between `<!-- teachers -->` and `<!-- /teachers -->`, scripts that are there. */
export function asReleased(path: string, bytes: Buffer): Buffer {
  if (path.endsWith(".md")) return Buffer.from(withoutTeachersParts(path, bytes.toString("utf8")));
  if (path === "package.json") return Buffer.from(withoutScripts(bytes.toString("utf8")));
  return bytes;
}

function withoutTeachersParts(path: string, text: string): string {
  const rest = text.replace(/<!-- teachers -->\n[^]*?<!-- \/teachers -->\n\n?/g, "");
  if (/<!-- \/?teachers -->/.test(rest))
    throw new UserError(
      `${path}: each line <!-- teachers --> needs its own <!-- /teachers -->; one of them is alone`,
    );
  return `${rest.trimEnd()}\n`;
}

function withoutScripts(text: string): string {
  const { scripts, ...others } = JSON.parse(text) as { scripts: Record<string, string> };
  const kept = Object.entries(scripts).filter(([name]) => !withheldScripts.includes(name));
  return `${JSON.stringify({ ...others, scripts: Object.fromEntries(kept) }, null, 2)}\n`;
}
