// Bars with error bars, grouped by category.
import { figure, type Figure, type Trace } from "./figure.js";
import { axesWithLegend, errorBars } from "./lines.js";
import { formatNumber } from "../display/numbers.js";
import {
  axis,
  checkFigure,
  heading,
  layout,
  seriesStyle,
  summarise,
  wrap,
  type AxisOptions,
  type FigureOptions,
} from "./theme.js";
import { requireLength, requireSome, requireValues, type Value } from "./validate.js";
import { shown } from "../options.js";
import { highest } from "../numeric.js";

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
 * Bars of each series side by side in each category. They stand; where the categories' names would have to be tilted they lie, with
 * the names beside them.
 *
 * @throws RangeError if a series has not one value a category, or if a value is not finite.
 *
 * @example
 * ```ts
 * plot.bars([{ name: "here", values: [8.75, 7.51] }], {
 *   title: "Error",
 *   x: { title: "depth", categories: ["20", "32"] },
 *   y: { title: "%" },
 * }).data[0].y; // [8.75, 7.51]
 * ```
 */
export function bars(series: readonly BarSeries[], options: BarsOptions): Figure {
  checkFigure("bars", options, { x: ["title", "categories"], y: ["title", "range"] });
  const { categories } = options.x;
  requireSome(series, "series");
  const { lying, names, frame } = placed("bars", categories);
  const data = series.map(({ name, values, errors }, i): Trace => {
    requireLength(values, categories.length, `"${name}": values`);
    requireValues(values, `"${name}": values`);
    const whiskers = errors ? errorBars(errors, values.length, name, "#222222") : undefined;
    return {
      type: "bar",
      name,
      ...(lying ? { orientation: "h", x: values, y: names } : { x: names, y: values }),
      marker: { color: seriesStyle(i).color },
      ...(whiskers ? { [lying ? "error_x" : "error_y"]: whiskers } : {}),
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
          showgrid: false,
          // The first category at the top, as one reads.
          ...(lying ? { autorange: "reversed" } : {}),
        },
        [`${byValue}axis`]: { ...axis(options.y, byValue), rangemode: "tozero" },
        barmode: "group",
        bargap: 0.35,
        bargroupgap: 0.08,
      },
      frame,
    ),
    summary: summarise([...heading(options, options.x, options.y), ...summary], options),
  });
}

/** Pixels of a letter of a tick label, and of all categories together in a notebook's figure. */
const letterWidth = 7;
const room = 560;
/** Letters of a line of a name that stands beside its bars. */
const lettersBeside = 16;

/** Categories' names as an axis has them: whether they lie beside it, how each is written there, and the room that takes in pixels. */
export function placed(
  what: string,
  categories: readonly string[],
): {
  readonly lying: boolean;
  readonly names: readonly string[];
  readonly frame: { readonly left: number; readonly below: number } | undefined;
} {
  const given: unknown = categories; // JavaScript may pass anything
  if (!Array.isArray(given))
    throw new TypeError(`${what}: x.categories must be a list of names; got ${shown(categories)}`);
  requireSome(categories, "category");
  const lying = mustLie(categories);
  const names = lying ? categories.map((name) => wrap(name, lettersBeside).join("<br>")) : categories;
  return { lying, names, frame: lying ? { left: 48 + letterWidth * longest(names), below: 62 } : undefined };
}

/** Whether names below the bars would run into one another. Short ones are thinned out by plotly instead, as numbers are. */
function mustLie(categories: readonly string[]): boolean {
  const letters = longest(categories);
  return letters > 6 && letters * letterWidth > room / categories.length;
}

/** Letters of the longest line. */
function longest(names: readonly string[]): number {
  return highest(names.flatMap((name) => name.split("<br>")).map((line) => line.length));
}
