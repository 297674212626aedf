// A parameter: its role and shape, what it starts with, and, once initialised, its variable.
import * as tf from "@tensorflow/tfjs-core";

/** A tensor's shape without the batch: `[H, W, C]`, or `[K]` after pooling. */
export type Shape = readonly number[];

/**
 * What a variable is for. `weight` (convolution and dense kernels), `bias`, and batch norm's `scale` and `shift`
 * are trained; `statistic` (batch norm's running mean and variance) is changed by the forward pass in training.
 */
export type VariableRole = "weight" | "bias" | "scale" | "shift" | "statistic";

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
 * A slot for one variable. Shapes can be counted without memory; `initialise` fills the slot.
 *
 * @example
 * ```ts
 * const [{ name, parameter }] = nn.dense(2, 3).parameters();
 * [name, parameter.role, parameter.shape]; // ["weight", "weight", [2, 3]]
 * ```
 */
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
