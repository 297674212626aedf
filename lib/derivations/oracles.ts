// Three ways to know a quantity: the tape, finite differences, and TensorFlow.js.
import * as tf from "@tensorflow/tfjs-core";
import { randomStream } from "../random/index.js";
import { backward, trace, type Trace } from "../autodiff/gradient.js";
import { full, sizeOf, tabulate, type NdArray } from "../autodiff/nd-array.js";
import { multiply, sum } from "../autodiff/operations.js";
import { slopeOf, type Slope } from "../autodiff/slope.js";
import { replay, toTensor } from "../autodiff/tensorflow.js";
import type { Value } from "../autodiff/value.js";
import type { DerivationParts, Quantity, Scope } from "./derivation.js";

/** A derivation's forward pass at one set of odd random inputs, up to a loss E. */
export interface Run {
  readonly inputs: Readonly<Record<string, NdArray>>;
  readonly traced: Trace;
}

/** Runs a derivation's program. A result that is not a number is weighed with random numbers and summed to E. */
export function run(derivation: DerivationParts, seed: number): Run {
  const inputs = derivation.inputs(randomStream(seed, derivation.name));
  const names = Object.keys(inputs);
  const random = randomStream(seed, derivation.name, "weights");
  const traced = trace(
    (...values) => {
      const y = derivation.program(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
      const weights = tabulate(y.shape, () => odd(random.normal()));
      return y.shape.length === 0 ? y : sum(multiply(y, weights));
    },
    Object.values(inputs),
    names,
  );
  return { inputs, traced };
}

/** A number moved away from 0. */
export const odd = (value: number): number => value + 0.1 * Math.sign(value);

function named({ traced }: Run, symbol: string): Value {
  const values = traced.tape.values.filter(({ name }) => name === symbol);
  if (values.length === 1) return values[0]!;
  const known = traced.tape.values.flatMap(({ name }) => name ?? []);
  throw new RangeError(
    values.length === 0
      ? `a symbol must be in the derivation; got ${symbol} (there are: ${known.join(", ")})`
      : `a symbol must name one value; got ${symbol} for ${values.length}`,
  );
}

/** The quantities by the tape: what stands for a line's symbols, and the first opinion. */
export function byTape(run: Run): Scope & { readonly quantity: (wanted: Quantity) => NdArray } {
  const { output } = run.traced;
  const gradients = backward(output, full(output.shape, 1));
  const memo = new Map<string, NdArray>();
  const scope: Scope = {
    value: (symbol) => named(run, symbol),
    gradient: (symbol) => {
      const value = named(run, symbol);
      return gradients.get(value) ?? full(value.shape, 0);
    },
    jacobian: (of, by) => {
      const key = `${of}/${by}`;
      const known = memo.get(key);
      if (known) return known;
      const [y, x] = [named(run, of), named(run, by)];
      const rows = Array.from(y.data, (_, i) => {
        const dy = full(y.shape, 0);
        dy.data[i] = 1;
        return backward(y, dy).get(x)?.data ?? new Float64Array(x.data.length);
      });
      const jacobian = joined(y, x, rows);
      memo.set(key, jacobian);
      return jacobian;
    },
  };
  return { ...scope, quantity: (wanted) => lookUp(scope, wanted) };
}

/** A quantity in a scope. */
export function lookUp(scope: Scope, wanted: Quantity): NdArray {
  if (wanted.kind === "value") return scope.value(wanted.of);
  return wanted.kind === "gradient" ? scope.gradient(wanted.of) : scope.jacobian(wanted.of, wanted.by);
}

function joined(y: NdArray, x: NdArray, rows: readonly ArrayLike<number>[]): NdArray {
  const data = new Float64Array(rows.length * x.data.length);
  rows.forEach((row, i) => {
    data.set(row, i * x.data.length);
  });
  return { shape: [...y.shape, ...x.shape], data };
}

/** What finite differences say of a quantity: for each element its slope. Values have none. */
export function byDifferences(run: Run, wanted: Quantity): readonly Slope[] | undefined {
  if (wanted.kind === "value") return undefined;
  const { output } = run.traced;
  const x = named(run, wanted.kind === "gradient" ? wanted.of : wanted.by);
  const y = wanted.kind === "gradient" ? output : named(run, wanted.of);
  const slopes = Array.from(x.data, (_, j) => {
    const known = new Map<number, Float64Array>();
    const at = (t: number): Float64Array => {
      const result = known.get(t) ?? recompute(run.traced, y, x, j, t);
      known.set(t, result);
      return result;
    };
    return Array.from(y.data, (value, i) => {
      const asking = slopeOf({ step: 1e-2, halvings: 13, rounding: 2 ** -52, goal: 1e-9, magnitude: Math.max(Math.abs(value), 1e-3) }); // prettier-ignore
      let asked = asking.next();
      while (!asked.done) asked = asking.next({ at: asked.value, value: at(asked.value)[i]! });
      return asked.value;
    });
  });
  return Array.from(y.data, (_, i) => slopes.map((column) => column[i]!)).flat();
}

/** `wanted`'s numbers when element j of the value `moved` is larger by t: the lines of the tape, computed again. */
function recompute({ tape }: Trace, wanted: Value, moved: Value, j: number, t: number): Float64Array {
  const again = new Map<Value, NdArray>();
  for (const value of tape.values.slice(0, wanted.line)) {
    const { origin } = value;
    const inputs = origin?.inputs.map((input) => again.get(input) ?? input) ?? [];
    // Only what comes after the moved value can change.
    const same = value.line < moved.line || (value !== moved && !inputs.some((input, i) => input !== origin!.inputs[i])); // prettier-ignore
    if (same) continue;
    if (value === moved) {
      const data = Float64Array.from(value.data);
      data[j]! += t;
      again.set(value, { shape: value.shape, data });
    } else {
      again.set(value, origin!.operation.rule.forward(inputs, origin!.attributes, value.shape));
    }
  }
  return (again.get(wanted) ?? wanted).data;
}

/** A quantity by TensorFlow.js, on the active backend, in float32. */
export async function byTensorFlow(run: Run, wanted: Quantity): Promise<NdArray> {
  const inputs = Object.values(run.inputs);
  const target = named(run, wanted.of);
  const result = tf.tidy(() => {
    const tensors = inputs.map(toTensor);
    const tensorOf = (value: Value, probe?: { at: Value; tensor: tf.Tensor }): tf.Tensor => {
      let found: tf.Tensor | undefined;
      replay(run.traced, tensors, (line, tensor) => {
        const kept = probe?.at === line ? tf.add(tensor, probe.tensor) : tensor;
        if (line === value) found = kept;
        return kept;
      });
      return found!;
    };
    if (wanted.kind === "value") return tensorOf(target);
    // A probe of zeros added to a value changes nothing, and the gradient with respect to the probe is the value's.
    const x = wanted.kind === "gradient" ? target : named(run, wanted.by);
    const y = wanted.kind === "gradient" ? run.traced.output : target;
    const zeros = tf.zeros([...x.shape]);
    const rows = Array.from(y.data, (_, i) => {
      const weight = toTensor(oneHot(y, i));
      return tf.grad((tensor: tf.Tensor) => tf.sum(tf.mul(tensorOf(y, { at: x, tensor }), weight)))(zeros);
    });
    return wanted.kind === "gradient" ? rows[0]! : tf.reshape(tf.stack(rows), [...y.shape, ...x.shape]);
  });
  const data = Float64Array.from(await result.data());
  const { shape } = result;
  result.dispose();
  return { shape, data };
}

function oneHot({ shape }: NdArray, i: number): NdArray {
  const data = new Float64Array(sizeOf(shape));
  data[i] = 1;
  return { shape, data };
}
