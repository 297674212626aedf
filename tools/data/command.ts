// `npm run data`, less the process around it: arguments in, lines and an exit code out.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { install, installed } from "./install";
import { megabytes, Problem } from "./problem";
import { showProgress, type Screen } from "./progress";
import { sources, type Source } from "./sources";

const help = `npm run data -- NAME [options]

Fetches a data set into datasets/NAME/download, checks its SHA-256, and unpacks it. The embedded Fashion-MNIST sample needs
no download. An interrupted download goes on where it stopped when the command is run again. HTTPS_PROXY, HTTP_PROXY and
NO_PROXY name the proxy, as for npm and pip.

  NAME               ${Object.keys(sources).join(", ")}
  --mirror URL       fetch from this address instead of the official one; the file's name is appended
  --from-file PATH   use a file that you have, or a folder that holds the files; nothing is downloaded
  --to FOLDER        instead of the repository's datasets; point RESIDUAL_DATA at the same folder
  --list             the data sets, their sizes, and which are here
  --help             this text`;

/** What the command stands in. */
export interface Surroundings {
  /** The repository's `datasets`. */
  readonly datasets: string;
  /** Where the person stands: relative paths are meant from here. */
  readonly from: string;
  readonly screen: Screen;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Runs the command; gives its exit code: 0, or 130 where it was interrupted.
 * @throws Problem for what the person can mend; TypeError of `parseArgs` for an unknown option.
 */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { from, screen, signal } = surroundings;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      mirror: { type: "string" },
      "from-file": { type: "string" },
      to: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { mirror, to } = values;
  const fromFile = values["from-file"];
  const progress = showProgress(screen);
  const datasets = to === undefined ? surroundings.datasets : resolve(from, to);
  if (values.help) {
    progress.line(help);
    return 0;
  }
  if (values.list) {
    for (const source of Object.values<Source>(sources)) progress.line(await listed(source, datasets));
    return 0;
  }
  if (mirror !== undefined && fromFile !== undefined)
    throw new Problem("--mirror and --from-file exclude each other.", "Give one of them.");
  const source = chosen(positionals);

  const folder = join(datasets, source.name, "download");
  try {
    const fresh = await install(source, folder, {
      mirror,
      fromFile: fromFile && resolve(from, fromFile),
      signal,
      onStep: (text) => {
        progress.line(text);
      },
      onBytes: (file, bytes) => {
        progress.bytes(file.name, bytes, file.bytes);
      },
      onRetry: (reason, waitMs) => {
        progress.line(`${reason}; trying again in ${Math.ceil(waitMs / 1000)} s`);
      },
    });
    progress.line(`${source.name} is ${fresh ? "" : "already "}in ${folder}`);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.line("Stopped. Run the same command again to go on from here.");
    return 130;
  }
}

/** What is printed of a failure: the reason and the remedy, or everything where it is a fault of this program. */
export function explain(error: unknown): string {
  if (error instanceof Problem) return `${error.message}\n${error.remedy}`;
  // parseArgs
  if (error instanceof TypeError && "code" in error) return `${error.message}\nSee npm run data -- --help`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function chosen(names: readonly string[]): Source {
  const [name] = names;
  if (name !== undefined && names.length === 1 && Object.hasOwn(sources, name))
    return sources[name as keyof typeof sources];
  const got = names.length > 0 ? names.join(" ") : "nothing";
  throw new Problem(
    `NAME must be one of ${Object.keys(sources).join(", ")}; got ${got}`,
    "See npm run data -- --help",
  );
}

async function listed(source: Source, datasets: string): Promise<string> {
  const bytes = source.files.reduce((total, file) => total + file.bytes, 0);
  const here = await installed(source, join(datasets, source.name, "download"));
  return `${source.name.padEnd(14)}${megabytes(bytes).padStart(9)}   ${here ? "here" : "not here"}`;
}
