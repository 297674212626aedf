// Layers one after another, each under a name.
import type * as tf from "@tensorflow/tfjs-core";
import { scope } from "../compile/index.js";
import { mark, onePixel, prefixed, within, type Layer, type LayerRow, type Shape } from "./layer.js";

/** Layers in the order of the forward pass, by name. */
export type Parts = Readonly<Record<string, Layer>>;

/** A layer made of parts. */
export interface Sequential extends Layer {
  readonly parts: Parts;
}

/**
 * Applies each part to what the one before gave, as in `sequential({ conv: conv2d(3, 16), norm: batchNorm(16), relu: relu() })`.
 * A part's parameters and observed values carry its name: `conv.weight`.
 *
 * @throws RangeError if a name does not start with a letter: JavaScript would move whole numbers to the front.
 *
 * @example
 * ```ts
 * nn.sequential({ conv: nn.conv2d(3, 16), relu: nn.relu() }).outputShape([32, 32, 3]); // [32, 32, 16]
 * ```
 */
export function sequential(parts: Parts): Sequential {
  const named = Object.entries(parts);
  for (const [name] of named) {
    if (!/^[a-z]/i.test(name)) throw new RangeError(`a part's name must start with a letter; got "${name}"`);
  }
  const parameters = named.flatMap(([name, layer]) => prefixed(name, layer.parameters()));
  return {
    kind: "sequential",
    parts,
    forward: (x, mode) =>
      named.reduce<tf.Tensor>(
        (h, [name, layer]) =>
          mark(
            scope(name, () => layer.forward(h, within(mode, name))),
            name,
            mode,
          ),
        x,
      ),
    outputShape: (input) => named.reduce((shape, [, layer]) => layer.outputShape(shape), input),
    parameters: () => parameters,
    receptiveField: (before) => named.reduce((field, [, layer]) => layer.receptiveField(field), before),
    rows(input, before = onePixel) {
      const rows: LayerRow[] = [];
      let shape: Shape = input;
      let field = before;
      for (const [name, layer] of named) {
        for (const row of prefixed(name, layer.rows(shape, field))) rows.push(row);
        shape = layer.outputShape(shape);
        field = layer.receptiveField(field);
      }
      return rows;
    },
  };
}
