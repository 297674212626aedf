// `npm start` after setup: JupyterLab on the notebooks, with this checkout's own configuration and nobody else's.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, isIP } from "node:net";
import { delimiter, join } from "node:path";
import { formatNotebook, type Cell } from "../notebooks/notebook";
import { normalise } from "../notebooks/normalise";
import { Problem } from "../setup/problem";
import { pythonEnv } from "../setup/python";
import { quietly } from "./quiet";

/** What `npm start -- …` may ask for. */
export interface StartOptions {
  readonly openBrowser: boolean;
  /** With nbgrader's and Jupytext's buttons and every kernel, for whoever hands out and grades; learners' notebooks hold no checks that Validate could run. */
  readonly teacher: boolean;
  /** This port or none; undefined takes the first free one from 8888. */
  readonly port: number | undefined;
  /** The address to listen on: this machine's own, unless a container has to be reached from outside it. */
  readonly ip: string;
}

/** Reads `--no-browser`, `--teacher`, `--ip ADDRESS` and `--port N` or `--port=N`. @throws Problem on anything else */
export function parseStartOptions(args: readonly string[]): StartOptions {
  let openBrowser = true;
  let teacher = false;
  let port: number | undefined;
  let ip = "127.0.0.1";
  const rest = args.flatMap((arg) => {
    const [, name, value] = /^(--port|--ip)=(.*)$/.exec(arg) ?? [];
    return name === undefined ? [arg] : [name, value!];
  });
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i]!;
    if (arg === "--no-browser") openBrowser = false;
    else if (arg === "--teacher") teacher = true;
    else if (arg === "--port") port = parsePort(rest[++i]);
    else if (arg === "--ip") ip = parseAddress(rest[++i]);
    else throw new Problem(`${arg} is no option of npm start.`, "See `npm start -- --help`.");
  }
  return { openBrowser, teacher, port, ip };
}

function parsePort(text: string | undefined): number {
  const port = /^\d+$/.test(text ?? "") ? Number(text) : NaN;
  if (port >= 1024 && port <= 65535) return port;
  throw new Problem(
    `--port must be a whole number from 1024 to 65535; got ${text ?? "none"}.`,
    "For example `npm start -- --port 8890`.",
  );
}

function parseAddress(text: string | undefined): string {
  if (text !== undefined && isIP(text) !== 0) return text;
  throw new Problem(
    `--ip must be an address of this machine; got ${text ?? "none"}.`,
    "For example `npm start -- --ip 0.0.0.0`, every address, inside a container.",
  );
}

/** The environment in which Jupyter sees this checkout's configuration and kernels, and not the user's own. */
export function jupyterEnv(
  root: string,
  { teacher }: Pick<StartOptions, "teacher">,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const own = join(root, ".setup", "jupyter");
  const configuration = [join(root, "tools", "start", "jupyter")];
  if (!teacher) configuration.unshift(join(root, "tools", "start", "learner"));
  return {
    ...pythonEnv(env),
    PATH: `${join(root, ".venv", "bin")}:${env["PATH"] ?? ""}`,
    JUPYTER_CONFIG_PATH: configuration.join(delimiter),
    // Its `labextensions` hold what draws the figures.
    JUPYTER_PATH: join(root, "tools", "start", "jupyter"),
    JUPYTER_CONFIG_DIR: join(own, "config"),
    JUPYTER_DATA_DIR: join(own, "data"),
    JUPYTER_RUNTIME_DIR: join(own, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(own, "config", "lab", "user-settings"),
    JUPYTERLAB_WORKSPACES_DIR: workspaces(root),
    IPYTHONDIR: join(own, "ipython"),
  };
}

/** Where JupyterLab keeps what was open. */
const workspaces = (root: string): string => join(root, ".setup", "jupyter", "config", "lab", "workspaces");

/** The page to begin with: chapter 00 the first time, then what was open when JupyterLab was left, and the page "Course" where nothing was. */
export function firstPage(root: string): string {
  const folder = workspaces(root);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) return "/lab/tree/notebooks/00-start-here.ipynb";
  // Each document that is open has an entry of its own, such as `notebook:notebooks/02-residual-learning.ipynb`.
  const isOpen = files.some((file) =>
    /"(?:notebook|editor|markdownviewer-widget):/.test(readFileSync(join(folder, file), "utf8")),
  );
  return isOpen ? "/lab" : "/lab/tree/course.ipynb";
}

/** Gives JupyterLab and Notebook the course's styles, which they read from their configuration's own folder alone. */
export function putStyles(root: string, configuration: string): void {
  const folder = join(configuration, "custom");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, "tools", "start", "jupyter", "custom.css"), join(folder, "custom.css"));
}

/** The page "Course", git-ignored because running it changes it: its cell says what is solved and what comes next. */
export function putCoursePage(root: string): void {
  const path = join(root, "course.ipynb");
  if (existsSync(path)) return;
  const cell = (cell_type: "markdown" | "code", lines: readonly string[]): Cell => ({
    id: "",
    cell_type,
    metadata: {},
    source: lines.join("\n"),
    ...(cell_type === "code" && { execution_count: null, outputs: [] }),
  });
  const cells = [
    cell("markdown", [
      "# Course",
      "",
      "Run the cell below with Shift+Enter. It asks the checks of the exercises that you have saved, and says what is solved and what comes next.",
      "The first chapter is [00 Start here](notebooks/00-start-here.ipynb).",
    ]),
    cell("code", [
      'import { execSync } from "node:child_process";',
      "",
      'const page = execSync("npm run --silent progress -- --markdown", { stdio: ["ignore", "pipe", "ignore"] });',
      'display({ "text/markdown": String(page) });',
    ]),
  ];
  writeFileSync(
    path,
    formatNotebook(normalise({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }, root)),
  );
}

/** Runs JupyterLab until it is stopped; the number is its exit status. @throws Problem when the port asked for is taken */
export async function start(root: string, options: StartOptions): Promise<number> {
  const { openBrowser, port, teacher, ip } = options;
  if (port !== undefined && !(await isFree(port, ip))) {
    throw new Problem(
      `Port ${port} is taken by another program.`,
      "Name another, or leave --port out and the first free one is taken.",
    );
  }
  const args = [
    `--ServerApp.root_dir=${root}`,
    `--ServerApp.ip=${ip}`,
    `--LabApp.default_url=${firstPage(root)}`,
  ];
  if (port !== undefined) args.push(`--ServerApp.port=${port}`, "--ServerApp.port_retries=0");
  if (!openBrowser) args.push("--no-browser");
  // In containers one is often root, and Jupyter asks that it be said.
  if (process.getuid?.() === 0) args.push("--allow-root");
  const env = jupyterEnv(root, { teacher });
  putStyles(root, env["JUPYTER_CONFIG_DIR"]!);
  putCoursePage(root);
  console.log("Starting JupyterLab on the notebooks; Ctrl-C ends it.");
  console.log("The page course.ipynb, in its list of files, shows what is solved and what comes next.");
  const jupyter = spawn(join(root, ".venv", "bin", "jupyter-lab"), args, {
    cwd: root,
    env,
    stdio: ["inherit", "inherit", "pipe"],
  });
  quietly(jupyter.stderr, process.stderr);
  const forward = (signal: NodeJS.Signals): void => {
    jupyter.kill(signal);
  };
  process.on("SIGTERM", forward).on("SIGHUP", forward);
  // A terminal's Ctrl-C reaches Jupyter by itself; one sent to this process alone does not.
  if (!process.stdin.isTTY) process.on("SIGINT", forward);
  return new Promise((resolve, reject) => {
    jupyter.on("error", reject);
    jupyter.on("close", (code, signal) => {
      resolve(signal === null || signal === "SIGINT" || signal === "SIGTERM" ? (code ?? 0) : 1);
    });
  });
}

/** Whether a port of this machine can be listened on. */
export function isFree(port: number, address = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen(port, address, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}
