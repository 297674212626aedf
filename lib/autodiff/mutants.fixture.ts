// For tests: wrong vector-Jacobian products as data, each with the slip that it imitates. A check that misses one has a hole.
import {
  add,
  full,
  mean,
  multiply,
  operations,
  power,
  reshape,
  scale,
  sigmoid,
  subtract,
  sum,
  tabulate,
  at,
  type NdArray,
  type Operand,
  type OperationName,
  type Vjp,
} from "./index.js";

/** A wrong rule. */
export interface Mutant {
  readonly operation: OperationName;
  readonly imitates: string;
  /** The input whose gradient is wrong, from 0. */
  readonly input: number;
  readonly vjp: Vjp;
}

/** The table's own vjp. */
const right = (operation: OperationName): Vjp => operations[operation].rule.vjp as unknown as Vjp;

/** A mutant that gets one input's gradient wrong, from the right gradients and what the rule sees. */
function mutant(
  operation: OperationName,
  imitates: string,
  input: number,
  wrong: (dx: Operand, ...seen: Parameters<Vjp>) => Operand,
): Mutant {
  return {
    operation,
    imitates,
    input,
    vjp: (...seen) => right(operation)(...seen).map((dx, i) => (i === input ? wrong(dx, ...seen) : dx)),
  };
}

const minus = (x: Operand) => scale(x, { factor: -1 });
const each = (x: NdArray, f: (value: number) => number): NdArray => ({ shape: x.shape, data: x.data.map(f) });
const turned = (w: NdArray): NdArray => {
  const last = w.shape[0]! - 1;
  return tabulate(w.shape, (u, v, c, k) => at(w, last - u, last - v, c, k));
};
const exchanged = (w: NdArray): NdArray => tabulate(w.shape, (u, v, c, k) => at(w, v, u, c, k));
const like = (shape: readonly number[], from: NdArray): NdArray => ({
  shape,
  data: Float64Array.from(from.data),
});

/** Every wrong rule. */
export const mutants: readonly Mutant[] = [
  mutant("add", "the repeated input's gradient takes one share of the sum", 1, (db, dy) => scale(db, { factor: (db as NdArray).data.length / dy.data.length })),
  mutant("add", "the gradient is doubled: it is handed to both inputs' sum", 0, (da) => scale(da, { factor: 2 })),
  mutant("subtract", "the minus sign is lost", 1, minus),
  mutant("subtract", "the minus sign is at the wrong input", 0, minus),
  // The second factor: the loss of the test cases is a product too, and its first factor is the operation's result.
  mutant("multiply", "a factor is weighed by itself", 1, (db, dy, [, b]) =>
    dy.shape.join() === b!.shape.join() ? multiply(dy, b!) : minus(db),
  ),
  mutant("scale", "the factor is forgotten", 0, (_, dy) => dy),
  mutant("scale", "the factor is divided by", 0, (_, dy, __, attributes) => scale(dy, { factor: 1 / (attributes as { factor: number }).factor })),
  mutant("power", "the exponent is not lowered by 1", 0, (dx, _, [x]) => multiply(dx, x!)),
  mutant("power", "the exponent does not come down", 0, (dx, _, __, attributes) => scale(dx, { factor: 1 / (attributes as { exponent: number }).exponent })),
  mutant("exp", "the derivative is taken to be x", 0, (_, dy, [x]) => multiply(dy, x!)),
  mutant("log", "the derivative is taken to be the logarithm", 0, (_, dy, __, ___, y) => multiply(dy, y)),
  mutant("relu", "the mask is forgotten", 0, (_, dy) => dy),
  mutant("relu", "the mask is taken from the gradient", 0, (_, dy) => multiply(dy, each(dy, (value) => (value > 0 ? 1 : 0)))),
  mutant("relu", "the mask is turned round", 0, (_, dy, [x]) => multiply(dy, each(x!, (value) => (value > 0 ? 0 : 1)))),
  mutant("relu", "the output stands in place of the mask", 0, (_, dy, __, ___, y) => multiply(dy, y)),
  mutant("sigmoid", "the factor 1 - y is missing", 0, (_, dy, [x]) => multiply(dy, sigmoid(x!))),
  mutant("sigmoid", "y (1 - y) is computed of x", 0, (_, dy, [x]) => multiply(dy, multiply(x!, subtract(1, x!)))),
  mutant("dropout", "the division by the share kept is forgotten", 0, (dx, _, __, attributes) => scale(dx, { factor: (attributes as { keep: number }).keep })),
  mutant("dropout", "the mask is forgotten", 0, (_, dy, __, attributes) => scale(dy, { factor: 1 / (attributes as { keep: number }).keep })),
  mutant("sum", "the gradient is divided, as by a mean", 0, (dx, dy) => scale(dx, { factor: dy.data.length / (dx as NdArray).data.length })),
  mutant("mean", "the mean's 1/m is missing", 0, (dx, dy) => scale(dx, { factor: (dx as NdArray).data.length / dy.data.length })),
  mutant("max", "every candidate gets the gradient", 0, (dx, dy) => add(dx, full((dx as NdArray).shape, dy.data[0]!))),
  mutant("reshape", "the gradient comes back in reverse order", 0, (dx) => like((dx as NdArray).shape, each(dx as NdArray, (value) => -value))),
  mutant("transpose", "the gradient is not transposed back", 0, (dx, dy) => like((dx as NdArray).shape, dy)),
  mutant("gather", "what was gathered twice gets one gradient", 0, (dx) => each(dx as NdArray, Math.sign)),
  mutant("scatterAdd", "the gradient is negated", 0, minus),
  mutant("concat", "the two parts are exchanged", 0, (da, dy) => like((da as NdArray).shape, { shape: [], data: dy.data.slice(dy.data.length - (da as NdArray).data.length) })),
  mutant("padChannels", "the gradient is taken without regard to the added channels", 0, (dx, dy) => like((dx as NdArray).shape, { shape: [], data: dy.data.slice(0, (dx as NdArray).data.length) })),
  mutant("subsample", "pixels that were left out get a gradient too", 0, (dx, dy) => add(dx, full((dx as NdArray).shape, dy.data[0]!))),
  mutant("matmul", "W is not transposed", 0, (dx, dy, [, w]) => (w!.shape[0] === w!.shape[1] ? operations.matmul(dy, w!) : dx)),
  mutant("matmul", "the weights' gradient is averaged over the rows", 1, (dw, dy) => scale(dw, { factor: 1 / dy.shape[0]! })),
  mutant("conv2d", "the kernel is turned by 180 degrees once too often", 0, (_, dy, [x, w], attributes, y) => right("conv2d")(dy, [x!, operations.scale(turned(w!), { factor: 1 })], attributes, y)[0]!),
  mutant("conv2d", "the kernel's rows and columns are exchanged", 0, (_, dy, [x, w], attributes, y) => right("conv2d")(dy, [x!, operations.scale(exchanged(w!), { factor: 1 })], attributes, y)[0]!),
  mutant("conv2d", "the filter's gradient is turned by 180 degrees", 1, (dw) => turned(dw as NdArray)),
  mutant("conv2d", "the filter's gradient is averaged over the positions", 1, (dw, dy) => scale(dw, { factor: dy.shape[3]! / dy.data.length })),
  mutant("maxPool", "the gradient is shared by the window", 0, (dx, _, __, attributes) => scale(dx, { factor: 1 / (attributes as { kernel: number }).kernel ** 2 })),
  mutant("maxPool", "the gradient goes where the image is largest of all", 0, (dx, dy) => each(dx as NdArray, (value) => (value === 0 ? 0 : dy.data[0]!))),
  mutant("averagePool", "the window's 1/k^2 is missing", 0, (dx, _, __, attributes) => scale(dx, { factor: (attributes as { kernel: number }).kernel ** 2 })),
  mutant("globalAveragePool", "the 1/HW is missing", 0, (dx, dy) => scale(dx, { factor: (dx as NdArray).data.length / dy.data.length })),
  mutant("globalAveragePool", "the share is 1/H: one side only", 0, (dx) => scale(dx, { factor: (dx as NdArray).shape[2]! })),
  mutant("batchNorm", "the third term is missing", 0, (_, dy, [x, gamma]) => terms(dy, x!, gamma!, { variance: 0 })),
  mutant("batchNorm", "the second term is missing", 0, (_, dy, [x, gamma]) => terms(dy, x!, gamma!, { mean: 0 })),
  mutant("batchNorm", "mean and variance are held fixed, as in inference", 0, (_, dy, [x, gamma]) => terms(dy, x!, gamma!, { mean: 0, variance: 0 })),
  mutant("batchNorm", "the mean's 1/m is missing in both sums", 0, (_, dy, [x, gamma]) => terms(dy, x!, gamma!, { mean: x!.data.length / gamma!.data.length, variance: x!.data.length / gamma!.data.length })),
  mutant("batchNorm", "gamma is missing", 0, (_, dy, [x, gamma]) => terms(dy, x!, full(gamma!.shape, 1), {})),
  mutant("batchNorm", "beta's gradient is averaged", 2, (db, dy) => scale(db, { factor: (db as NdArray).data.length / dy.data.length })),
  mutant("batchNorm", "gamma's gradient takes x for the normalised x", 1, (_, dy, [x]) => sum(multiply(dy, x!), { axes: leading(x!) })),
  mutant("batchNormInference", "the mean's gradient is differentiated as in training", 0, (dx, _, [x]) => subtract(dx, mean(dx, { axes: leading(x!) }))),
  mutant("batchNormInference", "the variance's gradient lacks the factor 1/2", 4, (dv) => scale(dv, { factor: 2 })),
  mutant("batchNormInference", "the mean's gradient has the wrong sign", 3, minus),
  mutant("softmaxCrossEntropy", "the right class is not subtracted", 0, (dz, dy, __, attributes) => add(dz, multiply(tabulate((dz as NdArray).shape, (n, k) => ((attributes as { labels: number[] }).labels[n] === k ? 1 : 0)), reshape(dy, { shape: [dy.data.length, 1] })))),
  mutant("softmaxCrossEntropy", "the sign is turned", 0, minus),
  mutant("softmaxCrossEntropy", "the incoming gradient is forgotten", 0, (dz, dy) => multiply(dz, power(reshape(dy, { shape: [dy.data.length, 1] }), { exponent: -1 }))),
]; // prettier-ignore

const leading = (x: NdArray): number[] => x.shape.slice(0, -1).map((_, axis) => axis);

/** Batch norm's gradient with weights for its second and third term. */
function terms(
  dy: NdArray,
  x: NdArray,
  gamma: NdArray,
  weights: { mean?: number; variance?: number },
): Operand {
  const axes = leading(x);
  const centred = subtract(x, mean(x, { axes }));
  const r = power(add(mean(power(centred, { exponent: 2 }), { axes }), 1e-3), { exponent: -1 / 2 });
  const u = multiply(centred, r);
  const second = scale(mean(dy, { axes }), { factor: weights.mean ?? 1 });
  const third = scale(multiply(u, mean(multiply(dy, u), { axes })), { factor: weights.variance ?? 1 });
  return multiply(multiply(gamma, r), subtract(subtract(dy, second), third));
}
