// Training curves: the mean over seeds as a line, the spread of the seeds as a band.
import { figure, type Figure, type Trace } from "./figure.js";
import { oneOf } from "../options.js";
import { axesWithLegend, lastValue, plotAxes, positions, type PlotOptions } from "./lines.js";
import { checkFigure, heading, layout, seriesStyle, summarise, translucent } from "./theme.js";
import { requireLength, requireSome, requireValues, type Value } from "./validate.js";
import { highest, lowest } from "../numeric.js";

/** The runs of one setting, each with another seed. */
export interface Curve {
  /** What the legend calls it. */
  readonly name: string;
  /** [runs][points]; null leaves a gap, such as after a run has diverged. */
  readonly runs: readonly (readonly Value[])[];
  /** [points], common to the runs; by default 1, 2, 3, ... */
  readonly x?: readonly number[];
}

/** Options for {@link trainingCurves}. */
export interface TrainingCurvesOptions extends PlotOptions {
  /**
   * What the band shows: from the lowest run to the highest (`range`, the default), one sample standard deviation (n - 1) to
   * each side of the mean (`deviation`), or nothing.
   */
  readonly band?: "range" | "deviation" | "none";
}

/** Mean and band, point by point. Where any run has a gap all three have one: a mean over the survivors would flatter. */
interface Spread {
  readonly mean: Value[];
  readonly lower: Value[];
  readonly upper: Value[];
}

function spread(runs: Curve["runs"], band: TrainingCurvesOptions["band"]): Spread {
  const result: Spread = { mean: [], lower: [], upper: [] };
  const isDeviation = band === "deviation";
  for (let i = 0; i < runs[0]!.length; i++) {
    const values = runs.map((run) => run[i] ?? null).filter((value) => value !== null);
    const whole = values.length === runs.length;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / (values.length - 1));
    result.mean.push(whole ? mean : null);
    result.lower.push(whole ? (isDeviation ? mean - deviation : lowest(values)) : null);
    result.upper.push(whole ? (isDeviation ? mean + deviation : highest(values)) : null);
  }
  return result;
}

/**
 * One line and band a curve.
 *
 * @throws RangeError if the runs of a curve differ in length, if a value is not finite, or if a value or a band's edge is not
 * positive on a logarithmic axis.
 *
 * @example
 * ```ts
 * plot.trainingCurves(
 *   [
 *     {
 *       name: "plain-20",
 *       runs: [
 *         [2.3, 1.9],
 *         [2.2, 1.8],
 *       ],
 *     },
 *   ],
 *   { title: "Two seeds", x: { title: "epoch" }, y: { title: "loss" } },
 * ).data.at(-1).y; // [2.25, 1.85]
 * ```
 */
export function trainingCurves(curves: readonly Curve[], options: TrainingCurvesOptions): Figure {
  checkFigure("trainingCurves", options, plotAxes, ["band"]);
  const band = oneOf("trainingCurves: band", options.band ?? "range", ["range", "deviation", "none"]);
  requireSome(curves, "curve");
  const summary: string[] = [];
  const drawn = curves.map((curve, i): { x: readonly number[]; band: Trace[]; line: Trace } => {
    const { name, runs } = curve;
    requireSome(runs, `run in "${name}"`);
    const x = positions({ ...curve, y: runs[0]! }, options);
    for (const [r, run] of runs.entries()) {
      requireLength(run, x.length, `"${name}": run ${String(r + 1)}`);
      requireValues(run, `"${name}": run ${String(r + 1)}`, options.y.scale);
    }
    const { mean, lower, upper } = spread(runs, band);
    const { color, dash, symbol } = seriesStyle(i);
    const line: Trace = {
      type: "scatter",
      mode: x.length <= 30 ? "lines+markers" : "lines",
      name,
      legendgroup: name,
      x,
      y: mean,
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 6 },
    };
    const counted = runs.length > 1 ? `mean of ${String(runs.length)} runs, ` : "";
    summary.push(`${name}: ${counted}${lastValue(mean, curve.x)}`);
    if (band === "none" || runs.length < 2) return { x, band: [], line };
    requireValues(lower, `"${name}": the band's lower edge`, options.y.scale);
    const edge = {
      type: "scatter",
      mode: "lines",
      x,
      legendgroup: name,
      showlegend: false,
      hoverinfo: "skip",
      line: { width: 0, color },
    };
    return {
      x,
      band: [
        { ...edge, name: `${name}, lower`, y: lower },
        { ...edge, name: `${name}, upper`, y: upper, fill: "tonexty", fillcolor: translucent(color, 0.18) },
      ],
      line,
    };
  });
  return figure({
    // Bands first, so that none lies over another curve's line.
    data: [...drawn.flatMap((one) => one.band), ...drawn.map((one) => one.line)],
    layout: layout(
      options,
      axesWithLegend(
        options,
        curves,
        drawn.flatMap(({ x }) => x),
      ),
    ),
    summary: summarise([...heading(options, options.x, options.y), ...summary], options),
  });
}
