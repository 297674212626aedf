// `npm run doctor`: what is installed, which backends work, what is missing and exactly how to get it. It changes nothing.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHROMIUM_REMEDY, findChromium } from "../chromium";
import { buildStep } from "../setup/build";
import { findCompiler } from "../setup/compiler";
import { freeBytes, gigabytes } from "../setup/disk";
import { bindingStep, enginePlace, tensorflowStep } from "../setup/engine";
import type { Run } from "../setup/ground/processes.mjs";
import type { EngineChoice } from "../setup/flavour";
import { kernelspecStep } from "../setup/kernelspec";
import { Problem, Unavailable } from "../setup/problem";
import { findPython, pythonEnv, pythonStep } from "../setup/python";
import { engineChoice } from "../setup/setup";
import { Stamps } from "../setup/stamp";
import { reasonToRun, type Step } from "../setup/step";
import { probeBackends } from "./backends";
import { findingLine, type Finding } from "./finding";

const SETUP_REMEDY = "Run `npm run setup`.";

/** Prints the report; the number is the exit status, 1 when something needed is missing. */
export async function doctor(root: string, run: Run): Promise<number> {
  const findings: Finding[] = [];
  const report = (...lines: Finding[]): void => {
    for (const line of lines) {
      console.log(findingLine(line));
      findings.push(line);
    }
  };
  report(...(await programs(run)));
  const choice = await engineChoice(root, []);
  report(...madeBySetup(root, choice), await pythonPackages(root, run), disk(root));
  for await (const finding of probeBackends(root, run, !(choice instanceof Unavailable))) report(finding);
  const missing = findings.filter(({ state }) => state === "missing").length;
  console.log(
    missing === 0
      ? "\nEverything needed is in place."
      : `\n${missing} of the things needed are missing; see above.`,
  );
  return missing === 0 ? 0 : 1;
}

async function programs(run: Run): Promise<Finding[]> {
  const npm = await run("npm", ["--version"]);
  const chromium = attempt("Chromium", "optional", () => {
    const path = findChromium();
    return path ?? new Problem("none found; browser tests wait for one", CHROMIUM_REMEDY);
  });
  return [
    { name: "Node", state: "ok", text: `${process.versions.node} (${process.execPath})` },
    npm.status === 0
      ? { name: "npm", state: "ok", text: npm.output.trim().split("\n").at(-1)! }
      : { name: "npm", state: "missing", text: "not found", remedy: "Install Node with npm." },
    { name: "npm packages", state: "ok", text: "as in package-lock.json" },
    await attempt("Python", "missing", async () => {
      const { version, path } = await findPython({ run });
      return `${version} (${path})`;
    }),
    await attempt("C++ compiler", "missing", async () => (await findCompiler({ run })).version),
    await chromium,
  ];
}

async function attempt(
  name: string,
  otherwise: "missing" | "optional",
  find: () => string | Problem | Promise<string | Problem>,
): Promise<Finding> {
  try {
    const found = await find();
    if (typeof found === "string") return { name, state: "ok", text: found };
    return { name, state: otherwise, text: found.message, remedy: found.remedy };
  } catch (error) {
    const { message } = error as Error;
    const remedy = error instanceof Problem ? { remedy: error.remedy } : {};
    return { name, state: otherwise, text: message, ...remedy };
  }
}

function madeBySetup(root: string, choice: EngineChoice | Unavailable): Finding[] {
  const stamps = new Stamps(join(root, ".setup", "stamps"));
  const found = (step: Step, text: string): Finding => {
    const reason = reasonToRun(step, stamps);
    return reason === undefined
      ? { name: step.id, state: "ok", text }
      : { name: step.id, state: "missing", text: reason, remedy: SETUP_REMEDY };
  };
  const engine: Finding[] =
    choice instanceof Unavailable
      ? [{ name: "engine", state: "optional", text: choice.message, remedy: choice.remedy }]
      : [
          found(
            tensorflowStep(root, choice),
            `TensorFlow ${enginePlace(root, choice).version}, ${choice.why}`,
          ),
          found(bindingStep(root, choice), `compiled and linked, ${choice.flavour}`),
        ];
  return [
    found(pythonStep(root), join(root, ".venv")),
    ...engine,
    found(buildStep(root), "library and kernel built from these sources"),
    found(kernelspecStep(root), "residual"),
  ];
}

/** The packages that people ask about, with the versions that are installed. */
const PACKAGES = [
  "jupyterlab",
  "nbconvert",
  "nbclient",
  "jupytext",
  "nbgrader",
  "jupyter-kernel-test",
  "plotly",
];

async function pythonPackages(root: string, run: Run): Promise<Finding> {
  const name = "Python packages";
  const python = join(root, ".venv", "bin", "python");
  if (!existsSync(python)) return { name, state: "missing", text: "no .venv", remedy: SETUP_REMEDY };
  const locked = readFileSync(join(root, "tools", "setup", "requirements.txt"), "utf8");
  const script = "import sys, importlib.metadata as m\nfor p in sys.argv[1:]: print(p, m.version(p))";
  const { status, output } = await run(python, ["-c", script, ...PACKAGES], { env: pythonEnv() });
  if (status !== 0) {
    return { name, state: "missing", text: output.trim().split("\n").at(-1) ?? "", remedy: SETUP_REMEDY };
  }
  const installed = output.trim().split("\n");
  const wrong = installed.filter((line) => {
    const [key, version] = line.split(" ") as [string, string];
    const pinned = new RegExp(`^${key}==(\\S+)`, "m").exec(locked)?.[1];
    return key !== "nbgrader" && pinned !== undefined && pinned !== version;
  });
  return wrong.length === 0
    ? { name, state: "ok", text: installed.join(", ") }
    : {
        name,
        state: "missing",
        text: `not the locked version: ${wrong.join(", ")}`,
        remedy: "Delete .venv, then run `npm run setup`.",
      };
}

function disk(root: string): Finding {
  const free = freeBytes(root);
  const text = `${gigabytes(free)} GB free`;
  return free >= 1e9
    ? { name: "disk", state: "ok", text }
    : { name: "disk", state: "missing", text, remedy: "Free at least 1 GB for data and checkpoints." };
}
