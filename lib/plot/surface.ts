// A value over two axes: as a surface to turn in three dimensions, and as a heat map.
import { figure, type Figure, type JsonObject } from "./figure.js";
import { formatNumber } from "../display/numbers.js";
import {
  axis,
  axisOptions,
  checkFigure,
  heading,
  layout,
  summarise,
  type AxisOptions,
  type FigureOptions,
} from "./theme.js";
import { oneOf } from "../options.js";
import { requireLength, requireSome, requireValues, type Value } from "./validate.js";
import { highest, lowest } from "../numeric.js";

/** Values over a grid. */
export interface Grid {
  /** [columns] */
  readonly x: readonly number[];
  /** [rows] */
  readonly y: readonly number[];
  /** [rows][columns]; null leaves a hole. */
  readonly values: readonly (readonly Value[])[];
}

/** A way through a grid's plane, such as a training path. */
export interface GridPath {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Heights along the way; only a surface needs them. */
  readonly values?: readonly Value[];
}

/** Options of {@link surface} and {@link heatMap}. */
export interface GridOptions extends FigureOptions {
  readonly x: Omit<AxisOptions, "scale">;
  readonly y: Omit<AxisOptions, "scale">;
  /**
   * What the values are, with their unit. A logarithmic scale colours, and in three dimensions raises, by the logarithm. What lies outside of `range` is
   * drawn at its end, so that figures with one range can be compared.
   */
  readonly value: AxisOptions;
  readonly path?: GridPath;
}

/** Options of {@link heatMap}. */
export interface HeatMapOptions extends GridOptions {
  /** `square` cells are as wide as high, such as an image's pixels, where columns and rows stand at even steps; by default they fill the page. */
  readonly cells?: "square" | "stretched";
}

const gridAxes = { x: ["title", "range"], y: ["title", "range"], value: axisOptions } as const;

/** Perceptually even, and told apart by people with any common colour vision. */
const colorscale = "Viridis";

/**
 * A surface in three dimensions, which the reader can turn.
 *
 * @throws RangeError if the grid's lengths differ, or a value is not finite, or not positive on a logarithmic scale.
 *
 * @example
 * ```ts
 * plot.surface(
 *   {
 *     x: [0, 1],
 *     y: [0, 1],
 *     values: [
 *       [1, 2],
 *       [3, 4],
 *     ],
 *   },
 *   { title: "Loss", x: { title: "a" }, y: { title: "b" }, value: { title: "nats" } },
 * ).data[0].type; // "surface"
 * ```
 */
export function surface(grid: Grid, options: GridOptions): Figure {
  checkFigure("surface", options, gridAxes, ["path"]);
  const z = checked(grid, options);
  const { path } = options;
  const scene = (title: string): JsonObject => ({ title: { text: title }, exponentformat: "power" });
  return figure({
    data: [
      {
        type: "surface",
        x: grid.x,
        y: grid.y,
        z,
        ...colours(options, "c"),
        colorbar: { title: { text: valueTitle(options), side: "right" }, len: 0.8 },
        contours: { z: { show: true, usecolormap: true, project: { z: true } } },
      },
      ...(path?.values
        ? [
            {
              type: "scatter3d",
              mode: "lines+markers",
              name: path.name,
              x: path.x,
              y: path.y,
              z: raised(path.values, options),
              line: { color: "#D55E00", width: 5 },
              marker: { color: "#D55E00", size: 3 },
            },
          ]
        : []),
    ],
    layout: layout(
      { ...options, height: options.height ?? 520 },
      {
        scene: {
          xaxis: scene(options.x.title),
          yaxis: scene(options.y.title),
          zaxis: { ...scene(valueTitle(options)), ...(options.value.range && { range: ends(options) }) },
          aspectmode: "cube", // by their data, a wall of many powers of ten would be a tower
          camera: { eye: { x: 1.6, y: 1.6, z: 0.95 }, center: { x: 0, y: 0, z: -0.12 } },
        },
        showlegend: false,
      },
      { left: 24, below: 24 },
    ),
    summary: summary(grid, options),
  });
}

/**
 * The same from above, as colours. Errors as of {@link surface}.
 *
 * @example
 * ```ts
 * plot.heatMap(
 *   {
 *     x: [0, 1],
 *     y: [0, 1],
 *     values: [
 *       [1, 2],
 *       [3, 4],
 *     ],
 *   },
 *   { title: "Loss", x: { title: "a" }, y: { title: "b" }, value: { title: "nats" } },
 * ).data[0].type; // "heatmap"
 * ```
 */
export function heatMap(grid: Grid, options: HeatMapOptions): Figure {
  checkFigure("heatMap", options, gridAxes, ["path", "cells"]);
  const { cells = "stretched", ...axes } = options;
  const isSquare = oneOf("heatMap: cells", cells, ["square", "stretched"]) === "square";
  const z = checked(grid, options);
  const { path } = options;
  return figure({
    data: [
      {
        type: "heatmap",
        x: grid.x,
        y: grid.y,
        z,
        ...colours(options, "z"),
        colorbar: { title: { text: valueTitle(options), side: "right" } },
      },
      ...(path
        ? [
            {
              type: "scatter",
              mode: "lines+markers",
              name: path.name,
              x: path.x,
              y: path.y,
              line: { color: "#D55E00", width: 2 },
              marker: { color: "#D55E00", size: 6 },
            },
          ]
        : []),
    ],
    layout: layout(options, {
      xaxis: isSquare ? { ...squareAxis(axes.x, "x", grid.x), constraintoward: "left" } : axis(axes.x, "x"),
      yaxis: isSquare ? { ...squareAxis(axes.y, "y", grid.y), scaleanchor: "x" } : axis(axes.y, "y"),
      showlegend: false,
    }),
    summary: summary(grid, options),
  });
}

/** An axis whose range reaches to the outer edges of the cells, so that whoever draws it knows its length. */
function squareAxis(options: GridOptions["x"], name: "x" | "y", places: readonly number[]): JsonObject {
  const [low, high] = [lowest(places), highest(places)];
  const half = places.length > 1 ? (high - low) / (places.length - 1) / 2 : 0.5;
  return { ...axis({ range: [low - half, high + half], ...options }, name), constrain: "domain" };
}

function checked({ x, y, values }: Grid, options: GridOptions): readonly (readonly Value[])[] {
  requireSome(x, "column");
  requireLength(values, y.length, "rows of values");
  requireValues(x, "x");
  requireValues(y, "y");
  values.forEach((row, i) => {
    requireLength(row, x.length, `row ${String(i + 1)}`);
    requireValues(row, `row ${String(i + 1)}`, options.value.scale);
  });
  const {
    path,
    value: { range, scale },
  } = options;
  if (range) {
    requireValues(range, "value.range", scale);
    if (!(range[0] < range[1])) throw new RangeError(`value.range must rise; got ${range[0]} to ${range[1]}`);
  }
  if (path) {
    requireLength(path.y, path.x.length, `"${path.name}": y`);
    requireValues(path.x, `"${path.name}": x`);
    requireValues(path.y, `"${path.name}": y`);
    if (path.values) {
      requireLength(path.values, path.x.length, `"${path.name}": values`);
      requireValues(path.values, `"${path.name}": values`, options.value.scale);
    }
  }
  return values.map((row) => raised(row, options));
}

/** Plotly has no logarithmic colours, so their logarithms are drawn. */
function raised(values: readonly Value[], { value: { scale, range } }: GridOptions): readonly Value[] {
  const [low, high] = range ?? [-Infinity, Infinity];
  const height = (v: number) => (scale === "log" ? Math.log10(v) : v);
  return values.map((v) => (v === null ? null : height(Math.min(Math.max(v, low), high))));
}

/** The range as it is drawn; empty where the values decide. */
const ends = (options: GridOptions): readonly Value[] => raised(options.value.range ?? [], options);

/** The colours and their ends, by Plotly's names for them. */
function colours(options: GridOptions, letter: "c" | "z"): JsonObject {
  const [low, high] = ends(options);
  return low === undefined || high === undefined
    ? { colorscale }
    : { colorscale, [`${letter}min`]: low, [`${letter}max`]: high };
}

const valueTitle = ({ value }: GridOptions) =>
  value.scale === "log" ? `log10 of ${value.title}` : value.title;

function summary({ x, y, values }: Grid, options: GridOptions): string {
  const numbers = values.flat().filter((value) => value !== null);
  const range =
    numbers.length === 0
      ? "no values"
      : `${formatNumber(lowest(numbers))} to ${formatNumber(highest(numbers))}`;
  const lines = [
    ...heading(options, options.x, options.y),
    `${options.value.title}: ${range} over ${String(y.length)} x ${String(x.length)} points`,
  ];
  return summarise(lines, options);
}
