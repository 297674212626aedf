// The two steps of the native engine: TensorFlow's C library out of its wheel, and TensorFlow.js's own binding, patched and compiled
// against it.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { findCompiler } from "./compiler";
import type { EngineChoice } from "./flavour";
import { applyPatch, PatchMisfit } from "./patch";
import { Problem } from "./problem";
import { switchLink } from "./python";
import { fingerprint, fingerprintFiles, writeWhole } from "./stamp";
import type { Step, StepContext } from "./step";
import { readPins, unpackWheels, wheelDamage, type Pin } from "./wheels";

/** The package whose JavaScript and C++ are used; its own install step, a download of a 2022 TensorFlow, is not. */
const PACKAGE = "node_modules/@tensorflow/tfjs-node-gpu";
const SOURCES = `${PACKAGE}/binding`;
/** Where the pins of the wheels lie and what is added to those sources, functions of many operations (see docs/internals.md). */
const RECIPES = "tools/setup";
const PATCH = "binding/functions.patch";
const NAPI_HEADERS = "node_modules/node-api-headers/include";
/** Where the package looks for its binding. */
const LINK = `${PACKAGE}/lib/napi-v8/tfjs_binding.node`;
const BINDING = "tfjs_binding.node";
/** Kept outside node_modules: from here the library puts the link back that npm takes away (lib/runtime/backends/native-link.node.ts). */
const KEPT = `.engine/${BINDING}`;

/** An engine on the disk: `.engine/<flavour>-<version>`, holding `tensorflow/`, for CUDA `nvidia/`, and the binding. */
export interface EnginePlace {
  readonly folder: string;
  readonly version: string;
  readonly pins: readonly Pin[];
  readonly pinsText: string;
}

/** Where a chosen engine lies, and what it is made of; a project of its own has the recipes elsewhere than a checkout. */
export function enginePlace(root: string, choice: EngineChoice, recipes = join(root, RECIPES)): EnginePlace {
  const pinsText = readFileSync(join(recipes, "wheels", choice.pins), "utf8");
  const pins = readPins(pinsText);
  const version = pins[0]!.version;
  return { folder: join(root, ".engine", `${choice.flavour}-${version}`), version, pins, pinsText };
}

/** The step that brings TensorFlow's C library, its headers and, for CUDA, NVIDIA's libraries. */
export function tensorflowStep(root: string, choice: EngineChoice, recipes = join(root, RECIPES)): Step {
  const { folder, version, pins, pinsText } = enginePlace(root, choice, recipes);
  return {
    id: `tensorflow-${choice.flavour}`,
    name: `TensorFlow ${version} (${choice.flavour === "cuda" ? "CUDA" : "CPU"}: ${choice.why})`,
    optional: true,
    fingerprint: () => fingerprint(pinsText, readFileSync(join(recipes, "unpack_wheel.py"))),
    damage: () => pins.map((pin) => wheelDamage(pin, folder)).find((damage) => damage !== undefined),
    async make(context) {
      // Asked first: without a compiler the library would be fetched for nothing.
      await findCompiler({ run: context.run });
      await unpackWheels(pins, folder, context);
    },
  };
}

/** The step that compiles the binding and links it to where the package looks for it. */
export function bindingStep(root: string, choice: EngineChoice, recipes = join(root, RECIPES)): Step {
  const place = enginePlace(root, choice, recipes);
  const patch = join(recipes, PATCH);
  const { folder, pinsText } = place;
  const inputs = (): string =>
    fingerprint(
      folder,
      pinsText,
      fingerprintFiles(root, [SOURCES, relative(root, patch), NAPI_HEADERS]),
      compilerArguments("", "").join(" "),
    );
  return {
    id: "binding",
    name: "Native binding",
    optional: true,
    needs: [`tensorflow-${choice.flavour}`],
    fingerprint: inputs,
    damage: () => bindingDamage(root, folder, inputs()),
    async make(context) {
      if (compiledDamage(folder, inputs()) !== undefined)
        await compileBinding(place, patch, inputs(), context);
      for (const link of [LINK, KEPT].map((path) => join(root, path))) {
        mkdirSync(dirname(link), { recursive: true });
        switchLink(link, join(folder, BINDING), join(root, ".setup", "unfinished"));
      }
      removeOtherVersions(folder);
    },
  };
}

function bindingDamage(root: string, folder: string, inputs: string): string | undefined {
  for (const link of [LINK, KEPT].map((path) => join(root, path))) {
    const stat = lstatSync(link, { throwIfNoEntry: false });
    const target = stat?.isSymbolicLink() === true ? resolve(dirname(link), readlinkSync(link)) : undefined;
    if (target !== join(folder, BINDING)) return "the package is not linked to it";
  }
  return compiledDamage(folder, inputs);
}

/** Beside the binding lies what it was compiled from and how long it is, so that a lost link costs no compilation. */
function compiledDamage(folder: string, inputs: string): string | undefined {
  const binding = join(folder, BINDING);
  if (!existsSync(binding) || !existsSync(`${binding}.txt`)) return "it is not compiled";
  const [madeFrom, bytes] = readFileSync(`${binding}.txt`, "utf8").split(/\s/);
  if (madeFrom !== inputs) return "it was compiled from other sources";
  return statSync(binding).size === Number(bytes) ? undefined : "it is not whole";
}

async function compileBinding(
  place: EnginePlace,
  patch: string,
  inputs: string,
  context: StepContext,
): Promise<void> {
  const { root, run, detail, diagnose } = context;
  const { folder, version } = place;
  const compiler = await findCompiler({ run });
  const work = join(root, ".setup", "unfinished", "binding");
  rmSync(work, { recursive: true, force: true });
  const sources = writeSources(root, patch, work);
  detail(compiler.version);
  const made = join(folder, `${BINDING}.${process.pid}.partial.node`);
  const args = compilerArguments(root, folder);
  const { status, output } = await run(compiler.command, [...sources, ...args, "-o", made], { cwd: work });
  if (status !== 0) {
    rmSync(made, { force: true });
    throw (
      diagnose(output, "the native binding") ??
      new Problem(
        `${compiler.command} (${compiler.version}) could not compile the native binding.`,
        "Read the end of .setup/setup.log; g++ 9 or clang++ 10 and newer know the C++17 it needs.",
      )
    );
  }
  // Only loading it shows that the library and everything it needs are found.
  const probe = `process.stdout.write("TensorFlow " + require(${JSON.stringify(made)}).TF_Version)`;
  const loaded = await run(process.execPath, ["-e", probe], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" },
  });
  if (loaded.status !== 0 || !loaded.output.includes(`TensorFlow ${version}`)) {
    rmSync(made, { force: true });
    throw new Problem(
      `The native binding was compiled but does not load TensorFlow ${version}.`,
      "Read the end of .setup/setup.log for what the loader missed.",
    );
  }
  renameSync(made, join(folder, BINDING));
  await writeWhole(join(folder, `${BINDING}.txt`), `${inputs} ${statSync(join(folder, BINDING)).size}\n`);
}

/** Writes the patched sources to where they are compiled, never inside node_modules; gives those that a compiler takes. */
function writeSources(root: string, patch: string, work: string): string[] {
  const names = readdirSync(join(root, SOURCES));
  const originals = new Map(names.map((name) => [name, readFileSync(join(root, SOURCES, name), "utf8")]));
  mkdirSync(work, { recursive: true });
  for (const [name, text] of [...originals, ...patchSources(patch, originals)]) {
    writeFileSync(join(work, name), text);
  }
  return names.filter((name) => name.endsWith(".cc")).map((name) => join(work, name));
}

function patchSources(patch: string, originals: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  try {
    return applyPatch(readFileSync(patch, "utf8"), (name) => originals.get(name));
  } catch (error) {
    if (!(error instanceof PatchMisfit)) throw error;
    throw new Problem(
      `${basename(patch)} does not fit the sources in ${SOURCES}: ${error.message}.`,
      "Bring the package back by `npm ci --ignore-scripts`. After a change of its version the patch has to be made anew: docs/internals.md says how.",
    );
  }
}

function compilerArguments(root: string, folder: string): string[] {
  const tensorflow = join(folder, "tensorflow");
  const common = [
    ...["-std=c++17", "-O2", "-fPIC", "-DNAPI_VERSION=8", "-DNODE_GYP_MODULE_NAME=tfjs_binding"],
    ...["-I", join(root, NAPI_HEADERS), "-I", join(tensorflow, "include")],
  ];
  // The C interfaces of Node and TensorFlow are stable, so one binding serves Node 20 to 24. It finds the library relative to itself,
  // and the library finds NVIDIA's by its own `$ORIGIN/../nvidia/*/lib`.
  return process.platform === "darwin"
    ? [
        ...common,
        ...["-bundle", "-undefined", "dynamic_lookup", "-Wl,-rpath,@loader_path/tensorflow"],
        ...["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"].map((name) =>
          join(tensorflow, name),
        ),
      ]
    : [
        ...common,
        ...["-shared", "-L", tensorflow, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
        "-Wl,-rpath,$ORIGIN/tensorflow",
      ];
}

/** Earlier versions of the same flavour; the other flavour stays, so that switching costs nothing. */
function removeOtherVersions(folder: string): void {
  const parent = dirname(folder);
  const [flavour] = folder.slice(parent.length + 1).split("-");
  for (const name of readdirSync(parent)) {
    const isSameFlavour = name === flavour || name.startsWith(`${flavour ?? ""}-`);
    if (isSameFlavour && join(parent, name) !== folder)
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}
