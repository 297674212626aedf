// What the classroom runs on: JupyterHub and the course's Jupyter in one environment, and the Hub's proxy, made once under .setup/hub.
import { spawn } from "node:child_process";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { npmCommand } from "../setup/ground/npm-packages.mjs";
import { pythonEnv } from "../setup/python";
import { fingerprint, fingerprintFiles } from "../setup/stamp";

const LOCKS = ["tools/hub/requirements.txt", "tools/setup/plotly.txt", "tools/hub/proxy/package-lock.json"];

/** Where programs of the Hub lie. */
export interface HubEnvironment {
  /** The folder of `jupyterhub`, `jupyterhub-singleuser`, `jupyter` and `nbgrader`. */
  readonly bin: string;
  /** The folder of `configurable-http-proxy`. */
  readonly proxyBin: string;
}

/**
 * Makes the environment, unless one of the same locks is there.
 *
 * @throws Error where a program fails, with the end of what it said; where learners' accounts could not read what they are to run
 */
export async function hubEnvironment(root: string, say: (line: string) => void): Promise<HubEnvironment> {
  // Debian's own Python, because learners' accounts must be able to run it: one in somebody's home is closed to them.
  const python = process.env["RESIDUAL_PYTHON"] ?? "/usr/bin/python3";
  for (const path of [root, process.execPath, python]) mustBePublic(path);
  const name = fingerprint(python, root, fingerprintFiles(root, LOCKS)).slice(0, 12);
  const all = join(root, ".setup", "hub");
  const folder = join(all, name);
  const proxy = join(folder, "proxy");
  const made: HubEnvironment = {
    bin: join(folder, "python", "bin"),
    proxyBin: join(proxy, "node_modules", ".bin"),
  };
  const whole = join(folder, "whole");
  if (existsSync(whole)) return made;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(proxy, { recursive: true });
  say("JupyterHub's packages are installed, once: some minutes");
  await run(python, ["-m", "venv", join(folder, "python")], folder);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]; // prettier-ignore
  const own = join(made.bin, "python");
  await run(own, [...pip, "-r", join(root, LOCKS[0]!)], folder);
  await run(own, [...pip, "--no-deps", "-r", join(root, LOCKS[1]!)], folder);
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(root, "tools", "hub", "proxy", file), join(proxy, file));
  const [npm, args] = npmCommand(process.env);
  await run(npm, [...args, "ci", "--ignore-scripts", "--no-fund", "--no-audit"], proxy);
  writeFileSync(whole, "");
  for (const other of readdirSync(all))
    if (other !== name) rmSync(join(all, other), { recursive: true, force: true });
  return made;
}

/** @throws Error where an account without rights cannot come to a file */
function mustBePublic(path: string): void {
  accessSync(path, constants.R_OK);
  for (let at = realpathSync(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0)
      throw new Error(
        `learners' accounts must be able to run ${path}, and ${at} is closed to others. ` +
          "Put the course below a folder that is open, such as /opt, and name a Python of the system's in RESIDUAL_PYTHON.",
      );
    if (at === dirname(at)) return;
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, env: pythonEnv(), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise((done, fail) => child.once("error", fail).once("close", done));
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${String(status)}:\n${said.slice(-3000)}`);
}
