// The npm packages: whether what lies in node_modules is what the lock file says, and `npm ci` where it is not.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { diagnose, diskFilled, problem } from "./problem.mjs";

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean, resolved?: string }} Locked */

/**
 * Why `npm ci` has to run, or undefined where every package of the lock file is in place.
 *
 * npm writes node_modules/.package-lock.json when an installation is complete; a marker of ours says that one of ours is not.
 * @param {string} root the repository
 * @returns {string | undefined}
 */
export function npmPackagesMissing(root) {
  if (existsSync(marker(root))) return "an earlier installation did not finish";
  const installed = packages(join(root, "node_modules", ".package-lock.json"));
  if (installed === undefined) return "node_modules is absent or incomplete";
  const locked = packages(join(root, "package-lock.json"));
  if (locked === undefined)
    throw problem("package-lock.json is absent or unreadable.", "Run `git checkout package-lock.json`.");
  for (const [path, wanted] of Object.entries(locked)) {
    if (!path.startsWith("node_modules/")) continue;
    const name = path.slice("node_modules/".length);
    const found = installed[path];
    if (found === undefined) {
      // Packages for other platforms stay away, and npm leaves them out of its own record.
      if (wanted.optional === true) continue;
      return `${name} is absent`;
    }
    if (found.version !== wanted.version || found.integrity !== wanted.integrity)
      return `${name} is another version`;
    if (!existsSync(join(root, path, "package.json"))) return `${name} is incomplete`;
  }
  return undefined;
}

/**
 * Installs exactly the lock file's packages; their install scripts stay off.
 * @param {string} root
 * @param {import("./processes.mjs").Run} run
 * @param {(detail: string) => void} onDetail
 */
export async function installNpmPackages(root, run, onDetail) {
  mkdirSync(join(root, ".setup"), { recursive: true });
  writeFileSync(marker(root), "");
  const [command, args] = npmCommand(process.env);
  const { status, output } = await run(
    command,
    [...args, "ci", "--ignore-scripts", "--no-fund", "--no-audit"],
    {
      cwd: root,
      env: { ...process.env, ...npmCache(root, process.env, homedir()) },
      onLine: (line) => {
        // What npm warns of concerns whoever chose the packages; setup.log keeps it.
        if (!/^npm (?:warn|notice)\b/i.test(line)) onDetail(line);
      },
    },
  );
  if (status !== 0) {
    if (status === 127) {
      throw problem(
        "npm was not found.",
        "Install Node with npm (nodejs.org carries both) and run the command again.",
      );
    }
    throw (
      diagnose(output, "the npm packages") ??
      problem(
        `npm ci failed with status ${status}.`,
        "Read the end of .setup/setup.log, then run the command again.",
      )
    );
  }
  rmSync(marker(root), { force: true });
  const missing = npmPackagesMissing(root);
  if (missing !== undefined) {
    // Where the disk is too full to unpack a package, npm warns at most, and ends well.
    const { bavail, bsize } = statfsSync(root);
    if (bavail * bsize < 20e6) throw diskFilled("the npm packages");
    throw (
      diagnose(output, "the npm packages") ??
      problem(`npm ci ended well, but ${missing}.`, "Delete node_modules and run the command again.")
    );
  }
}

/** @param {string} root */
function marker(root) {
  return join(root, ".setup", "npm-unfinished");
}

/**
 * Has npm keep what it downloads in a folder of the course's own where a read-only home does not let it write into its usual one; otherwise says nothing.
 * Of a home like that npm says no more than "ENOENT: no such file or directory, mkdir".
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @returns {Record<string, string>} variables of npm's environment
 */
export function npmCache(root, env, home) {
  const usual = env["npm_config_cache"] ?? join(home, ".npm");
  try {
    mkdirSync(usual, { recursive: true });
    accessSync(usual, constants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: join(root, ".setup", "npm-cache") };
  }
}

/**
 * The npm that runs this script, or the one on the PATH.
 * @param {NodeJS.ProcessEnv} env
 * @returns {[string, string[]]}
 */
export function npmCommand(env) {
  const script = env["npm_execpath"];
  if (script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script))
    return [process.execPath, [script]];
  return ["npm", []];
}

/** @param {string} path @returns {Record<string, Locked> | undefined} */
function packages(path) {
  if (!existsSync(path)) return undefined;
  try {
    return /** @type {{ packages?: Record<string, Locked> }} */ (parseJson(readFileSync(path, "utf8")))
      .packages;
  } catch {
    return undefined;
  }
}

/** @param {string} text @returns {unknown} */
function parseJson(text) {
  return JSON.parse(text);
}
