// For tests: random cases of every operation, and random graphs, as fast-check generates and shrinks them.
import fc from "fast-check";
import { randomStream } from "../random/index.js";
import * as ad from "./index.js";

/** A program and its inputs. */
export interface Case {
  readonly name: string;
  readonly program: ad.Program;
  readonly inputs: readonly ad.NdArray[];
}

const side = fc.integer({ min: 1, max: 4 });
const seeds = fc.integer({ min: 0, max: 1_000_000 });

/** Normal numbers of a shape, none near 0. */
export function numbers(shape: ad.Shape, seed: number, name: string): ad.NdArray {
  const random = randomStream(seed, name);
  return ad.tabulate(shape, () => {
    const value = random.normal();
    return value + 0.1 * Math.sign(value);
  });
}

/** A loss that weighs each element of y differently, so that no mistake cancels. */
function weighed(y: ad.Value, seed: number): ad.Value {
  return ad.sum(ad.multiply(y, numbers(y.shape, seed, "weights")));
}

/** A case from shapes and a computation. */
const caseOf = (
  name: string,
  seed: number,
  shapes: readonly ad.Shape[],
  y: (...inputs: ad.Value[]) => ad.Value,
  map: (x: number, input: number) => number = (x) => x,
): Case => ({
  name,
  program: (...inputs) => weighed(y(...inputs), seed),
  inputs: shapes.map((shape, i) => {
    const values = numbers(shape, seed, `input ${i}`);
    return { shape, data: values.data.map((x) => map(x, i)) };
  }),
});

const shape = fc.array(side, { minLength: 1, maxLength: 3 });

/** Two shapes that broadcast to each other. */
const broadcastable = fc
  .tuple(
    shape,
    fc.array(fc.constantFrom("same", "one"), { minLength: 3, maxLength: 3 }),
    fc.nat(3),
    fc.boolean(),
  )
  .map(([a, kinds, drop, swap]): [ad.Shape, ad.Shape] => {
    const b = a.map((length, axis) => (kinds[axis] === "one" ? 1 : length)).slice(Math.min(drop, a.length));
    return swap ? [b, a] : [a, b];
  });

const images = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 })); // prettier-ignore

/** Images and a window that fits into them. */
const windows = fc
  .tuple(images, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.nat(2))
  .map(([x, kernel, stride, padding]) => ({ x, kernel, stride, padding: Math.min(padding, kernel - 1) }))
  .filter(({ x, kernel, padding }) => Math.min(x[1], x[2]) + 2 * padding >= kernel);

const elementwise = (name: string, y: (x: ad.Value) => ad.Value, map?: (x: number) => number) =>
  fc.tuple(shape, seeds).map(([x, seed]) => caseOf(name, seed, [x], y, map));

const binary = (name: string, y: (a: ad.Value, b: ad.Value) => ad.Value) =>
  fc.tuple(broadcastable, seeds).map(([shapes, seed]) => caseOf(name, seed, shapes, (a, b) => y(a, b)));

const axes = fc.tuple(shape, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), seeds);
const over = (name: string, operation: typeof ad.sum) =>
  axes.map(([x, chosen, seed]) =>
    caseOf(name, seed, [x], (x) =>
      operation(x, { axes: x.shape.flatMap((_, axis) => (chosen[axis] ? [axis] : [])) }),
    ),
  );

const norm = fc.tuple(fc.array(side, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 3 }), seeds);
const positive = (x: number) => 0.5 + x * x;

/** A generator of cases for each operation of the table. */
export const operationCases: Readonly<Record<ad.OperationName, fc.Arbitrary<Case>>> = {
  add: binary("add", ad.add),
  subtract: binary("subtract", ad.subtract),
  multiply: binary("multiply", ad.multiply),
  scale: elementwise("scale", (x) => ad.scale(x, { factor: -1.7 })),
  power: fc
    .tuple(shape, fc.constantFrom(2, 3, -1, -0.5, 1.5), seeds)
    .map(([x, exponent, seed]) => caseOf("power", seed, [x], (x) => ad.power(x, { exponent }), positive)),
  exp: elementwise("exp", ad.exp),
  log: elementwise("log", ad.log, positive),
  relu: elementwise("relu", ad.relu),
  sigmoid: elementwise("sigmoid", ad.sigmoid),
  dropout: fc.tuple(shape, seeds).map(([x, seed]) => {
    const mask = ad.tabulate(x, (...index) => (numbers([20], seed, "mask").data[index.reduce((s, i) => 3 * s + i, 0) % 20]! > 0 ? 1 : 0)); // prettier-ignore
    return caseOf("dropout", seed, [x], (x) => ad.dropout(x, { mask, keep: 0.7 }));
  }),
  sum: over("sum", ad.sum),
  mean: over("mean", ad.mean),
  max: elementwise("max", ad.max),
  reshape: elementwise("reshape", (x) => ad.reshape(x, { shape: [1, x.data.length] })),
  gather: fc.tuple(shape, seeds).map(([x, seed]) =>
    caseOf("gather", seed, [x], (x) => {
      const places = Int32Array.from({ length: 6 }, (_, i) => ((i * 7 + seed) % (x.data.length + 1)) - 1);
      return ad.gather(x, { shape: [2, 3], places });
    }),
  ),
  scatterAdd: fc.tuple(shape, seeds).map(([x, seed]) =>
    caseOf("scatterAdd", seed, [x], (x) => {
      const places = Int32Array.from(x.data, (_, i) => ((i * 5 + seed) % 7) - 1);
      return ad.scatterAdd(x, { shape: [6], places });
    }),
  ),
  transpose: fc
    .tuple(side, side, seeds)
    .map(([m, n, seed]) => caseOf("transpose", seed, [[m, n]], ad.transpose)),
  concat: fc
    .tuple(shape, side, seeds)
    .map(([a, last, seed]) =>
      caseOf("concat", seed, [a, [...a.slice(0, -1), last]], (a, b) => ad.concat(a, b)),
    ),
  padChannels: fc
    .tuple(shape, fc.nat(3), seeds)
    .map(([x, added, seed]) => caseOf("padChannels", seed, [x], (x) => ad.padChannels(x, { added }))),
  subsample: fc
    .tuple(images, fc.integer({ min: 1, max: 3 }), seeds)
    .map(([x, stride, seed]) => caseOf("subsample", seed, [x], (x) => ad.subsample(x, { stride }))),
  matmul: fc
    .tuple(side, side, side, seeds)
    .map(([m, k, n, seed]) => caseOf("matmul", seed, [[m, k], [k, n]], (x, w) => ad.matmul(x, w))), // prettier-ignore
  conv2d: fc
    .tuple(windows, fc.integer({ min: 1, max: 3 }), seeds)
    .map(([{ x, kernel, ...slide }, out, seed]) =>
      caseOf("conv2d", seed, [x, [kernel, kernel, x[3], out]], (x, w) => ad.conv2d(x, w, slide)),
    ),
  maxPool: fc
    .tuple(windows, seeds)
    .map(([{ x, ...window }, seed]) => caseOf("maxPool", seed, [x], (x) => ad.maxPool(x, window))),
  averagePool: fc
    .tuple(windows, seeds)
    .filter(([{ x, kernel }]) => Math.min(x[1], x[2]) >= kernel)
    .map(([{ x, kernel, stride }, seed]) =>
      caseOf("averagePool", seed, [x], (x) => ad.averagePool(x, { kernel, stride })),
    ),
  globalAveragePool: fc
    .tuple(images, seeds)
    .map(([x, seed]) => caseOf("globalAveragePool", seed, [x], ad.globalAveragePool)),
  batchNorm: norm.map(([lead, c, seed]) =>
    // Three rows at least: with two, the normalised values are 1 and -1 whatever x is.
    caseOf("batchNorm", seed, [[3, ...lead, c], [c], [c]], (x, gamma, beta) =>
      ad.batchNorm(x, gamma, beta, { epsilon: 1e-3 }),
    ),
  ),
  batchNormInference: norm.map(([lead, c, seed]) =>
    caseOf(
      "batchNormInference",
      seed,
      [[2, ...lead, c], [c], [c], [c], [c]],
      (x, gamma, beta, mu, v) => ad.batchNormInference(x, gamma, beta, mu, v, { epsilon: 1e-3 }),
      (x, input) => (input === 4 ? positive(x) : x),
    ),
  ),
  softmaxCrossEntropy: fc
    .tuple(side, fc.integer({ min: 2, max: 4 }), seeds)
    .map(([n, k, seed]) =>
      caseOf("softmaxCrossEntropy", seed, [[n, k]], (z) =>
        ad.softmaxCrossEntropy(z, { labels: Array.from({ length: n }, (_, i) => (seed + 3 * i) % k) }),
      ),
    ),
};

/** A step of a random graph over images: from the values so far, one more of the same height and width. */
const layers: Readonly<Record<string, (x: ad.Value, earlier: ad.Value, seed: number) => ad.Value>> = {
  conv: (x, _, seed) => ad.conv2d(x, ad.scale(numbers([3, 3, x.shape[3]!, 2], seed, "w"), { factor: 0.3 }), { padding: 1 }), // prettier-ignore
  norm: (x, _, seed) => {
    const channel = [x.shape[3]!];
    return ad.batchNorm(x, numbers(channel, seed, "g"), numbers(channel, seed, "b"), { epsilon: 0.1 });
  },
  relu: (x) => ad.relu(x),
  sigmoid: (x) => ad.sigmoid(x),
  addEarlier: (x, earlier) => (earlier.shape[3] === x.shape[3] ? ad.add(x, earlier) : ad.concat(x, earlier)),
  gate: (x, earlier) => (earlier.shape[3] === x.shape[3] ? ad.multiply(x, ad.sigmoid(earlier)) : ad.scale(x, { factor: 0.5 })), // prettier-ignore
  maxPool: (x) => ad.maxPool(x, { kernel: 3, stride: 1, padding: 1 }),
  padChannels: (x) => ad.padChannels(x, { added: 1 }),
};

/** Random graphs: up to six layers, each of which may look back at any value before it; then pooling, a matrix, and the loss. */
export const graphCases: fc.Arbitrary<Case> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...Object.keys(layers)), fc.nat(5)), { minLength: 1, maxLength: 6 }),
    seeds,
  )
  .map(([steps, seed]) => ({
    name: steps.map(([name, back]) => `${name}(${back})`).join(" "),
    inputs: [numbers([2, 3, 3, 2], seed, "x")],
    program: (x) => {
      const values = [x];
      for (const [i, [name, back]] of steps.entries()) {
        const earlier = values[back % values.length]!;
        values.push(layers[name]!(values.at(-1)!, earlier, seed + i));
      }
      const features = ad.globalAveragePool(values.at(-1)!);
      const logits = ad.matmul(features, numbers([features.shape[1]!, 3], seed, "dense"));
      return ad.mean(ad.softmaxCrossEntropy(logits, { labels: [seed % 3, (seed + 1) % 3] }));
    },
  }));
