// Setup from the second step on: Python, TensorFlow, binding, build, kernelspec.
import { join } from "node:path";
import type { Ground } from "./bootstrap.mjs";
import { bindingStep, tensorflowStep } from "./engine";
import { buildStep } from "./build";
import { chooseEngine, readWish, thisMachine, type EngineChoice } from "./flavour";
import { kernelspecStep } from "./kernelspec";
import { Problem, Unavailable } from "./problem";
import { pythonStep } from "./python";
import { Stamps } from "./stamp";
import { runSteps, type Step } from "./step";

const OPTIONS = ["--gpu", "--cpu", "--auto", "--require-engine"];

/** The options that setup does not know; `start` and `test` have their own. */
export function otherOptions(args: readonly string[]): string[] {
  return args.filter((option) => !OPTIONS.includes(option));
}

/**
 * Runs the steps.
 *
 * @throws Problem where something needed fails; also for a missing engine, under `--require-engine` or CI=true
 */
export async function setUp(ground: Ground): Promise<void> {
  const { root, args, run, progress, diagnose } = ground;
  const { env } = process;
  const stamps = new Stamps(join(root, ".setup", "stamps"));
  const choice = await engineChoice(root, args);
  const isEngineRequired = args.includes("--require-engine") || env["CI"] === "true";
  if (choice instanceof Unavailable && isEngineRequired) throw choice;
  const engine: Step[] =
    choice instanceof Unavailable ? [] : [tensorflowStep(root, choice), bindingStep(root, choice)];
  if (choice instanceof Unavailable) {
    progress.ready("TensorFlow", "not for this machine");
    progress.ready("Native binding", "left out");
    progress.warn(`${choice.message} ${choice.remedy}`);
  }
  const steps = [pythonStep(root), ...engine, buildStep(root), kernelspecStep(root)];
  const unavailable = await runSteps(steps, { root, run, diagnose, stamps, progress });
  const [first] = unavailable;
  if (first !== undefined && isEngineRequired) throw new Problem(first.message, first.remedy);
}

/** The choice of engine, or why this machine can have none. */
export async function engineChoice(
  root: string,
  args: readonly string[],
): Promise<EngineChoice | Unavailable> {
  const wish = await readWish(args, join(root, ".setup"));
  try {
    return chooseEngine(thisMachine(), wish);
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}
