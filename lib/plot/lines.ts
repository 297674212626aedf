// Lines and points: one or more series over a common axis.
import { figure, type Figure, type JsonObject, type Trace } from "./figure.js";
import { formatNumber } from "../display/numbers.js";
import {
  axis,
  axisOptions,
  checkFigure,
  heading,
  layout,
  seriesStyle,
  summarise,
  type AxisOptions,
  type FigureOptions,
} from "./theme.js";
import { requireLength, requireSome, requireValues, type Value } from "./validate.js";
import { highest, lowest } from "../numeric.js";

/** One series of points. */
export interface Series {
  /** What the legend calls it. */
  readonly name: string;
  /** [N]; null leaves a gap. */
  readonly y: readonly Value[];
  /** [N]; by default 1, 2, 3, ... */
  readonly x?: readonly number[];
  /** [N]; half the length of each point's error bar, in the unit of `y`. */
  readonly errors?: readonly Value[];
}

/** Options of figures with two axes. */
export interface PlotOptions extends FigureOptions {
  readonly x: AxisOptions;
  readonly y: AxisOptions;
}

/** The axes of such a figure, with what each may be given. */
export const plotAxes = { x: axisOptions, y: axisOptions } as const;

/** Series with up to this many points show each of them. */
const mostMarkers = 30;

/**
 * Lines through the points of each series.
 *
 * @throws RangeError if lengths differ, or if a value is not finite, or not positive on a logarithmic axis.
 *
 * @example
 * ```ts
 * plot.lines([{ name: "loss", y: [2.3, 1.1] }], { title: "Loss", x: { title: "step" }, y: { title: "nats" } })
 *   .data[0].y; // [2.3, 1.1]
 * ```
 */
export function lines(series: readonly Series[], options: PlotOptions): Figure {
  checkFigure("lines", options, plotAxes);
  return drawn(series, options, (count) => (count <= mostMarkers ? "lines+markers" : "lines"));
}

/**
 * The points of each series, unconnected. Errors as of {@link lines}.
 *
 * @example
 * ```ts
 * plot.scatter([{ name: "runs", x: [20, 56], y: [8.4, 6.9] }], {
 *   title: "Error",
 *   x: { title: "depth" },
 *   y: { title: "%" },
 * }).data[0].mode; // "markers"
 * ```
 */
export function scatter(series: readonly Series[], options: PlotOptions): Figure {
  checkFigure("scatter", options, plotAxes);
  return drawn(series, options, () => "markers");
}

function drawn(series: readonly Series[], options: PlotOptions, mode: (count: number) => string): Figure {
  requireSome(series, "series");
  const at = series.map((one) => positions(one, options));
  const data = series.map(({ name, y, errors }, i): Trace => {
    const x = at[i]!;
    requireValues(y, `"${name}": y`, options.y.scale);
    const { color, ...style } = seriesStyle(i);
    const lies = series.slice(0, i).some((_, j) => coincide([at[j]!, series[j]!.y], [x, y], options));
    // What lies on an earlier series lets it show through.
    const { dash, symbol } = lies ? { dash: "dash", symbol: `${style.symbol}-open` } : style;
    return {
      type: "scatter",
      mode: mode(y.length),
      name,
      x,
      y,
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 7 },
      ...(errors ? { error_y: errorBars(errors, y.length, name, color) } : {}),
    };
  });
  const summary = series.map(({ name, y, x }) => `${name}: ${lastValue(y, x)}`);
  return figure({
    data,
    layout: layout(
      options,
      axesWithLegend(
        options,
        series,
        at.flat(),
        series.flatMap(({ y }) => numbersOf(y)),
      ),
    ),
    summary: summarise([...heading(options, options.x, options.y), ...summary], options),
  });
}

const numbersOf = (y: readonly Value[]): number[] => y.filter((value) => value !== null);

type Points = readonly [x: readonly number[], y: readonly Value[]];

/** Whether two series would be drawn upon each other: most points at the same x are closer than a hundredth of what the axis spans. */
function coincide([x, y]: Points, [otherX, otherY]: Points, { y: axisOfY }: PlotOptions): boolean {
  const place = (value: number): number => (axisOfY.scale === "log" ? Math.log(value) : value);
  const places = [...numbersOf(y), ...numbersOf(otherY)].map(place);
  const near = (highest(places) - lowest(places)) / 100;
  const known = new Map(x.map((at, i) => [at, y[i] ?? null]));
  const shared = otherX.flatMap((at, i) => {
    const [a = null, b = null] = [known.get(at), otherY[i]];
    return a === null || b === null ? [] : [Math.abs(place(a) - place(b)) <= near];
  });
  return shared.length > 1 && shared.filter(Boolean).length > shared.length / 2;
}

/** The x values of a series, checked. */
export function positions(
  { name, x, y }: Pick<Series, "name" | "x" | "y">,
  options: PlotOptions,
): readonly number[] {
  requireSome(y, `value in "${name}"`);
  const at = x ?? Array.from(y, (_, i) => i + 1);
  requireLength(at, y.length, `"${name}": x`);
  requireValues(at, `"${name}": x`, options.x.scale);
  return at;
}

/** Plotly's error bars of half-lengths `errors`. */
export function errorBars(errors: readonly Value[], count: number, name: string, color: string): JsonObject {
  requireLength(errors, count, `"${name}": errors`);
  requireValues(errors, `"${name}": errors`);
  const negative = errors.findIndex((error) => error !== null && error < 0);
  if (negative >= 0)
    throw new RangeError(
      `"${name}": errors must not be negative; got ${String(errors[negative])} at index ${String(negative)}`,
    );
  return { type: "data", array: errors, visible: true, color, thickness: 1.5, width: 5 };
}

/**
 * Two axes, and a legend where there is something to tell apart: above the plot, or where it would wrap into the title, beside it.
 *
 * @param at the places of the points along x
 * @param heights those along y
 */
export function axesWithLegend(
  { x, y }: PlotOptions,
  series: readonly { readonly name: string }[],
  at: readonly number[] = [],
  heights: readonly number[] = [],
): JsonObject {
  const letters = series.reduce((sum, { name }) => sum + name.length + lettersOfKey, 0);
  return {
    xaxis: { ...axis(x, "x", at), ...(x.scale !== "log" && areFewAndWhole(at) ? { dtick: 1 } : {}) },
    yaxis: axis(y, "y", heights),
    showlegend: series.length > 1,
    legend:
      letters > mostLettersInLegendRow
        ? {}
        : { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom", traceorder: "normal" },
  };
}

/** Whether each whole number may have a tick, and nothing between them: there is no epoch 1.5. */
function areFewAndWhole(at: readonly number[]): boolean {
  return at.length > 0 && at.every(Number.isInteger) && highest(at) - lowest(at) <= mostWholeTicks;
}

const mostWholeTicks = 12;

/** A line's or bar's key in the legend is as wide as so many letters. */
const lettersOfKey = 6;
/** A legend of more letters does not fit into one row of a notebook's figure. */
const mostLettersInLegendRow = 112;

/** "5 points, last 0.4631 at 5", for a summary. */
export function lastValue(y: readonly Value[], x?: readonly number[]): string {
  const last = y.findLastIndex((value) => value !== null);
  if (last < 0) return "no values";
  const at = x?.[last] ?? last + 1;
  return `${String(y.length)} points, last ${formatNumber(y[last]!)} at ${formatNumber(at)}`;
}
