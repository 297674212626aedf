// A parameter: its role and shape, how it starts, and, once initialised, its variable.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import type { Layer, Shape, VariableRole } from "./layer.js";
import { oneOf, onlyKnown, seedOf } from "./options.js";

/** How a parameter starts: at one value, or normal with mean 0 and variance `gain / fan`. */
export type InitialValue =
  | { readonly constant: number }
  | {
      /** 2 where a ReLU follows, which halves the second moment; 1 where none does. */
      readonly gain: number;
      /** Products that are added up for one output: k * k * in. */
      readonly fanIn: number;
      /** Products that one input enters: k * k * out. */
      readonly fanOut: number;
    };

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

/** A slot for one variable. Shapes can be counted without memory; `initialise` fills the slot. */
export class Parameter {
  readonly role: VariableRole;
  readonly shape: Shape;
  readonly initial: InitialValue;
  #variable: tf.Variable | undefined;

  constructor(role: VariableRole, shape: Shape, initial: InitialValue) {
    this.role = role;
    this.shape = shape;
    this.initial = initial;
  }

  /** How many numbers it holds. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** Whether it holds values. */
  get initialised(): boolean {
    return this.#variable !== undefined;
  }

  /**
   * Its variable.
   * @throws Error before `initialise` and after `dispose`.
   */
  get variable(): tf.Variable {
    if (!this.#variable) {
      throw new Error(
        `a parameter must be initialised before it is used; this ${this.role} [${this.shape.join(", ")}] is not: call initialise(layer, { seed })`,
      );
    }
    return this.#variable;
  }

  /**
   * Fills the slot with `values`, row-major.
   * @throws Error if it is filled already.
   */
  fill(values: Float32Array): void {
    if (this.#variable) {
      throw new Error(
        `a parameter must be empty to be initialised; this ${this.role} has values: dispose it first`,
      );
    }
    const start = tf.tensor(values, [...this.shape], "float32");
    this.#variable = tf.variable(start, this.role !== "statistic");
    start.dispose();
  }

  /** Frees the variable; the slot is empty again. */
  dispose(): void {
    this.#variable?.dispose();
    this.#variable = undefined;
  }
}

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
