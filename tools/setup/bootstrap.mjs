// The first file that runs: plain JavaScript without dependencies. It brings the npm packages, then hands over to TypeScript.
//
//   node tools/setup/bootstrap.mjs setup | start | test | doctor [options]
import { mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HELP } from "./ground/help.mjs";
import { acquireLock } from "./ground/lock.mjs";
import { nodeVersionProblem, platformProblem } from "./ground/node-version.mjs";
import { installNpmPackages, npmPackagesMissing } from "./ground/npm-packages.mjs";
import { diagnose, diskProblem, isProblem, problem } from "./ground/problem.mjs";
import { processRunner } from "./ground/processes.mjs";
import { missingPrograms } from "./ground/programs.cjs";
import { progressLines } from "./ground/progress.mjs";

const root = realpathSync(fileURLToPath(new URL("../..", import.meta.url)));
const work = join(root, ".setup");

/**
 * What the TypeScript half is given.
 * @typedef {object} Ground
 * @property {string} root the repository's absolute path
 * @property {readonly string[]} args
 * @property {import("./ground/processes.mjs").Run} run
 * @property {import("./ground/progress.mjs").Progress} progress
 * @property {typeof diagnose} diagnose
 * @property {() => void} release gives the lock back: setup is over
 */

/**
 * @param {string[]} argv
 */
async function main(argv) {
  const unsupported = platformProblem(process.platform) ?? nodeVersionProblem(process.versions.node);
  if (unsupported !== undefined) throw problem(unsupported.message, unsupported.remedy);
  const [command = "setup", ...args] = argv;
  if (!isCommand(command)) {
    throw problem(
      `The command must be setup, start, test or doctor; got ${command}.`,
      "See `npm run setup -- --help`.",
    );
  }
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP[command]);
    return;
  }
  mkdirSync(work, { recursive: true });
  /** @type {import("./ground/lock.mjs").Lock | undefined} */
  let lock;
  const runner = processRunner({ logFile: join(work, "setup.log"), onChild: (pid) => lock?.setChild(pid) });
  const progress = progressLines({ total: 6 });
  const release = () => {
    lock?.release();
    lock = undefined;
  };
  const stopped = () => {
    runner.stop();
    progress.interrupt();
    release();
    console.error("Stopped. Nothing is broken: the next run carries on from here.");
    process.exit(130);
  };
  // Until setup is over a signal ends it here; afterwards JupyterLab or the tests have their own way to end.
  let handedOver = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (!handedOver) stopped();
    });
  }

  /** @type {Ground} */
  const ground = {
    root,
    args,
    run: runner.run,
    progress,
    diagnose,
    release() {
      handedOver = true;
      release();
    },
  };
  const prepare = async () => {
    lock = await acquireLock(work, {
      onWait: (pid) => {
        console.log(`Another setup (process ${pid}) is at work here; waiting for it to end.`);
      },
    });
    writeFileSync(join(work, "setup.log"), `${new Date().toISOString()} ${command} ${args.join(" ")}\n`);
    // Whatever lies here was left by a setup that was killed.
    rmSync(join(work, "unfinished"), { recursive: true, force: true });
    const isEngineRequired = args.includes("--require-engine") || process.env["CI"] === "true";
    const programs = await missingPrograms(root, runner.run, isEngineRequired);
    if (programs.missing !== undefined) throw problem(programs.missing.message, programs.missing.remedy);
    if (programs.warning !== undefined) progress.warn(programs.warning);
    const missing = npmPackagesMissing(root);
    if (missing === undefined) progress.ready("npm packages");
    else
      await progress.step("npm packages", missing, (detail) => installNpmPackages(root, runner.run, detail));
  };
  try {
    if (command === "doctor") {
      const missing = npmPackagesMissing(root);
      if (missing !== undefined) {
        // What setup would stop at comes first.
        const { missing: programs } = await missingPrograms(root, runner.run, false);
        if (programs !== undefined) throw problem(programs.message, programs.remedy);
        throw problem(`The npm packages are not in place: ${missing}.`, "Run `npm run setup`.");
      }
    } else {
      await prepare();
    }
    load("../typescript.cjs");
    const commands = /** @type {typeof import("./commands.js")} */ (load("./commands.ts"));
    process.exitCode = await commands.run(command, ground);
  } finally {
    release();
  }
}

const require = createRequire(import.meta.url);

/** @param {string} id @returns {unknown} */
function load(id) {
  return require(id);
}

/** @param {string} command @returns {command is keyof typeof HELP} */
function isCommand(command) {
  return Object.hasOwn(HELP, command);
}

main(process.argv.slice(2)).catch((/** @type {unknown} */ error) => {
  const told = isProblem(error) ? error : diskProblem(error);
  if (told !== undefined) console.error(`\n${told.message}\n  ${told.remedy}`);
  else console.error(error);
  process.exitCode = 1;
});
