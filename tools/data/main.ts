// Fetches a full data set for the course: `npm run data -- NAME`. The network is used by this command alone.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { install, installed } from "./install";
import { megabytes, Problem } from "./problem";
import { showProgress } from "./progress";
import { sources, type Source } from "./sources";

const help = `npm run data -- NAME [options]

Fetches a data set into datasets/NAME/download, checks its SHA-256, and unpacks it. The embedded Fashion-MNIST sample needs
no download. An interrupted download goes on where it stopped when the command is run again.

  NAME               ${Object.keys(sources).join(", ")}
  --mirror URL       fetch from this address instead of the official one; the file's name is appended
  --from-file PATH   use a file that you have, or a folder that holds the files; nothing is downloaded
  --to FOLDER        instead of the repository's datasets; point RESIDUAL_DATA at the same folder
  --list             the data sets, their sizes, and which are here
  --help             this text`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mirror: { type: "string" },
      "from-file": { type: "string" },
      to: { type: "string" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  // npm runs this in the repository's root; paths are meant from where the person stands.
  const from = (path: string): string => resolve(process.env["INIT_CWD"] ?? "", path);
  const datasets = values.to === undefined ? join(__dirname, "..", "..", "datasets") : from(values.to);
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (values.list) {
    await list(datasets);
    return 0;
  }
  if (values.mirror !== undefined && values["from-file"] !== undefined)
    throw new Problem("--mirror and --from-file exclude each other.", "Give one of them.");
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0 || !Object.hasOwn(sources, name)) {
    const got = positionals.length > 0 ? positionals.join(" ") : "nothing";
    throw new Problem(
      `NAME must be one of ${Object.keys(sources).join(", ")}; got ${got}`,
      "See npm run data -- --help",
    );
  }

  const source = sources[name as keyof typeof sources];
  const progress = showProgress(process.stdout);
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort();
  });
  const folder = join(datasets, name, "download");
  try {
    const fresh = await install(source, folder, {
      mirror: values.mirror,
      fromFile: values["from-file"] && from(values["from-file"]),
      signal: stop.signal,
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
    progress.line(`${name} is ${fresh ? "" : "already "}in ${folder}`);
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    progress.line("Stopped. Run the same command again to go on from here.");
    return 130;
  }
}

async function list(datasets: string): Promise<void> {
  for (const source of Object.values<Source>(sources)) {
    const bytes = source.files.reduce((total, file) => total + file.bytes, 0);
    const here = await installed(source, join(datasets, source.name, "download"));
    console.log(`${source.name.padEnd(14)}${megabytes(bytes).padStart(9)}   ${here ? "here" : "not here"}`);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof Problem) console.error(`${error.message}\n${error.remedy}`);
    else if (error instanceof TypeError && "code" in error)
      console.error(`${error.message}\nSee npm run data -- --help`);
    else console.error(error);
    process.exitCode = 1;
  },
);
