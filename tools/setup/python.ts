// The Python environment: a project-local one with the locked Jupyter, switched into place when it is whole.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { requireFreeSpace } from "./disk";
import { pythonEnv, searchPython, type Python, type Search } from "./ground/programs.cjs";
import { Problem } from "./problem";
import { fingerprint, fingerprintFiles } from "./stamp";
import type { Step, StepContext } from "./step";

const LOCKS = ["tools/setup/requirements.txt", "tools/setup/plotly.txt"];
const BYTES = 1.2e9;

export { pythonEnv } from "./ground/programs.cjs";

/**
 * The first Python on the PATH (or the one that RESIDUAL_PYTHON names) that is 3.10 or newer and can make an environment.
 *
 * @throws Problem where there is none: it names what was found and what to install
 */
export async function findPython(options: Search): Promise<Python> {
  const found = await searchPython(options);
  if ("message" in found) throw new Problem(found.message, found.remedy);
  return found;
}

/**
 * The step that makes `.venv`.
 *
 * The environment is made in a folder of its own under .setup/python, named after its inputs, and `.venv` is a symbolic link that is moved
 * onto it at the end: scripts in an environment hold its absolute path, so it cannot be moved, and the one in use stays whole until then.
 */
export function pythonStep(root: string): Step {
  // The path is an input: an environment does not survive a move of the checkout.
  const inputs = (): string => fingerprint(root, fingerprintFiles(root, LOCKS));
  return {
    id: "python",
    name: "Python environment",
    fingerprint: inputs,
    damage: () => environmentDamage(join(root, ".venv")),
    make: (context) => makeEnvironment(root, inputs().slice(0, 12), context),
  };
}

/** What is wrong with an environment, as far as a look at its files tells. */
export function environmentDamage(folder: string): string | undefined {
  const config = join(folder, "pyvenv.cfg");
  if (!existsSync(config)) return ".venv is absent";
  const base = /^executable = (.*)$/m.exec(readFileSync(config, "utf8"))?.[1];
  if (base !== undefined && !existsSync(base)) return `the Python it was made with, ${base}, is gone`;
  for (const program of ["python", "jupyter-lab", "jupyter-nbconvert", "jupytext", "nbgrader"]) {
    if (!existsSync(join(folder, "bin", program))) return `${program} is missing from .venv`;
  }
  return undefined;
}

async function makeEnvironment(root: string, name: string, context: StepContext): Promise<void> {
  const { run, detail, diagnose } = context;
  const python = await findPython({ run });
  const all = join(root, ".setup", "python");
  const folder = join(all, name);
  mkdirSync(all, { recursive: true });
  requireFreeSpace(all, BYTES, "the Python environment");
  rmSync(folder, { recursive: true, force: true });
  detail(`Python ${python.version}`);
  const made = await run(python.path, ["-m", "venv", folder], { cwd: root, env: pythonEnv() });
  if (made.status !== 0) {
    throw (
      diagnose(made.output, "the Python environment") ??
      new Problem(
        `Python ${python.version} (${python.path}) could not make an environment.`,
        "Install its venv module (Debian, Ubuntu: `apt-get install python3-venv`) and run the command again.",
      )
    );
  }
  const own = join(folder, "bin", "python");
  const [requirements, plotly] = LOCKS as [string, string];
  const scratch = join(root, ".setup", "unfinished", "pip");
  mkdirSync(scratch, { recursive: true });
  const install = [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--progress-bar",
    "off",
    "--require-hashes",
    "--only-binary=:all:",
  ];
  // Plotly comes for its JupyterLab extension alone, so what its Python half needs stays away.
  for (const args of [
    ["-r", requirements],
    ["--no-deps", "-r", plotly],
  ]) {
    const result = await run(own, [...install, ...args], {
      cwd: root,
      env: { ...pythonEnv(), TMPDIR: scratch },
      onLine: (line) => {
        detail(line.replace(/\s*\(from .*/, ""));
      },
    });
    if (result.status !== 0) {
      throw (
        diagnose(result.output, "the Python packages") ??
        new Problem(
          `pip could not install the Python packages under Python ${python.version}.`,
          "Read the end of .setup/setup.log. The lock is tried with Python 3.11; name such a one in RESIDUAL_PYTHON.",
        )
      );
    }
  }
  const check = await run(
    own,
    ["-c", "import jupyterlab, nbconvert, nbclient, jupytext, nbgrader, jupyter_kernel_test"],
    {
      env: pythonEnv(),
    },
  );
  if (check.status !== 0) {
    throw new Problem(
      "The Python packages are installed but cannot be imported.",
      "Read the end of .setup/setup.log.",
    );
  }
  switchLink(join(root, ".venv"), folder, join(root, ".setup", "unfinished"));
  for (const other of readdirSync(all)) {
    if (other !== name) rmSync(join(all, other), { recursive: true, force: true });
  }
}

/** Makes `link` lead to `target` in one rename; whatever real folder lies there goes to `aside` first. */
export function switchLink(link: string, target: string, aside: string): void {
  mkdirSync(aside, { recursive: true });
  const existing = lstatSync(link, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink() === true && resolve(link, "..", readlinkSync(link)) === target) return;
  if (existing !== undefined && !existing.isSymbolicLink())
    renameSync(link, join(aside, `old-${process.pid}-${Date.now()}`));
  const next = `${link}.${process.pid}.next`;
  rmSync(next, { force: true });
  symlinkSync(target, next);
  renameSync(next, link);
}
