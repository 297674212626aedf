// Weights in safetensors files, with the model's name and options inside.
import * as tf from "@tensorflow/tfjs-core";
import { readBytes, writeBytesAtomically } from "#files";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../files/safetensors.js";
import { parseExactly, stringifyExactly } from "../files/exact-json.js";
import { asJson, firstDifference, inWords, isObject } from "./difference.js";
import type { Trainable } from "../model/trainable.js";
import { version } from "./version.js";

/** The name and options of a model; `nn.build` makes the model again. */
export type ModelSpec = Trainable["spec"];

/** One variable's values, row-major. */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a weight file holds. */
export interface Weights {
  readonly spec: ModelSpec;
  /** By the variable's dotted name, running statistics included. */
  readonly tensors: ReadonlyMap<string, WeightTensor>;
}

/** The name of the model's spec among a file's metadata. */
export const specKey = "residual.spec";

/** A variable and the name that a file gives it. */
export interface StoredVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/**
 * Writes every variable of a model, running statistics included, and its spec to a safetensors file, atomically.
 *
 * @throws Error if the file cannot be written; RangeError if the model could not be read from it: two variables of one name, a name with a
 * slash, or values that are not float32.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * await train.saveWeights(network, "network.safetensors");
 * await train.loadWeights(network, "network.safetensors");
 * ```
 */
export async function saveWeights(model: Trainable, path: string): Promise<void> {
  checkStorable(model.variables());
  const tensors = await readVariables(model.variables());
  await writeBytesAtomically(path, encodeSafetensors({ tensors, metadata: describeModel(model) }));
}

/**
 * What a weight file holds. A checkpoint of `fit` is a weight file too; the optimizer's memory is left out.
 *
 * @throws Error with the file's name and the one thing that is wrong with it.
 *
 * @example
 * ```ts
 * await train.saveWeights(nn.cifarResNet({ depth: 8, widths: [2, 2, 2] }), "read.safetensors");
 * (await train.readWeights("read.safetensors")).tensors.get("head.bias").shape; // [10]
 * ```
 */
export async function readWeights(path: string): Promise<Weights> {
  const { tensors, metadata } = decodeSafetensors(await readBytes(path), { name: path });
  const spec = parseSpec(metadata[specKey], path);
  const weights = new Map<string, WeightTensor>();
  for (const [name, tensor] of tensors) {
    if (name.includes("/")) continue; // `momentum/...`: a variable's own name is dotted
    if (tensor.dtype !== "F32") {
      throw new Error(`${path}: weights must be F32; tensor ${inWords(name)} is ${tensor.dtype}`);
    }
    weights.set(name, tensor);
  }
  return { spec, tensors: weights };
}

/**
 * Gives a model the weights of a file: all of them, or none if anything does not fit. The seed among the spec's options may
 * differ, since it only chose the values that are replaced here.
 *
 * @throws Error with the first difference between the file and the model.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * await train.saveWeights(network, "weights.safetensors");
 * await train.loadWeights(network, "weights.safetensors");
 * ```
 */
export async function loadWeights(model: Trainable, path: string): Promise<void> {
  assignFrom(model, await readWeights(path), path);
}

/**
 * The values of a model's variables by name, running statistics included. `variables` of the same names may stand for its own.
 *
 * @example
 * ```ts
 * const weights = await train.weightsOf(nn.cifarResNet({ depth: 8, widths: [2, 2, 2] }));
 * weights.tensors.get("head.bias").shape; // [10]
 * ```
 */
export async function weightsOf(
  model: Trainable,
  variables: readonly StoredVariable[] = model.variables(),
): Promise<Weights> {
  const tensors = (await readVariables(variables)) as ReadonlyMap<string, WeightTensor>;
  return { spec: model.spec, tensors };
}

/**
 * Gives a model the weights that `weightsOf` or `readWeights` gave of one of the same kind: all of them, or none if anything does not fit.
 *
 * @throws Error with the first difference between the weights and the model.
 *
 * @example
 * ```ts
 * const [a, b] = [1, 2].map((seed) => nn.cifarResNet({ depth: 8, widths: [2, 2, 2], seed }));
 * train.assignWeights(b, await train.weightsOf(a));
 * tf.all(tf.equal(train.parameter(a, "head.weight"), train.parameter(b, "head.weight"))); // 1
 * ```
 */
export function assignWeights(model: Trainable, weights: Weights): void {
  assignFrom(model, weights, "assignWeights");
}

function assignFrom(model: Trainable, { spec, tensors }: Weights, path: string): void {
  const different = firstDifference(withoutSeed(spec), withoutSeed(model.spec));
  if (different) {
    const { place, first, second } = different;
    throw new Error(
      `${path}: made by another model: its ${place} is ${inWords(first)}; this model has ${inWords(second)}`,
    );
  }
  const stored = new Map<string, StoredTensor>();
  for (const [name, { shape, data }] of tensors) stored.set(name, { dtype: "F32", shape, data });
  assignVariables(model.variables(), stored, path);
}

/**
 * Checks that a file of these variables could be read again.
 *
 * @throws RangeError naming the first variable of which that is not so.
 */
export function checkStorable(variables: readonly StoredVariable[]): void {
  const names = new Set<string>();
  for (const { name, variable } of variables) {
    const reason = names.has(name)
      ? "a name of its own; another one has the same"
      : name.includes("/")
        ? "a name without a slash, which marks what is no weight"
        : variable.dtype !== "float32"
          ? `float32 values; its are ${variable.dtype}`
          : undefined;
    if (reason) throw new RangeError(`a variable must have, to be saved, ${reason}; got ${inWords(name)}`);
    names.add(name);
  }
}

/** The metadata that make a file a weight file. */
export function describeModel({ spec }: Trainable): Record<string, string> {
  return { [specKey]: stringifyExactly(spec), "residual.version": version };
}

/** The values of variables by name. */
export async function readVariables(
  variables: readonly StoredVariable[],
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const { name, variable } of variables) {
    // A copy: on some backends `data` gives the tensor's own memory.
    const data = Float32Array.from((await variable.data()) as Float32Array);
    tensors.set(name, { dtype: "F32", shape: [...variable.shape], data });
  }
  return tensors;
}

/**
 * Assigns every variable its tensor, after checking that names, types and shapes agree.
 *
 * @throws Error naming `path` and the first difference; then nothing was assigned.
 */
export function assignVariables(
  variables: readonly StoredVariable[],
  tensors: ReadonlyMap<string, StoredTensor>,
  path: string,
): void {
  const missing = new Set(tensors.keys());
  const assignments = variables.map(({ name, variable }) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`${path}: tensor ${inWords(name)}, which the model has, is missing`);
    missing.delete(name);
    if (tensor.dtype !== "F32")
      throw new Error(`${path}: tensor ${inWords(name)} must be F32; it is ${tensor.dtype}`);
    if (tensor.shape.join() !== variable.shape.join()) {
      throw new Error(
        `${path}: tensor ${inWords(name)} must have the model's shape [${variable.shape.join(", ")}]; ` +
          `it has [${tensor.shape.join(", ")}]`,
      );
    }
    return { variable, data: tensor.data };
  });
  const [extra] = missing;
  if (extra !== undefined) throw new Error(`${path}: tensor ${inWords(extra)} is unknown to the model`);
  tf.tidy(() => {
    for (const { variable, data } of assignments) variable.assign(tf.tensor(data, variable.shape, "float32"));
  });
}

function parseSpec(text: string | undefined, path: string): ModelSpec {
  if (text === undefined) {
    throw new Error(`${path}: not a weight file of this library: it has no metadata called ${specKey}`);
  }
  let spec: unknown;
  try {
    spec = parseExactly(text);
  } catch {
    throw new Error(`${path}: its ${specKey} is not valid JSON: ${inWords(text)}`);
  }
  if (!isObject(spec) || typeof spec["model"] !== "string" || !isObject(spec["options"])) {
    throw new Error(`${path}: its ${specKey} must hold a model and its options; it is ${inWords(spec)}`);
  }
  return { model: spec["model"], options: spec["options"] };
}

function withoutSeed({ model, options }: ModelSpec): unknown {
  return asJson({ model, options: { ...options, seed: undefined } });
}
