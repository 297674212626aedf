// What a learner who missed points is pointed to: the chapter, the exercise's hints, and once it is due the solution.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { joined, parseNotebook } from "../../notebooks/notebook";
import { solutionAt } from "../../exercises/master";
import type { Exercise } from "../exercise";
import type { Policy } from "../policy";

/** One exercise's help. */
export interface Lesson {
  /** Where to read, as `notebooks/03-identity-shortcuts.ipynb, option A and option B`. */
  readonly passage?: string;
  /** In their order, as Markdown. */
  readonly hints: readonly string[];
  /** Absent before the exercise is due, and where nobody said when that is. */
  readonly solution?: string;
}

/** The help of an exercise at a moment. */
export function lessonOf(exercise: Exercise, { due, late }: Policy, now: number): Lesson {
  const path = join(exercise.folder, `${exercise.slug}.ipynb`);
  const { cells } = parseNotebook(readFileSync(path, "utf8"), path);
  const hints = cells.flatMap(({ cell_type, source }) => {
    const hint = /^<details>\n<summary>Hint \d+<\/summary>\n\n([^]*?)\n\n<\/details>/.exec(joined(source));
    return cell_type === "markdown" && hint ? [hint[1]!] : [];
  });
  const read = exercise.locked
    .map(({ code }) => /^ {2}read: "(?:\.\.\/)*([^"#]*)#?([^"]*)"/m.exec(code))
    .find((found) => found !== null);
  const time = due?.[exercise.slug] ?? due?.["*"];
  // Until the last day on which an answer still earns something.
  const open = time !== undefined && now > Date.parse(time) + lateMs(late);
  const solution = open ? solutionAt(exercise.hidden.slice(0, -basename(exercise.hidden).length), exercise.slug) : undefined; // prettier-ignore
  return {
    ...(read ? { passage: `${read[1]!}${read[2] ? `, ${read[2].replaceAll("-", " ")}` : ""}` } : {}),
    hints,
    ...(solution === undefined ? {} : { solution }),
  };
}

const DAY = 24 * 60 * 60_000;

function lateMs(late: Policy["late"]): number {
  return late ? (late.graceMinutes ?? 0) * 60_000 + late.days * DAY : 0;
}
