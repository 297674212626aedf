// How fast the values of a random rectifier network change along one direction of its input, at each of many inputs and after each block, in float64.
import { integerWithin, numberWithin, onlyKnown, seedWithin } from "../options.js";
import { randomStream } from "../random/index.js";

/** A random fully connected network, before training. */
export interface InputSlopesOptions {
  /** Blocks: each a batch norm if there is one, a ReLU and a matrix. */
  readonly depth: number;
  /** Values after each block. */
  readonly width: number;
  readonly seed: number;
  /** Whether a block's input is added to its output. Default: false. */
  readonly shortcut?: boolean;
  /** Whether a block begins with batch norm over the inputs. Default: false. */
  readonly norm?: boolean;
  /** Factor on the branch where there is a shortcut. Default: 1. */
  readonly beta?: number;
  /** A block's weights have the variance gain / width. Default: 2, He's initialisation; 1 is Glorot's. */
  readonly gain?: number;
  /** The variance of a block's biases, where 1 is that of the first layer's weights. Default: 0. */
  readonly biasVariance?: number;
}

/** What {@link inputSlopes} gives; index 0 is before the first block. */
export interface InputSlopes {
  /** One list for each depth, and in it one series for each unit: d(value) / d(step along the direction) at each input. */
  readonly slopes: readonly (readonly Float64Array[])[];
  /** After each ReLU: the share of the units that are active for both of two different inputs, averaged over all pairs. */
  readonly bothActive: readonly number[];
}

/**
 * The derivative along one direction of every unit's value, at each input and each depth: h0 = W0 x, then blocks h → W relu(h), or h → W relu(norm(h)),
 * or h → h + beta W relu(norm(h)). For an input of one number t with a random bias give the inputs [t, 1] and the direction [1, 0].
 *
 * There is one direction and there are many units, so value and slope walk forward side by side: a matrix acts on both, and a ReLU lets
 * both through or neither. Every unit is an output whose gradient is looked at; a readout by random weights is a mixture of them. Batch norm's mean and
 * deviation are those over all inputs, and are held constant for the slope: what is derived is the function that they leave.
 *
 * @param inputs [N][D]
 * @param direction [D]
 *
 * @example
 * ```ts
 * const { slopes } = analysis.inputSlopes([[-1, 1], [1, 1]], [1, 0], { depth: 1, width: 8, seed: 1 });
 * slopes[1].length; // 8
 * ```
 */
export function inputSlopes(
  inputs: readonly (readonly number[])[],
  direction: readonly number[],
  options: InputSlopesOptions,
): InputSlopes {
  const known = ["depth", "width", "seed", "shortcut", "norm", "beta", "gain", "biasVariance"];
  onlyKnown("inputSlopes", options, known, ["depth", "width", "seed"]);
  const { depth, width, seed, shortcut = false, norm = false } = options;
  seedWithin("inputSlopes: seed", seed);
  integerWithin("inputSlopes: depth", depth, 1, 10_000);
  integerWithin("inputSlopes: width", width, 1, 10_000);
  const beta = numberWithin("inputSlopes: beta", options.beta ?? 1, 0, 1e6);
  const gain = numberWithin("inputSlopes: gain", options.gain ?? 2, 0, 1e6);
  const biasVariance = numberWithin("inputSlopes: biasVariance", options.biasVariance ?? 0, 0, 1e6);
  const n = inputs.length;
  if (n < 2) throw new RangeError(`inputSlopes needs at least two inputs; got ${n}`);
  for (const input of inputs) {
    if (input.length !== direction.length)
      throw new RangeError(`each input needs ${direction.length} numbers, as many as the direction; got ${input.length}`); // prettier-ignore
  }

  const first = randomStream(seed, "first layer");
  // A row is a unit: its n values, then its n slopes, so that one matrix product moves both.
  let rows = Array.from({ length: width }, () => {
    const weights = direction.map(() => first.normal());
    const along = dot(weights, direction);
    return Float64Array.from({ length: 2 * n }, (_, j) => (j < n ? dot(weights, inputs[j]!) : along));
  });
  const slopes = [slopesOf(rows, n)];
  const bothActive: number[] = [];
  for (let block = 1; block <= depth; block++) {
    const stream = randomStream(seed, "block", block);
    const active = rows.map((row) => rectified(norm ? normalised(row, n) : row, n));
    bothActive.push(active.reduce((sum, row) => sum + pairsActive(row, n), 0) / width);
    const scale = Math.sqrt(gain / width) * (shortcut ? beta : 1);
    const bias = Math.sqrt(biasVariance) * (shortcut ? beta : 1);
    rows = rows.map((row) => {
      const out = shortcut ? row.slice() : new Float64Array(2 * n);
      for (const source of active) {
        const weight = scale * stream.normal();
        for (let j = 0; j < 2 * n; j++) out[j]! += weight * source[j]!;
      }
      const shift = bias === 0 ? 0 : bias * stream.normal();
      for (let j = 0; j < n; j++) out[j]! += shift;
      return out;
    });
    slopes.push(slopesOf(rows, n));
  }
  return { slopes, bothActive };
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const slopesOf = (rows: readonly Float64Array[], n: number) => rows.map((row) => row.slice(n));

/** Batch norm over the n inputs: the slopes are divided by the same deviation. */
function normalised(row: Float64Array, n: number): Float64Array {
  const values = row.subarray(0, n);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const scale = 1 / Math.sqrt(variance + 1e-5);
  return row.map((value, j) => (j < n ? value - mean : value) * scale);
}

/** ReLU, which lets the slope through where it lets the value through. */
const rectified = (row: Float64Array, n: number) => row.map((value, j) => (row[j % n]! > 0 ? value : 0));

/** Of all pairs of different inputs, the share for which the unit is active twice. */
function pairsActive(row: Float64Array, n: number): number {
  const count = row.subarray(0, n).filter((value) => value > 0).length;
  return (count * (count - 1)) / (n * (n - 1));
}
