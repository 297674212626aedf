// A figure that moves: one drawing for each place of a slider, all on the same axes, so that what moves is the data alone.
import { figure, type Figure, type Json, type JsonObject, type Trace } from "./figure.js";
import { oneOf, onlyKnown } from "../options.js";
import { highest, lowest } from "../numeric.js";
import { logTicks } from "./theme.js";
import { requireTitle } from "./validate.js";

/** What a moving figure shows at one place of its slider. */
export interface MovingStep {
  /** The value that the slider stands at, in words: `20`, `20: gradient 0.004`. */
  readonly label: string;
  readonly figure: Figure;
}

/** Options of {@link moving}. */
export interface MovingOptions {
  /** What the slider changes, with its unit in brackets where it has one: `layers`, `angle (degrees)`. */
  readonly slider: string;
  /** The label that is shown first, and in print; by default that of the middle step. */
  readonly shown?: string;
}

/** Pixels between a plot's axis and its caption that a slider fills, with its value above and its marks below. */
const sliderHeight = 88;

/** One layout of plotly's, as far as this file reads it. */
interface Layout extends JsonObject {
  readonly title: { readonly text: string };
  readonly height: number;
  readonly margin: { readonly b: number; readonly [side: string]: number };
  readonly annotations: readonly JsonObject[];
}

/**
 * One figure of several, with a slider that goes from one to the next. plotly.js moves it by itself, so it needs no kernel, and it works in an
 * exported page and in a notebook that is not trusted. Axes without a range of their own get one that holds all steps, and so do colours,
 * because an axis that jumps hides what moves.
 *
 * @param steps at least two, of figures with the same title, caption and kinds of traces; surfaces, which are turned instead, are none of them
 * @throws RangeError if the steps' figures differ in more than their data, axes with other ranges among it, or two have one label
 *
 * @example
 * ```ts
 * const bowl = (curvature: number) =>
 *   plot.lines([{ name: "loss", x: [-1, 0, 1], y: [curvature, 0, curvature] }], {
 *     title: "A bowl",
 *     x: { title: "weight" },
 *     y: { title: "loss" },
 *   });
 * const steps = [1, 2, 4].map((curvature) => ({ label: String(curvature), figure: bowl(curvature) }));
 * plot.moving(steps, { slider: "curvature" }).frames?.length; // 3
 * ```
 */
export function moving(steps: readonly MovingStep[], options: MovingOptions): Figure {
  onlyKnown("moving", options, ["slider", "shown"], ["slider"]);
  requireTitle(options.slider, "slider title");
  if (steps.length < 2)
    throw new RangeError(`a moving figure needs at least two steps; got ${String(steps.length)}`);
  const labels = steps.map(({ label }) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) throw new RangeError(`each step needs a label of its own; got "${twice}" twice`);
  const shown = options.shown ?? labels[Math.floor((steps.length - 1) / 2)]!;
  oneOf("moving: shown", shown, labels);
  const active = labels.indexOf(shown);
  const poster = steps[active]!.figure;
  for (const step of steps) requireAlike(step, poster);
  const all = steps.map(({ figure: { data } }) => withCommonColours(data, steps));
  // What stays, such as the valley in which a path moves, is written once and not in each frame.
  const traces = poster.data.flatMap((_, i) => (all.every((data) => JSON.stringify(data[i]) === JSON.stringify(all[0]![i])) ? [] : [i])); // prettier-ignore
  if (traces.length === 0) throw new RangeError("a moving figure needs steps that differ; all draw the same");
  return figure({
    data: all[active]!,
    layout: withSlider(poster.layout as Layout, { ...options, active, labels, ranges: commonRanges(steps) }),
    frames: all.map((data, i) => ({ name: labels[i]!, data: traces.map((at) => whatMoves(data[at]!, all.map((step) => step[at]!))), traces })), // prettier-ignore
    summary: `${poster.summary}\nA slider changes ${options.slider}: ${labels.join(", ")}; shown: ${shown}`,
  });
}

/**
 * Of a trace its type and what differs between the steps: plotly sets a frame's properties one by one, and leaves the others as they are. So
 * what this step lacks and another has is taken back by null.
 */
function whatMoves(trace: Trace, atSteps: readonly Trace[]): Trace {
  const differs = (property: string): boolean =>
    new Set(atSteps.map((step) => JSON.stringify(step[property]))).size > 1;
  const moved = [...new Set(atSteps.flatMap((step) => Object.keys(step)))].filter(differs);
  return { type: trace.type, ...Object.fromEntries(moved.map((property) => [property, trace[property] ?? null])) }; // prettier-ignore
}

const kinds = ({ data }: Figure): string => data.map(({ type }) => type).join(", ");

/** @throws RangeError if a step's figure differs from the shown one in what stays while the slider moves. */
function requireAlike({ label, figure }: MovingStep, poster: Figure): void {
  const surface = figure.data.find(({ type }) => type === "surface" || type.endsWith("3d"));
  if (surface)
    throw new RangeError(`a moving figure has two axes; got a trace of type ${surface.type} at "${label}"`);
  if (kinds(figure) !== kinds(poster))
    throw new RangeError(
      `all steps must have the same kinds of traces, ${kinds(poster)}; got ${kinds(figure)} at "${label}"`,
    );
  const fixed = (of: Figure): string => {
    const { title, annotations } = of.layout as Layout;
    return [title.text, ...annotations.map(({ text }) => text as string)].join(" / ").replaceAll("<br>", " ");
  };
  if (fixed(figure) !== fixed(poster))
    throw new RangeError(
      `title and caption must be the same at all steps, because they stay; what changes belongs into the label. Got "${fixed(figure)}" at "${label}"`,
    );
}

/** Ranges for the axes that have none: they hold the data of all steps, with bars from zero. */
function commonRanges(steps: readonly MovingStep[]): Readonly<Record<string, JsonObject>> {
  const layout = steps[0]!.figure.layout;
  const found: Record<string, JsonObject> = {};
  for (const name of ["xaxis", "yaxis"] as const) {
    const axis = layout[name] as JsonObject | undefined;
    if (axis?.["type"] === undefined || axis["type"] === "category") continue;
    const ranges = steps.map(({ figure }) => (figure.layout[name] as JsonObject)["range"]);
    const other = ranges.findIndex((range) => JSON.stringify(range) !== JSON.stringify(ranges[0]));
    if (other >= 0)
      throw new RangeError(
        `the ${name.charAt(0)} axis must have one range at all steps, or none; got another at "${steps[other]!.label}"`,
      );
    if (ranges[0] !== undefined) continue;
    const traces = steps.flatMap(({ figure: { data } }) => data);
    const values = traces.flatMap((trace) => along(trace, name === "xaxis" ? "x" : "y"));
    if (values.length === 0) continue;
    const log = axis["type"] === "log";
    const places = log ? values.map(Math.log10) : values;
    const bars = traces.some(({ type }) => type === "bar") && !log;
    const [low, high] = [lowest(bars ? [...places, 0] : places), highest(bars ? [...places, 0] : places)];
    const filled = traces.some(({ type }) => type === "heatmap");
    const beyond = filled ? 0 : 0.06 * (high - low || Math.abs(high) || 1);
    const range = [bars && low === 0 ? 0 : low - beyond, bars && high === 0 ? 0 : high + beyond];
    found[name] = { ...axis, range, ...(log ? logTicks(values) : {}) };
  }
  return found;
}

/** The numbers of a trace along an axis, with the ends of their error bars, or with the outer edges of a heat map's cells. */
function along(trace: Trace, axis: "x" | "y"): number[] {
  const values = (trace[axis] ?? []) as readonly Json[];
  if (trace.type === "heatmap") {
    const places = values.filter((value) => typeof value === "number");
    const [low, high] = [lowest(places), highest(places)];
    const half = (high - low) / Math.max(1, places.length - 1) / 2;
    return [low - half, high + half];
  }
  const { array } = (trace[`error_${axis}`] ?? {}) as { array?: readonly (number | null)[] };
  return values.flatMap((value, i) => {
    if (typeof value !== "number") return [];
    const half = array?.[i] ?? 0;
    return half === 0 ? [value] : [value - half, value + half];
  });
}

/** Traces of colours by value, such as a heat map's, with the ends that the values of all steps have. */
function withCommonColours(data: readonly Trace[], steps: readonly MovingStep[]): readonly Trace[] {
  return data.map((trace, i) => {
    if (trace.type !== "heatmap" || trace["zmin"] !== undefined) return trace;
    const values = steps.flatMap(({ figure }) =>
      (figure.data[i]!["z"] as readonly (readonly Json[])[])
        .flat()
        .filter((value) => typeof value === "number"),
    );
    return { ...trace, zmin: lowest(values), zmax: highest(values) };
  });
}

/** The layout with a slider between the plot and its caption. */
function withSlider(
  layout: Layout,
  { slider, active, labels, ranges }: MovingOptions & { readonly active: number; readonly labels: readonly string[]; readonly ranges: Readonly<Record<string, JsonObject>> }, // prettier-ignore
): JsonObject {
  const caption = layout.annotations.find(({ yref, yanchor }) => yref === "paper" && yanchor === "top");
  const below = caption ? -(caption["yshift"] as number) : layout.margin.b;
  const steps = labels.map((label) => ({
    label,
    method: "animate",
    args: [[label], { mode: "immediate", frame: { duration: 0, redraw: true }, transition: { duration: 0 } }],
  }));
  return {
    ...layout,
    ...ranges,
    height: layout.height + sliderHeight,
    margin: { ...layout.margin, b: layout.margin.b + sliderHeight },
    annotations: layout.annotations.map((one) =>
      one === caption ? { ...one, yshift: -below - sliderHeight } : one,
    ),
    sliders: [
      {
        active,
        steps,
        x: 0,
        len: 1,
        y: 0,
        yanchor: "top",
        pad: { t: below, b: 0, l: 0, r: 0 },
        currentvalue: { prefix: `${slider}: `, xanchor: "left", font: { size: 13 } },
        bgcolor: "#D5DEE6",
        activebgcolor: "#0072B2",
        bordercolor: "#5B6B78",
      },
    ],
  };
}
