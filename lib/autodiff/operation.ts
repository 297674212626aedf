// Makes an operation of its rule: a function that computes and, for values of a tape, writes down.
import { asArray, type Operand, type Shape } from "./nd-array.js";
import { onlyKnown } from "../options.js";
import { requireFinite, Value, type AnyOperation, type Each, type Rule, type Tape } from "./value.js";

/** No attributes. */
export type None = object;

/** An operation: call it with arrays or values; look at its rule. */
export interface Operation<Inputs extends readonly Operand[], Attributes extends object> {
  (...args: Partial<Attributes> extends Attributes ? [...Inputs, attributes?: Attributes] : [...Inputs, attributes: Attributes]): Value; // prettier-ignore
  readonly operation: string;
  readonly rule: Rule<Inputs, Attributes>;
}

/** An operation of one input. */
export type Unary<Attributes extends object = None> = Operation<[Operand], Attributes>;
/** An operation of two inputs. */
export type Binary<Attributes extends object = None> = Operation<[Operand, Operand], Attributes>;
/** An operation of three inputs. */
export type Ternary<Attributes extends object = None> = Operation<[Operand, Operand, Operand], Attributes>;
/** An operation of five inputs. */
export type Quinary<Attributes extends object = None> = Operation<
  [Operand, Operand, Operand, Operand, Operand],
  Attributes
>;

/**
 * An operation named `name` with the given rule.
 *
 * What it computes goes to the tape of its inputs; without one among them it is a constant. Its errors begin with the line of the
 * tape and the name of the operation.
 *
 * @example
 * ```ts
 * const cube = autodiff.operation("cube", {
 *   inputs: ["x"],
 *   shape: ([x]) => x,
 *   forward: ([x]) => ({ shape: x.shape, data: x.data.map((value) => value ** 3) }),
 *   vjp: (dy, [x]) => [
 *     autodiff.multiply(dy, autodiff.scale(autodiff.power(x, { exponent: 2 }), { factor: 3 })),
 *   ],
 *   latex: { forward: (y, [x]) => `${y} = ${x}^3`, vjp: (dx, [x]) => [`3 ${x}^2`] },
 * });
 * cube(autodiff.array([1, 2])); // [1, 8]
 * autodiff.grad((x) => autodiff.sum(cube(x)))(autodiff.array([1, 2]))[0]; // [3, 12]
 * ```
 */
export function operation<Inputs extends readonly Operand[], Attributes extends object>(
  name: string,
  rule: Rule<Inputs, Attributes>,
): Operation<Inputs, Attributes> {
  const count = rule.inputs.length;
  const needed = rule.needed ?? [];
  const known = [...needed, ...(rule.optional ?? Object.keys(rule.defaults ?? {}))];
  const call = (...args: unknown[]): Value => {
    const given = args[count] === undefined ? {} : (args[count] as Attributes);
    onlyKnown(name, given, known, needed);
    const values = args.slice(0, count).map((operand) => toValue(operand as Operand));
    const tape = tapeOf(values);
    const attributes = {
      ...rule.defaults,
      ...given,
    } as Required<Attributes>;

    const line = tape ? `line ${tape.values.length + 1}, ${name}` : name;
    const shapes = values.map((value) => value.shape) as unknown as Each<Inputs, Shape>;
    const shape = within(line, () => rule.shape(shapes, attributes));
    // As constants: what a forward pass computes on its way is no line of the tape.
    const constants = values.map((value) => new Value(value)) as unknown as Each<Inputs, Value>;
    const result = rule.forward(constants, attributes, shape);
    requireFinite(result, `${line}: the result`);
    return tape
      ? tape.record(result, { operation: self as unknown as AnyOperation, inputs: values, attributes })
      : new Value(result);
  };
  const self = Object.assign(call, { operation: name, rule }) as unknown as Operation<Inputs, Attributes>;
  return self;
}

function toValue(operand: Operand): Value {
  return operand instanceof Value ? operand : new Value(asArray(operand));
}

function tapeOf(values: readonly Value[]): Tape | undefined {
  const tapes = new Set(values.flatMap(({ tape }) => (tape ? [tape] : [])));
  if (tapes.size > 1) {
    throw new Error(
      "an operation's inputs must be on one tape; got two: pass the other function's value as an input",
    );
  }
  return [...tapes][0];
}

/** Runs `compute`, and puts `place` in front of the message of what it throws. */
export function within<T>(place: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`${place}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** {@link operation} for one input. */
export const unary = <A extends object = None>(name: string, rule: Rule<[Operand], A>): Unary<A> =>
  operation(name, rule);

/** {@link operation} for two inputs. */
export const binary = <A extends object = None>(name: string, rule: Rule<[Operand, Operand], A>): Binary<A> =>
  operation(name, rule);

/** {@link operation} for three inputs. */
export const ternary = <A extends object = None>(
  name: string,
  rule: Rule<[Operand, Operand, Operand], A>,
): Ternary<A> => operation(name, rule);

/** {@link operation} for five inputs. */
export const quinary = <A extends object = None>(
  name: string,
  rule: Rule<[Operand, Operand, Operand, Operand, Operand], A>,
): Quinary<A> => operation(name, rule);
