// Content that is not drawn from data: formulas, formatted text, pictures.
import { jupyterDisplay, type Displayable } from "./display.js";
import { oneOf, onlyKnown } from "../options.js";
import { encodePng } from "./png.js";

/** Options for {@link latex}. */
export interface LatexOptions {
  /** `block` (the default): a line of its own. `inline`: as within a sentence. */
  readonly style?: "block" | "inline";
}

/**
 * A formula in LaTeX, without the dollars: `plot.latex(String.raw`\frac{\partial E}{\partial x_l}`)`. It also shows in a notebook that
 * is not trusted.
 *
 * @throws RangeError if the formula is empty, or has dollars around it.
 *
 * @example
 * ```ts
 * const shown = plot.latex("x^2");
 * Object.keys(shown[Symbol.for("Jupyter.display")]()); // ["text/latex", "text/plain"]
 * ```
 */
export function latex(formula: string, options: LatexOptions = {}): Displayable {
  onlyKnown("latex", options, ["style"]);
  const style = oneOf("latex: style", options.style ?? "block", ["block", "inline"]);
  const trimmed = formula.trim();
  if (trimmed === "") throw new RangeError("a formula needs some LaTeX; got an empty text");
  if (trimmed.startsWith("$"))
    throw new RangeError(`a formula is written without dollars around it; got ${trimmed}`);
  const dollars = style === "inline" ? "$" : "$$";
  return bundle({ "text/latex": `${dollars}${trimmed}${dollars}`, "text/plain": trimmed });
}

/**
 * Text in Markdown, formulas between dollars included. It also shows in a notebook that is not trusted.
 *
 * @example
 * ```ts
 * const shown = plot.markdown("**bold**");
 * Object.keys(shown[Symbol.for("Jupyter.display")]()); // ["text/markdown", "text/plain"]
 * ```
 */
export function markdown(text: string): Displayable {
  return bundle({ "text/markdown": text, "text/plain": text });
}

/** Options for {@link image}. */
export interface ImageOptions {
  /** What the picture shows, for those who cannot see it. */
  readonly alt?: string;
  /** How many pixels of the screen a pixel takes, a whole number; 1 by default. */
  readonly zoom?: number;
}

/**
 * Pixels as a PNG picture.
 *
 * @param pixels [height, width, channels] in row-major order, 0 to 255; channels 1 (grey) or 3 (red, green, blue).
 * @throws RangeError if the number of channels or of pixels is another, or the zoom is no whole number of at least 1.
 *
 * @example
 * ```ts
 * const shown = plot.image(Uint8Array.of(0, 255), [1, 2, 1]);
 * Object.keys(shown[Symbol.for("Jupyter.display")]()); // ["image/png", "text/plain"]
 * ```
 */
export function image(
  pixels: Uint8Array,
  shape: readonly [height: number, width: number, channels: number],
  options: ImageOptions = {},
): Displayable {
  onlyKnown("image", options, ["alt", "zoom"]);
  const { alt = "Picture", zoom = 1 } = options;
  if (!Number.isInteger(zoom) || zoom < 1)
    throw new RangeError(`zoom must be a whole number of at least 1; got ${zoom}`);
  // Checked before it is enlarged, so that an error tells the caller's own numbers.
  const small = encodePng(pixels, shape);
  const png = zoom === 1 ? small : encodePng(...enlarged(pixels, shape, zoom));
  const [height, width] = shape;
  return bundle({ "image/png": png, "text/plain": `${alt}, ${height}x${width} pixels` });
}

/** Each pixel as a square: browsers would blur it. */
function enlarged(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
  zoom: number,
): [Uint8Array, [number, number, number]] {
  const result = new Uint8Array(height * zoom * width * zoom * channels);
  const row = width * zoom * channels;
  for (let y = 0; y < height * zoom; y++) {
    for (let x = 0; x < width * zoom; x++) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels;
      result.set(pixels.subarray(from, from + channels), y * row + x * channels);
    }
  }
  return [result, [height * zoom, width * zoom, channels]];
}

function bundle(parts: ReturnType<Displayable[typeof jupyterDisplay]>): Displayable {
  return { [jupyterDisplay]: () => parts };
}
