// The pages that are made from the notebooks: the README's table, with times and memory from the records, and the glossary.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { markdownOf } from "../site/links";
import { titleAndSummary } from "../site/markdown";
import { formatBytes } from "./duration";
import { glossary, type Chapter } from "./glossary";
import { readRecords, type NotebookRecord } from "./record";
import { listSources } from "./source";
import { UserError } from "./user-error";

/** Every chapter, in order. */
export function chapters(root: string): Chapter[] {
  return listSources(join(root, "notebooks")).map(({ name, source }) => ({
    name,
    markdown: markdownOf(source, readFileSync(source, "utf8")),
  }));
}

const begin = "<!-- notebooks: times and memory are written by npm run notebooks, from results/records -->";
const end = "<!-- /notebooks -->";

/**
 * The README with its table made anew: a row for each chapter. What a row says of its chapter is kept; a new row takes the chapter's
 * summary. Times and memory are the record's, and a dash where none is.
 *
 * @throws UserError where the README has lost the table's marks.
 */
export function withTable(
  readme: string,
  all: readonly Chapter[],
  records: ReadonlyMap<string, NotebookRecord>,
): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) {
    throw new UserError(`the README's table stands between the lines "${begin}" and "${end}"; they are gone`);
  }
  const old = new Map(
    [...readme.slice(from, to).matchAll(/^\|\s*(\d\d)\s*\|\s*(.*?)\s*\|[^|]*\|[^|]*\|$/gm)].map((row) => [
      row[1]!,
      row[2]!,
    ]),
  );
  const rows = all.map(({ name, markdown }) => {
    const number = name.slice(0, 2);
    const { title, summary } = titleAndSummary(markdown);
    const text =
      old.get(number) ??
      `[${title.replace(/^\d\d\s+/, "")}](notebooks/${name}.ipynb): ${firstSentence(summary)}`;
    const record = records.get(name);
    const time = record ? minutes(record.seconds) : "–";
    return `| ${number} | ${text} | ${time} | ${record ? formatBytes(record.peakBytes) : "–"} |`;
  });
  const cores = [...new Set([...records.values()].map(({ machine }) => machine.cores))].join(" or ");
  const table = [`| | notebook | time on ${cores || "?"} cores | memory |`, "|---|---|---|---|", ...rows];
  return `${readme.slice(0, from)}${begin}\n\n${table.join("\n")}\n\n${readme.slice(to)}`;
}

/** `under a minute`, `4 minutes`. */
function minutes(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds / 60));
  return seconds < 45 ? "under a minute" : `${whole} minute${whole === 1 ? "" : "s"}`;
}

function firstSentence(text: string): string {
  const sentence = /^.*?[.?!](?=\s|$)/.exec(text)?.[0] ?? text;
  return sentence.replace(/\.$/, "").replaceAll("|", "\\|");
}

/** What each page should hold, by its path from the root, laid out as the formatter does. */
export async function pages(root: string): Promise<Map<string, string>> {
  const all = chapters(root);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const made = {
    "README.md": withTable(readme, all, readRecords(root)),
    "docs/glossary.md": glossary(all),
  };
  const laidOut = new Map<string, string>();
  for (const [path, text] of Object.entries(made)) {
    const file = join(root, path);
    laidOut.set(path, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  }
  return laidOut;
}

/** Writes the pages; gives the paths of those that changed. */
export async function writePages(root: string): Promise<string[]> {
  const changed = await stalePages(root);
  for (const { path, text } of changed) writeFileSync(join(root, path), text);
  return changed.map(({ path }) => path);
}

/** The pages that differ from what they should be. */
export async function stalePages(root: string): Promise<{ path: string; text: string }[]> {
  const stale: { path: string; text: string }[] = [];
  for (const [path, text] of await pages(root)) {
    if (current(join(root, path)) !== text) stale.push({ path, text });
  }
  return stale;
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
