// How often values fall into each of equally wide bins.
import { figure, type Figure } from "./figure.js";
import { axesWithLegend, type PlotOptions } from "./lines.js";
import { formatNumber } from "../display/numbers.js";
import { onlyKnown } from "../options.js";
import { axisOptions, checkFigure, heading, layout, seriesStyle, summarise, translucent } from "./theme.js";
import { requireSome, requireValues } from "./validate.js";

/** Values to count. */
export interface Sample {
  readonly name: string;
  readonly values: readonly number[];
}

/** Options of {@link histogram}. */
export interface HistogramOptions extends Omit<PlotOptions, "y"> {
  readonly y?: PlotOptions["y"];
  /** How many bins, from the smallest value of all samples to the largest. Default: 30. */
  readonly bins?: number;
}

/**
 * Counts of each sample in common bins, as shares of the sample. They are counted here, so that the figure holds no raw values.
 *
 * @throws RangeError if a sample is empty, a value is not finite, or bins is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * plot.histogram([{ name: "weights", values: [1, 2, 2] }], {
 *   title: "Weights",
 *   x: { title: "value" },
 *   y: { title: "count" },
 * }).data[0].name; // "weights"
 * ```
 */
export function histogram(samples: readonly Sample[], options: HistogramOptions): Figure {
  checkFigure("histogram", options, { x: axisOptions }, ["y", "bins"]);
  if (options.y !== undefined) onlyKnown("histogram: y", options.y, axisOptions);
  const { bins = 30, y = { title: "share of values" } } = options;
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`bins must be a whole number of at least 1; got ${String(bins)}`);
  }
  requireSome(samples, "sample");
  for (const { name, values } of samples) {
    requireSome(values, `value in "${name}"`);
    requireValues(values, `"${name}"`);
  }
  const extent = (pick: (a: number, b: number) => number) =>
    samples.map(({ values }) => values.reduce((a, b) => pick(a, b))).reduce((a, b) => pick(a, b));
  const low = extent(Math.min);
  const width = (extent(Math.max) - low) / bins || 1;
  const centres = Array.from({ length: bins }, (_, i) => low + (i + 0.5) * width);
  const data = samples.map(({ name, values }, i) => {
    const counts = centres.map(() => 0);
    for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / width))]!++;
    const { color } = seriesStyle(i);
    return {
      type: "bar",
      name,
      x: centres,
      y: counts.map((count) => count / values.length),
      width,
      marker: { color: translucent(color, samples.length > 1 ? 0.55 : 0.9) },
    };
  });
  const shown = { ...options, y };
  const summary = samples.map(({ name, values }) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return `${name}: ${String(values.length)} values, mean ${formatNumber(mean)}`;
  });
  return figure({
    data,
    layout: layout(options, { ...axesWithLegend(shown, samples), barmode: "overlay", bargap: 0 }),
    summary: summarise([...heading(options, options.x, y), ...summary], options),
  });
}
