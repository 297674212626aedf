// The programs that setup needs of the machine, looked for before anything is downloaded: a Python that makes environments, and a C++ compiler.
// CommonJS, because Node 22 before 22.12 lets TypeScript's half of setup, which is loaded as CommonJS, take nothing else.
const { accessSync, constants, existsSync } = require("node:fs");
const path = require("node:path");

/** @typedef {import("./processes.mjs").Run} Run */
/** @typedef {{ run: Run, env?: NodeJS.ProcessEnv }} Search */
/** @typedef {{ path: string, version: string }} Python `path` can make environments */
/** @typedef {{ command: string, version: string }} Compiler `version` is the first line of what `--version` prints */
/** @typedef {{ message: string, remedy: string }} Missing */

/** Tried in this order; the first that is 3.10 or newer serves. */
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

const FOREIGN_MODULES = new Set([
  "PYTHONHOME",
  "PYTHONPATH",
  "PIP_TARGET",
  "PIP_PREFIX",
  "PIP_USER",
  "VIRTUAL_ENV",
]);

/**
 * An environment without what would make Python load modules from elsewhere.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
function pythonEnv(env = process.env) {
  const own = Object.entries(env).filter(([name]) => !FOREIGN_MODULES.has(name));
  return { ...Object.fromEntries(own), PYTHONNOUSERSITE: "1" };
}

/**
 * The first Python on the PATH (or the one that RESIDUAL_PYTHON names) that is 3.10 or newer and can make an environment, or what was found and what to install.
 * @param {Search} search
 * @returns {Promise<Python | Missing>}
 */
async function searchPython({ run, env = process.env }) {
  const wanted = env["RESIDUAL_PYTHON"];
  const candidates =
    wanted !== undefined && wanted !== "" ? [wanted] : PYTHONS.flatMap((name) => onPath(name, env));
  const seen = [];
  let bare;
  for (const program of candidates) {
    const probe =
      "import sys; print('%d.%d.%d' % sys.version_info[:3]); import venv, ensurepip; print('venv')";
    const { output } = await run(program, ["-I", "-c", probe], { env: pythonEnv(env) });
    const version = /^(\d+)\.(\d+)\.(\d+)$/m.exec(output);
    if (version === null) continue;
    const isRecent = Number(version[1]) === 3 && Number(version[2]) >= 10;
    if (!isRecent) seen.push(`${program} is ${version[0]}`);
    else if (/^venv$/m.test(output)) return { path: program, version: version[0] };
    else bare ??= `Python ${version[0]} (${program})`;
  }
  if (bare !== undefined) {
    return {
      message: `${bare} cannot make environments: its venv module is missing.`,
      remedy: "Install it (Debian, Ubuntu: `apt-get install python3-venv`) and run the command again.",
    };
  }
  const found =
    seen.length > 0
      ? seen.join(", ")
      : wanted !== undefined
        ? `RESIDUAL_PYTHON=${wanted} is none`
        : "found none";
  return {
    message: `Python must be 3.10 or newer; ${found}.`,
    remedy:
      "Install it (Debian, Ubuntu: `apt-get install python3 python3-venv`; macOS: `brew install python`), or name one in RESIDUAL_PYTHON.",
  };
}

/**
 * The compiler that CXX names, else g++, clang++ or c++; or what is missing without one.
 * @param {Search} search
 * @returns {Promise<Compiler | Missing>}
 */
async function searchCompiler({ run, env = process.env }) {
  const named = env["CXX"];
  const commands = named !== undefined && named !== "" ? [named] : ["g++", "clang++", "c++"];
  for (const command of commands) {
    // On a Mac without its command line tools the command exists and fails.
    const { status, output } = await run(command, ["--version"], { env });
    if (status === 0) return { command, version: (output.split("\n")[0] ?? "").trim() };
  }
  return {
    message: `No C++ compiler (tried ${commands.join(", ")}), so the native backend is missing.`,
    remedy:
      "Install one (Debian, Ubuntu: `apt-get install g++`; macOS: `xcode-select --install`) and run this command again; until then slower backends serve.",
  };
}

/**
 * Looks for what a first setup will ask for, so that minutes of downloads do not come before "install Python".
 *
 * @param {string} root the repository
 * @param {Run} run
 * @param {boolean} isEngineRequired whether setup fails without a compiler
 * @returns {Promise<{ missing?: Missing, warning?: string }>} all that setup would fail for, and what it goes on without
 */
async function missingPrograms(root, run, isEngineRequired) {
  const python = existsSync(path.join(root, ".venv", "pyvenv.cfg")) ? undefined : await searchPython({ run });
  const compiler = existsSync(path.join(root, ".engine")) ? undefined : await searchCompiler({ run });
  const noPython = python !== undefined && "message" in python ? python : undefined;
  const noCompiler = compiler !== undefined && "message" in compiler ? compiler : undefined;
  if (noPython !== undefined && noCompiler !== undefined) {
    return {
      missing: {
        message: `${noPython.message} ${noCompiler.message}`,
        remedy: `${noPython.remedy} The compiler comes by \`apt-get install g++\`, or \`xcode-select --install\` on a Mac.`,
      },
    };
  }
  if (noPython !== undefined) return { missing: noPython };
  if (noCompiler === undefined) return {};
  if (isEngineRequired) return { missing: noCompiler };
  return { warning: `${noCompiler.message} ${noCompiler.remedy} Ctrl-C stops this setup.` };
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function onPath(name, env) {
  return (env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .filter((program) => {
      try {
        accessSync(program, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

module.exports = { missingPrograms, pythonEnv, searchCompiler, searchPython };
