// The gradient at each unit as two terms: what came through the shortcut and what came through the residual. Pure arithmetic.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { formatNumber } from "../display/numbers.js";
import { table } from "../display/table.js";
import { numberWithin, onlyKnown } from "../options.js";
import { highest } from "../numeric.js";

/** One unit's gradients as tensors of one shape. */
export interface UnitTrace {
  /** Such as `stage2.unit1`. */
  readonly name: string;
  /**
   * What carries x past F: `identity`, and then `carried` is the identity term; else the shortcut's kind, such as `zero padding/2` or
   * `projection`, and then `carried` is that shortcut's own vector-Jacobian product. `none` in a plain unit.
   */
  readonly shortcut: string;
  /** The unit's input x_l: [N, H, W, C]. */
  readonly shape: readonly number[];
  /** dE/dx_l as backpropagation through the whole network gives it. */
  readonly gradient: Float32Array;
  /** The part that came through the shortcut; zeros in a plain unit. */
  readonly carried: Float32Array;
  /** The part that came through F. */
  readonly residual: Float32Array;
}

/** The gradients of a network for one batch, unit by unit. */
export interface GradientTrace {
  readonly network: string;
  /** When it was taken: `before training`, `after 3 epochs`. */
  readonly moment: string;
  /** From the images up. */
  readonly units: readonly UnitTrace[];
  /** ‖dE/dx_L‖, x_L the last unit's output. */
  readonly topNorm: number;
}

/** One unit's gradient and its two terms, in numbers. */
export interface UnitSplit {
  readonly name: string;
  /** As {@link UnitTrace}. */
  readonly shortcut: string;
  /** ‖dE/dx_l‖ */
  readonly gradient: number;
  /** Norm of the term through the shortcut: the identity term where the shortcut is the identity. */
  readonly carried: number;
  /** Norm of the term through F. */
  readonly residual: number;
  /** Cosine of the angle between the two terms; null where one of them is zero. */
  readonly cosine: number | null;
  /**
   * The carried term's share of the gradient: its projection on dE/dx_l, as a part of ‖dE/dx_l‖. The residual's is 1 - share. Below 0 or
   * over 1 where the two terms pull against each other; null where the gradient is zero.
   */
  readonly share: number | null;
  /** ‖dE/dx_l‖ / ‖dE/dx_{l+1}‖: what the unit makes of the gradient's size. null where the gradient above is zero. */
  readonly factor: number | null;
  /** ‖carried + residual - gradient‖ / (‖carried‖ + ‖residual‖). */
  readonly mismatch: number;
}

/** The gradient microscope's report; it shows itself as a table. */
export interface GradientSplit extends Displayable {
  readonly network: string;
  readonly moment: string;
  /** From the images up. */
  readonly units: readonly UnitSplit[];
  /** ‖dE/dx_L‖, x_L the last unit's output. */
  readonly topNorm: number;
  /** The largest mismatch of any unit. */
  readonly mismatch: number;
  /** What a mismatch may be. */
  readonly tolerance: number;
  readonly text: string;
}

/** How exact the sum has to be. */
export interface SplitOptions {
  /** The largest mismatch, as a part of the terms' norms. Default: 1e-5, a hundred roundings of float32. */
  readonly tolerance?: number;
}

/**
 * Measures a trace's terms, and whether they add up to what backpropagation gave.
 * @throws Error that names the first unit, from the loss down, whose terms do not add up or are not finite.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * const split = analysis.splitTrace({ network: "net", moment: "now", units: [unit], topNorm: 1 });
 * split.units[0].share; // 0.2
 * ```
 */
export function splitTrace(trace: GradientTrace, options: SplitOptions = {}): GradientSplit {
  onlyKnown("splitTrace", options, ["tolerance"]);
  const { network, moment, units, topNorm } = trace;
  return report(network, moment, units.map((unit) => measured(unit, options)), topNorm, options); // prettier-ignore
}

/** A unit's numbers, without those that need the unit above. */
export type Measured = Omit<UnitSplit, "factor">;

/**
 * Measures one unit in float64.
 * @throws Error as {@link splitTrace}.
 */
export function measured(unit: UnitTrace, { tolerance = 1e-5 }: SplitOptions = {}): Measured {
  numberWithin("tolerance", tolerance, 0, Infinity);
  const { name, shortcut, gradient, carried, residual } = unit;
  let [gg, cc, rr, cr, cg, off] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < gradient.length; i++) {
    const [g, c, r] = [gradient[i]!, carried[i]!, residual[i]!];
    gg += g * g;
    cc += c * c;
    rr += r * r;
    cr += c * r;
    cg += c * g;
    off += (c + r - g) ** 2;
  }
  if (![gg, cc, rr].every(Number.isFinite)) {
    throw new Error(`${name}: its gradients must be finite; their squares sum to ${gg}, ${cc} and ${rr}`);
  }
  const size = Math.sqrt(cc) + Math.sqrt(rr);
  const mismatch = off === 0 ? 0 : Math.sqrt(off) / size;
  if (!(mismatch <= tolerance)) {
    throw new Error(
      `${name}: the term through the shortcut and the term through F must add up to dE/dx; they miss it by ${mismatch.toExponential(1)} ` +
        `of their size, and ${tolerance.toExponential(0)} is allowed: a unit that draws random numbers cannot be run twice, and a trace may be damaged`,
    );
  }
  return {
    name,
    shortcut,
    gradient: Math.sqrt(gg),
    carried: Math.sqrt(cc),
    residual: Math.sqrt(rr),
    cosine: cc === 0 || rr === 0 ? null : cr / Math.sqrt(cc * rr),
    share: gg === 0 ? null : cg / gg,
    mismatch,
  };
}

/** The Euclidean norm, in float64. */
export function normOf(values: Float32Array | Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value ** 2;
  return Math.sqrt(squares);
}

/** The report on measured units, from the images up. */
export function report(
  network: string,
  moment: string,
  measurements: readonly Measured[],
  topNorm: number,
  { tolerance = 1e-5 }: SplitOptions = {},
): GradientSplit {
  const units = measurements.map((unit, i) => {
    const above = measurements[i + 1]?.gradient ?? topNorm;
    return { ...unit, factor: above === 0 ? null : unit.gradient / above };
  });
  const mismatch = highest([0, ...units.map((unit) => unit.mismatch)]);
  const title =
    `${network}, ${moment}: in each of ${units.length} units the two terms add up to dE/dx ` +
    `within ${formatNumber(mismatch)} of their size (allowed: ${formatNumber(tolerance)})`;
  const shown = table(
    units.map(({ name, shortcut, gradient, carried, residual, cosine, share }) => ({
      unit: name,
      shortcut,
      "norm of dE/dx": gradient,
      "through the shortcut": carried,
      "through F": residual,
      cosine,
      "shortcut's share": share,
    })),
    { title },
  );
  return {
    network,
    moment,
    units,
    topNorm,
    mismatch,
    tolerance,
    text: shown.text,
    [jupyterDisplay]: () => shown[jupyterDisplay](),
  };
}
