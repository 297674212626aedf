// How a network's parameters start: normal, with a variance that keeps signals or gradients at their size through the layers.
import { randomStream } from "../random/index.js";
import type { Layer } from "./layer.js";
import { oneOf, onlyKnown, seedOf } from "./options.js";
import type { Parameter } from "./parameter.js";

/**
 * Which fan the variance of the initial weights is divided by.
 *
 * `fanIn` keeps the size of signals through the forward pass (He et al. 2015, *Delving Deep into Rectifiers*, equation 10: the
 * standard deviation is sqrt(2 / n), n = k * k * in), `fanOut` the size of gradients through the backward pass (equation 14,
 * n = k * k * out). Section 2.2 there shows that either is enough. The ResNet paper (section 3.4) says "as in [13]", which is
 * that article; its Caffe filler (`msra`) divides by the fan-in, much-used PyTorch code by the fan-out. The default is `fanIn`.
 */
export type Initialisation = "fanIn" | "fanOut";

/** Every initialisation by name. */
export const initialisations: readonly Initialisation[] = ["fanIn", "fanOut"];

/** What `initialise` needs. */
export interface InitialiseOptions {
  /** An integer. Each parameter draws from its own stream `randomStream(seed, name)`. */
  readonly seed: number;
  /** Default: `fanIn`. */
  readonly initialisation?: Initialisation;
}

/**
 * Gives every parameter of a layer its first values. A parameter's values depend on the seed and on its name only, so the
 * parameters that two networks share by name start equal.
 *
 * @example
 * ```ts
 * const layer = nn.dense(2, 3);
 * nn.initialise(layer, { seed: 1 });
 * layer.parameters().map(({ name }) => name); // ["weight", "bias"]
 * ```
 */
export function initialise(layer: Layer, options: InitialiseOptions): void {
  onlyKnown("initialise", options, ["seed", "initialisation"], ["seed"]);
  const seed = seedOf(options.seed);
  const initialisation = oneOf("initialisation", options.initialisation ?? "fanIn", initialisations);
  for (const { name, parameter } of layer.parameters()) {
    parameter.fill(initialValues(parameter, name, seed, initialisation));
  }
}

function initialValues(
  { size, initial }: Parameter,
  name: string,
  seed: number,
  initialisation: Initialisation,
): Float32Array {
  const values = new Float32Array(size);
  if ("constant" in initial) return values.fill(initial.constant);
  const stream = randomStream(seed, name);
  const deviation = Math.sqrt(initial.gain / initial[initialisation]);
  for (let i = 0; i < size; i++) values[i] = deviation * stream.normal();
  return values;
}
