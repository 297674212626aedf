// What a step gives, and how a compiled step gives it back in the same form.
import * as tf from "@tensorflow/tfjs-core";

/** What a step gives: a tensor, several in a list or by name, or nothing. */
export type StepResult = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>> | undefined;

/** How a result holds its tensors. */
export interface ResultForm {
  readonly kind: "nothing" | "tensor" | "list" | "names";
  readonly names: readonly string[];
  /** For each tensor of the result, which of its different tensors it is: `[y, z, y]` has the places 0, 1, 0. */
  readonly places: readonly number[];
}

/** The tensors of a result in order. */
export function tensorsOf(result: StepResult): readonly tf.Tensor[] {
  if (result === undefined) return [];
  return result instanceof tf.Tensor ? [result] : Object.values(result);
}

/** The form of what a step gave; undefined where that is no {@link StepResult}, such as a number or a list of lists. */
export function formOf(result: unknown): ResultForm | undefined {
  if (result === undefined) return { kind: "nothing", names: [], places: [] };
  if (result instanceof tf.Tensor) return { kind: "tensor", names: [], places: [0] };
  if (typeof result !== "object" || result === null) return undefined;
  const isList = Array.isArray(result);
  if (!isList && Object.getPrototypeOf(result) !== Object.prototype) return undefined;
  const tensors = Object.values(result) as unknown[];
  if (!tensors.every((tensor) => tensor instanceof tf.Tensor)) return undefined;
  const different = [...new Set(tensors)];
  const places = tensors.map((tensor) => different.indexOf(tensor));
  return isList ? { kind: "list", names: [], places } : { kind: "names", names: Object.keys(result), places };
}

/** The result of that form, of its different tensors. */
export function resultOf({ kind, names, places }: ResultForm, different: readonly tf.Tensor[]): StepResult {
  if (kind === "nothing") return undefined;
  const tensors = places.map((place) => different[place]!);
  if (kind === "list") return tensors;
  return kind === "tensor" ? tensors[0] : Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
}

/** True where two results hold their tensors alike. */
export function sameForm(a: ResultForm, b: ResultForm): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
