// A value of the tape: an array that remembers the operation it came from, the rule of that operation, and the tape.
import { firstNonFinite, indexOf, shapeText, type NdArray, type Operand, type Shape } from "./nd-array.js";

/** A `T` for each input. */
export type Each<Inputs extends readonly Operand[], T> = { readonly [K in keyof Inputs]: T };

/** The forward pass and the vjp as formulas, with the symbols given. */
export interface RuleLatex<Inputs extends readonly Operand[]> {
  /** The result. */
  readonly forward: (y: string, inputs: Each<Inputs, string>) => string;
  /** One for each input. */
  readonly vjp: (y: string, inputs: Each<Inputs, string>) => readonly string[];
}

/** A rule: everything there is to know of one operation. */
export interface Rule<Inputs extends readonly Operand[], Attributes extends object> {
  /** The inputs' symbols, for messages and formulas. */
  readonly inputs: Each<Inputs, string>;
  /** The attributes that must be given, by name; any other but the `optional` ones is refused. Default: none. */
  readonly needed?: readonly (keyof NoInfer<Attributes> & string)[];
  /** The attributes that may be left out, by name. Default: those that have a default value. */
  readonly optional?: readonly (keyof NoInfer<Attributes> & string)[];
  /** What stands for attributes that are left out. */
  readonly defaults?: Partial<NoInfer<Attributes>>;
  /** The result's shape; a RangeError if the inputs' shapes cannot agree. */
  readonly shape: (shapes: Each<Inputs, Shape>, attributes: Required<Attributes>) => Shape;
  /** The result. */
  readonly forward: (
    inputs: Each<Inputs, NdArray>,
    attributes: Required<Attributes>,
    shape: Shape,
  ) => NdArray;
  /**
   * The vector-Jacobian product: from dy = dE/dy, the gradient of a scalar E with respect to the result, dE/d(input) for each
   * input. Written in operations, so that it can be differentiated again.
   */
  readonly vjp: (
    dy: Value,
    inputs: Each<Inputs, Value>,
    attributes: Required<Attributes>,
    y: Value,
  ) => readonly Operand[];
  readonly latex: RuleLatex<Inputs>;
}

/** An operation seen without its number of inputs. */
export interface AnyOperation {
  readonly operation: string;
  readonly rule: Rule<Operand[], object>;
}

/** Where a value came from. */
export interface Origin {
  readonly operation: AnyOperation;
  readonly inputs: readonly Value[];
  readonly attributes: object;
}

/**
 * An array, and what is known of it: its tape and its origin. A constant has neither.
 *
 * @example
 * ```ts
 * const y = autodiff.exp(autodiff.array([0, 1]));
 * [y.shape, y.line, y.data[0]]; // [[2], 0, 1]
 * ```
 */
export class Value implements NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;
  /** Its line on the tape, from 1; 0 for a constant. */
  readonly line: number;
  /** A name for messages, drawings and derivations. */
  name: string | undefined;

  /** Made by operations and by {@link Tape}. */
  constructor(
    { shape, data }: NdArray,
    readonly tape?: Tape,
    readonly origin?: Origin,
  ) {
    this.shape = shape;
    this.data = data;
    this.line = tape ? tape.values.length + 1 : 0;
  }

  /** Gives the value a name, and the value back: `const u = subtract(x, mean(x)).named("u")`. */
  named(name: string): this {
    this.name = name;
    return this;
  }

  /** The number of a value with one element. @throws RangeError if it has more. */
  item(): number {
    if (this.data.length !== 1) {
      throw new RangeError(`item() needs a value with one element; got shape ${shapeText(this.shape)}`);
    }
    return this.data[0]!;
  }
}

/**
 * What was computed, in order: inputs, and one line for each operation. Going back through it is backpropagation.
 *
 * @example
 * ```ts
 * const tape = new autodiff.Tape();
 * tape.values.length; // 0
 * ```
 */
export class Tape {
  /** The lines. */
  readonly values: Value[] = [];

  /**
   * An input: a line that nothing on the tape made.
   * @throws RangeError if it holds a value that is not finite.
   */
  input(array: NdArray, name?: string): Value {
    const value = new Value(array, this);
    if (name !== undefined) value.named(name);
    this.values.push(value);
    requireFinite(array, `line ${this.values.length}, the input ${name ?? "without a name"}`);
    return value;
  }

  /** Writes the result of an operation down. */
  record(array: NdArray, origin: Origin): Value {
    const value = new Value(array, this, origin);
    this.values.push(value);
    return value;
  }
}

/** @throws RangeError that names `what` and the first element that is not finite. */
export function requireFinite({ data, shape }: NdArray, what: string): void {
  const place = firstNonFinite(data);
  if (place >= 0) {
    throw new RangeError(
      `${what} must be finite; got ${data[place]!} at index ${shapeText(indexOf(place, shape))}`,
    );
  }
}
