// Bars with error bars, grouped by category.
import { figure, type Figure, type Trace } from "./figure.js";
import { axesWithLegend, errorBars } from "./lines.js";
import { formatNumber } from "./numbers.js";
import { heading, layout, seriesStyle, summarise, type AxisOptions, type FigureOptions } from "./theme.js";
import { requireLength, requireSome, requireValues, type Value } from "./validate.js";

/** One bar in each category. */
export interface BarSeries {
  readonly name: string;
  /** [categories]; null leaves a bar out. */
  readonly values: readonly Value[];
  /** [categories]; half the length of each error bar; the caption must say what it means. */
  readonly errors?: readonly Value[];
}

/** Options for {@link bars}. */
export interface BarsOptions extends FigureOptions {
  readonly x: Omit<AxisOptions, "scale" | "range"> & { readonly categories: readonly string[] };
  /** Bars start at zero, so their axis is linear. */
  readonly y: Omit<AxisOptions, "scale">;
}

/**
 * Bars of each series side by side in each category.
 *
 * @throws RangeError if a series has not one value a category, or if a value is not finite.
 */
export function bars(series: readonly BarSeries[], options: BarsOptions): Figure {
  const { categories } = options.x;
  requireSome(series, "series");
  requireSome(categories, "category");
  const data = series.map(({ name, values, errors }, i): Trace => {
    requireLength(values, categories.length, `"${name}": values`);
    requireValues(values, `"${name}": values`);
    return {
      type: "bar",
      name,
      x: categories,
      y: values,
      marker: { color: seriesStyle(i).color },
      ...(errors ? { error_y: errorBars(errors, values.length, name, "#222222") } : {}),
    };
  });
  const summary = series.map(({ name, values, errors }) => {
    const shown = values.map((value, i) => {
      const error = errors?.[i] ?? null;
      const width = error === null ? "" : ` ± ${formatNumber(error)}`;
      return `${categories[i]!} ${value === null ? "missing" : formatNumber(value) + width}`;
    });
    return `${name}: ${shown.join(", ")}`;
  });
  const frame = axesWithLegend(options, series);
  return figure({
    data,
    layout: layout(options, {
      ...frame,
      xaxis: { ...(frame["xaxis"] as object), type: "category", showgrid: false },
      yaxis: { ...(frame["yaxis"] as object), rangemode: "tozero" },
      barmode: "group",
      bargap: 0.35,
      bargroupgap: 0.08,
    }),
    summary: summarise([...heading(options, options.x, options.y), ...summary], options),
  });
}
