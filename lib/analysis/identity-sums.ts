// The identity paper's two identities on a real network: x_L = x_l + ΣF forward, and dE/dx_l = dE/dx_L (1 + d/dx_l ΣF) backward.
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../nn/model.js";
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { formatNumber } from "../display/numbers.js";
import { table } from "../display/table.js";
import type { NamedUnit } from "../nn/architecture.js";
import { normOf } from "./gradient-split.js";
import { numbersOf, placesOf, shortcutOf } from "./gradient-microscope.js";
import { gradientsAt, keepingStatistics, valuesAt } from "./passes.js";
import { highest } from "../numeric.js";

/** One check of an identity: from the input x_l of one unit to x_L, the output of the last unit of the same size. */
export interface IdentityRow {
  /** The unit whose input is x_l. */
  readonly from: string;
  /** The unit whose output is x_L. */
  readonly to: string;
  /** How many residuals are summed. */
  readonly terms: number;
  /** The shortcuts on the way: `identity`, or what else they are. */
  readonly h: string;
  /** What follows the additions on the way: `identity`, or `relu`, `norm relu`. */
  readonly f: string;
  /** Norm of the 1: ‖x_l‖ forward, ‖dE/dx_L‖ backward. */
  readonly one: number;
  /** Norm of the sum's part: ‖ΣF‖ forward, ‖dE/dx_L d/dx_l ΣF‖ backward. */
  readonly sum: number;
  /** ‖left side - right side‖ / (one + sum). */
  readonly error: number;
  /** Whether the two sides agree as exactly as float32 can tell. */
  readonly holds: boolean;
}

/** What was found of an identity; it shows itself as a table. */
export interface IdentityReport extends Displayable {
  readonly network: string;
  /** The identity, as LaTeX. */
  readonly identity: string;
  /** Whether it holds in every row. */
  readonly holds: boolean;
  /** The largest error of any row. */
  readonly error: number;
  /** From the images up. */
  readonly rows: readonly IdentityRow[];
  readonly text: string;
}

/** How far float32's backward passes may be apart, as a part of the terms' norms. */
const backwardTolerance = 1e-5;

/**
 * x_L = x_l + Σ F(x_i), i from l to L - 1 (identity paper, equation 4), for every unit l and the last unit of its size, in one forward
 * pass in training mode.
 *
 * It holds where every element is as near as the L - l float32 additions allow: each rounds by at most 2^-24 of its result, so that
 * |x_L - (x_l + ΣF)| ≤ 2^-24 Σ |x_i|, i from l + 1 to L. It follows from h and f being the identity, and fails where they are not.
 *
 * @param images [N, H, W, C]
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({
 *   depth: 14,
 *   widths: [2, 2, 2],
 *   inputShape: [8, 8, 1],
 *   order: "preActivation",
 * });
 * (await analysis.forwardSum(network, tf.ones([2, 8, 8, 1]))).rows.length; // 4
 * ```
 */
export async function forwardSum(network: Model, images: tf.Tensor4D): Promise<IdentityReport> {
  const places = placesOf(network);
  const residuals = network.units.map(({ name }) => `${name}.residual`);
  return keepingStatistics(network, async () => {
    const read = valuesAt(network, [...places, ...residuals], images, (value) => tf.clone(value));
    const numbers = await Promise.all(read.map(({ value }) => numbersOf(value)));
    tf.dispose(read.map(({ value }) => value));
    const x = numbers.slice(0, places.length);
    const f = numbers.slice(places.length);

    const rows = stretchesOf(network).flatMap(({ first, last, units }) => {
      const end = x[last + 1]!;
      // Sums from the top down, so that each row adds one term.
      const sum = new Float64Array(end.length);
      const bound = new Float64Array(end.length);
      return [...units.keys()].reverse().map((k): IdentityRow => {
        const l = first + k;
        const start = x[l]!;
        const difference = new Float64Array(end.length);
        let holds = true;
        for (let i = 0; i < end.length; i++) {
          sum[i]! += f[l]![i]!;
          bound[i]! += 2 ** -24 * Math.abs(x[l + 1]![i]!) + smallestStep;
          difference[i] = end[i]! - (start[i]! + sum[i]!);
          if (!(Math.abs(difference[i]!) <= bound[i]!)) holds = false;
        }
        const [one, rest] = [normOf(start), normOf(sum)];
        return { ...rowOf(units.slice(k)), one, sum: rest, error: normOf(difference) / (one + rest), holds };
      }).reverse(); // prettier-ignore
    });
    return identityReport(network.name, "x_L = x_l + \\sum_{i=l}^{L-1} F(x_i)", rows);
  });
}

/** Half the step between float32 numbers near zero: what an addition may lose there. */
const smallestStep = 2 ** -150;

/**
 * dE/dx_l = dE/dx_L (1 + d/dx_l Σ F(x_i)) (identity paper, equation 5), for every unit l and the last unit of its size.
 *
 * Both sides are computed apart: the left by one backward pass through the whole network; the right from dE/dx_L, by running units l to
 * L - 1 again as a function of x_l, adding up their residuals, and going back through that sum. It holds within 1e-5 of the terms' norms.
 *
 * @param images [N, H, W, C]
 * @param labels [N], int32
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({
 *   depth: 14,
 *   widths: [2, 2, 2],
 *   inputShape: [8, 8, 1],
 *   order: "preActivation",
 *   classes: 2,
 * });
 * (await analysis.backwardOne(network, tf.ones([2, 8, 8, 1]), tf.tensor1d([0, 1], "int32"))).rows.length; // 4
 * ```
 */
export async function backwardOne(
  network: Model,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): Promise<IdentityReport> {
  const places = placesOf(network);
  return keepingStatistics(network, async () => {
    const values = valuesAt(network, places, images, (value) => tf.clone(value));
    const gradients = gradientsAt(network, places, values.map(({ shape }) => shape), images, labels); // prettier-ignore
    try {
      const rows: IdentityRow[] = [];
      for (const { first, last, units } of stretchesOf(network)) {
        const top = gradients[last + 1]!;
        const topNumbers = await numbersOf(top);
        for (const k of units.keys()) {
          const through = throughSum(units.slice(k), values[first + k]!.value, top);
          const [sum, gradient] = await Promise.all([through, gradients[first + k]!].map(numbersOf));
          through.dispose();
          const difference = Float64Array.from(gradient!, (g, i) => g - (topNumbers[i]! + sum![i]!));
          const [one, rest] = [normOf(topNumbers), normOf(sum!)];
          const error = normOf(difference) / (one + rest);
          rows.push({ ...rowOf(units.slice(k)), one, sum: rest, error, holds: error <= backwardTolerance });
        }
      }
      const identity =
        "\\frac{\\partial E}{\\partial x_l} = \\frac{\\partial E}{\\partial x_L} \\left(1 + \\frac{\\partial}{\\partial x_l} \\sum_{i=l}^{L-1} F(x_i)\\right)";
      return identityReport(network.name, identity, rows);
    } finally {
      tf.dispose([...values.map(({ value }) => value), ...gradients]);
    }
  });
}

/** dE/dx_L d/dx_l Σ F(x_i): back through the sum of the residuals, which is a function of x_l alone. */
function throughSum(units: readonly NamedUnit[], x: tf.Tensor, top: tf.Tensor): tf.Tensor {
  const residuals: tf.Tensor[] = [];
  const sumOf = (start: tf.Tensor) => {
    let value = start;
    for (const { unit } of units) {
      value = unit.forward(value, {
        training: true,
        // Kept, because the unit frees what is inside it.
        observe: (name, residual) => {
          if (name === "residual") residuals.push(tf.keep(residual));
        },
      });
    }
    return tf.addN(residuals);
  };
  const gradient = tf.tidy(() => tf.grad(sumOf)(x, top));
  tf.dispose(residuals);
  return gradient;
}

/** Units that follow one another and keep the size of x, the indices of the first and the last included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly units: readonly NamedUnit[];
}

function stretchesOf({ units }: Model): Stretch[] {
  const stretches: Stretch[] = [];
  units.forEach((named, i) => {
    const { inChannels, outChannels, stride } = named.unit.change;
    if (inChannels !== outChannels || stride !== 1) return;
    const open = stretches.at(-1);
    if (open?.last === i - 1)
      stretches[stretches.length - 1] = { ...open, last: i, units: [...open.units, named] }; // prettier-ignore
    else stretches.push({ first: i, last: i, units: [named] });
  });
  return stretches;
}

function rowOf(units: readonly NamedUnit[]): Pick<IdentityRow, "from" | "to" | "terms" | "h" | "f"> {
  const f = units.map(({ unit }) => Object.values(unit.afterAddition.parts).map(({ kind }) => kind).join(" ")); // prettier-ignore
  return {
    from: units[0]!.name,
    to: units.at(-1)!.name,
    terms: units.length,
    h: [...new Set(units.map(({ unit }) => shortcutOf(unit)))].join(", "),
    f: [...new Set(f.map((kinds) => (kinds === "" ? "identity" : kinds)))].join(", "),
  };
}

function identityReport(network: string, identity: string, rows: readonly IdentityRow[]): IdentityReport {
  if (rows.length === 0)
    throw new RangeError(`${network} must have a unit that keeps the size of x; it has none`);
  const holds = rows.every((row) => row.holds);
  const error = highest(rows.map((row) => row.error));
  const verdict = holds ? "holds" : `is broken from ${rows.find((row) => !row.holds)!.from} on`;
  const shown = table(
    rows.map(({ from, to, terms, h, f, one, sum, error, holds }) => ({
      from,
      to,
      terms,
      h,
      f,
      "norm of the 1": one,
      "norm of the sum": sum,
      error: formatNumber(error),
      holds,
    })),
    { title: `${network}: the identity ${verdict}; largest error ${formatNumber(error)}` },
  );
  return { network, identity, holds, error, rows, text: shown.text, [jupyterDisplay]: () => shown[jupyterDisplay]() }; // prettier-ignore
}
