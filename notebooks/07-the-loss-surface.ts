// %% [markdown]
// # 07 The loss surface
//
// Training walks downhill on a surface that nobody has ever seen: it has a dimension for every weight. This chapter cuts slices
// through it. You will build the cut so that it compares networks fairly, turn four surfaces in your hands, put a number on how rough they are,
// and then ask what such a picture proves. Less than it seems to.
//
// **When you are through you can**
// - cut a line or a plane through the loss of any network, and say why a raw random direction misleads;
// - build a filter-normalised direction, and show that it does not care how the weights are scaled;
// - say by a number, with its spread, that a deep plain network has a rougher surface than its residual twin;
// - draw a training path in the plane where it can be seen;
// - name four things that such a picture cannot show.
//
// **Time.** Reading: 35 minutes. Running: a few minutes on two CPU cores; the long cells show how much is left. The next cell says what this machine
// computes with.
//
// **Source.** Li, Xu, Taylor, Studer, Goldstein: *Visualizing the Loss Landscape of Neural Nets*, 2018,
// [arXiv:1712.09913](https://arxiv.org/abs/1712.09913). We call it *the landscape paper*. The networks are those of the ResNet paper,
// [arXiv:1512.03385](https://arxiv.org/abs/1512.03385), section 4.2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

// %% [markdown]
// ## A cut through many dimensions
//
// Write $w$ for all weights of a network and $E(w)$ for its mean loss over some images. Nobody can draw $E$ over tens of thousands of axes. But choose
// one **direction** $d$, a list of as many numbers as there are weights, and walk along it:
//
// $$ f(a) = E(w + a\,d). $$
//
// That is a curve, and easy to draw. Two directions give a surface, $f(a, b) = E(w + a\,d_1 + b\,d_2)$. The trained network sits at 0. Everything else
// on the picture is a network that nobody trained.
//
// The networks here are those of chapter 01: 14×14 pixels, half the paper's widths, so that you can wait for the result.

// %%
const plans = {
  ci: {
    perClass: 200,
    seeds: [1, 2, 3, 4, 5],
    epochs: 2,
    directions: 1,
    linePoints: 21,
    gridPoints: 5,
    images: 5,
  },
  everyday: { perClass: 500, seeds: [1, 2, 3, 4, 5], epochs: 3, directions: 2, linePoints: 41, gridPoints: 17, images: 25 }, // prettier-ignore
  full: { perClass: 1000, seeds: [1, 2, 3, 4, 5], epochs: 60, directions: 5, linePoints: 101, gridPoints: 51, images: 100 }, // prettier-ignore
};
const plan = plans[runtime.setting()];

const allImages = data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2);
const trainImages = data.firstOfEachClass(allImages, plan.perClass);
const normalise = data.channelStatistics(trainImages);
const trainSource = data.batches(trainImages, { normalise });
/** The images over which the surfaces are measured: some of those the networks are trained on. */
const measured = data.batches(data.firstOfEachClass(allImages, plan.images), { normalise });

const networkOptions = (depth: number, shortcut: "none" | "A") =>
  ({ depth, shortcut, widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 }) as const;
const network = (depth: number, shortcut: "none" | "A", seed: number) =>
  nn.cifarResNet({ ...networkOptions(depth, shortcut), seed });

const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.constant(0.1),
};

const first = network(20, "none", 1);
await train.fit(first, trainSource, { ...recipe, epochs: plan.epochs, seed: 1 });
const weights = first.variables().filter(({ role }) => role === "weight");
console.log(
  `${first.name}: ${plot.formatNumber(first.parameterCount)} trained numbers, in ${weights.length} arrays of weights; measured over ${measured.size} images`,
);

// %% [markdown]
// ## A direction at random, and why it misleads
//
// Which direction? With nothing better at hand, draw one at random: a normally distributed number for each weight. And there the trouble begins.
//
// Batch normalisation divides by the spread of its input. So multiply the weights of a convolution by 4, and the running mean and deviation behind it too: the
// network computes *the same function*. (Exactly so but for the small $\varepsilon$ under the root.) The next cell makes such a twin of our network. Every
// convolution is four times as large, and no output moves.

// %%
const { tf } = runtime;

/** A network with the same function, whose convolutions are `factor` times as large. */
function rescaled(original: nn.Network, factor: number) {
  const twin = nn.build(original.spec);
  nn.copyWeights(original, twin);
  for (const { name, role, variable } of twin.variables()) {
    if (role === "weight" && name !== "head.weight") variable.assign(tf.mul(variable, factor));
    if (name.endsWith(".mean")) variable.assign(tf.mul(variable, factor));
    if (name.endsWith(".variance")) variable.assign(tf.mul(variable, factor ** 2));
  }
  return twin;
}

const twin = rescaled(first, 4);
const lossHere = (await train.evaluate(first, measured)).loss;
const lossOfTwin = (await train.evaluate(twin, measured)).loss;
if (Math.abs(lossHere - lossOfTwin) > 1e-3 * lossHere) {
  throw new Error(`the twin must have the same loss; got ${lossHere} and ${lossOfTwin}`);
}
console.log(`loss of the network ${lossHere.toFixed(4)}, of its twin ${lossOfTwin.toFixed(4)}`);

// %% [markdown]
// **Predict, then run.** We walk the same distance along the same random direction from both. The two networks are one function. Will the two curves be the
// same, or will one look flatter? Which?

// %%
/** One array of normally distributed numbers for each array of weights, the same for both networks. */
const draws = weights.map(({ variable }, i) => tf.randomNormal(variable.shape, 0, 1, "float32", 100 + i));

/** A direction as the library takes it: values by the variable's name. */
async function directionOf(arrays: readonly { name: string; values: runtime.tf.Tensor }[]) {
  const direction = new Map<string, Float32Array>();
  for (const { name, values } of arrays)
    direction.set(name, Float32Array.from(await values.data<"float32">()));
  return direction;
}

const raw = await directionOf(weights.map(({ name }, i) => ({ name, values: tf.mul(draws[i]!, 0.1) })));
const steps = Array.from({ length: plan.linePoints }, (_, i) => (2 * i) / (plan.linePoints - 1) - 1);

const rawLines = [
  (await analysis.lossSurface(first, measured, [raw], { steps })).losses[0]!,
  (await analysis.lossSurface(twin, measured, [raw], { steps })).losses[0]!,
];
plot.lines(
  [
    { name: "the network", x: steps, y: rawLines[0]! },
    { name: "its twin, weights 4 times as large", x: steps, y: rawLines[1]! },
  ],
  {
    title: "The loss along one raw direction",
    x: { title: "a, steps along the direction" },
    y: { title: "mean loss (nats)", scale: "log" },
    caption: "Both walk by the same numbers, each from its own weights at 0.",
  },
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The twin looks flatter, and it is the same function: its curve is the network's, drawn with another ruler. A step that is large for small weights is small for large ones. So with raw directions
// "this surface is flatter" may say no more than "these weights are larger", and weights shrink and grow with the weight decay.
//
// </details>
//
// ## Worked in full: the filter-normalised direction
//
// The remedy of the landscape paper (section 4) is to give the ruler the weights' own units. Take each **filter**, that is, the weights that make one output channel.
// Write $w_{ij}$ for filter $j$ of layer $i$, and $d_{ij}$ for the numbers drawn for it. The **filter-normalised direction** is
//
// $$ d_{ij} \leftarrow \frac{d_{ij}}{\lVert d_{ij} \rVert} \, \lVert w_{ij} \rVert, $$
//
// where $\lVert \cdot \rVert$ is the Euclidean length of a filter's numbers written as one list. A step of $a = 1$ now moves every filter by its own length. Check
// what that does to the twin: if $w \to c\,w$, then $d \to c\,d$, and $w + a\,d \to c\,(w + a\,d)$. The whole line is multiplied by $c$, and the function
// along it stays as it is.
//
// Norms' scales and shifts and all biases get $d = 0$ and stay where they are, as in the authors' code. In our layout the last axis of an array of weights counts the filters.

// %%
/** d with each filter as long as that of w; the last axis counts the filters. */
function filterNormalised(d: runtime.tf.Tensor, w: runtime.tf.Tensor) {
  const within = w.shape.slice(0, -1).map((_, axis) => axis);
  const length = (t: runtime.tf.Tensor) => tf.sqrt(tf.sum(tf.square(t), within, true));
  return tf.mul(tf.div(d, length(d)), length(w));
}

const normalisedFor = (model: nn.Network) =>
  directionOf(
    weights.map(({ name }, i) => {
      const w = model.variables().find((one) => one.name === name)!.variable;
      return { name, values: filterNormalised(draws[i]!, w) };
    }),
  );
const lines = [
  (await analysis.lossSurface(first, measured, [await normalisedFor(first)], { steps })).losses[0]!,
  (await analysis.lossSurface(twin, measured, [await normalisedFor(twin)], { steps })).losses[0]!,
];
plot.lines(
  [
    { name: "the network", x: steps, y: lines[0]! },
    { name: "its twin, weights 4 times as large", x: steps, y: lines[1]! },
  ],
  {
    title: "The same two networks along filter-normalised directions",
    x: { title: "a, in lengths of each filter" },
    y: { title: "mean loss (nats)", scale: "log" },
    caption: "Two curves, one upon the other: the picture belongs to the function and not to its scale.",
  },
);

// %%
/** The largest difference of two curves, as a part of the loss there. */
const apart = ([one, other]: readonly (readonly number[])[]) =>
  Math.max(...one!.map((loss, i) => Math.abs(loss - other![i]!) / loss));

if (!(apart(lines) < 0.02 && apart(rawLines) > 0.2)) {
  throw new Error(
    `filter-normalised curves must agree and raw ones must not; they are apart by ${apart(lines)} and ${apart(rawLines)}`,
  );
}
console.log(
  `largest relative difference: ${plot.formatNumber(apart(rawLines))} with the raw direction, ${plot.formatNumber(apart(lines))} with the filter-normalised one`,
);
twin.dispose();

// %% [markdown]
// This claim needs no seeds: it is algebra, and what is left of a difference comes from $\varepsilon$ and float32. From here on we use the library's own function,
// `analysis.randomDirection(network, seed)`, which does what you just did.
//
// ## Four networks
//
// Now the experiment of the landscape paper: two depths, with and without shortcuts, trained alike. A plain network and its residual twin have the same layers, the same
// number of weights and the same directions. What differs is the addition.

// %%
const twins = [20, 56].flatMap((depth) =>
  (["none", "A"] as const).map((shortcut) => ({
    name: `${shortcut === "none" ? "plain" : "residual"}-${depth}`,
    model: "cifarResNet",
    options: networkOptions(depth, shortcut),
  })),
);
const kinds = twins.map(({ name }) => name);
// As in chapter 01, each run has a process of its own with one thread.
const { runs } = await train.sweep({
  networks: twins,
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, 200], downsample: 2 },
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: plan.seeds,
});
const networks: { kind: string; seed: number; trained: nn.Network; loss: number }[] = [];
for (const seed of plan.seeds) {
  for (const { name, history, load } of runs.filter((run) => run.seed === seed))
    networks.push({ kind: name, seed, trained: await load(), loss: history.at(-1)!.loss });
}
plot.table(
  plan.seeds.map((seed) => ({
    seed,
    ...Object.fromEntries(networks.filter((one) => one.seed === seed).map(({ kind, loss }) => [kind, loss])),
  })),
  { title: `Mean training loss in epoch ${plan.epochs} (nats)` },
);

// %% [markdown]
// ## Predict, then run: four lines
//
// We walk along random filter-normalised directions from each of the four. Before you look: which curve will be the smoothest, and which the roughest? Does depth matter more, or
// the shortcut?

// %%
const cuts: { kind: string; seed: number; losses: readonly number[] }[] = [];
for (const one of networks) {
  for (let k = 1; k <= plan.directions; k++) {
    const direction = await analysis.randomDirection(one.trained, 1000 * one.seed + k);
    const { losses } = await analysis.lossSurface(one.trained, measured, [direction], {
      steps,
      label: `${one.kind}, seed ${one.seed}`,
    });
    cuts.push({ kind: one.kind, seed: one.seed, losses: losses[0]! });
  }
}

plot.lines(
  kinds.map((kind) => ({ name: kind, x: steps, y: cuts.find((cut) => cut.kind === kind)!.losses })),
  {
    title: `Loss along one direction (seed ${plan.seeds[0]!})`,
    x: { title: "a, in lengths of each filter" },
    y: { title: "mean loss (nats)", scale: "log" },
    caption:
      "Each curve starts from its own trained network, at 0. Look for shoulders, dips and plateaus, not for height: all walls are high.",
  },
);

// %% [markdown]
// ## Roughness, as a number
//
// An eye sees what it hopes to see. So before judging, define. Let $f_1, \dots, f_m$ be the losses along a line, at equal steps. Their first differences say how steep the line is, their
// second differences how much it bends. The **roughness** of the line is the one over the other:
//
// $$ \text{roughness} = \frac{\lVert (f_{k+2} - 2 f_{k+1} + f_k)_k \rVert}{\lVert (f_{k+1} - f_k)_k \rVert}. $$
//
// A straight line has 0. A smooth bowl has a small value, since neighbouring slopes are nearly alike. Pure noise has about $\sqrt 3$. Multiplying the loss by a number or adding one changes
// nothing, so a high wall is not rough because it is high. But a wall that *grows* by a large factor at each step counts as rough: its slopes differ from step to step. So this number sees bumps and runaway walls together.
//
// Therefore a second number, which sees bumps only, and which is about the paper's own word, *convexity*: the share of places where the line bends **down**, $f_{k+2} - 2 f_{k+1} + f_k < 0$. A convex function has none, in any direction, however steep it is.
// We take it on the whole line and on its inner half, $|a| \le \frac12$, nearer to where training has been.

// %%
const bendingDown = (losses: readonly number[]) => {
  const bends = losses.slice(2).map((loss, k) => loss - 2 * losses[k + 1]! + losses[k]!);
  return bends.filter((bend) => bend < 0).length / bends.length;
};
const innerHalf = (losses: readonly number[]) => losses.filter((_, k) => Math.abs(steps[k]!) <= 0.5 + 1e-9);
const measures = {
  roughness: (losses: readonly number[]) => analysis.roughness(losses),
  "bends down, whole line": bendingDown,
  "bends down, inner half": (losses: readonly number[]) => bendingDown(innerHalf(losses)),
};
type Measure = keyof typeof measures;

/** A measure of one network, the mean over its directions, for each seed. */
const bySeed = (kind: string, measure: Measure) =>
  plan.seeds.map((seed) => {
    const own = cuts.filter((cut) => cut.kind === kind && cut.seed === seed);
    return own.reduce((sum, { losses }) => sum + measures[measure](losses), 0) / own.length;
  });

plot.bars(
  (Object.keys(measures) as Measure[]).map((measure) => {
    const intervals = kinds.map((kind) => analysis.meanInterval(bySeed(kind, measure)));
    return {
      name: measure,
      values: intervals.map(({ mean }) => mean),
      errors: intervals.map(({ mean, upper }) => upper - mean),
    };
  }),
  {
    title: "How rough are the lines?",
    x: { title: "network", categories: kinds },
    y: { title: "roughness, and share of places" },
    caption: `Means over ${plan.seeds.length} seeds with 95 % intervals; each seed is the mean over ${plan.directions} directions.`,
  },
);

// %% [markdown]
// The next cell states the chapter's claim and stops the notebook if the runs do not bear it out. For each seed take the roughness of plain-56 less that of residual-56. Were there no effect, a
// 95 % interval of the mean difference would lie above zero by chance in 2.5 % of such experiments.

// %%
/** The difference of two networks in a measure, seed by seed. */
const difference = (one: string, other: string, measure: Measure = "roughness") => {
  const [a, b] = [bySeed(one, measure), bySeed(other, measure)];
  return analysis.meanInterval(a.map((value, i) => value - b[i]!));
};

const pairs = [
  ["plain-56", "residual-56"],
  ["plain-20", "residual-20"],
  ["plain-56", "plain-20"],
  ["residual-56", "residual-20"],
] as const;
const comparisons = (Object.keys(measures) as Measure[]).flatMap((measure) =>
  pairs.map(([one, other]) => {
    const { mean, lower, upper } = difference(one, other, measure);
    return { measure, difference: `${one} less ${other}`, mean, from: lower, to: upper, "holds 0": lower <= 0 && upper >= 0 ? "yes" : "no" }; // prettier-ignore
  }),
);
const atDepth56 = difference("plain-56", "residual-56");
if (atDepth56.lower <= 0) {
  throw new Error(
    `plain-56 should be rougher than residual-56; the interval of the difference is ${atDepth56.lower} to ${atDepth56.upper}`,
  );
}
plot.table(comparisons, { title: `Differences with their 95 % intervals over ${plan.seeds.length} seeds` });

// %% [markdown]
// The first row is the claim, and the only one that the notebook insists on. Read the others as they came out: whether the shortcut matters at 20 layers already; whether depth roughens the plain network and
// leaves the residual one alone; whether the bumps tell the same story as the roughness. Where an interval holds 0, nothing is shown either way. (While writing this chapter we looked at the whole line and at the inner half, and kept both, since they do not say quite the same.)
//
// ## Surfaces to turn
//
// Two directions at once. Drag the figures with the mouse; scroll to come nearer. Heights are logarithms, because the walls rise over many powers of ten. All four have the same floor; their heights and colours have each a scale of their own.

// %%
const gridSteps = Array.from({ length: plan.gridPoints }, (_, i) => (2 * i) / (plan.gridPoints - 1) - 1);
const surfaces: { kind: string; loss: number; grid: plot.Grid }[] = [];
for (const one of networks.slice(0, 4)) {
  const directions = [
    await analysis.randomDirection(one.trained, 1),
    await analysis.randomDirection(one.trained, 2),
  ] as const;
  const { losses } = await analysis.lossSurface(one.trained, measured, directions, {
    steps: gridSteps,
    label: one.kind,
  });
  surfaces.push({ kind: one.kind, loss: one.loss, grid: { x: gridSteps, y: gridSteps, values: losses } });
}

const drawSurface = (kind: string, caption: string) =>
  plot.surface(surfaces.find((one) => one.kind === kind)!.grid, {
    title: `The loss surface around ${kind}`,
    x: { title: "a" },
    y: { title: "b" },
    value: { title: "loss (nats)", scale: "log" },
    caption,
  });
drawSurface("plain-56", "The trained network is at (0, 0). Turn it, and look at the floor: is it one bowl?");

// %%
drawSurface(
  "residual-56",
  "The same layers with shortcuts. Compare the heights too: each figure has its own scale.",
);

// %%
drawSurface("plain-20", "Twenty layers without shortcuts.");

// %%
drawSurface("residual-20", "Twenty layers with shortcuts.");

// %% [markdown]
// ## The way down
//
// Where on such a surface did training walk? Not where you would think to look. In so many dimensions a random direction is nearly at a right angle to any given one, so on the surfaces above the path
// would be a dot at the middle. The landscape paper's remedy (section 7) is to choose the plane by the path. Take the weights $w_0, w_1, \dots, w_n$ at moments of the training, and find the two
// directions that the differences $w_i - w_n$ use most: their **principal components**, the leading eigenvectors of the matrix of their inner products.
//
// **Predict**: the path has tens of thousands of coordinates. What share of its variation fits into the best two of them?

// %%
const walker = network(20, "A", plan.seeds[0]!);
const footprints = [await analysis.snapshot(walker)];
const stepsAnEpoch = Math.floor(trainSource.size / recipe.batchSize);
const every = Math.max(1, Math.floor((stepsAnEpoch * plan.epochs) / 16));
await train.fit(walker, trainSource, {
  ...recipe,
  epochs: plan.epochs,
  seed: plan.seeds[0]!,
  onStep: async ({ step }) => {
    if (step % every === 0) footprints.push(await analysis.snapshot(walker));
  },
});
footprints.push(await analysis.snapshot(walker));
const path = await analysis.trainingPath(walker, footprints);
const inRandomPlane: (readonly [number, number])[] = [];
const randomPlane = [
  await analysis.randomDirection(walker, 1),
  await analysis.randomDirection(walker, 2),
] as const;
for (const one of footprints) inRandomPlane.push(await analysis.coordinatesIn(walker, randomPlane, one));
const farthest = (places: readonly (readonly [number, number])[]) =>
  Math.max(...places.map(([a, b]) => Math.hypot(a, b)));

plot.table(
  [
    {
      plane: "the two principal directions",
      "share of the path's variation (%)": 100 * (path.shares[0] + path.shares[1]),
      "farthest point of the path": farthest(path.x.map((x, i) => [x, path.y[i]!] as const)),
    },
    {
      plane: "two random directions",
      "share of the path's variation (%)": null,
      "farthest point of the path": farthest(inRandomPlane),
    },
  ],
  { title: "The training path in two planes, in lengths of the weights" },
);

// %%
const padded = (values: readonly number[], points: number) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.25 * Math.max(high - low, 0.05);
  return Array.from(
    { length: points },
    (_, i) => low - margin + (i * (high - low + 2 * margin)) / (points - 1),
  );
};
const pathSteps = { x: padded(path.x, plan.gridPoints), y: padded(path.y, plan.gridPoints) };
const around = await analysis.lossSurface(walker, measured, path.directions, {
  steps: pathSteps.x,
  secondSteps: pathSteps.y,
  label: "residual-20, along its path",
});
plot.heatMap(
  { x: pathSteps.x, y: pathSteps.y, values: around.losses },
  {
    title: "Where training walked",
    x: { title: "first principal direction" },
    y: { title: "second principal direction" },
    value: { title: "loss (nats)", scale: "log" },
    path: { name: "training path", x: path.x, y: path.y },
    caption:
      "The path begins at the initial weights and ends at (0, 0). Colours are losses with the final network's batch-norm statistics, not those the network had on its way.",
  },
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// It looks as if training strode down a valley, almost in a plane. Be careful. Antognini and Sohl-Dickstein (*PCA of High Dimensional Random Walks with Comparison to Neural Network Training*, 2018,
// [arXiv:1806.08805](https://arxiv.org/abs/1806.08805)) prove that a random walk in many dimensions also puts most of its variation into its first few principal components. Let us check that it would fool us.
//
// </details>
//
// What share is worth a remark? A **random walk** goes nowhere in particular. The next cell replaces each step of the path by a random one of the same length.

// %%
/** Random steps, as many and as long as those of the path, that end at the network's weights. */
async function randomWalk() {
  const walk: Map<string, { shape: readonly number[]; data: Float32Array }>[] = [];
  let place = new Map([...(await analysis.snapshot(walker))]);
  for (let k = footprints.length - 2; k >= 0; k--) {
    const next = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    let index = 0;
    for (const [name, { shape, data }] of place) {
      const [from, to] = [footprints[k]!.get(name)!.data, footprints[k + 1]!.get(name)!.data];
      const moved = Math.hypot(...to.map((value, i) => value - from[i]!));
      const step = await tf.randomNormal([data.length], 0, 1, "float32", 5000 + 100 * k + index++).data();
      const length = Math.hypot(...step);
      next.set(name, { shape, data: data.map((value, i) => value + (moved * step[i]!) / length) });
    }
    walk.unshift(next);
    place = next;
  }
  return [...walk, await analysis.snapshot(walker)];
}
const walked = await analysis.trainingPath(walker, await randomWalk());
const inPlane = ({ shares }: analysis.TrainingPath) => `${(100 * (shares[0] + shares[1])).toFixed(0)} %`;
console.log(
  `share in the best plane: ${inPlane(path)} of the training path, ${inPlane(walked)} of a random walk with steps of the same lengths`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// So "most of the path lies in a plane" is a weak statement: most of a random walk does too. Only what goes beyond the walk's share says anything about training.
//
// </details>
//
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// A filter has the weights (3, 4), and the numbers drawn for it are (0, 2).
// What is the second number of its normalised direction?
const secondNumber: number | undefined = undefined;

check.answer(secondNumber, "0.000001 90d910b4", {
  hint: "Which of the two gives the way, and which the length?",
});

// %%
// The losses along a line are 1, 3, 5, 7, 9. What is its roughness?
const roughnessOfLine: number | undefined = undefined;

check.answer(roughnessOfLine, "0 5c505a10", {
  hint: "Write down the differences, and then the differences of those: what is left of a straight line?",
});

// %%
// How many evaluations of the loss does a surface of 17 points a side take?
const evaluations: number | undefined = undefined;

check.answer(evaluations, "0 384a09b9", { hint: "How many points has the whole grid?" });

// %% [markdown]
// ## What the paper shows, and what ran here
//
// | the landscape paper | here |
// |---|---|
// | raw directions compare badly, filter-normalised ones do not (sections 3 and 4) | shown above on a network and its rescaled twin, exactly |
// | without shortcuts depth turns the surface from nearly convex to chaotic (section 6, Figure 5) | the table of differences: roughness, and bending down, with their intervals |
// | with shortcuts deep surfaces stay smooth (section 6, Figure 5) | the same |
// | paths of training lie nearly in a plane (section 7) | the table above, beside a random walk |
// | test errors of all those networks on CIFAR-10 | not run |
//
// The paper trains on CIFAR-10 to the end of a schedule, and measures over whole data sets. Here are fewer images of 14×14 pixels, a few epochs, and a few hundred images for each point.
//
// ## What such a picture can and cannot prove
//
// - **It shows** that along random filter-normalised directions the loss of our plain-56 is rougher, for its slope, than that of residual-56, by more than seeds explain. Whether it also has more *bumps* is for the rows "bends down" to say, and five seeds and two directions may leave that open.
// - **It cannot show what training meets.** SGD does not walk along random directions. A network nobody would ever reach may sit under every bump you see.
// - **It averages curvature.** Böttcher and Wheeler (*Visualizing High-Dimensional Loss Landscapes with Hessian Directions*, 2022, [arXiv:2208.13219](https://arxiv.org/abs/2208.13219)) show that random
//   planes seldom show a saddle as a saddle: what they show is the *mean* curvature over all dimensions.
// - **The networks differ in more than their shortcuts.** Plain-56 has a higher loss, so we look around a worse place. Is the surface rough because training failed, or did training fail because it is rough? A picture at the end
//   cannot tell. The third *Try it* looks at the beginning.
// - **The statistics stand still.** Batch norm's running averages are those of the centre, here as in the paper. Far from it they are wrong, and much of the wall's height comes from that.
// - **Not known**: how roughness on such slices relates to how fast SGD gets down. The two go together here and in the paper. Nobody has derived one from the other.
//
// `RESIDUAL_SETTING=full npm run notebooks -- 07` trains for 60 epochs and draws finer surfaces; plan for a GPU.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [How wide is the valley? Read it off a slice of the surface](../exercises/07-valley-width/07-valley-width.ipynb) (Easy, 25 minutes.)
// - [A random direction that can be compared: filter normalisation](../exercises/07-filter-normalise/07-filter-normalise.ipynb) (Medium, 30 minutes.)
//
// ## Try it
//
// 1. Take the roughness of the *logarithm* of the losses, on which a runaway wall is a straight line. Is plain-56 still rougher? (Easy, 10 minutes.)
// 2. Leave the filter normalisation out and compare residual-56 trained with a weight decay of 0 and of $10^{-3}$. What would you have concluded? (Medium, 20 minutes.)
// 3. Measure the roughness *before* training, and after each epoch. Which comes first, the roughness or the failure? (Medium, 30 minutes.)
// 4. Draw the line from residual-56 to residual-56 of another seed, by `analysis.directionTo`. Is there a wall between two good networks? (Medium, 20 minutes.)
//
// ## Where to read on
//
// - The landscape paper: section 6 measures convexity by eigenvalues of the Hessian, which answers part of the doubt above.
// - Goodfellow, Vinyals, Saxe: *Qualitatively Characterizing Neural Network Optimization Problems*, 2015, [arXiv:1412.6544](https://arxiv.org/abs/1412.6544): the straight line from start to end.
// - Santurkar, Tsipras, Ilyas, Madry: *How Does Batch Normalization Help Optimization?*, 2018, [arXiv:1805.11604](https://arxiv.org/abs/1805.11604): smoothness measured along the path that training takes.
//
// The next chapter moves the ReLU, and makes the identity in a residual network whole.
