// A dot for every run, and a dash at the mean: for the few seeds of an experiment, of which a bar would hide how far they scatter.
import { figure, type Figure, type JsonObject, type Trace } from "./figure.js";
import { placed, type BarsOptions } from "./bars.js";
import { axesWithLegend } from "./lines.js";
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
} from "./theme.js";
import { requireLength, requireSome, requireValues, type Value } from "./validate.js";
import { highest, lowest } from "../numeric.js";

/** The runs of one kind in each category. */
export interface DotSeries {
  readonly name: string;
  /** [categories][runs]; a category may have none yet, and null leaves a run out. */
  readonly values: readonly (readonly Value[])[];
}

/** Options for {@link dots}. */
export interface DotsOptions extends Omit<BarsOptions, "y"> {
  readonly y: AxisOptions;
}

/**
 * The runs of each series side by side in each category, a dot each, with a dash at their mean. Where the categories' names would have to be tilted
 * they stand beside their dots.
 *
 * @throws RangeError if a series has not a list for each category, or a value is not finite, or not positive on a logarithmic axis.
 *
 * @example
 * ```ts
 * plot.dots([{ name: "training error", values: [[10.6, 10.2], [25.4, 40.8]] }], {
 *   title: "Two seeds",
 *   x: { title: "network", categories: ["plain-20", "plain-56"] },
 *   y: { title: "training error (%)" },
 * }).data[0].y; // [10.6, 10.2, 25.4, 40.8]
 * ```
 */
export function dots(series: readonly DotSeries[], options: DotsOptions): Figure {
  checkFigure("dots", options, { x: ["title", "categories"], y: axisOptions });
  const { categories } = options.x;
  requireSome(series, "series");
  const { lying, names, frame } = placed("dots", categories);
  const data = series.flatMap(({ name, values }, i): Trace[] => {
    requireLength(values, categories.length, `"${name}": values`);
    const runs = values.map((some, at) => {
      requireValues(some, `"${name}", ${categories[at]!}: values`, options.y.scale);
      return known(some);
    });
    const { color, symbol } = seriesStyle(i);
    const trace = (of: readonly (readonly number[])[], more: JsonObject): Trace => {
      const at = of.flatMap((some, k) => some.map(() => names[k]!));
      return {
        type: "scatter",
        mode: "markers",
        name,
        offsetgroup: name,
        legendgroup: name,
        // The outermost dots lie on the axis's ends, and would be cut in half there.
        cliponaxis: false,
        ...(lying ? { x: of.flat(), y: at } : { x: at, y: of.flat() }),
        ...more,
      };
    };
    const dash = { color, symbol: lying ? "line-ns-open" : "line-ew-open", size: 22, line: { width: 2 } };
    return [
      trace(runs, { marker: { color, symbol, size: 8, opacity: 0.75 } }),
      trace(runs.map(meanOf), { name: `${name}, mean`, showlegend: false, marker: dash }),
    ];
  });
  const summary = series.map(({ name, values }) => `${name}: ${values.map((some, i) => `${categories[i]!} ${inWords(known(some))}`).join(", ")}`); // prettier-ignore
  const [byName, byValue] = lying ? (["y", "x"] as const) : (["x", "y"] as const);
  return figure({
    data,
    layout: layout(
      options,
      {
        ...axesWithLegend(options, series),
        [`${byName}axis`]: {
          ...axis(options.x, byName),
          type: "category",
          categoryorder: "array",
          categoryarray: names,
          showgrid: false,
          // A category without runs keeps its place.
          range: lying ? [names.length - 0.5, -0.5] : [-0.5, names.length - 0.5],
        },
        [`${byValue}axis`]: axis(options.y, byValue),
        scattermode: "group",
        scattergap: 0.5,
      },
      frame,
    ),
    summary: summarise([...heading(options, options.x, options.y), ...summary], options),
  });
}

const known = (values: readonly Value[]): number[] => values.filter((value) => value !== null);

/** The mean as a list, empty where there is nothing to take it of. */
const meanOf = (values: readonly number[]): number[] =>
  values.length === 0 ? [] : [values.reduce((sum, value) => sum + value, 0) / values.length];

function inWords(values: readonly number[]): string {
  if (values.length === 0) return "no run";
  if (values.length === 1) return formatNumber(values[0]!);
  const [low, high] = [lowest(values), highest(values)].map(formatNumber);
  return `${formatNumber(meanOf(values)[0]!)} (${low!} to ${high!}, ${values.length} runs)`;
}
