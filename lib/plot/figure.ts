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

/** A figure as plain data; plotly.js draws it from `data` and `layout`. */
export interface Figure extends Displayable {
  readonly data: readonly Trace[];
  readonly layout: JsonObject;
  /** The figure in words: title, axes, and the series' last values. */
  readonly summary: string;
}

/**
 * A figure of `data`, `layout` and `summary`. Every figure of the library is made here.
 *
 * @example
 * ```ts
 * plot.figure({ data: [], layout: {}, summary: "nothing yet" }).summary; // "nothing yet"
 * ```
 */
export function figure(parts: Pick<Figure, "data" | "layout" | "summary">): Figure {
  return {
    ...parts,
    [jupyterDisplay]() {
      return {
        "application/vnd.plotly.v1+json": { data: parts.data, layout: parts.layout, config: viewerConfig },
        "text/plain": parts.summary,
      };
    },
  };
}
