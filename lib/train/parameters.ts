// A model's parameters by name: one to read, and those of a layer to freeze.
import type * as tf from "@tensorflow/tfjs-core";
import { nearest } from "../nearest.js";
import { shown } from "../options.js";
import type { Trainable, TrainableVariable } from "../model/trainable.js";

/**
 * The variable of a dotted name, such as `stage2.unit1.conv1.weight`; `await parameter(model, name).data()` reads it.
 *
 * @throws RangeError naming the nearest name where the model has none of that name.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * train.parameter(network, "head.bias").shape; // [10]
 * ```
 */
export function parameter(model: Trainable, name: string): tf.Variable {
  const found = model.variables().find((one) => one.name === name);
  if (!found) throw unknown(model, name, "parameter");
  return found.variable;
}

/**
 * Keeps `fit` from training a parameter, or all those of a layer by the beginning of their names: `freeze(model, "stem", "stage1")`. Without
 * names it freezes all. Running statistics are no parameters: batch norm's still follow the images in training. Freeze before `fit`,
 * which refuses a change while it trains.
 *
 * @returns the names of what is frozen now
 * @throws RangeError naming the nearest name where a name is neither a parameter nor the beginning of one's.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * train.freeze(network, "stem").length; // 3
 * train.trainedVariables(network).some(({ name }) => name.startsWith("stem")); // false
 * ```
 */
export function freeze(model: Trainable, ...names: readonly string[]): readonly string[] {
  setTrainable(model, names, false, "freeze");
  return frozen(model);
}

/**
 * Undoes {@link freeze}, for the same names or for all. @returns the names of what is still frozen
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * train.freeze(network);
 * train.unfreeze(network, "head");
 * train.trainedVariables(network).map(({ name }) => name); // ["head.weight", "head.bias"]
 * ```
 */
export function unfreeze(model: Trainable, ...names: readonly string[]): readonly string[] {
  setTrainable(model, names, true, "unfreeze");
  return frozen(model);
}

const parametersOf = (model: Trainable): TrainableVariable[] =>
  model.variables().filter(({ role }) => role !== "statistic");

function frozen(model: Trainable): readonly string[] {
  return parametersOf(model).flatMap(({ name, variable }) => (variable.trainable ? [] : [name]));
}

function setTrainable(model: Trainable, names: readonly string[], trainable: boolean, what: string): void {
  const all = parametersOf(model);
  const meant = names.map((name) => {
    const found = all.filter((one) => one.name === name || one.name.startsWith(`${name}.`));
    if (found.length === 0) throw unknown(model, name, what);
    return found;
  });
  for (const { variable } of names.length === 0 ? all : meant.flat()) variable.trainable = trainable;
}

function unknown(model: Trainable, name: unknown, what: string): RangeError {
  const names = model.variables().map((one) => one.name);
  const beginnings = names.flatMap((one) =>
    one.split(".").map((_, i, parts) => parts.slice(0, i + 1).join(".")),
  );
  const near = typeof name === "string" ? nearest(name, [...new Set(beginnings)]) : undefined;
  return new RangeError(
    `${what}: the name must be that of a parameter of ${model.spec.model}, such as ${names[0] ?? "none"}; got ${shown(name)}` +
      (near === undefined ? "" : `: is ${near} meant?`),
  );
}
