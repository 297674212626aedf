// Writes everything that is made from the records: gradebooks for other systems, feedback, statistics, similarity.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Submission } from "../intake/discover";
import { writeText } from "../gradebook";
import type { LearnerRecord } from "../record";
import { byHandPages } from "./by-hand";
import { canvasCsv, fillCanvas } from "./canvas";
import { feedbackPage, type Lessons } from "./feedback";
import { writeResults } from "./gradescope";
import { fillMoodle, moodleCsv } from "./moodle";
import { compareSubmissions } from "./compare";
import { similarityCsv } from "./similar-pairs";
import { statisticsPage } from "./statistics";

/** Files that other systems gave, as text. */
export interface Rosters {
  readonly canvas?: string;
  readonly moodle?: string;
}

/** What the reports are made of, besides the records. */
export interface ReportOptions {
  readonly rosters: Rosters;
  readonly submissions: readonly Submission[];
  /** Each exercise's help. */
  readonly lessons?: Lessons;
}

/** Writes the reports into `folder`, and says which learners a roster does not know. */
export async function writeReports(
  folder: string,
  records: readonly LearnerRecord[],
  { rosters, submissions, lessons }: ReportOptions,
): Promise<void> {
  const canvas =
    rosters.canvas === undefined
      ? { csv: canvasCsv(records), unknown: [] }
      : fillCanvas(rosters.canvas, records);
  const moodle =
    rosters.moodle === undefined
      ? { csv: moodleCsv(records), unknown: [] }
      : fillMoodle(rosters.moodle, records);
  await writeText(join(folder, "canvas.csv"), canvas.csv);
  await writeText(join(folder, "moodle.csv"), moodle.csv);
  for (const learner of canvas.unknown) console.error(`--canvas has no learner ${learner}`);
  for (const learner of moodle.unknown) console.error(`--moodle has no learner ${learner}`);
  for (const record of records) {
    await writeText(join(folder, "feedback", `${record.learner}.html`), feedbackPage(record, lessons));
    await writeResults(join(folder, "gradescope", `${record.learner}.json`), record);
  }
  await writeText(join(folder, "statistics", "index.html"), statisticsPage(records));
  for (const [exercise, html] of byHandPages(records))
    await writeText(join(folder, "by-hand", `${exercise}.html`), html);
  const plotly = createRequire(__filename).resolve("plotly.js-dist-min/plotly.min.js");
  mkdirSync(join(folder, "statistics"), { recursive: true });
  copyFileSync(plotly, join(folder, "statistics", "plotly.min.js"));
  const { pairs, problems } = await compareSubmissions(submissions);
  await writeText(join(folder, "similarity.csv"), similarityCsv(pairs));
  for (const problem of problems) console.error(problem);
}
