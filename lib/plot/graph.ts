// Draws a graph that is written in Graphviz's language.
import { jupyterDisplay, type Displayable } from "../display/display.js";
import { escapeHtml } from "../display/html.js";

/** A drawn graph; shows itself as a picture when it is a cell's last expression, also in a notebook that is not trusted. */
export interface Drawing extends Displayable {
  /** In Graphviz's language. */
  readonly dot: string;
  /** The picture. */
  readonly svg: string;
}

/**
 * Graphviz has to guess how wide a text will be, before any browser has chosen a font. It measures the widest of the usual ones, so that
 * a text stays within its box in each.
 */
const measured = "DejaVu Sans";
const shown = "Helvetica, Arial, sans-serif";

/**
 * Draws a graph by Graphviz, which is loaded at the first call. It chooses the fonts; a graph names sizes only.
 *
 * @param text what the picture shows, for those who cannot see it
 * @throws Error with Graphviz's words where the text is no graph
 *
 * @example
 * ```ts
 * (await plot.drawGraph("digraph { a -> b }", "a, then b")).svg.includes("<svg"); // true
 * ```
 */
export async function drawGraph(dot: string, text: string): Promise<Drawing> {
  const { instance } = await import("@viz-js/viz");
  const font = { fontname: measured };
  const drawn = (await instance()).renderString(dot, {
    format: "svg",
    graphAttributes: font,
    nodeAttributes: font,
    edgeAttributes: font,
  });
  // What stands before the element is for files that are nothing but a picture.
  const svg = drawn
    .slice(drawn.indexOf("<svg"))
    .replace("<svg ", '<svg style="max-width:100%;height:auto" ')
    .replaceAll(`font-family="${measured}"`, `font-family="${shown}"`);
  return {
    dot,
    svg,
    [jupyterDisplay]: () => ({ "text/html": asImage(svg, text), "image/svg+xml": svg, "text/plain": text }),
  };
}

/**
 * Jupyter shows `image/svg+xml` only where it trusts the notebook, since such an element may hold scripts. A picture runs none, and is
 * shown in every notebook. It shrinks with the page, but not so far that its texts cannot be read: on a phone it is scrolled.
 */
function asImage(svg: string, text: string): string {
  return `<img style="max-width:max(100%,36rem);height:auto" src="data:image/svg+xml,${encodeURIComponent(svg)}" alt="${escapeHtml(text)}">`;
}

/** A label or an attribute's value in Graphviz's language. */
export function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
