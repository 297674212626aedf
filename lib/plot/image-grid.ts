// A grid of real images, in one picture that needs no server.
import { figure, type Figure } from "./figure.js";
import { dataUri, encodePng } from "../display/png.js";
import { oneOf } from "../options.js";
import { checkFigure, layout, summarise, heading, type FigureOptions } from "./theme.js";
import { requireLength } from "./validate.js";

/** Images with or without labels; a `Dataset` is one. */
export interface ImageSet {
  /** [N, H, W, C] in row-major order, 0 to 255. */
  readonly images: Uint8Array;
  /** [H, W, C] of one image; C is 1 or 3. */
  readonly imageShape: readonly [number, number, number];
  /** [N], indices into `classes`. */
  readonly labels?: Uint8Array;
  readonly classes?: readonly string[];
}

/** Options for {@link imageGrid}. */
export interface ImageGridOptions extends FigureOptions {
  /** How many images; by default 40, or all where there are fewer. */
  readonly count?: number;
  /** Images a row; by default 10. */
  readonly columns?: number;
  /**
   * Which images: `classes` takes equally many of each class, in the order of the classes, the first ones of each; `first` the
   * first ones of the set. By default `classes` where the images have labels.
   */
  readonly pick?: "classes" | "first";
  /** A text for each image shown, in place of its class: a prediction, say. */
  readonly captions?: readonly string[];
  /** Where the texts stand: below each image (the default up to 12 columns) or only at the pointer. */
  readonly labels?: "below" | "hover";
}

/**
 * The page's width that the height is reckoned for, in pixels, and the largest side of an image. It is the width beside JupyterLab's list
 * of files: reckoned for a wider page, the grid would leave an empty strip above its caption there.
 */
const expectedWidth = 640;
const largestCell = 84;
const labelHeight = 20;
const gap = 1;

/** Indices of the images to show. */
function choose({ labels }: ImageSet, total: number, count: number, pick: "classes" | "first"): number[] {
  const all = Array.from({ length: total }, (_, i) => i);
  if (pick === "first" || !labels) return all.slice(0, count);
  const byClass = new Map<number, number[]>();
  for (const i of all) byClass.set(labels[i]!, [...(byClass.get(labels[i]!) ?? []), i]);
  const present = [...byClass.keys()].sort((a, b) => a - b);
  // Where the count does not divide evenly the first classes show one more.
  const share = (k: number): number =>
    Math.floor(count / present.length) + (k < count % present.length ? 1 : 0);
  return present.flatMap((label, k) => byClass.get(label)!.slice(0, share(k)));
}

/**
 * Images in rows, drawn pixel by pixel without smoothing.
 *
 * @throws RangeError if the set's lengths, its channels, `count` or `columns` do not fit.
 *
 * @example
 * ```ts
 * const images = await data.load("fashion-mnist-sample", { limit: 4 });
 * const { summary } = plot.imageGrid(images, { title: "Four images", columns: 2 });
 * summary.split("\n")[1]; // "4 images of 28x28 pixels, 2 rows of up to 2"
 * ```
 */
export function imageGrid(set: ImageSet, options: ImageGridOptions): Figure {
  checkFigure("imageGrid", options, {}, ["count", "columns", "pick", "captions", "labels"]);
  const pick = oneOf("imageGrid: pick", options.pick ?? "classes", ["classes", "first"]);
  const [height, width, channels] = set.imageShape;
  const size = height * width * channels;
  const total = set.images.length / size;
  if (!Number.isInteger(total) || total === 0)
    throw new RangeError(
      `images of ${set.imageShape.join("x")} are a multiple of ${String(size)} bytes; got ${String(set.images.length)}`,
    );
  if (set.labels) requireLength(set.labels, total, "labels");
  const { count = Math.min(40, total), columns = 10 } = options;
  for (const [name, value] of Object.entries({ count, columns })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} must be a positive integer; got ${String(value)}`);
  }
  if (count > total)
    throw new RangeError(`count must be at most the ${String(total)} images; got ${String(count)}`);
  const chosen = choose(set, total, count, pick);
  if (options.captions) requireLength(options.captions, chosen.length, "captions");
  const texts = options.captions ?? chosen.map((i) => className(set, i));
  const labels = oneOf("imageGrid: labels", options.labels ?? (columns <= 12 ? "below" : "hover"), [
    "below",
    "hover",
  ]);
  const labelsBelow = labels === "below" && texts.some((text) => text !== "");

  const across = Math.min(columns, chosen.length);
  const rows = Math.ceil(chosen.length / columns);
  const cell = Math.min(largestCell, expectedWidth / across);
  // The strip below each row that its labels need, in the images' own pixels.
  const strip = labelsBelow ? Math.ceil((labelHeight / cell) * width) : 0;
  const stepX = width + gap;
  const stepY = height + gap + strip;
  // Clear where no image is, so that labels stand on the figure's own ground, whatever the theme.
  const depth = channels + 1;
  const canvas: [number, number, number] = [rows * stepY - gap, across * stepX - gap, depth];
  const pixels = new Uint8Array(canvas[0] * canvas[1] * depth);
  const centres = chosen.map((image, k) => {
    const left = (k % columns) * stepX;
    const top = Math.floor(k / columns) * stepY;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = image * size + (y * width + x) * channels;
        const to = ((top + y) * canvas[1] + left + x) * depth;
        pixels.set(set.images.subarray(from, from + channels), to);
        pixels[to + channels] = 255;
      }
    }
    return { x: left + (width - 1) / 2, y: top + (height - 1) / 2, below: top + height + strip / 2 - 0.5 };
  });

  const hidden = { visible: false, fixedrange: true };
  const plotHeight = (canvas[0] / width) * cell;
  return figure({
    data: [
      {
        type: "image",
        source: dataUri(encodePng(pixels, canvas)),
        zsmooth: false,
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "markers",
        x: centres.map(({ x }) => x),
        y: centres.map(({ y }) => y),
        text: texts,
        marker: { size: cell * 0.8, opacity: 0, symbol: "square" },
        hovertemplate: "%{text}<extra></extra>",
        showlegend: false,
      },
      ...(labelsBelow
        ? [
            {
              type: "scatter",
              mode: "text",
              x: centres.map(({ x }) => x),
              y: centres.map(({ below }) => below),
              text: texts,
              textfont: { size: 11 },
              hoverinfo: "skip",
              showlegend: false,
            },
          ]
        : []),
    ],
    layout: layout(
      { ...options, height: options.height ?? Math.round(plotHeight) + 48 + 12 },
      {
        xaxis: { ...hidden, range: [-0.5, canvas[1] - 0.5], constrain: "domain", constraintoward: "left" },
        yaxis: {
          ...hidden,
          range: [canvas[0] - 0.5, -0.5],
          scaleanchor: "x",
          constrain: "domain",
          constraintoward: "top",
        },
      },
      { left: 24, below: 12 },
    ),
    summary: summarise(
      [
        ...heading(options),
        `${String(chosen.length)} images of ${String(height)}x${String(width)} pixels, ${String(rows)} rows of up to ${String(across)}`,
        ...tally(texts),
      ],
      options,
    ),
  });
}

function className({ labels, classes }: ImageSet, image: number): string {
  const label = labels?.[image];
  return label === undefined ? "" : (classes?.[label] ?? String(label));
}

/** "10 T-shirt, 10 Trouser, ...": how many images carry each text. */
function tally(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== "") counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts.size === 0 ? [] : [[...counts].map(([text, count]) => `${String(count)} ${text}`).join(", ")];
}
