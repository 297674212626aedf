// What a check shows: what held and what failed, as text for terminals and as HTML that follows the page's theme.
import { escapeHtml } from "../display/html.js";
import { isPlainTensor, type Plain } from "./plain.js";
import { notWritten, type Finding } from "./question.js";
import { show } from "./show.js";

/** How one property came out. */
export interface PropertyResult {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  /** Absent where the property holds. */
  readonly finding?: Finding;
  /** The input that shows it; `null` where the answer is no function, and takes none. */
  readonly input?: Plain;
}

/** Where a reader goes from a verdict, as addresses relative to the notebook. */
export interface CheckLinks {
  /** The passage of the chapter that the exercise stands on; what follows `#` is its heading. */
  readonly read?: string;
  /** The next exercise's notebook. */
  readonly next?: string;
}

/** Everything that a verdict says. */
interface Said {
  readonly results: readonly PropertyResult[];
  readonly link: Link | undefined;
  readonly summary: string;
}

/** The last line of a verdict, by how many properties fail, how many wait for code, and how many there are. */
export type Summary = (failed: number, waiting: number, all: number) => string;

/** A verdict as text and as HTML. */
export function verdict(
  results: readonly PropertyResult[],
  links: CheckLinks,
  summaryOf: Summary = summaryOfExercise,
): { readonly text: string; readonly html: string } {
  const passed = results.every(({ finding }) => !finding);
  const waiting = results.filter(waits).length;
  const failed = results.filter(({ finding }) => finding).length - waiting;
  const summary = summaryOf(failed, waiting, results.length);
  const said = { results, summary, link: linkOf(passed, links) };
  return { text: toText(said), html: toHtml(said) };
}

/** Whether a property waits for code that is not written yet. */
const waits = ({ finding }: PropertyResult): boolean => finding?.mistake === notWritten;

function summaryOfExercise(failed: number, waiting: number, all: number): string {
  if (failed + waiting === 0) return "All public checks pass. The grader asks the same with other numbers.";
  const change = waiting === 0 ? "Change the answer" : "Write it";
  const then = `${change}, run its cell, then run this one again.`;
  if (waiting === all) return `The answer is not written yet. ${then}`;
  const wait = waiting === 1 ? "1 waits" : `${waiting} wait`;
  const what = [
    ...(failed > 0 ? [`${failed} of ${all} checks fail`] : []),
    ...(waiting > 0 ? [`${wait} for what is not written yet`] : []),
  ];
  return `${what.join(", ")}. ${then}`;
}

/** One way on: the passage where something fails, the next exercise where nothing does. */
interface Link {
  readonly before: string;
  readonly title: string;
  readonly address: string;
}

function linkOf(passed: boolean, { read, next }: CheckLinks): Link | undefined {
  const address = passed ? next : read;
  if (address === undefined) return undefined;
  const [path, heading] = address.split("#");
  const name = path!
    .split("/")
    .at(-1)!
    .replace(/\.ipynb$/, "");
  return passed
    ? { before: "Next exercise: ", title: name, address }
    : { before: "Read again: ", title: `${name}, ${(heading ?? "").replaceAll("-", " ")}`, address };
}

/** A finding's rows: what was given, what came and what was expected. */
function rowsOf({ finding, input }: PropertyResult): readonly (readonly [string, string])[] {
  const detail = finding?.detail;
  const rows: [string, string][] = partsOf(input).map(([name, value]) => [
    `input ${name}`.trim(),
    show(value),
  ]);
  if (typeof detail === "string") rows.push(["seen", detail]);
  else if (detail) {
    rows.push(["expected", detail.expected], ["got", detail.got]);
    if (detail.where !== undefined) rows.push(["where", detail.where]);
  }
  return rows;
}

/** An input by its parts: an object's fields each, all else whole. */
function partsOf(input: Plain | undefined): readonly (readonly [string, Plain])[] {
  if (input === undefined || input === null) return [];
  if (typeof input !== "object" || Array.isArray(input) || isPlainTensor(input)) return [["", input]];
  return Object.entries(input as Readonly<Record<string, Plain>>);
}

function toText({ results, summary, link }: Said): string {
  const lines = results.flatMap((result) => {
    const { title, finding } = result;
    if (!finding) return [`right   ${title}`];
    if (waits(result)) return [`not yet ${title}`];
    const rows = rowsOf(result).map(([name, value]) => `        ${name}: ${value}`);
    return [`wrong   ${title}`, `        ${finding.message} (${finding.mistake})`, ...rows];
  });
  return [...lines, summary, ...(link ? [`${link.before}${link.title}`] : [])].join("\n");
}

// Jupyter's colours, which follow its theme, and where there is no Jupyter colours that show on white and on black.
const green = "var(--jp-success-color0, #388e3c)";
const red = "var(--jp-error-color1, #d32f2f)";
const faint = "var(--jp-ui-font-color2, #757575)";

function toHtml({ results, summary, link }: Said): string {
  const passed = results.every(({ finding }) => !finding);
  const items = results.map((result) => {
    const { title, finding } = result;
    if (!finding) return framed(green, item(green, "✓ right", title));
    if (waits(result)) return framed(faint, item(faint, "○ not yet", title));
    const explanation = `<div style="margin:2px 0">${explained(finding)}</div>`;
    return framed(red, item(red, "✗ wrong", title) + explanation + table(rowsOf(result)));
  });
  const isWrong = results.some((result) => result.finding && !waits(result));
  const [color, sign] = passed ? [green, "✓"] : isWrong ? [red, "✗"] : [faint, "○"];
  const way = link
    ? ` ${escapeHtml(link.before)}<a href="${escapeHtml(link.address)}">${escapeHtml(link.title)}</a>.`
    : "";
  return [
    `<div class="residual-verdict" style="max-width:100%;overflow-wrap:break-word">`,
    ...items,
    `<div><b style="color:${color}">${sign}</b> ${escapeHtml(summary)}${way}</div></div>`,
  ].join("");
}

const framed = (color: string, html: string): string =>
  `<div style="border-left:3px solid ${color};padding:2px 0 2px 10px;margin:0 0 8px 0">${html}</div>`;

const item = (color: string, sign: string, title: string): string =>
  `<div><b style="color:${color}">${sign}</b>&ensp;<b>${escapeHtml(title)}</b></div>`;

const explained = ({ message, mistake }: Finding): string =>
  `${escapeHtml(message)} <span style="color:${faint}">(${escapeHtml(mistake)})</span>`;

/** One sentence with its sign, as `check.answer` shows it. */
export function signed(right: boolean, text: string): string {
  return `<div class="residual-verdict"><b style="color:${right ? green : red}">${right ? "✓" : "✗"}</b>&ensp;${escapeHtml(text)}</div>`;
}

/** Rows of a name and a value. The value breaks between words where it can, and never makes the page wider. */
function table(rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  // No list: JupyterLab's own style gives the names of one a tenth of the width.
  const shown = rows.map(
    ([name, value]) =>
      `<span style="color:${faint}">${escapeHtml(name)}</span><code style="overflow-wrap:anywhere">${escapeHtml(value)}</code>`,
  );
  return `<div style="display:grid;grid-template-columns:max-content 1fr;column-gap:12px;row-gap:2px;margin:4px 0">${shown.join("")}</div>`;
}
