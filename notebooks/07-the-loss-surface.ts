// %% [markdown]
// # 07 The loss surface
//
// Training walks downhill on a surface that nobody has ever seen: it has a dimension for every weight. This chapter cuts slices
// through it. You will build the cut so that it compares networks fairly, turn two surfaces in your hands, put a number on how rough they are,
// and then ask what such a picture proves. Less than it seems to.
//
// **When you are through you can**
// - write a filter-normalised direction, and show that it does not care how the weights are scaled;
// - cut a slice through the loss of any network, and say where its centre must lie for the picture to mean anything;
// - say by a number, seed by seed, whether a deep plain network has a rougher surface than its residual twin;
// - find the directions in which a training path is seen best, and say what a random walk would have shown there;
// - name four things that such a picture cannot show.
//
// **Time.** Reading and writing: 50 minutes. Running: a few minutes on two CPU cores; the long cells show how much is left. The next cell says what this machine
// computes with.
//
// **Source.** Li, Xu, Taylor, Studer, Goldstein: *Visualizing the Loss Landscape of Neural Nets*, 2018,
// [arXiv:1712.09913](https://arxiv.org/abs/1712.09913). We call it *the landscape paper*. The networks are those of the ResNet paper,
// [arXiv:1512.03385](https://arxiv.org/abs/1512.03385), section 4.2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
const setting = runtime.setting();
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
// The networks here are those of chapter 01: 14×14 pixels, half the paper's widths, so that you can wait for the result. There are two depths, with and without shortcuts, each from three seeds: the experiment of the landscape paper, but for one thing. The paper gives its deep plain networks a smaller learning rate, 0.01 in place of 0.1 (section 6), because these need it; ours are all trained alike, so that nothing but the network differs.
//
// A picture around a network shows a *trained* network's surroundings only if training has come to rest. So here are networks that were trained to the end. The course keeps them: `npm run reproduce -- study converged` trained each for 60 epochs, with random crops and mirrored images, at a learning rate that is divided by ten after half of the steps and again after three quarters. `train.recordedNetwork` builds one with the weights that it ended with.

// %%
const plans = {
  // Too small for what is said of the results; it shows that everything runs.
  ci: { depths: [20, 32], perClass: 100, epochs: 1, directions: 1, linePoints: 11, gridPoints: 3, images: 5 },
  everyday: { depths: [20, 56], perClass: 1000, epochs: 2, directions: 2, linePoints: 21, gridPoints: 13, images: 25 },
  full: { depths: [20, 56], perClass: 1000, epochs: 60, directions: 5, linePoints: 101, gridPoints: 51, images: 100 },
} as const; // prettier-ignore
const plan = plans[setting];
const [shallow, deep] = plan.depths;

const study = await train.recordedStudy("converged");
const recorded = plan.depths.flatMap((depth) =>
  ["plain", "residual"].map((kind) => study.networks.find(({ name }) => name === `${kind}-${depth}`)!),
);
const kinds = recorded.map(({ name }) => name);
const seeds = recorded[0]!.seeds.slice(0, 3);
plot.trainingCurves(
  recorded.map(({ name, curves }) => ({ name, runs: curves.loss.slice(0, seeds.length) })),
  {
    title: "Training loss, as recorded",
    x: { title: "epoch" },
    y: { title: "mean training loss (nats)" },
    caption: `Means over ${seeds.length} seeds, bands from the lowest run to the highest. ${study.conditions}`,
  },
);

// %% [markdown]
// What does the schedule do for a picture? At a learning rate of 0.1 each step still moves the weights a good way, and batch norm's running averages, which inference reads, trail behind them. To see it, train a small network yourself, twice from each seed: once at 0.1 to the end, and once with the two drops of the records, though in far fewer steps.

// %%
const allImages = data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2);
const trainImages = data.firstOfEachClass(allImages, plan.perClass);
/** All networks see images as the recorded ones did in their training. */
const seen = recorded[0]!.records[0]!.data.transforms.find((one) => one.transform === "normalise")!;
const normalise = { mean: seen.mean, std: seen.std };
const trainSource = data.batches(trainImages, { normalise });
/** The images over which the surfaces are measured: some of those the networks are trained on. */
const measured = data.batches(data.firstOfEachClass(allImages, plan.images), { normalise });

const networkOptions = (depth: number, shortcut: "none" | "A") =>
  ({ depth, shortcut, widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 }) as const;
/** How many steps our own training has, and where its learning rate is divided by ten. */
const allSteps = plan.epochs * Math.floor(trainSource.size / 128);
const drops = [allSteps / 2, (3 * allSteps) / 4].map(Math.round);
const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.stepSchedule({ learningRate: 0.1, at: drops }),
  epochs: plan.epochs,
};

// %%
const ownNetwork = { model: "cifarResNet", options: networkOptions(shallow, "none") };
const [settled, restless] = [`plain-${shallow}, ours, two drops`, `plain-${shallow}, ours, 0.1 throughout`];
// As in chapter 01, each run has a process of its own with one thread.
const { runs } = await train.sweep({
  networks: [
    { ...ownNetwork, name: settled },
    { ...ownNetwork, name: restless, recipe: { schedule: train.constant(0.1) } },
  ],
  data: {
    name: "fashion-mnist-sample",
    perClass: [plan.perClass, setting === "ci" ? 20 : 200],
    downsample: 2,
  },
  recipe,
  seeds,
});

// %%
const networks: { kind: string; seed: number; trained: nn.Network }[] = [];
for (const { name, records } of recorded)
  for (const record of records.slice(0, seeds.length))
    networks.push({ kind: name, seed: record.seed, trained: await train.recordedNetwork(record) });
for (const { name, seed, load } of runs) networks.push({ kind: name, seed, trained: await load() });
const first = networks[0]!.trained;
const weights = first.variables().filter(({ role }) => role === "weight");
console.log(
  `${networks[0]!.kind}: ${plot.formatNumber(first.parameterCount)} trained numbers, in ${weights.length} arrays of weights; measured over ${measured.size} images`,
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

const raw = await directionOf(weights.map(({ name }, i) => ({ name, values: tf.mul(draws[i]!, 0.2) })));
/** Half a length of the weights to each side. */
const steps = Array.from({ length: plan.linePoints }, (_, i) => i / (plan.linePoints - 1) - 0.5);
const lossesAlong = async (model: nn.Network, direction: analysis.Direction, label = model.name) =>
  (await analysis.lossSurface(model, measured, [direction], { steps, label })).losses[0]!;
const rawLines = [await lossesAlong(first, raw), await lossesAlong(twin, raw)];

// %%
/** The curves of the network and its twin. */
const drawTwins = (lines: readonly (readonly number[])[], title: string, unit: string) =>
  plot.lines(
    [
      { name: "the network", x: steps, y: lines[0]! },
      { name: "its twin, weights 4 times as large", x: steps, y: lines[1]! },
    ],
    {
      title,
      x: { title: `a, ${unit}` },
      y: { title: "mean loss (nats)", scale: "log" },
      caption: "At a = 0 each curve has the loss of the network itself.",
    },
  );
drawTwins(rawLines, "The loss along one raw direction", "in steps along the direction");

// %% tags=["claim"]
/** The largest difference of two curves, as a part of the loss there. */
const apart = ([one, other]: readonly (readonly number[])[]) =>
  Math.max(...one!.map((loss, i) => Math.abs(loss - other![i]!) / loss));
const climb = (line: readonly number[]) => Math.max(...line) / line[(line.length - 1) / 2]!;
if (!(apart(rawLines) > 0.2 && climb(rawLines[1]!) < climb(rawLines[0]!)))
  throw new Error(`the twin should look flatter; its curve climbs ${climb(rawLines[1]!)}-fold, the network's ${climb(rawLines[0]!)}-fold`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The twin looks flatter, and it is the same function: its curve is the network's, drawn with another ruler. The same step is large for small weights and small for large ones. So with raw directions
// "this surface is flatter" may say no more than "these weights are larger", and how large weights are depends on their weight decay.
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
// Norms' scales and shifts and all biases get $d = 0$ and stay where they are, and so do batch norm's running averages, as in the authors' code.
//
// ### Your turn: filter normalisation
//
// Write it for one array of weights. In our layout the *last* axis counts the filters: a convolution has the shape `[height, width, channels in, filters]`, a dense layer `[inputs, filters]`. The check draws arrays of both kinds.

// %%
import { turns } from "./turns/07";

type Tensor = runtime.tf.Tensor;

/** d with each filter as long as that of w; the last axis counts the filters. */
function filterNormalised(d: Tensor, w: Tensor): Tensor {
  return check.unwritten(d, w);
}

const normalised = await check.yourTurn(filterNormalised, turns.filterNormalised);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// A length is the root of a sum of squares over all axes but the last. `tf.sum` takes a list of axes, and with `true` behind it keeps them as axes of length 1: then the division finds each filter's length by itself.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function filterNormalised(d: Tensor, w: Tensor): Tensor {
//   const withinFilter = w.shape.slice(0, -1).map((_, axis) => axis);
//   const lengths = (t: Tensor) => tf.sqrt(tf.sum(tf.square(t), withinFilter, true));
//   return tf.mul(tf.div(d, lengths(d)), lengths(w));
// }
// ```
//
// </details>
//
// The same two networks along the direction that your function makes for each.

// %%
const normalisedFor = (model: nn.Network) =>
  directionOf(
    weights.map(({ name }, i) => {
      const w = model.variables().find((one) => one.name === name)!.variable;
      return { name, values: normalised(draws[i]!, w) };
    }),
  );
const lines = [
  await lossesAlong(first, await normalisedFor(first)),
  await lossesAlong(twin, await normalisedFor(twin)),
];
if (apart(lines) > 0.02)
  throw new Error(`filter-normalised curves must agree; they are apart by ${apart(lines)}`);
twin.dispose();
drawTwins(lines, "The same two networks along filter-normalised directions", "in lengths of each filter");

// %%
console.log(
  `largest relative difference: ${plot.formatNumber(apart(rawLines))} with the raw direction, ${plot.formatNumber(apart(lines))} with the filter-normalised one`,
);

// %% [markdown]
// The two curves lie one upon the other: the picture belongs to the function and not to its scale. This claim needs no seeds, because it is algebra; what is left of a difference comes from $\varepsilon$ and float32. From here on `analysis.randomDirection(network, seed)` draws
// such directions for a whole network.
//
// ## Is the centre the lowest place?
//
// Now from each of the trained networks along random filter-normalised directions, half a length of the filters to each side. If training has come to rest, the network itself should be the lowest place of its line, or the cut goes through a slope and shows no valley.
//
// **Predict, then run.** On how many of the lines is it, to within one per cent? And for your own networks, where the learning rate fell and where it stayed at 0.1?

// %%
type Cut = { readonly kind: string; readonly seed: number; readonly losses: readonly number[] };
const cuts: Cut[] = [];
for (const { kind, seed, trained } of networks) {
  for (let k = 1; k <= plan.directions; k++) {
    const direction = await analysis.randomDirection(trained, 1000 * seed + k);
    cuts.push({ kind, seed, losses: await lossesAlong(trained, direction, `${kind}, seed ${seed}`) });
  }
}
const cutsOf = (kind: string) => cuts.filter((cut) => cut.kind === kind);
const middle = (steps.length - 1) / 2;
/** How far a line's lowest place lies below its centre, as a share of the loss there. */
const belowCentre = ({ losses }: { readonly losses: readonly number[] }) =>
  1 - Math.min(...losses) / losses[middle]!;
const atRest = (kind: string) => cutsOf(kind).filter((cut) => belowCentre(cut) < 0.01).length;
plot.table(
  [...kinds, settled, restless].map((kind) => ({
    network: kind,
    "lines whose centre is lowest": `${atRest(kind)} of ${cutsOf(kind).length}`,
    "lowest below the centre, at most (%)": 100 * Math.max(...cutsOf(kind).map(belowCentre)),
  })),
  { title: "The trained network on its lines" },
);

// %% tags=["claim"]
if (setting === "everyday") {
  for (const kind of [...kinds, settled]) {
    if (atRest(kind) < cutsOf(kind).length)
      throw new Error(`${kind} should be lowest on all its lines; it is on ${atRest(kind)}`);
  }
  if (atRest(restless) === cutsOf(restless).length)
    throw new Error("at 0.1 some line should have a lower place than its centre; all centres are lowest");
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// On all of them, where the learning rate fell, in the records as in your own short runs. Where it stayed at 0.1, a step into a *random* direction lowers the loss on some of the lines, which no minimum allows. The surprise is how cheap the remedy is. Without it a picture shows the surroundings of a place where training did not want to stay.
//
// "Lowest on these lines" is still less than a minimum: along most of the directions nobody has looked.
//
// </details>
//
// ## Predict, then run: four lines
//
// Before you look at the curves: which will be the smoothest, and which the roughest? Does depth matter more, or the shortcut?

// %%
plot.lines(
  kinds.map((kind) => ({ name: kind, x: steps, y: cutsOf(kind)[0]!.losses })),
  {
    title: `Loss along one direction (seed ${seeds[0]!})`,
    x: { title: "a, in lengths of each filter" },
    y: { title: "mean loss (nats)", scale: "log" },
    caption: "At a = 0 each curve has the loss of its trained network.",
  },
);

// %% tags=["claim"]
const edges = (kind: string) => cutsOf(kind).map(({ losses }) => (losses[0]! + losses.at(-1)!) / 2);
const [plainDeep, residualDeep] = [`plain-${deep}`, `residual-${deep}`];
const others = kinds.filter((kind) => kind !== plainDeep).flatMap(edges);
const walls = edges(plainDeep);
console.log(
  `mean loss at the two ends of each line:\n${kinds.map((kind) => `${kind}: ${edges(kind).map(plot.formatNumber).join(", ")}`).join("\n")}`,
);
if (setting === "everyday") {
  const floors = (of: readonly Cut[]) => of.map(({ losses }) => losses[middle]!);
  const otherCuts = cuts.filter(({ kind }) => kinds.includes(kind) && kind !== plainDeep);
  if (!(Math.min(...floors(cutsOf(plainDeep))) > Math.max(...floors(otherCuts))))
    throw new Error("plain-56 should have the highest floor");
  if (!(Math.min(...walls) > Math.max(...others)))
    throw new Error(`plain-56 should have the highest walls; they are ${walls.join(", ")}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Three of the curves are valleys of about one shape, and the fourth is another thing: the floor of plain-56 lies higher, because its training ended at a higher loss, and on each of its lines the walls, the mean of the two ends, are higher than on any line around the other networks. So neither depth nor the missing shortcut does it alone: residual-56 is as deep, and plain-20 has no shortcut either. But a high wall need not be a rough one.
//
// </details>
//
// ## Roughness, as a number
//
// An eye sees what it hopes to see. So before judging, define. Let $f_1, \dots, f_m$ be heights along a line, at equal steps. Their first differences say how steep the line is, their
// second differences how much it bends. The **roughness** of the line is the one over the other:
//
// $$ \text{roughness} = \frac{\lVert (f_{k+2} - 2 f_{k+1} + f_k)_k \rVert}{\lVert (f_{k+1} - f_k)_k \rVert}. $$
//
// A straight line has 0. A smooth bowl has a small value, because neighbouring slopes are nearly alike. Pure noise has about $\sqrt 3$. Multiplying the heights by a number or adding one changes
// nothing, so a high wall is not rough because it is high.
//
// ### Your turn: the roughness
//
// Write it: `heights` is the list of $f_1$ to $f_m$.

// %%
function roughness(heights: readonly number[]): number {
  return check.unwritten(heights);
}

const roughnessOf = await check.yourTurn(roughness, turns.roughness);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Second differences are the first differences of the first differences. One small function does both; `Math.hypot(...list)` is a list's length.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function roughness(heights: readonly number[]): number {
//   const differences = (values: readonly number[]) => values.slice(1).map((value, k) => value - values[k]!);
//   const slopes = differences(heights);
//   return Math.hypot(...differences(slopes)) / Math.hypot(...slopes);
// }
// ```
//
// </details>
//
// Heights of what? Take the losses themselves, and the few steepest steps at the ends of a line decide: squares let the largest win. The *logarithm* of the loss counts a doubling alike wherever it stands, and a wall that grows by the same factor at each step is a straight line there. The next cell says how much of the denominator the two steepest of the steps hold, either way.

// %%
const logarithms = (losses: readonly number[]) => losses.map(Math.log);
/** The share of the squared slopes that the two steepest steps hold. */
function ofSteepest(heights: readonly number[]) {
  const squares = heights.slice(1).map((height, k) => (height - heights[k]!) ** 2);
  const two = [...squares].sort((one, other) => other - one).slice(0, 2);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return sum(two) / sum(squares);
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
plot.table(
  kinds.map((kind) => ({
    network: kind,
    "of the losses (%)": 100 * mean(cutsOf(kind).map(({ losses }) => ofSteepest(losses))),
    "of their logarithms (%)": 100 * mean(cutsOf(kind).map(({ losses }) => ofSteepest(logarithms(losses)))),
  })),
  { title: `What the two steepest of ${steps.length - 1} steps hold` },
);

// %% [markdown]
// So we take the roughness of the logarithms.
//
// The claim: **plain-56 is rougher than residual-56**, which means that the 95 % interval of the mean difference, pair by pair (chapter 06, *How to compare two networks*), lies above zero. The number and the claim were fixed on other networks, after a few epochs of training, before these were measured; there the claim held, with three seeds. So if nothing differed, the claim would come out by chance in 2.5 % of such experiments. The table shows three more differences. These were not fixed as claims, so each of the three gets an interval of $1 - 0.05/3$, by which the chance that one of them misleads is at most 5 %.
//
// **Predict, then run.** Which of the four differences are told apart from zero: of depth and of shortcut, at either end?

// %%
/** The roughness of a network's lines: for each seed the mean over its directions. */
const bySeed = (kind: string) =>
  seeds.map((seed) => {
    const own = cutsOf(kind).filter((cut) => cut.seed === seed);
    return mean(own.map(({ losses }) => roughnessOf(logarithms(losses))));
  });
plot.dots([{ name: "roughness", values: kinds.map(bySeed) }], {
  title: "How rough are the lines?",
  x: { title: "network", categories: kinds },
  y: { title: "roughness of ln(loss)" },
  caption: `A dot a seed, the mean over ${plan.directions} of its lines; the dash is the mean of the seeds.`,
});

// %%
const pairs = [
  [plainDeep, residualDeep],
  [`plain-${shallow}`, `residual-${shallow}`],
  [plainDeep, `plain-${shallow}`],
  [residualDeep, `residual-${shallow}`],
] as const;
const differences = pairs.map(([one, other], i) => {
  const others = bySeed(other);
  const values = bySeed(one).map((value, seed) => value - others[seed]!);
  return { name: `${one} minus ${other}`, values, ...analysis.meanInterval(values, i === 0 ? 0.95 : 1 - 0.05 / 3) }; // prettier-ignore
});
plot.table(
  differences.map(({ name, values, mean, lower, upper, confidence }) => ({
    difference: name,
    ...Object.fromEntries(values.map((value, i) => [`seed ${seeds[i]!}`, value])),
    mean,
    interval: `${lower.toFixed(2)} to ${upper.toFixed(2)}`,
    confidence: `${(100 * confidence).toFixed(1)} %`,
    "told from 0": lower > 0 || upper < 0 ? "yes" : "no",
  })),
  { title: `Roughness, ${seeds.length} pairs each` },
);

// %% tags=["claim"]
const [claim, atShallow, plainDepth, residualDepth] = differences;
// At any setting, a line is bent and is no noise, which would have about the root of 3.
if (!kinds.flatMap(bySeed).every((value) => 0 < value && value < Math.sqrt(3)))
  throw new Error(`a line's roughness should lie between a straight line's and noise's; got ${kinds.flatMap(bySeed).join()}`); // prettier-ignore
/** How far apart the lines around one network lie, at most. */
const withinOne = networks.flatMap(({ kind, seed }) => {
  const own = cutsOf(kind).filter((cut) => cut.seed === seed);
  const values = own.map(({ losses }) => roughnessOf(logarithms(losses)));
  return kinds.includes(kind) ? [Math.max(...values) - Math.min(...values)] : [];
});
console.log(
  `two lines around one network differ by up to ${Math.max(...withinOne).toFixed(2)}; the mean difference of ${claim!.name} is ${claim!.mean.toFixed(2)}`,
);
if (setting === "everyday") {
  for (const { name, lower, upper } of [claim!, atShallow!, plainDepth!, residualDepth!])
    if (!(lower < 0 && upper > 0))
      throw new Error(`${name} should not be told from zero; got ${lower} to ${upper}`);
  if (!(claim!.values.filter((value) => value > 0).length === 2 && Math.max(...withinOne) > claim!.mean))
    throw new Error(`plain-56 should be rougher in two pairs of three; got ${claim!.values.join()}, and lines up to ${Math.max(...withinOne)} apart`); // prettier-ignore
}

// %%
/** Whether a line goes up and down again between its ends. */
const hasSecondValley = ({ losses }: Cut) =>
  losses.filter((loss, k) => 0 < k && k < losses.length - 1 && loss < losses[k - 1]! && loss < losses[k + 1]!)
    .length > 1;
const secondValleys = kinds.map((kind) => cutsOf(kind).filter(hasSecondValley).length);
console.log(
  kinds.map((kind, i) => `${kind}: ${secondValleys[i]!} of ${cutsOf(kind).length} lines`).join("\n"),
);
if (setting === "everyday" && !(Math.max(...secondValleys) <= 1))
  throw new Error(`next to no line should have a second valley; they are ${secondValleys.join(", ")}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// None of the four, and so the claim does *not* come out: plain-56 is the rougher one in two pairs, residual-56 in the third, and the interval reaches far to both sides of zero. That is not to say that there is no difference. With three pairs only a large one can be told from zero, and two lines around *one* network may lie farther apart than the means of these two.
//
// That is a surprise, because the landscape paper's word for its deep plain networks is *chaotic* (section 6, Figure 5). But it judges by eye, on surfaces that reach twice as far, around networks that are wider. On our lines the walls of plain-56 are higher, and next to no line has a second valley, around any of the networks. Whether a few lines are too few, or the number looks past what an eye sees, the lines cannot say; so look at surfaces. (The third *Try it* asks whether *young* networks are told apart.)
//
// </details>
//
// ## Surfaces to turn
//
// Two directions at once make a surface. Only the loop is new, and it has one trap.
//
// ### Your turn: a slice
//
// Write the loop that measures a slice. `w` is the list of all weights, `first` and `second` are directions of the same length, and `lossAt` gives the loss of a list of weights, after a moment: so wait for it. The result is a list of rows: in row `i` and column `j` stands the loss at `w` + `steps[j]` · `first` + `steps[i]` · `second`.

// %%
type Numbers = ArrayLike<number>;
type LossAt = (weights: number[]) => number | Promise<number>;

/** The losses of a slice through w, a row for each step along the second direction. */
async function lossSlice(
  w: Numbers,
  first: Numbers,
  second: Numbers,
  steps: readonly number[],
  lossAt: LossAt,
): Promise<number[][]> {
  return check.unwritten(w, first, second, steps, lossAt);
}

const sliceOf = await check.yourTurn(lossSlice, turns.lossSlice);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Two loops, the rows outside. Where does each point start: where the last one ended, or at `w`?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// async function lossSlice(
//   w: Numbers,
//   first: Numbers,
//   second: Numbers,
//   steps: readonly number[],
//   lossAt: LossAt,
// ): Promise<number[][]> {
//   const losses: number[][] = [];
//   for (const b of steps) {
//     const row: number[] = [];
//     for (const a of steps) {
//       const moved = Array.from(w, (value, i) => value + a * first[i]! + b * second[i]!);
//       row.push(await lossAt(moved));
//     }
//     losses.push(row);
//   }
//   return losses;
// }
// ```
//
// </details>
//
// The next cell writes a network's weights into one list, and gives the loss of any such list. Then your loop measures the surfaces around plain-56 and residual-56.

// %%
const weightsOf = (model: nn.Network) => model.variables().filter(({ role }) => role === "weight");
/** All weights of a network in one list. */
const flat = (model: nn.Network) =>
  Float32Array.from(weightsOf(model).flatMap(({ variable }) => [...variable.dataSync()]));
const flatDirection = async (model: nn.Network, seed: number) =>
  Float32Array.from([...(await analysis.randomDirection(model, seed)).values()].flatMap((all) => [...all]));

/** Puts a list of weights into a network. */
function place(model: nn.Network, list: Numbers) {
  let from = 0;
  for (const { variable } of weightsOf(model)) {
    const own = Float32Array.from({ length: variable.size }, (_, i) => list[from + i]!);
    tf.tidy(() => {
      variable.assign(tf.tensor(own, variable.shape));
    });
    from += variable.size;
  }
}
const lossOf =
  (model: nn.Network): LossAt =>
  async (list) => {
    place(model, list);
    return (await train.evaluate(model, measured, { progress: "none" })).loss;
  };

// %%
const gridSteps = Array.from({ length: plan.gridPoints }, (_, i) => i / (plan.gridPoints - 1) - 0.5);
const surfaces: { kind: string; grid: plot.Grid }[] = [];
for (const kind of [plainDeep, residualDeep]) {
  const { trained } = networks.find((one) => one.kind === kind)!;
  const centre = flat(trained);
  const directions = [await flatDirection(trained, 1), await flatDirection(trained, 2)] as const;
  const values = await sliceOf(centre, ...directions, gridSteps, lossOf(trained));
  place(trained, centre);
  surfaces.push({ kind, grid: { x: gridSteps, y: gridSteps, values } });
}

// %% [markdown]
// Drag the figures with the mouse; scroll to come nearer. Both have the same floor and the same scale, so heights and colours can be compared. Heights are logarithms; what rises above a loss of 100 is drawn there.
//
// **Predict, then run.** Does a valley beside the middle one appear around either? And on how much of its slice is each network still better than guessing?

// %%
const [guessing, ceiling] = [Math.log(10), 100];
const lowest = Math.min(...surfaces.flatMap(({ grid }) => grid.values.flat().map(Number)));
const drawSurface = ({ kind, grid }: (typeof surfaces)[number]) =>
  plot.surface(grid, {
    title: `The loss surface around ${kind}, seed ${seeds[0]}`,
    x: { title: "a" },
    y: { title: "b" },
    value: { title: "loss (nats)", scale: "log", range: [lowest, ceiling] },
    caption: "The trained network is at (0, 0). Both figures have one scale.",
  });
drawSurface(surfaces[0]!);

// %%
drawSurface(surfaces[1]!);

// %%
/** The share of the slice's points whose loss is below a bound. */
const shareBelow = ({ values }: plot.Grid, bound: number) => {
  const all = values.flat().map(Number);
  return all.filter((loss) => loss < bound).length / all.length;
};
/** The losses of a slice at the places that lie lower than all their neighbours. */
const valleysIn = ({ values }: plot.Grid) => {
  const at = (i: number, j: number) => values[i]?.[j] ?? Infinity;
  const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const));
  const isLower = (i: number, j: number) =>
    around.every(([down, right]) => (down === 0 && right === 0) || at(i, j) < at(i + down, j + right));
  return values.flatMap((row, i) => Array.from(row, Number).filter((_, j) => isLower(i, j)));
};
plot.table(
  surfaces.map(({ kind, grid }) => ({
    network: kind,
    valleys: valleysIn(grid).length,
    "lowest loss": Math.min(...grid.values.flat().map(Number)),
    "highest loss": Math.max(...grid.values.flat().map(Number)),
    "share below guessing": shareBelow(grid, guessing),
    "share below twice that": shareBelow(grid, 2 * guessing),
  })),
  { title: `${gridSteps.length} x ${gridSteps.length} places, half a length of each filter around` },
);

// %% tags=["claim"]
const [aroundPlain, aroundResidual] = surfaces.map(({ grid }) => shareBelow(grid, guessing));
const heights = surfaces.map(({ grid }) => Math.max(...grid.values.flat().map(Number)));
if (setting === "everyday") {
  if (!(aroundResidual! > 2 * aroundPlain!))
    throw new Error(`residual-56 should stay below guessing on more of its slice; got ${aroundPlain!} and ${aroundResidual!}`); // prettier-ignore
  const [ofPlain, ofResidual] = surfaces.map(({ grid }) => valleysIn(grid));
  if (!(ofPlain!.length > 2 && ofPlain!.filter((loss) => loss < guessing).length === 1 && ofResidual!.length === 1 && heights[0]! > 3 * heights[1]!))
    throw new Error(`plain-56 should have shallow valleys beside its own and the higher walls; got ${ofPlain!.join()} and ${ofResidual!.join()}, heights ${heights.join()}`); // prettier-ignore
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Around plain-56, yes: beside the middle valley its slice has several others, all of them shallow, and in none is the network better than guessing. Around residual-56 there is one valley, and the network is still better than guessing on more than twice as much of the slice. So what the roughness of a few lines did not tell shows on the first slice: away from the lines through its middle the surface of plain-56 goes up and down. That is what the landscape paper draws.
//
// Weigh it: one slice around one network of each kind is a picture, and no measurement over seeds. Turn the two figures to the same side: only because they have one scale can the heights be compared at all. With a scale of its own for each, the walls would look equally high.
//
// </details>
//
// Cut the two surfaces into lines, all at one height $b$, to see them one upon the other. **Predict**, before you move $b$ from one end to the other: which of the two is better than guessing in more of the cuts? And where the other one is, is the first one too?

// %%
const clipped = (row: ArrayLike<plot.Value>) =>
  Array.from(row, (loss) => Math.min(Math.max(Number(loss), lowest), ceiling));
plot.moving(
  gridSteps.map((b, i) => ({
    label: b.toFixed(2),
    figure: plot.lines(
      [
        ...surfaces.map(({ kind, grid }) => ({ name: kind, x: gridSteps, y: clipped(grid.values[i]!) })),
        { name: "guessing", x: [gridSteps[0]!, gridSteps.at(-1)!], y: [guessing, guessing] },
      ],
      {
        title: `Cuts through both surfaces, seed ${seeds[0]}`,
        x: { title: "a" },
        y: { title: "loss (nats)", scale: "log", range: [lowest / 1.2, 1.2 * ceiling] },
        caption: "What rises above a loss of 100 is drawn there, as in the surfaces.",
      },
    ),
  })),
  { slider: "b", shown: gridSteps[(gridSteps.length - 1) / 2]!.toFixed(2) },
);

// %% tags=["claim"]
/** For each cut the number of places where the loss is below guessing. */
const [plainBelow, residualBelow] = surfaces.map(({ grid }) =>
  grid.values.map((row) => Array.from(row, Number).filter((loss) => loss < guessing).length),
) as [number[], number[]];
const cutsBelow = (counts: readonly number[]) => counts.filter((count) => count > 0).length;
const [plainLowest, residualLowest] = surfaces.map(({ grid }) =>
  grid.values.map((row) => Math.min(...Array.from(row, Number))),
) as [number[], number[]];
/** The cuts in which the order is the other one. */
const turned = gridSteps.flatMap((_, i) => (plainLowest[i]! < residualLowest[i]! ? [i] : []));
console.log(
  `cuts with a place below guessing: ${plainDeep} ${cutsBelow(plainBelow)}, ${residualDeep} ${cutsBelow(residualBelow)} of ${gridSteps.length}; ` +
    `${plainDeep} has the lower lowest place in ${turned.length}`,
);
if (
  setting === "everyday" &&
  !(
    turned.length > 0 &&
    turned.length < gridSteps.length / 2 &&
    turned.every((i) => plainLowest[i]! > guessing) &&
    cutsBelow(residualBelow) > 1.3 * cutsBelow(plainBelow) &&
    plainBelow.every((count, i) => count === 0 || residualBelow[i]! > count)
  )
)
  throw new Error(
    `residual-56 should be below guessing in more cuts and, in each, at more places, and behind only where both are worse than guessing; got ${plainBelow.join()} and ${residualBelow.join()}, turned at ${turned.join()}`,
  );

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Residual-56, in clearly more of the cuts; and in each cut in which plain-56 is better than guessing somewhere, residual-56 is so at more places. In a few of the cuts, toward the ends, the order turns: there both are worse than guessing, and plain-56's lowest place is the lower one. So "lower everywhere" would be too much said.
//
// </details>
//
// ## What stands still
//
// The slices move the weights and leave batch norm's running averages where the centre has them, as the landscape paper's code does. But away from the centre they are not the averages of what flows there: every norm divides by a deviation that is no longer the right one. How much of the wall is only that? Measure the same lines once more with the statistics of the batch itself, as in training (chapter 02), over all measured images at once.
//
// **Predict, then run.** How high is the wall of plain-56 at half a length from the centre when each norm uses the right statistics: about as high, or near guessing?

// %%
const wholeBatch = measured.batch(Int32Array.from({ length: measured.size }, (_, i) => i));
/** The losses along a line by the batch's own statistics. */
async function freshLine(model: nn.Network, direction: analysis.Direction) {
  const losses: number[] = [];
  for (const a of steps) {
    const loss = await analysis.displaced(model, [[a, direction]], async () => {
      const value = tf.tidy(() => {
        const logits = model.forward(wholeBatch.images, { training: true });
        return tf.losses.softmaxCrossEntropy(tf.oneHot(wholeBatch.labels, 10), logits);
      });
      const [number] = await value.data();
      value.dispose();
      return number!;
    });
    losses.push(loss);
  }
  return losses;
}
const fresh: Cut[] = [];
for (const { kind, seed, trained } of networks.filter(({ kind }) => kinds.includes(kind))) {
  const direction = await analysis.randomDirection(trained, 1000 * seed + 1);
  fresh.push({ kind, seed, losses: await freshLine(trained, direction) });
}

// %%
plot.lines(
  kinds.map((kind) => ({ name: kind, x: steps, y: fresh.find((cut) => cut.kind === kind)!.losses })),
  {
    title: `The same lines with the batch's own statistics (seed ${seeds[0]!})`,
    x: { title: "a, in lengths of each filter" },
    y: { title: "mean loss (nats)", scale: "log" },
    caption: `Guessing among ten classes has a loss of ln 10, ${guessing.toFixed(2)} nats.`,
  },
);

// %%
const freshOf = (kind: string) => fresh.filter((cut) => cut.kind === kind);
/** Of each seed's first line, the one that was measured twice: as it was measured before. */
const stillOf = (kind: string) => seeds.map((seed) => cutsOf(kind).find((cut) => cut.seed === seed)!);
const atEnds = ({ losses }: Cut) => (losses[0]! + losses.at(-1)!) / 2;
const roughOf = (lines: readonly Cut[]) => lines.map(({ losses }) => roughnessOf(logarithms(losses)));
const listed = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(", ");
plot.table(
  kinds.map((kind) => ({
    network: kind,
    "ends, running averages": listed(stillOf(kind).map(atEnds)),
    "ends, own statistics": listed(freshOf(kind).map(atEnds)),
    "roughness, own statistics": listed(roughOf(freshOf(kind))),
  })),
  { title: "The same lines, measured twice; nats at the ends, and roughness, by seed" },
);

// %% tags=["claim"]
if (setting === "everyday") {
  const [still, own, ofResidual] = [stillOf(plainDeep), freshOf(plainDeep), freshOf(residualDeep)].map((lines) => lines.map(atEnds)); // prettier-ignore
  if (!(mean(still!) > 5 * mean(own!) && own!.every((end) => end > 0.8 * guessing && end < 2.5 * guessing) && Math.max(...ofResidual!) < 0.7 * guessing))
    throw new Error(`plain-56 should come down to a few nats, residual-56 below guessing; got ${still!.join()} to ${own!.join()}, and ${ofResidual!.join()}`); // prettier-ignore
  const [plainRough, residualRough] = [roughOf(freshOf(plainDeep)), roughOf(freshOf(residualDeep))];
  if (plainRough.filter((value, seed) => value > residualRough[seed]!).length !== 2)
    throw new Error(`plain-56 should be the rougher one in two pairs; got ${plainRough.join()} and ${residualRough.join()}`); // prettier-ignore
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Far lower. Most of the wall's height is made by averages that no longer fit: with the right ones plain-56 comes down to a few nats, the loss of a network that guesses, or is wrong with confidence. Residual-56 at the same distance is still clearly better than guessing, in every seed. So one difference survives, and it is the plainest one: half a length away plain-56 has forgotten what it knew, and residual-56 has not. By roughness the two are no more told apart than before: plain-56 is the rougher one in two pairs of three.
//
// Read no meaning into how high a wall of such a picture is. The landscape paper's figures are measured in the first way, and so are ours above.
//
// </details>
//
// ## The way down
//
// Where on such a surface did training walk? Not where you would think to look. In so many dimensions a random direction is nearly at a right angle to any given one, so on the surfaces above the path
// would be a dot at the middle. The landscape paper's remedy (section 7) is to choose the plane by the path. Take the weights $w_0, w_1, \dots, w_n$ at moments of the training, and the displacements $u_k = w_k - w_n$ from the place where it ended. Their first **principal component** is the direction $v$ of length 1 that collects most of their squares, $\sum_k (u_k \cdot v)^2$; the second collects most of what is left at a right angle to it.
//
// ### Your turn: the principal direction
//
// How does one find it without a matrix of tens of thousands of rows and columns? By going round: start with any $v$, put
//
// $$ v \leftarrow \sum_k (u_k \cdot v)\, u_k, \qquad v \leftarrow v / \lVert v \rVert, $$
//
// and repeat. Each round multiplies the part of $v$ along a principal direction by the sum of squares that it collects, so the largest wins. (Many programs instead take the eigenvectors of the small matrix of the products $u_j \cdot u_k$. Those are not directions among the weights: they say how much of each $u_k$ to add up.) Fifty rounds are plenty here. The check does not care which of its two ways your $v$ points.

// %%
/** The direction of length 1 along which the displacements have the largest sum of squares. */
function principalDirection(displacements: readonly Numbers[]): number[] {
  return check.unwritten(displacements);
}

const principal = await check.yourTurn(principalDirection, turns.principalDirection);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// One round is two sums: first a number for each displacement, $u_k \cdot v$, then a list as long as $v$. The first displacement is a good $v$ to start with.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function principalDirection(displacements: readonly Numbers[]): number[] {
//   let v = Array.from(displacements[0]!);
//   for (let round = 0; round < 50; round++) {
//     const along = displacements.map((u) => v.reduce((sum, value, i) => sum + u[i]! * value, 0));
//     const next = v.map((_, i) => displacements.reduce((sum, u, k) => sum + along[k]! * u[i]!, 0));
//     const length = Math.sqrt(next.reduce((sum, value) => sum + value ** 2, 0));
//     v = next.map((value) => value / length);
//   }
//   return v;
// }
// ```
//
// </details>
//
// Now a path. The next cell trains residual-20 once more, takes a snapshot of its weights every few steps, and says how many it took.
//
// **Predict, then run.** The path has tens of thousands of coordinates. What share of its variation fits into the best two of them? And what share of a random walk's, which goes nowhere in particular?

// %%
const walker = nn.cifarResNet({ ...networkOptions(shallow, "A"), seed: seeds[0]! });
const footprints = [flat(walker)];
const every = Math.max(1, Math.floor(allSteps / 16));
await train.fit(walker, trainSource, {
  ...recipe,
  seed: seeds[0]!,
  onStep: ({ step }) => {
    if (step % every === 0 && step < allSteps) footprints.push(flat(walker));
  },
});
footprints.push(flat(walker));
console.log(
  `${footprints.length} places on the way, each of ${plot.formatNumber(footprints[0]!.length)} weights`,
);

// %%
/** The inner product. */
const inner = (a: Numbers, b: Numbers) => Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
/** Displacements from the last place, their two principal directions, where each place lies in their plane, and the share that it holds. */
function inBestPlane(places: readonly Numbers[]) {
  const end = places.at(-1)!;
  const all = places.slice(0, -1).map((place) => Array.from(place, (value, i) => value - end[i]!));
  const first = principal(all);
  const rest = all.map((u) => {
    const along = inner(u, first);
    return u.map((value, i) => value - along * first[i]!);
  });
  const second = principal(rest);
  const coordinates = [...all.map((u) => [inner(u, first), inner(u, second)] as const), [0, 0] as const];
  const variation = all.reduce((sum, u) => sum + inner(u, u), 0);
  const held = coordinates.reduce((sum, [x, y]) => sum + x ** 2 + y ** 2, 0);
  return { first, second, coordinates, share: held / variation };
}

// %%
/** Random steps, as many and as long as those of the path. */
function randomWalk(places: readonly Float32Array[]) {
  const walk = [places[0]!];
  for (const [k, place] of places.slice(1).entries()) {
    const moved = place.map((value, i) => value - places[k]![i]!);
    const step = tf.tidy(() => tf.randomNormal([place.length], 0, 1, "float32", 5000 + k).dataSync());
    const factor = Math.sqrt(inner(moved, moved) / inner(step, step));
    walk.push(walk.at(-1)!.map((value, i) => value + factor * step[i]!));
  }
  return walk;
}
const path = inBestPlane(footprints);
const walked = inBestPlane(randomWalk(footprints));
const ofWeights = Math.sqrt(inner(footprints.at(-1)!, footprints.at(-1)!));
const farthest = (places: readonly (readonly [number, number])[]) =>
  Math.max(...places.map(([x, y]) => Math.hypot(x, y))) / ofWeights;
const random = [await flatDirection(walker, 1), await flatDirection(walker, 2)] as const;
const inRandomPlane = footprints.map((place) => {
  const u = place.map((value, i) => value - footprints.at(-1)![i]!);
  const along = (direction: Numbers) => inner(u, direction) / Math.sqrt(inner(direction, direction));
  return [along(random[0]), along(random[1])] as const;
});

// %%
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
plot.table(
  [
    ["training", "its two principal directions", percent(path.share), farthest(path.coordinates)] as const,
    ["training", "two random directions", "–", farthest(inRandomPlane)] as const,
    ["a random walk", "its two principal directions", percent(walked.share), farthest(walked.coordinates)] as const, // prettier-ignore
  ].map(([path, plane, share, far]) => ({ path, plane, "share of the path": share, "farthest place": far })),
  { title: "Two paths in planes; distances in lengths of the trained weights" },
);

// %%
const coordinates = [0, 1].map((k) => path.coordinates.map((place) => place[k]! / ofWeights)) as [
  number[],
  number[],
];
const [low, high] = [Math.min(...coordinates.flat()), Math.max(...coordinates.flat())];
const margin = 0.15 * (high - low);
const pathSteps = Array.from(
  { length: plan.gridPoints },
  (_, i) => low - margin + (i * (high - low + 2 * margin)) / (plan.gridPoints - 1),
);
const scaled = (direction: Numbers) => Array.from(direction, (value) => value * ofWeights);
const end = footprints.at(-1)!;
const around = await sliceOf(end, scaled(path.first), scaled(path.second), pathSteps, lossOf(walker));
place(walker, end);
plot.heatMap(
  { x: pathSteps, y: pathSteps, values: around },
  {
    title: "Where training walked",
    x: { title: "along the first principal direction, in lengths of the trained weights" },
    y: { title: "along the second, likewise" },
    value: { title: "loss (nats)", scale: "log" },
    path: { name: "training path", x: coordinates[0], y: coordinates[1] },
    caption:
      "The path begins at the initial weights and ends at (0, 0). Colours are losses with the final network's running averages, scales and shifts, not those the network had on its way.",
  },
);

// %% tags=["claim"]
if (!(path.share > 0.6 && farthest(inRandomPlane) < 0.1 * farthest(path.coordinates)))
  throw new Error(`the path should lie in its best plane and be a dot in a random one; its share is ${path.share}`); // prettier-ignore
if (setting === "everyday" && !(path.share > 0.9 && walked.share > 0.75 && path.share - walked.share < 0.15))
  throw new Error(`a random walk should have nearly as large a share; it has ${walked.share}, the path ${path.share}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Nearly all of the training path lies in a plane, while in a random plane it hardly leaves the centre. The landscape paper finds 40 to 90 % of its paths in two directions (section 7). It looks as if training strode down a valley.
//
// The surprise is the last row. A random walk in as many dimensions, with steps as long, has almost the same share in its best plane, although it goes nowhere in particular. That is no accident: measured from its end, a long walk in many dimensions has $8 / (\pi^2 (2k - 1)^2)$ of its variation along the $k$-th direction, which makes nine tenths for the first two. Antognini and Sohl-Dickstein (*PCA of High Dimensional Random Walks with Comparison to Neural Network Training*, 2018,
// [arXiv:1806.08805](https://arxiv.org/abs/1806.08805)) work out the like for displacements from the path's mean, where the shares are $6 / (\pi^2 k^2)$. So "most of the path lies in a plane" is a weak statement. Only what goes beyond the walk's share says anything about training.
//
// </details>
//
// You can watch that happen. The next figure draws a random walk of sixteen steps in its own best plane, in 2 dimensions, 10, and so on. **Predict**: with more dimensions, does the walk look more tangled there, or less?

// %%
/** A random walk of sixteen steps from the origin; each coordinate's steps are normally distributed. */
function walkIn(dimensions: number) {
  const drawn = tf.tidy(() =>
    tf.randomNormal([16, dimensions], 0, 1, "float32", 30).dataSync<"float32">(),
  ); // prettier-ignore
  const places = [new Float32Array(dimensions)];
  for (let k = 0; k < 16; k++)
    places.push(places.at(-1)!.map((value, i) => value + drawn[k * dimensions + i]!));
  return places;
}
const walks = [2, 10, 100, 1000, 10_000].map((dimensions) => {
  const { coordinates: drawn, share } = inBestPlane(walkIn(dimensions));
  const far = Math.max(...drawn.map(([x, y]) => Math.hypot(x, y)));
  // A principal direction has no sign: every walk begins on the right, and is above the axis halfway.
  const signs = [drawn[0]![0], drawn[8]![1]].map(Math.sign) as [number, number];
  return {
    dimensions,
    share,
    x: drawn.map(([x]) => (signs[0] * x) / far),
    y: drawn.map(([, y]) => (signs[1] * y) / far),
  };
});

// %%
plot.moving(
  walks.map(({ dimensions, x, y }) => ({
    label: dimensions.toLocaleString("en"),
    figure: plot.lines([{ name: "random walk", x, y }], {
      title: "A random walk in its best plane",
      x: { title: "first principal direction" },
      y: { title: "second principal direction" },
      caption: "Sixteen steps. It ends at (0, 0), and its farthest place has the distance 1.",
    }),
  })),
  { slider: "dimensions", shown: "1,000" },
);

// %% tags=["claim"]
/** How many steps lead away from the end along the first direction. */
const backwards = (x: readonly number[]) => x.slice(1).filter((value, k) => value > x[k]!).length;
console.log(
  walks
    .map(
      ({ dimensions, share, x }) =>
        `${dimensions} dimensions: share ${share.toFixed(2)}, ${backwards(x)} of 16 steps lead back`,
    ) // prettier-ignore
    .join("\n"),
);
const [inTwo, inMany] = [walks[0]!, walks.at(-1)!];
if (!(
  Math.abs(inTwo.share - 1) < 1e-6 &&
  backwards(inTwo.x) >= 4 &&
  backwards(inMany.x) === 0 &&
  inMany.share > 0.85 &&
  inMany.share < 0.95
))
  throw new Error("in many dimensions the walk should go straight along its first direction");

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Less: from a tangle it becomes a bow without a single step back, a path that looks as if it knew where it went. Nothing about the walk has changed but its dimensions. In two of them the plane holds all of it, and in many about nine tenths, by the law above. Try other seeds. And compare the bow with the figure of the training path, which lives in even more dimensions.
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
// The heights along a line are 1, 3, 5, 7, 9. What is its roughness?
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
// | raw directions compare badly, filter-normalised ones do not (sections 4 and 5) | shown above on a network and its rescaled twin, exactly |
// | without shortcuts depth turns the surface from nearly convex to chaotic (section 6, Figure 5) | on lines higher walls, but by roughness not told apart with three pairs; on a slice several valleys |
// | with shortcuts deep surfaces stay smooth (section 6, Figure 5) | one valley on the slice of residual-56, and walls like the shallow networks' |
// | 40 to 90 % of a path of training lies in a plane (section 7) | the table above, beside a random walk |
// | test errors of all those networks on CIFAR-10 | not run |
//
// The paper trains on CIFAR-10 for 300 epochs, its deep plain networks at a lower rate, and measures over whole data sets. Here are fewer images of 14×14 pixels, 60 epochs, and a few hundred images for each point.
//
// ## What such a picture can and cannot prove
//
// - **It shows** that around our trained networks, along random filter-normalised directions, plain-56 has the higher walls, and with the right statistics loses what it knows sooner than residual-56, in every pair of seeds. One slice around plain-56 has several valleys, and one around residual-56 a single one. That plain-56 is rougher, by our number, it does not show.
// - **It cannot show what training meets.** SGD does not walk along random directions. A network nobody would ever reach may sit under every bump you see.
// - **It averages curvature.** Böttcher and Wheeler (*Visualizing High-Dimensional Loss Landscapes with Hessian Directions*, 2022, [arXiv:2208.13219](https://arxiv.org/abs/2208.13219)) show that random
//   planes seldom show a saddle as a saddle: what they show is the *mean* curvature over all dimensions.
// - **The networks differ in more than their shortcuts.** Plain-56 has a higher loss, so we look around a worse place. Is the surface rough because training failed, or did training fail because it is rough? A picture at the end
//   cannot tell. The third *Try it* looks at the beginning.
// - **The statistics stand still**, and *What stands still* measured how much of the picture that makes.
// - **Not known**: how roughness on such slices relates to how fast SGD gets down. In the paper the two go together; here the network that trains worst is not told apart by its roughness. We know of no derivation of one from the other.
//
// `RESIDUAL_SETTING=full npm run notebooks -- 07` takes more lines and finer surfaces, and trains your own networks for 60 epochs; plan for a GPU.
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
// 1. Take the roughness of the losses themselves in place of their logarithms. Do you come to the same verdict, and how much of it rests on the two ends of the lines? (Easy, 10 minutes.)
// 2. Leave the filter normalisation out and compare residual-56 trained with a weight decay of 0 and of $10^{-3}$. What would you have concluded? (Medium, 20 minutes.)
// 3. Train plain-56 and residual-56 yourself, from three seeds, and measure the roughness *before* training and after each of a few epochs. Are *young* networks told apart? And which comes first, the roughness or the failure? (Medium, 30 minutes.)
// 4. Draw the line from residual-56 to residual-56 of another seed, by `analysis.directionTo`. Is there a wall between two good networks? (Medium, 20 minutes.)
//
// ## Where to read on
//
// - The landscape paper: section 6 measures convexity by eigenvalues of the Hessian, which answers part of the doubt above.
// - Dinh, Pascanu, Bengio, Bengio: *Sharp Minima Can Generalize For Deep Nets*, 2017, [arXiv:1703.04933](https://arxiv.org/abs/1703.04933): networks with other weights and the same function, as an argument against measures of flatness.
// - Goodfellow, Vinyals, Saxe: *Qualitatively Characterizing Neural Network Optimization Problems*, 2015, [arXiv:1412.6544](https://arxiv.org/abs/1412.6544): the straight line from start to end.
// - Santurkar, Tsipras, Ilyas, Madry: *How Does Batch Normalization Help Optimization?*, 2018, [arXiv:1805.11604](https://arxiv.org/abs/1805.11604): smoothness measured along the path that training takes.
//
// The next chapter moves the ReLU, and makes the identity in a residual network whole.
