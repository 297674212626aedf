// `npm run notebooks`: executes notebook sources and writes them with their outputs, or checks that they are up to date.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes, formatSeconds } from "./duration";
import { findPython } from "./environment";
import { runNotebook, type RunResult } from "./run";
import { findSources, listSources } from "./source";
import { staleNotebooks } from "./stale";
import { readTimings, timingsPath, writeTimings } from "./timings";
import { UserError } from "./user-error";

const help = `npm run notebooks -- NOTEBOOK... [options]

Executes notebooks/NN-slug.ts from the first cell to the last in a fresh kernel and writes notebooks/NN-slug.ipynb with its
outputs. Stops at the first error, and then the old .ipynb stays as it was. How a source is written: tools/notebooks/README.md

NOTEBOOK            a number (01), a name, or the path of a source
--all               every notebook
--check             run nothing: say which written notebook differs from its source (exit 1 if one does)
--timeout SECONDS   what one cell may take (default 900)
--json FILE         write wall time and peak memory of each notebook
--kernel NAME       kernelspec to run with (default residual)
--help              this text
`;

const root = resolve(__dirname, "..", "..");
const folder = join(root, "notebooks");

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const notebooks = values.all ? listSources(folder) : findSources(folder, positionals);
  if (notebooks.length === 0 && !values.all) throw new UserError(`name a notebook, or --all\n\n${help}`);
  const timeout = Number(values.timeout);
  if (!Number.isInteger(timeout) || timeout < 1) {
    throw new UserError(`--timeout must be a whole number of seconds, at least 1; got ${values.timeout}`);
  }
  const python = findPython(root);

  if (values.check) {
    const stale = await staleNotebooks(python, notebooks);
    for (const line of stale) console.error(line);
    if (stale.length === 0) console.log(`${notebooks.length} notebooks hold their source`);
    return stale.length === 0 ? 0 : 1;
  }
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      stop.abort();
    });
  }
  const timings = timingsPath(root);
  const results: RunResult[] = [];
  for (const paths of notebooks) {
    const run = await runNotebook(paths, {
      python,
      kernel: values.kernel,
      timeout,
      timings: readTimings(timings),
      signal: stop.signal,
    });
    results.push(run);
    writeTimings(timings, run.measured);
    if (run.stopped)
      console.error(`${run.name}: stopped; the kernel is gone, the written notebook is as it was`);
    if (run.report) process.stderr.write(run.report);
    if (!run.ok) break;
    console.log(
      `${run.name}: written in ${formatSeconds(run.seconds)}, peak memory ${formatBytes(run.peakBytes)}`,
    );
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
        json: { type: "string" },
        kernel: { type: "string", default: "residual" },
        timeout: { type: "string", default: "900" },
      },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`);
  }
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
