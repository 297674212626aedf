// `npm run notebooks`: executes notebook sources and writes them with their outputs, or checks that they are up to date.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { earlyUses } from "./defined-first";
import { formatBytes, formatSeconds } from "./duration";
import { findPython } from "./environment";
import { setting } from "../../lib/runtime/setting";
import { chapters, stalePages, writePages } from "./pages";
import { writeProse } from "./prose";
import { readRecords, writeRecord } from "./record";
import { runNotebook, type RunResult } from "./run";
import { parseRenamings } from "./renamed";
import { sideBySide } from "./side-by-side";
import { findSources, listSources, type NotebookPaths } from "./source";
import { staleNotebooks } from "./stale";
import { readTimings, timingsPath, writeTimings } from "./timings";
import { UserError } from "./user-error";

const help = `npm run notebooks -- NOTEBOOK... [options]

Executes notebooks/NN-slug.ts from the first cell to the last in a fresh kernel and writes notebooks/NN-slug.ipynb with its
outputs. Stops at the first error, and then the old .ipynb stays as it was. How a source is written: tools/notebooks/README.md

Several run side by side where the cores and the free memory allow it, each with its share of the cores
(TF_NUM_INTRAOP_THREADS, unless it is set). A run of the course's own notebooks in their everyday setting also writes
results/records/notebooks/ and, from there, the README's table, and the glossary.

NOTEBOOK            a number (01), a name, or the path of a source
--all               every notebook
--jobs NUMBER       how many may run at once (default: one for each two cores)
--check             run nothing: say which written notebook or page differs from its source (exit 1 if one does)
--pages             run nothing: write the README's table and docs/glossary.md from sources and records
--prose             run nothing: write changed Markdown, and questions that nobody answered, into the executed notebooks; refused where
                    other code has changed
--renamed OLD=NEW   with --prose: a public name of the library that is another now; a cell in which nothing else changed keeps its outputs,
                    unless they show the old name
--timeout SECONDS   what one cell may take (default 900)
--json FILE         write wall time and peak memory of each notebook
--kernel NAME       kernelspec to run with (default residual)
--help              this text
`;

/** What a notebook without a record is taken to need. */
const unknownNeed = 2 * 2 ** 30;

const root = resolve(__dirname, "..", "..");
const folder = join(root, "notebooks");

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (values.pages) {
    const written = await writePages(root);
    console.log(written.length > 0 ? `written: ${written.join(", ")}` : "the pages are up to date");
    return 0;
  }
  const notebooks = values.all ? listSources(folder) : findSources(folder, positionals);
  if (notebooks.length === 0 && !values.all) throw new UserError(`name a notebook, or --all\n\n${help}`);
  const timeout = Number(values.timeout);
  if (!Number.isInteger(timeout) || timeout < 1) {
    throw new UserError(`--timeout must be a whole number of seconds, at least 1; got ${values.timeout}`);
  }
  const jobs =
    values.jobs === undefined ? Math.max(1, Math.floor(availableParallelism() / 2)) : Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new UserError(`--jobs must be a whole number of at least 1; got ${values.jobs!}`);
  }
  const python = findPython(root);

  if (values.check) {
    const stale = await staleNotebooks(python, notebooks);
    for (const { path } of values.all ? await stalePages(root) : []) {
      stale.push(`${path} is stale; run: npm run notebooks -- --pages`);
    }
    if (values.all) for (const line of earlyUses(chapters(root))) stale.push(line);
    for (const line of stale) console.error(line);
    if (stale.length === 0) console.log(`${notebooks.length} notebooks hold their source`);
    return stale.length === 0 ? 0 : 1;
  }
  if (values.prose) {
    const written = await writeProse(notebooks, { python, root, renamings: parseRenamings(values.renamed) });
    console.log(written.length > 0 ? `written: ${written.join(", ")}` : "no Markdown has changed");
    return 0;
  }
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      stop.abort();
    });
  }
  const timings = timingsPath(root);
  const results: RunResult[] = [];
  const records = readRecords(root);
  const together = Math.min(jobs, notebooks.length);
  await sideBySide(notebooks, {
    jobs,
    memory: process.availableMemory(),
    need: ({ name }) => records.get(name)?.peakBytes ?? unknownNeed,
    signal: stop.signal,
    async run(paths, signal) {
      const run = await runNotebook(paths, {
        python,
        kernel: values.kernel,
        timeout,
        timings: readTimings(timings),
        signal,
        ...(together > 1 && {
          // Each has its share of the cores: together they ask for no more than there are.
          threads: Math.max(1, Math.floor(availableParallelism() / together)),
          terminal: false,
          write: (text) => process.stdout.write(text.replaceAll(/^(?=.)/gm, `${paths.name.slice(0, 2)} `)),
        }),
      });
      results.push(run);
      writeTimings(timings, run.measured);
      if (run.stopped)
        console.error(`${run.name}: stopped; the kernel is gone, the written notebook is as it was`);
      if (run.report) process.stderr.write(run.report);
      if (!run.ok) return false;
      console.log(
        `${run.name}: written in ${formatSeconds(run.seconds)}, peak memory ${formatBytes(run.peakBytes)}`,
      );
      if (isOfCourse(paths) && setting() === "everyday") {
        writeRecord(root, {
          notebook: run.name,
          seconds: run.seconds,
          peakBytes: run.peakBytes,
          sideBySide: together,
        });
      }
      return true;
    },
  });
  if (results.some((run) => run.ok) && notebooks.some(isOfCourse) && setting() === "everyday") {
    const written = await writePages(root);
    if (written.length > 0) console.log(`written: ${written.join(", ")}`);
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results.map(publicResult), null, 2)}\n`);
  if (stop.signal.aborted) return 130;
  return results.every((run) => run.ok) ? 0 : 1;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        all: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        jobs: { type: "string" },
        pages: { type: "boolean", default: false },
        prose: { type: "boolean", default: false },
        renamed: { type: "string", multiple: true, default: [] },
        json: { type: "string" },
        kernel: { type: "string", default: "residual" },
        timeout: { type: "string", default: "900" },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`);
  }
}

/** Whether a notebook is one of the course's, and not a copy elsewhere. */
function isOfCourse({ source }: NotebookPaths): boolean {
  return dirname(source) === folder;
}

function publicResult({ name, ok, seconds, peakBytes }: RunResult): object {
  return { name, ok, seconds, peakBytes };
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 2;
  },
);
