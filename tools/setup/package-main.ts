// `npx residual setup`: makes the native engine in a project that has installed the library. Bundled into the package by tools/build.mjs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bindingStep, tensorflowStep } from "./engine";
import { chooseEngine, readWish, thisMachine } from "./flavour";
import { acquireLock } from "./ground/lock.mjs";
import { nodeVersionProblem } from "./ground/node-version.mjs";
import { npmCommand } from "./ground/npm-packages.mjs";
import { diagnose, isProblem, problem } from "./ground/problem.mjs";
import { processRunner } from "./ground/processes.mjs";
import { progressLines } from "./ground/progress.mjs";
import { findPython } from "./python";
import { Stamps } from "./stamp";
import { runSteps, type Step } from "./step";

const HELP = `npx residual setup [--cpu | --gpu | --auto]

Makes the native engine of this project: fetches TensorFlow's library (200 MB, with CUDA more) by pip and compiles TensorFlow.js's
binding against it. It needs Python 3.10 and a C++ compiler. Without the engine the library computes by WebAssembly, slower.

  --cpu    for the processor, also where there is a GPU
  --gpu    with CUDA
  --auto   as this machine has it (and forgets an earlier choice)`;

const OPTIONS = ["--cpu", "--gpu", "--auto"];

/** The packages of the engine, by name. */
const { peerDependencies: ENGINE_PACKAGES } = manifestOf(join(__dirname, "../..")) as {
  peerDependencies: Record<string, string>;
};

function manifestOf(folder: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  } catch {
    return undefined; // not installed, or not whole
  }
}

/** The folder of the project whose node_modules hold this package. @throws Problem where npm did not put it there */
function projectFolder(): string {
  const library = join(__dirname, "../..");
  if (basename(dirname(library)) === "node_modules") return dirname(dirname(library));
  throw problem(
    `npx residual setup must run in a project that has installed residual by npm; this one lies in ${library}.`,
    "In the course's own checkout the command is `npm run setup`.",
  );
}

/** The step that brings the JavaScript and the C++ of the binding, and Node's headers; their install scripts stay off. */
function packagesStep(project: string): Step {
  const wanted = Object.entries(ENGINE_PACKAGES);
  const damage = () =>
    wanted
      .filter(([name, version]) => manifestOf(join(project, "node_modules", name))?.["version"] !== version)
      .map(([name, version]) => `${name} ${version} is absent`)[0];
  return {
    id: "packages",
    name: "npm packages of the engine",
    fingerprint: () => JSON.stringify(wanted),
    damage,
    async make({ run, detail }) {
      if (damage() === undefined) return; // npm has put them there
      const [command, args] = npmCommand(process.env);
      const packages = wanted.map(([name, version]) => `${name}@${version}`);
      const { status, output } = await run(
        command,
        [...args, "install", "--ignore-scripts", "--no-fund", "--no-audit", "--save-exact", ...packages],
        { cwd: project, onLine: detail },
      );
      if (status === 0) return;
      throw (
        diagnose(output, packages.join(" and ")) ??
        problem(
          `npm could not install ${packages.join(" and ")} (status ${status}).`,
          "Read the end of .setup/setup.log, then run the command again.",
        )
      );
    },
  };
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  if (command === "--help" || command === "-h" || args.includes("--help")) {
    console.log(HELP);
    return;
  }
  const unknown = [command ?? "nothing", ...args].find((word, i) =>
    i === 0 ? word !== "setup" : !OPTIONS.includes(word),
  );
  if (unknown !== undefined)
    throw problem(
      `The command must be setup, with ${OPTIONS.join(", ")} or none; got ${unknown}.`,
      "See `npx residual --help`.",
    );
  const unsupported = nodeVersionProblem(process.versions.node);
  if (unsupported !== undefined) throw problem(unsupported.message, unsupported.remedy);
  const project = projectFolder();
  const work = join(project, ".setup");
  for (const folder of [work, join(project, ".engine")]) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, ".gitignore"), "*\n");
  }
  const choice = chooseEngine(thisMachine(), await readWish(args, work));
  const runner = processRunner({ logFile: join(work, "setup.log") });
  const lock = await acquireLock(work, {
    onWait: (pid) => {
      console.log(`Another setup (process ${pid}) is at work here; waiting for it to end.`);
    },
  });
  const progress = progressLines({ total: 3 });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      runner.stop();
      progress.interrupt();
      lock.release();
      console.error("Stopped. Nothing is broken: the next run carries on from here.");
      process.exit(130);
    });
  }
  try {
    const { path: python } = await findPython({ run: runner.run });
    const steps = [
      packagesStep(project),
      tensorflowStep(project, choice, __dirname),
      bindingStep(project, choice, __dirname),
    ];
    const [missing] = await runSteps(steps, {
      root: project,
      python,
      run: runner.run,
      diagnose,
      stamps: new Stamps(join(work, "stamps")),
      progress,
    });
    rmSync(join(work, "unfinished"), { recursive: true, force: true });
    if (missing !== undefined) process.exitCode = 1;
    else
      console.log("The native engine is in place. Elsewhere: `npm ci --ignore-scripts`, then this command.");
  } finally {
    lock.release();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(isProblem(error) ? `${error.message}\n  ${error.remedy}` : error);
  process.exitCode = 1;
});
