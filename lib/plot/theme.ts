// The common look of figures: colours, font, margins, axes and captions.
import type { JsonObject } from "./figure.js";
import { numberWithin, oneOf, onlyKnown } from "../options.js";
import { highest, lowest } from "../numeric.js";
import { requireTitle } from "./validate.js";

/**
 * Colours that people with any common colour vision tell apart: Okabe and Ito, "Color Universal Design" (2008), as printed in
 * Wong, "Points of view: Color blindness", Nature Methods 8, 441 (2011); without black, and without yellow, which is hard to
 * see on white. Series beyond the sixth take the colours again with another dash.
 */
export const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"] as const;

const dashes = ["solid", "dash", "dot", "dashdot"] as const;
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x"] as const;

/** What tells the series number `index` apart: colour, and for eyes and printers without colour the marker and the dash. */
export function seriesStyle(index: number): { color: string; dash: string; symbol: string } {
  const at = index % palette.length;
  const round = Math.floor(index / palette.length);
  return { color: palette[at]!, dash: dashes[round % dashes.length]!, symbol: symbols[at]! };
}

/** A `#rrggbb` colour with an opacity of 0 to 1. */
export function translucent(color: string, opacity: number): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return `rgba(${String(red)},${String(green)},${String(blue)},${String(opacity)})`;
}

/** An axis as a figure's options name it. */
export interface AxisOptions {
  /** What is shown, with its unit in brackets where it has one: `error (%)`. */
  readonly title: string;
  /** `log` takes positive values only. */
  readonly scale?: "linear" | "log";
  /** Lowest and highest value shown; by default what the data need. */
  readonly range?: readonly [number, number];
}

/** What every figure says of itself. */
export interface FigureOptions {
  readonly title: string;
  /** Sentences below the figure: what to see, and how it was measured. */
  readonly caption?: string;
  /** Pixels; the width is that of the page. */
  readonly height?: number;
}

/** The options of an axis by name, and those of every figure. */
export const axisOptions = ["title", "scale", "range"] as const;
export const figureOptions = ["title", "caption", "height"] as const;

/**
 * Checks a figure's options, and within them those of its axes, before anything is read from them.
 *
 * @param axes the options that each axis has; every axis is needed
 * @param other the names of the figure's further options
 */
export function checkFigure(
  what: string,
  options: FigureOptions,
  axes: Readonly<Record<string, readonly string[]>> = {},
  other: readonly string[] = [],
): void {
  const names = Object.keys(axes);
  onlyKnown(what, options, [...names, ...figureOptions, ...other], [...names, "title"]);
  if (options.height !== undefined) numberWithin(`${what}: height`, options.height, 1, 10_000);
  for (const [name, known] of Object.entries(axes)) {
    const given = (options as unknown as Readonly<Record<string, AxisOptions>>)[name]!;
    onlyKnown(`${what}: ${name}`, given, known);
    if (given.scale !== undefined) oneOf(`${what}: ${name}.scale`, given.scale, ["linear", "log"]);
  }
}

const ink = "#222222";
const grid = "#E3E3E3";
const defaultLeft = 72;
const captionUnits = 100;
const captionLine = 16;

/** Breaks a text between words into lines of at most `units` characters; a longer word stands alone. */
export function wrap(text: string, units: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= units)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * How the ticks of a logarithmic axis are written: all in full, or where that would mix 0.000001, 1000 and 1e+6, all but 1 and 10 as
 * powers of ten.
 */
export function logTicks(values: readonly number[]): JsonObject {
  const [low, high] = [lowest(values), highest(values)];
  const isWide = values.length > 0 && (low < 1e-4 || high >= 1e6) && high / low >= 1e3;
  return isWide ? { dtick: Math.max(1, Math.ceil(Math.log10(high / low) / 6)) } : { tickformat: ".6~g" };
}

/**
 * A plotly axis.
 *
 * @param values what will stand along it, where that is known
 */
export function axis(
  { title, scale = "linear", range }: AxisOptions,
  name: "x" | "y",
  values: readonly number[] = [],
): JsonObject {
  requireTitle(title, `${name} axis title`);
  const shown = scale === "log" ? range?.map(Math.log10) : range;
  return {
    title: { text: title, standoff: 8 },
    type: scale,
    automargin: true,
    gridcolor: grid,
    linecolor: ink,
    showline: true,
    ticks: "outside",
    ticklen: 4,
    zeroline: false,
    // 64,000 and 0.0005 where plotly's default says 64k and 500µ.
    exponentformat: "power",
    minexponent: 6,
    separatethousands: true,
    // Marks between powers of ten carry whole numbers; a lone digit would have to be multiplied in the head.
    ...(scale === "log" ? { minorloglabels: "complete", ...logTicks(range ?? values) } : {}),
    // With more of them 0.08 and 0.09 would be printed into each other.
    ...(scale === "log" && name === "y" ? { nticks: 4 } : {}),
    ...(shown ? { range: shown } : {}),
  };
}

/**
 * A plotly layout. The background is white in every theme, because text and lines must keep their contrast when a page is dark;
 * the width follows the page.
 *
 * @param frame pixels around the plot that its tick labels and axis titles need; the caption comes below them.
 */
export function layout(
  { title, caption, height = 420 }: FigureOptions,
  extra: JsonObject,
  frame: { readonly left: number; readonly below: number } = { left: defaultLeft, below: 62 },
): JsonObject {
  requireTitle(title, "title");
  const captionLines = caption === undefined ? [] : wrap(caption, captionUnits);
  const captionHeight = captionLines.length * captionLine;
  const annotation = {
    text: captionLines.join("<br>"),
    align: "left",
    font: { size: 12, color: "#555555" },
    showarrow: false,
    xref: "paper",
    yref: "paper",
    x: 0,
    xanchor: "left",
    y: 0,
    yanchor: "top",
    yshift: -frame.below,
    // Names beside the plot move the plot to the right, and the caption has to stay.
    ...(frame.left > defaultLeft ? { xshift: defaultLeft - frame.left } : {}),
  };
  return {
    title: {
      text: title,
      font: { size: 16 },
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { t: 14 },
    },
    font: { family: "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif", size: 13, color: ink },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    colorway: [...palette],
    autosize: true,
    height: height + captionHeight,
    margin: {
      l: frame.left,
      r: 24,
      t: extra["showlegend"] === true ? 76 : 48,
      b: frame.below + captionHeight + (caption === undefined ? 0 : 8),
    },
    hovermode: "closest",
    annotations: caption === undefined ? [] : [annotation],
    ...extra,
  };
}

/** The first lines of every summary. */
export function heading({ title }: FigureOptions, x?: AxisOptions, y?: AxisOptions): string[] {
  return [
    `Figure: ${title}`,
    ...(x && y ? [`x: ${x.title}; y: ${y.title}${y.scale === "log" ? " (logarithmic)" : ""}`] : []),
  ];
}

/** A summary's lines and the caption as one text. */
export function summarise(lines: readonly string[], { caption }: FigureOptions): string {
  return [...lines, ...(caption === undefined ? [] : [caption])].join("\n");
}
