// Checkpoints: everything a run needs to go on bit for bit, in one safetensors file.
import { exists, readBytes, removeAbandonedWrites, writeBytesAtomically } from "#files";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { parseExactly, stringifyExactly } from "../files/exact-json.js";
import { asJson, firstDifference, inWords, isObject } from "./difference.js";
import { measuredKey, ratesFingerprint, roundedAs } from "./computes.js";
import { storedFingerprint, weightsFingerprint, type Identity } from "./identity.js";
import { emptySums, type EpochRecord, type EpochSums } from "./metrics.js";
import type { Schedule } from "./schedule.js";
import type { Trainable } from "../model/trainable.js";
import {
  assignVariables,
  checkStorable,
  describeModel,
  readVariables,
  type StoredVariable,
} from "./weights.js";

/** What changes while a run goes on, besides variables. The random streams need nothing: their paths name the place. */
export interface RunState {
  /** How many updates were done. */
  step: number;
  /** The finished epochs. */
  readonly history: EpochRecord[];
  /** The epoch in progress; full where its validation is still to come. */
  sums: EpochSums;
  /** The loss of each step; empty unless they were asked for. */
  readonly stepLosses: number[];
  /** A fingerprint of the weights that the run began with; only a run with a file has one. */
  began: string;
  /** A fingerprint of the rates of the updates so far, since two schedules may be described alike. */
  rates: string;
}

/** A run as a file sees it. */
export interface CheckpointedRun {
  readonly path: string;
  readonly model: Trainable;
  /** What the optimizer remembers. */
  readonly memory: readonly StoredVariable[];
  readonly stepLosses: boolean;
  /** Its learning rates. */
  readonly schedule: Schedule;
}

const checkpointKey = "residual.checkpoint";
const lossesName = "history/stepLosses";
const format = 4;

/** The state of a run that has not begun. */
export function initialState(): RunState {
  return { step: 0, history: [], sums: emptySums(), stepLosses: [], began: "", rates: "" };
}

/** Writes the run's variables and state, atomically. */
export async function saveCheckpoint(
  run: CheckpointedRun,
  identity: Identity,
  state: RunState,
): Promise<void> {
  checkStorable(run.model.variables());
  state.rates = await ratesFingerprint(run.schedule, state.step);
  const { stepLosses, ...rest } = state;
  const tensors = await readVariables([...run.model.variables(), ...run.memory]);
  if (run.stepLosses) {
    // Losses are read from float32 tensors, so float32 keeps them exactly.
    const data = Float32Array.from(stepLosses);
    tensors.set(lossesName, { dtype: "F32", shape: [data.length], data });
  }
  const metadata = {
    ...describeModel(run.model),
    [checkpointKey]: stringifyExactly({ format, run: identity, state: rest }),
  };
  await writeBytesAtomically(run.path, encodeSafetensors({ tensors, metadata }));
}

/**
 * Gives the run's variables their values from its file, and returns its state; undefined if there is no file.
 *
 * @throws Error if the file is damaged or another run's, with the reason; then nothing was assigned.
 */
export async function restoreCheckpoint(
  run: CheckpointedRun,
  identity: Identity,
): Promise<RunState | undefined> {
  const { path, model, memory } = run;
  await removeAbandonedWrites(path);
  if (!(await exists(path))) return undefined;
  const { tensors, metadata } = decodeSafetensors(await readBytes(path), { name: path });
  const saved = parse(metadata[checkpointKey], path);

  const different = firstDifference(saved.run, roundedAs(saved.run, asJson(identity)));
  if (different) {
    const { place, first, second } = different;
    throw new Error(
      `${path}: another run's checkpoint: its ${place} is ${inWords(first)}, this run's is ${inWords(second)}. ` +
        (place.includes(measuredKey) ? "From the same weights its code computes other values. " : "") +
        "Give the same options and code, or another path, or delete the file",
    );
  }
  if (saved.state.rates !== (await ratesFingerprint(run.schedule, saved.state.step))) {
    throw new Error(
      `${path}: another run's checkpoint: its first ${saved.state.step} updates had other learning rates than this schedule gives, ` +
        "which is described alike. Give the same schedule, or another path, or delete the file",
    );
  }
  const variables = new Map<string, StoredTensor>(tensors);
  const losses = variables.get(lossesName);
  variables.delete(lossesName);
  const count = run.stepLosses ? saved.state.step : undefined;
  if (losses?.data.length !== count) {
    throw new Error(
      `${path}: must hold ${count ?? "no"} step losses; it holds ${losses?.data.length ?? "none"}`,
    );
  }
  const now = await weightsFingerprint(model.variables());
  if (now !== saved.state.began && now !== (await storedFingerprint(model.variables(), variables))) {
    throw new Error(
      `${path}: another run's checkpoint: the weights must be those that its run began with, or those that it holds; this model's are neither. ` +
        "Build the model anew as that run began, or give another path, or delete the file",
    );
  }
  assignVariables([...model.variables(), ...memory], variables, path);
  return { ...saved.state, stepLosses: losses ? Array.from(losses.data, Number) : [] };
}

interface Saved {
  readonly run: Record<string, unknown>;
  readonly state: Omit<RunState, "stepLosses">;
}

/** Checks what the file says about the run, so that a file made by hand cannot lead it astray. */
function parse(text: string | undefined, path: string): Saved {
  if (text === undefined)
    throw new Error(`${path}: not a checkpoint: it has no metadata called ${checkpointKey}`);
  const refuse = (reason: string) => new Error(`${path}: its ${checkpointKey} ${reason}`);
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch {
    throw refuse(`is not valid JSON: ${inWords(text)}`);
  }
  if (!isObject(value)) throw refuse(`must be an object; it is ${inWords(value)}`);
  if (value["format"] !== format) {
    throw refuse(
      `must have format ${format}, which this version of the library reads; it has ${inWords(value["format"])}: ` +
        "delete the file to train anew, or go on with the version that wrote it",
    );
  }
  const { run, state } = value;
  if (!isObject(run) || !isObject(state)) throw refuse("must hold run and state");
  const { step, history, sums, began, rates } = state;
  if (!isCount(step)) throw refuse(`must count steps by a whole number; its step is ${inWords(step)}`);
  if (!Array.isArray(history) || !history.every(isEpochRecord)) {
    throw refuse(`must list finished epochs; its history is ${inWords(history)}`);
  }
  if (!hasNumbers(sums, Object.keys(emptySums())))
    throw refuse(`must hold an epoch's sums; they are ${inWords(sums)}`);
  if (typeof began !== "string") throw refuse(`must say what its run began with; it is ${inWords(began)}`);
  if (typeof rates !== "string")
    throw refuse(`must hold a fingerprint of its rates; it is ${inWords(rates)}`);
  return { run, state: { step, history, sums: sums as unknown as EpochSums, began, rates } };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isEpochRecord(value: unknown): value is EpochRecord {
  return (
    hasNumbers(value, ["epoch", "step", "learningRate", "loss", "accuracy", "seconds", "imagesPerSecond"]) &&
    (value["validation"] === undefined || hasNumbers(value["validation"], ["loss", "accuracy"]))
  );
}

/** Any numbers: a validation's loss may be NaN or infinite, and its run goes on. */
function hasNumbers(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return isObject(value) && names.every((name) => typeof value[name] === "number");
}
