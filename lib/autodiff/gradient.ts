// Backpropagation: going back through a tape, and what is made of it: vjp, grad, jacobian.
import {
  array,
  asArray,
  full,
  shapeText,
  sameShape,
  sizeOf,
  type NdArray,
  type Operand,
} from "./nd-array.js";
import { oneOf, onlyKnown } from "../options.js";
import { within } from "./operation.js";
import { add, scale } from "./operations.js";
import { requireFinite, Tape, Value, type AnyOperation } from "./value.js";

/** A function of values, written in operations. */
export type Program = (...inputs: Value[]) => Value;

/** The vjp part of a rule. */
export type Vjp = AnyOperation["rule"]["vjp"];

/** Options of everything that goes back through a tape. */
export interface BackwardOptions {
  /** Vector-Jacobian products by operation, to be used in place of the table's. */
  readonly rules?: Readonly<Record<string, Vjp>>;
}

const backwardOptions = ["rules"] as const;

/** Whether the walk back can itself be differentiated. */
export interface Differentiation {
  /** `again` writes the walk down on the tape. Default: `once`. */
  readonly differentiate?: "once" | "again";
}

/** A program that ran once: its inputs, its result, and the tape between them. */
export interface Trace {
  readonly tape: Tape;
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/**
 * Runs a program and keeps what it computed.
 *
 * @param names the inputs' names, for drawings and messages
 *
 * @example
 * ```ts
 * const { tape, output } = autodiff.trace(
 *   (x) => autodiff.relu(autodiff.scale(x, { factor: -2 })),
 *   [autodiff.array([1, -3])],
 *   ["x"],
 * );
 * output; // [0, 6]
 * tape.values.length; // 3
 * ```
 */
export function trace(program: Program, inputs: readonly Operand[], names: readonly string[] = []): Trace {
  const outer = inputs.find((input) => input instanceof Value && input.tape !== undefined);
  const tape = outer instanceof Value && outer.tape ? outer.tape : new Tape();
  const values = inputs.map((input, i) =>
    // A value that is already on a tape gets a line of its own, so that its gradient is this function's and no other's.
    input instanceof Value && input.tape ? scale(input, { factor: 1 }) : tape.input(asArray(input), names[i]),
  );
  const output = program(...values);
  if (!(output instanceof Value) || output.tape !== tape) {
    throw new RangeError("a program's result must be computed from its inputs by operations; got a constant");
  }
  return { tape, inputs: values, output };
}

/**
 * dE/d(value) for every value that `output` depends on, from dy = dE/d(output).
 *
 * One walk from the last line to the first: each line hands its gradient to its inputs by its vjp, and what arrives is summed.
 *
 * @throws RangeError that names the line and the operation if a vjp gives a wrong shape or a value that is not finite.
 *
 * @example
 * ```ts
 * const { inputs, output } = autodiff.trace(
 *   (x) => autodiff.sum(autodiff.multiply(x, x)),
 *   [autodiff.array([1, 2])],
 * );
 * autodiff.backward(output, autodiff.full([], 1)).get(inputs[0]); // [2, 4]
 * ```
 */
export function backward(
  output: Value,
  dy: NdArray,
  options: BackwardOptions & Differentiation = {},
): ReadonlyMap<Value, Value> {
  onlyKnown("backward", options, [...backwardOptions, "differentiate"]);
  const { rules = {} } = options;
  const differentiate = oneOf("backward: differentiate", options.differentiate ?? "once", ["once", "again"]);
  if (!sameShape(dy.shape, output.shape)) {
    throw new RangeError(
      `dy must have the result's shape ${shapeText(output.shape)}; got ${shapeText(dy.shape)}`,
    );
  }
  const gradients = new Map([[output, asValue(dy)]]);
  for (const value of output.tape!.values.slice(0, output.line).reverse()) {
    const gradient = gradients.get(value);
    if (!gradient || !value.origin) continue;
    const { operation, inputs, attributes } = value.origin;
    const place = `line ${value.line}, the vjp of ${operation.operation}`;
    const seen = differentiate === "again" ? inputs : inputs.map((input) => new Value(input));
    const vjp = rules[operation.operation] ?? operation.rule.vjp;
    const parts = within(place, () => vjp(gradient, seen as Value[], attributes, value));
    inputs.forEach((input, i) => {
      if (!input.tape) return;
      const part = asValue(parts[i] ?? NaN);
      if (!sameShape(part.shape, input.shape)) {
        throw new RangeError(
          `${place}: the gradient of ${operation.rule.inputs[i]!} must have its shape ${shapeText(input.shape)}; got ${shapeText(part.shape)}`,
        );
      }
      requireFinite(part, `${place}: the gradient of ${operation.rule.inputs[i]!}`);
      const before = gradients.get(input);
      gradients.set(input, before ? add(before, part) : part);
    });
  }
  return gradients;
}

const asValue = (operand: Operand): Value =>
  operand instanceof Value ? operand : new Value(asArray(operand));

/** A program's value at some inputs, and the way back. */
export interface Pullback {
  readonly value: Value;
  /** From dE/d(value), dE/d(input) for each input. */
  readonly pullback: (dy: NdArray) => Value[];
}

/**
 * Runs a program and gives its vector-Jacobian product.
 *
 * @example
 * ```ts
 * const [x, w] = [autodiff.array([[1, 2]]), autodiff.array([[3], [4]])];
 * const { value, pullback } = autodiff.vjp((x, w) => autodiff.relu(autodiff.matmul(x, w)), [x, w]);
 * const [dx, dw] = pullback(autodiff.full(value.shape, 1));
 * dw; // [[1], [2]]
 * ```
 */
export function vjp(program: Program, inputs: readonly Operand[], options: BackwardOptions = {}): Pullback {
  onlyKnown("vjp", options, backwardOptions);
  const { inputs: values, output } = trace(program, inputs);
  const differentiate = inputs.some((input) => input instanceof Value && input.tape) ? "again" : "once";
  return {
    value: output,
    pullback(dy) {
      const gradients = backward(output, dy, { ...options, differentiate });
      return values.map((value) => {
        const gradient = gradients.get(value) ?? asValue(full(value.shape, 0));
        // A gradient that is the same everywhere, as a ReLU's, is a function of the input too: its own derivative is 0.
        return differentiate === "once" || gradient.tape
          ? gradient
          : add(gradient, scale(value, { factor: 0 }));
      });
    },
  };
}

/**
 * The gradient of a program whose result is one number: dE/d(input) for each input.
 *
 * Called inside another program, it is differentiated with it: `grad((x) => sum(grad(f)(x)[0]!))` is the second derivative.
 *
 * @example
 * ```ts
 * const [dx] = autodiff.grad((x) => autodiff.sum(autodiff.multiply(x, x)))(autodiff.array([1, 2, 3]));
 * dx; // [2, 4, 6]
 * ```
 *
 * @throws RangeError if the result is not one number.
 */
export function grad(program: Program, options: BackwardOptions = {}): (...inputs: Operand[]) => Value[] {
  onlyKnown("grad", options, backwardOptions);
  return (...inputs) => {
    const { value, pullback } = vjp(program, inputs, options);
    requireScalar(value);
    return pullback(full(value.shape, 1));
  };
}

/** @throws RangeError that names the line and the operation if the loss has not one element. */
export function requireScalar(loss: Value): void {
  if (sizeOf(loss.shape) !== 1) {
    const rule = loss.origin?.operation.operation ?? "an input";
    throw new RangeError(
      `line ${loss.line}, ${rule}: a loss must be one number; got shape ${shapeText(loss.shape)}: take its sum or mean`,
    );
  }
}

/**
 * The Jacobian of a program with respect to each input: dy_i/dx_j, of shape [...y's, ...x's]. One walk back for each element of y,
 * so for small results.
 *
 * @example
 * ```ts
 * const [dx] = autodiff.jacobian((x) => autodiff.multiply(x, x), [autodiff.array([1, 2, 3])]);
 * dx; // [[2, 0, 0], [0, 4, 0], [0, 0, 6]]
 * ```
 */
export function jacobian(
  program: Program,
  inputs: readonly Operand[],
  options: BackwardOptions = {},
): NdArray[] {
  onlyKnown("jacobian", options, backwardOptions);
  const { value, pullback } = vjp(program, inputs, options);
  const rows = Array.from(value.data, (_, i) => {
    const dy = full(value.shape, 0);
    dy.data[i] = 1;
    return pullback(dy);
  });
  return inputs.map((_, k) => {
    const shape = [...value.shape, ...asArray(inputs[k]!).shape];
    return array(Float64Array.from(rows.flatMap((row) => [...row[k]!.data])), shape);
  });
}
