// The tables of the teaching guide, made from what the repository holds: chapters, masters of exercises, and their wrong answers.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { listAnswers } from "../exercises/answers";
import { inOrder, type Master } from "../exercises/master";
import { chapters } from "../notebooks/pages";
import { UserError } from "../notebooks/user-error";
import { titleAndSummary } from "../site/markdown";
import { outcomes, sixWeeks, twelveWeeks, type Week } from "./syllabus";

/** The guide, relative to the root. */
export const guidePath = "docs/teaching.md";

/** What many learners believe, with the wrong answer that it leads to. */
export interface Misconception {
  readonly slug: string;
  /** The wrong answer's name: the mistake that the grader calls it by. */
  readonly mistake: string;
  /** What the answer does, from its first line. */
  readonly does: string;
  readonly believed: string;
  readonly inClass: string;
}

/** A chapter as its first cell presents it. */
export interface Presented {
  readonly number: string;
  readonly name: string;
  readonly title: string;
  readonly readingMinutes: number;
  /** What a reader can do afterwards, in Markdown. */
  readonly afterwards: readonly string[];
}

/** The misconceptions of an exercise: the wrong answers that say in their first comments what is believed and what to say. */
export function misconceptions(root: string, slug: string): Misconception[] {
  return listAnswers(root, slug).flatMap(({ name, expected, source }) => {
    if (typeof expected === "string") return [];
    const [does, ...others] = leadingComments(source);
    const text = others.join(" ");
    const [, believed, inClass] = /Believed: (.*) In class: (.*)$/.exec(text) ?? [];
    if (believed && inClass && does) {
      return [{ slug, mistake: expected.mistake, does, believed, inClass }];
    }
    if (/\b(?:Believed|In class):/.test(text)) {
      throw new UserError(
        `solutions/${slug}/${name}.ts must say both "// Believed: ..." and then "// In class: ..." below its first line`,
      );
    }
    return [];
  });
}

function leadingComments(source: string): string[] {
  const rows = source.split("\n");
  const end = rows.findIndex((row) => !row.startsWith("// "));
  return rows.slice(0, end < 0 ? rows.length : end).map((row) => row.slice(3));
}

/** What the first cell of each chapter says. @throws UserError where one lacks its reading time or what a reader can do afterwards */
export function presented(root: string): Presented[] {
  return chapters(root).map(({ name, markdown }) => {
    const minutes = /\*\*Time\.\*\* Reading[^:.]*: (\d+) minutes/.exec(markdown)?.[1];
    const list = /^\*\*When you are through you can\*\*\n+((?:- .*\n(?: {2,}.*\n)*)+)/m.exec(markdown)?.[1];
    if (minutes === undefined || list === undefined) {
      throw new UserError(
        `notebooks/${name}.ts needs "**Time.** Reading: N minutes" and a list below "**When you are through you can**" in its first cell`,
      );
    }
    return {
      number: name.slice(0, 2),
      name,
      title: titleAndSummary(markdown).title,
      readingMinutes: Number(minutes),
      afterwards: list
        .trim()
        .split(/\n(?=- )/)
        .map((one) => one.replace(/\s*\n\s*/g, " ")),
    };
  });
}

/** The guide's page with its generated parts made anew. @throws UserError where a part has lost its marks */
export async function withGuideTables(root: string): Promise<string> {
  const path = join(root, guidePath);
  const all = presented(root);
  const masters = inOrder(root);
  const parts = {
    times: timesTable(all, masters),
    outcomes: outcomesTable(masters),
    "six weeks": weeksTable(sixWeeks, all, masters),
    "twelve weeks": weeksTable(twelveWeeks, all, masters),
    chapters: all.map((chapter) => chapterPart(root, chapter, masters)).join("\n\n"),
  };
  let page = readFileSync(path, "utf8");
  for (const [name, text] of Object.entries(parts)) {
    const [begin, end] = [`<!-- ${name}: made by npm run exercises -->`, `<!-- /${name} -->`];
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from)
      throw new UserError(
        `a part of ${guidePath} stands between the lines "${begin}" and "${end}"; they are gone`,
      );
    page = `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
  }
  return format(page, { ...(await resolveConfig(path)), parser: "markdown" });
}

/** The guide as it should be, where it is not so; undefined where it is, or where a folder has none. */
export async function staleGuide(root: string): Promise<string | undefined> {
  const path = join(root, guidePath);
  if (!existsSync(path)) return undefined;
  const wanted = await withGuideTables(root);
  return wanted === readFileSync(path, "utf8") ? undefined : wanted;
}

const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** `45 min`, `2 h`, `2 h 05 min`. */
export function hours(minutes: number): string {
  const [whole, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  if (whole === 0) return `${rest} min`;
  return rest === 0 ? `${whole} h` : `${whole} h ${String(rest).padStart(2, "0")} min`;
}

const ofChapter = (masters: readonly Master[], number: string): Master[] =>
  masters.filter(({ slug }) => slug.startsWith(number));

const exerciseLink = ({ slug, about: { title } }: Master): string =>
  `[${title}](../exercises/${slug}/${slug}.ipynb)`;

/** For columns in which several stand. */
const slugLink = ({ slug }: Master): string => `[${slug}](../exercises/${slug}/${slug}.ipynb)`;

function timesTable(all: readonly Presented[], masters: readonly Master[]): string {
  const rows = all.map(({ number, name, title, readingMinutes }) => {
    const own = ofChapter(masters, number).map(({ about: { minutes } }) => minutes);
    return row(
      `[${title}](../notebooks/${name}.ipynb)`,
      hours(readingMinutes),
      `${own.length}: ${hours(total(own))}`,
      hours(readingMinutes + total(own)),
    );
  });
  const reading = total(all.map(({ readingMinutes }) => readingMinutes));
  const solving = total(masters.map(({ about: { minutes } }) => minutes));
  const last = row("all", hours(reading), `${masters.length}: ${hours(solving)}`, hours(reading + solving));
  return [
    row("chapter", "reading", "exercises", "together"),
    row("---", "---", "---", "---"),
    ...rows,
    last,
  ].join("\n");
}

function outcomesTable(masters: readonly Master[]): string {
  const rows = outcomes.map(({ can, exercises }) => {
    const shown = exercises.map((slug) => slugLink(masterOf(masters, slug)));
    const numbers = [...new Set(exercises.map((slug) => slug.slice(0, 2)))];
    return row(can, numbers.join(", "), shown.join(", "));
  });
  return [row("a learner can", "chapters", "shown by"), row("---", "---", "---"), ...rows].join("\n");
}

function masterOf(masters: readonly Master[], slug: string): Master {
  const master = masters.find((one) => one.slug === slug);
  if (!master) throw new UserError(`tools/course/syllabus.ts names an exercise that is not there: ${slug}`);
  return master;
}

function weeksTable(weeks: readonly Week[], all: readonly Presented[], masters: readonly Master[]): string {
  const rows = weeks.map(({ inClass, chapters: numbers, exercises }, index) => {
    const read = numbers.map((number) => {
      const chapter = all.find((one) => one.number === number);
      if (!chapter)
        throw new UserError(`tools/course/syllabus.ts names a chapter that is not there: ${number}`);
      return chapter.readingMinutes / weeks.filter((week) => week.chapters.includes(number)).length;
    });
    const chosen = exercises.map((slug) => masterOf(masters, slug));
    const solving = total(chosen.map(({ about: { minutes } }) => minutes));
    return row(
      index + 1,
      inClass,
      numbers.join(", "),
      chosen.map(slugLink).join(", "),
      hours(total(read) + solving),
    );
  });
  return [
    row("week", "in class", "read before", "hand in after", "at home"),
    row("---", "---", "---", "---", "---"),
    ...rows,
  ].join("\n");
}

/** A table, or nothing where it would have no rows: a chapter may have no exercises. */
const tableOf = (heading: string, rule: string, rows: readonly string[]): readonly string[] =>
  rows.length > 0 ? [[heading, rule, ...rows].join("\n")] : [];

function chapterPart(root: string, chapter: Presented, masters: readonly Master[]): string {
  const own = ofChapter(masters, chapter.number);
  const exercises = own.map((master) =>
    row(exerciseLink(master), master.about.difficulty, master.about.importance, hours(master.about.minutes)),
  );
  const found = own.flatMap((master) =>
    misconceptions(root, master.slug).map(({ slug, mistake, does, believed, inClass }) =>
      row(believed, `\`${slug}\`, \`${mistake}\`: ${does}`, inClass),
    ),
  );
  return [
    `### ${chapter.title}`,
    `A reader can afterwards`,
    chapter.afterwards.join("\n"),
    ...tableOf(
      row("exercise", "difficulty", "importance", "time"),
      row("---", "---", "---", "---"),
      exercises,
    ),
    ...tableOf(row("what is believed", "exposed by the answer", "in class"), row("---", "---", "---"), found),
  ].join("\n\n");
}
