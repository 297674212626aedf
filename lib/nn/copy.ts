// Copies values between networks by the names of their variables.
import type { Trainable } from "../model/trainable.js";

/** What was copied, by the names of the variables. */
export interface CopyReport {
  /** In both, with one shape: copied. */
  readonly copied: readonly string[];
  /** In both with different shapes: left as they were. */
  readonly differentShape: readonly string[];
  readonly onlyInSource: readonly string[];
  readonly onlyInTarget: readonly string[];
}

/**
 * Gives each variable of `to` the value of the variable of the same name and shape in `from`, running statistics included.
 *
 * @example
 * ```ts
 * const options = { depth: 8, widths: [2, 2, 2] };
 * nn.copyWeights(nn.cifarResNet({ ...options, seed: 1 }), nn.cifarResNet({ ...options, seed: 2 })).copied
 *   .length; // 37
 * ```
 */
export function copyWeights(
  from: Pick<Trainable, "variables">,
  to: Pick<Trainable, "variables">,
): CopyReport {
  const source = new Map(from.variables().map(({ name, variable }) => [name, variable]));
  const copied: string[] = [];
  const differentShape: string[] = [];
  const onlyInTarget: string[] = [];
  for (const { name, variable } of to.variables()) {
    const value = source.get(name);
    source.delete(name);
    if (!value) onlyInTarget.push(name);
    else if (value.shape.join() !== variable.shape.join()) differentShape.push(name);
    else {
      // TensorFlow.js frees a variable's value before it takes the new one: assigned to itself it would lose it.
      if (value !== variable) variable.assign(value);
      copied.push(name);
    }
  }
  return { copied, differentShape, onlyInSource: [...source.keys()], onlyInTarget };
}
