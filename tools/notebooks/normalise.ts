// Leaves out of an executed notebook what changes from run to run without being a result.
import { createHash } from "node:crypto";
import { sep } from "node:path";
import { languageInfo } from "../../kernel/language-info";
import { viewerConfig } from "../../lib/plot/viewer-config";
import { joined, lines, type Cell, type Notebook, type Output } from "./notebook";
import { withFolds, withPredictions } from "./predictions";

/**
 * What every notebook of the course says about its kernel: all that JupyterLab writes when it opens one, so that reading changes no file.
 */
export const kernelMetadata = {
  kernelspec: { display_name: "TypeScript (Residual)", language: "typescript", name: "residual" },
  language_info: languageInfo,
};

/**
 * The notebook with fixed metadata, cell ids that follow from the source, counts from 1, no timings, transient
 * displays dropped, cells for the reader's predictions put in and the outputs below them folded, each run of stream chunks joined, and paths within the repository shortened to their part below it. Two runs of a
 * deterministic notebook give equal results, in whatever folders.
 *
 * @param root the repository's folder
 */
export function normalise(notebook: Notebook, root: string): Notebook {
  const own = withPredictions(notebook.cells);
  const ids = cellIds(own);
  let executed = 0;
  const cells = own.map((cell, index) => {
    const common = {
      id: ids[index]!,
      cell_type: cell.cell_type,
      metadata: withoutTimings(cell.metadata),
      source: lines(cell.source),
    };
    if (cell.cell_type !== "code") return common;
    const count = joined(cell.source).trim() === "" ? null : ++executed;
    return { ...common, execution_count: count, outputs: normaliseOutputs(cell.outputs ?? [], count, root) };
  });
  return { nbformat: 4, nbformat_minor: 5, metadata: kernelMetadata, cells: withFolds(cells) };
}

/**
 * An id for each cell: the start of a hash of its kind and source, with a number appended to repetitions. Editing or inserting a
 * cell leaves every other id as it was.
 */
export function cellIds(cells: readonly Cell[]): string[] {
  const seen = new Map<string, number>();
  return cells.map(({ cell_type, source }) => {
    const hash = createHash("sha256")
      .update(`${cell_type}\n${joined(source)}`)
      .digest("hex")
      .slice(0, 12);
    const repetition = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, repetition);
    return repetition === 1 ? hash : `${hash}-${repetition}`;
  });
}

function withoutTimings(metadata: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "execution"));
}

function normaliseOutputs(outputs: readonly Output[], count: number | null, root: string): Output[] {
  const kept: Output[] = [];
  for (const output of outputs) {
    if (isTransient(output)) continue;
    const last = kept.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text = joined(last.text ?? "") + joined(output.text ?? "");
    } else {
      kept.push({ ...output });
    }
  }
  for (const output of kept) {
    if (output.output_type === "stream") output.text = lines(afterReturns(joined(output.text ?? "")));
    if (output.output_type === "execute_result") output.execution_count = count;
    if (output.data) output.data = splitTexts(withViewerConfig(output.data));
  }
  return kept.map((output) => withoutFolder(output, `${root}${sep}`));
}

/** The same with every text, at any depth, rid of the folder. */
function withoutFolder<T>(value: T, folder: string): T {
  if (typeof value === "string") return value.replaceAll(folder, "") as T;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutFolder(item, folder)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutFolder(item as unknown, folder)]),
  ) as T;
}

/** True for a display that its author marked as progress: `display(bundle, { transient: true })`. */
function isTransient(output: Output): boolean {
  const residual = output.metadata?.["residual"];
  return (
    typeof residual === "object" &&
    residual !== null &&
    (residual as { transient?: unknown }).transient === true
  );
}

/** What a terminal shows once carriage returns have overwritten their line. */
function afterReturns(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(/[^\n]*\r(?=[^\n])/g, "");
}

/** Figures with the viewer's settings as the library has them now: they say how a figure is shown, not what it shows. */
function withViewerConfig(data: Record<string, unknown>): Record<string, unknown> {
  const type = "application/vnd.plotly.v1+json";
  const figure = data[type];
  return typeof figure === "object" && figure !== null && "config" in figure
    ? { ...data, [type]: { ...figure, config: viewerConfig } }
    : data;
}

/** Texts as lines; other kinds of data stay whole, as Jupyter writes them. */
function splitTexts(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      typeof value === "string" && /^text\/|^image\/svg\+xml$/.test(type) ? lines(value) : value,
    ]),
  );
}
