// One figure of each kind, from seeded data: what the rendering test draws in a real browser.
import {
  bars,
  gradientTerms,
  heatMap,
  histogram,
  imageGrid,
  lines,
  moving,
  scatter,
  shortcutShare,
  surface,
  trainingCurves,
  type Figure,
  type Grid,
} from "../lib/namespaces/plot.js";
import { splitTrace } from "../lib/analysis/gradient-split.js";
import { randomStream } from "../lib/random/index.js";

const epochs = 20;

/** Losses that fall from 2.3 towards `floor`, with noise. */
function run(seed: number, floor: number, name: string): number[] {
  const random = randomStream(seed, name);
  return Array.from(
    { length: epochs },
    (_, i) => floor + 1.8 * Math.exp(-i / 4) + 0.06 * random.normal() * (1 + floor),
  );
}

const seeds = [1, 2, 3, 4];
const curves = [
  { name: "plain, 20 layers", floor: 0.42 },
  { name: "plain, 56 layers", floor: 0.95 },
].map(({ name, floor }) => ({ name, runs: seeds.map((seed) => run(seed, floor, name)) }));

/** Ten classes of coloured squares with a disc whose size grows with the class. */
function discs(count: number, side: number, channels: number): { images: Uint8Array; labels: Uint8Array } {
  const random = randomStream(5, "discs");
  const images = new Uint8Array(count * side * side * channels);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  for (let n = 0; n < count; n++) {
    const colour = Array.from({ length: channels }, () => 80 + random.integer(176));
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const inside = Math.hypot(x - side / 2 + 0.5, y - side / 2 + 0.5) < 1 + (labels[n]! * side) / 24;
        for (let c = 0; c < channels; c++)
          images[((n * side + y) * side + x) * channels + c] = inside ? colour[c]! : 30;
      }
  }
  return { images, labels };
}

const classes = [
  "T-shirt",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];

/** A bowl with a bump beside it, over unequal axes. */
const bowl: Grid = (() => {
  const x = Array.from({ length: 15 }, (_, i) => i / 7 - 1);
  const y = Array.from({ length: 9 }, (_, i) => i / 4 - 1);
  const height = (a: number, b: number) =>
    0.3 + 3 * (a * a + b * b) + Math.exp(-30 * ((a - 0.5) ** 2 + b ** 2));
  return { x, y, values: y.map((b) => x.map((a) => height(a, b))) };
})();
const walk = { name: "training path", x: [-0.9, -0.5, -0.2, 0], y: [0.6, 0.5, 0.1, 0], values: [4, 2, 0.6, 0.3] }; // prettier-ignore

/** The gradient's two terms at eight units. */
const split = (() => {
  const random = randomStream(6, "terms");
  const vector = (size: number) => Float32Array.from({ length: 12 }, () => size * random.normal());
  const units = Array.from({ length: 8 }, (_, i) => {
    const [carried, residual] = [vector(2), vector(0.4)];
    return {
      name: `stage1.unit${String(i + 1)}`,
      shortcut: "identity",
      shape: [1, 1, 1, 12],
      gradient: carried.map((value, k) => value + residual[k]!),
      carried,
      residual,
    };
  });
  return splitTrace({ network: "residual-20", moment: "before training", units, topNorm: 6 });
})();

/** Figures by name. */
/** What five to sixty layers leave of a gradient, at one factor a layer. */
const fading = (factor: number): Figure =>
  lines(
    [
      { name: "product of the factors", y: [5, 10, 20, 40, 60].map((depth) => factor ** depth) },
      { name: "one and a sum", y: [5, 10, 20, 40, 60].map((depth) => 1 + factor ** depth) },
    ],
    {
      title: "What reaches the first layer",
      x: { title: "layers" },
      y: { title: "gradient at the first layer", scale: "log" },
      caption:
        "A product of many factors fades or explodes, and a shortcut keeps what arrives near one as long as the factor is below one.",
    },
  );

export const samples: Readonly<Record<string, Figure>> = {
  moving: moving(
    [0.8, 0.9, 1, 1.1, 1.2].map((factor) => ({ label: String(factor), figure: fading(factor) })),
    { slider: "factor by which each layer multiplies the gradient" },
  ),
  trainingCurves: trainingCurves(curves, {
    title: "Training loss of two plain networks",
    x: { title: "epoch" },
    y: { title: "mean training loss (nats)" },
    caption:
      "Lines are means over four seeds, bands reach from the lowest to the highest run. The deeper network is worse all the way.",
  }),
  logarithmicCurves: trainingCurves(curves, {
    title: "The same on a logarithmic axis",
    x: { title: "epoch" },
    y: { title: "mean training loss (nats)", scale: "log" },
    band: "range",
  }),
  bars: bars(
    [
      { name: "plain, 20 layers", values: [12.4, 14.1], errors: [0.8, 0.6] },
      { name: "plain, 56 layers", values: [31.2, 32.9], errors: [3.1, 2.8] },
    ],
    {
      title: "Error on images seen and unseen",
      x: { title: "images", categories: ["training", "test"] },
      y: { title: "error (%)" },
      caption: "Whiskers are 95 % intervals over the seeds.",
    },
  ),
  namedBars: bars(
    [
      { name: "seed 1", values: [0.5, 0.6, 1.1, 1.5, 1.6], errors: [0.1, 0.1, 0.1, 0.1, 0.1] },
      { name: "seed 2", values: [0.9, 0.8, 1.1, 1.8, 1.7] },
    ],
    {
      title: "Training loss by shortcut",
      x: {
        title: "what is on the shortcut",
        categories: [
          "original",
          "shortcut-only gating",
          "constant scaling of both",
          "dropout",
          "exclusive gating",
        ],
      },
      y: { title: "mean training loss (nats)" },
      caption: "A bar for each seed. Whiskers are made up, and stand on the bars of the first seed only.",
    },
  ),
  lines: lines(
    Array.from({ length: 8 }, (_, k) => ({
      name: `stage ${String(k + 1)}`,
      y: Array.from({ length: 40 }, (_unused, i) => 10 ** (-k / 3 - i / 30) * (1 + 0.2 * Math.sin(i + k))),
    })),
    {
      title: "Gradient norms, layer by layer",
      x: { title: "step" },
      y: { title: "gradient norm", scale: "log" },
    },
  ),
  scatter: scatter(
    ["basic", "bottleneck", "pre-activation"].map((name) => {
      const random = randomStream(9, name);
      return {
        name,
        x: Array.from({ length: 12 }, () => 0.3 + random.uniform()),
        y: Array.from({ length: 12 }, () => 6 + random.normal()),
        errors: Array.from({ length: 12 }, () => 0.3),
      };
    }),
    { title: "Error against size", x: { title: "parameters (millions)" }, y: { title: "error (%)" } },
  ),
  imageGrid: imageGrid(
    { ...discs(60, 28, 3), imageShape: [28, 28, 3], classes },
    { title: "Four images of each class", count: 40, columns: 10, caption: "Discs grow with the class." },
  ),
  smallImageGrid: imageGrid(
    { ...discs(120, 14, 1), imageShape: [14, 14, 1], classes },
    { title: "Ten images of each class", count: 100, columns: 20 },
  ),
  surface: surface(bowl, {
    title: "The loss surface around a network",
    x: { title: "a" },
    y: { title: "b" },
    value: { title: "loss (nats)", scale: "log" },
    path: walk,
    caption: "Turn it.",
  }),
  heatMap: heatMap(bowl, {
    title: "Where training walked",
    x: { title: "first direction" },
    y: { title: "second direction" },
    value: { title: "loss (nats)" },
    path: walk,
    caption: "The path ends at the middle.",
  }),
  squareHeatMap: heatMap(bowl, {
    title: "Pixels",
    x: { title: "column" },
    y: { title: "row" },
    value: { title: "brightness" },
    cells: "square",
  }),
  histogram: histogram(
    ["early", "late"].map((name, k) => {
      const random = randomStream(8, name);
      return { name, values: Array.from({ length: 400 }, () => k + random.normal()) };
    }),
    { title: "Two samples", x: { title: "value" }, bins: 24 },
  ),
  gradientTerms: gradientTerms(split),
  shortcutShare: shortcutShare([split]),
};
