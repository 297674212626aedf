// A figure: data and layout as plotly.js reads them, with a text for those who cannot see it.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { viewerConfig } from "./viewer-config.js";

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = Readonly<Record<string, Json>>;

/** One plotly trace. */
export interface Trace extends JsonObject {
  readonly type: string;
}

/** What a moving figure shows at one place of its slider: traces, of which only that is written what moves, and which of the figure's they change. */
export interface Frame extends JsonObject {
  readonly name: string;
  readonly data: readonly Trace[];
  readonly traces: readonly number[];
}

/** A figure as plain data; plotly.js draws it from `data` and `layout`. */
export interface Figure extends Displayable {
  readonly data: readonly Trace[];
  readonly layout: JsonObject;
  /** Of a moving figure: what each step of the slider in `layout` draws. */
  readonly frames?: readonly Frame[];
  /** The figure in words: title, axes, and the series' last values. */
  readonly summary: string;
}

/**
 * A figure of `data`, `layout` and `summary`, and of `frames` if it moves. Every figure of the library is made here.
 *
 * @example
 * ```ts
 * plot.figure({ data: [], layout: {}, summary: "nothing yet" }).summary; // "nothing yet"
 * ```
 */
export function figure(parts: Pick<Figure, "data" | "layout" | "frames" | "summary">): Figure {
  return {
    ...parts,
    [jupyterDisplay]() {
      const { summary, ...drawn } = parts;
      return {
        "application/vnd.plotly.v1+json": { ...drawn, config: viewerConfig },
        "text/plain": summary,
      };
    },
  };
}
