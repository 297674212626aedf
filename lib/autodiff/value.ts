// A value of the tape: an array that remembers the operation it came from, and the tape that holds it.
import { firstNonFinite, indexOf, shapeText, type NdArray, type Shape } from "./nd-array.js";
import type { AnyOperation } from "./operation.js";

/** Where a value came from. */
export interface Origin {
  readonly operation: AnyOperation;
  readonly inputs: readonly Value[];
  readonly attributes: object;
}

/** An array, and what is known of it: its tape and its origin. A constant has neither. */
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

/** What was computed, in order: inputs, and one line for each operation. Going back through it is backpropagation. */
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
