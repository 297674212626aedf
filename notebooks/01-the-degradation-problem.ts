// %% [markdown]
// # 01 The degradation problem
//
// Stack more layers on a network that works, and it should do at least as well: the added layers could copy their input and
// change nothing. In practice it does worse, on the very images it is trained on. This chapter shows that with your own hands,
// and tests the two explanations that come to mind first.
//
// **When you are through you can**
// - show that a deeper plain network has a higher *training* loss, with an interval that says how sure you are;
// - say why that is not overfitting, measure whether gradients vanish, with a function of your own, and how long a step is beside the weights that it moves;
// - test a suspicion about the first steps with runs that differ in nothing else;
// - build the better deep network by hand, and so prove that it exists.
//
// **Time.** Reading and writing: 55 minutes. Running: a few minutes on two CPU cores; the long cells show how much is left. The next cell says what
// this machine computes with.
//
// **Source.** He, Zhang, Ren, Sun: *Deep Residual Learning for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385).
// We call it *the ResNet paper*. This chapter follows its section 1 and the plain networks of sections 4.1 and 4.2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";
import { turns } from "./turns/01";

const info = await runtime.ready();
console.log(info.describe());

const { tf } = runtime;

// %% [markdown]
// ## The networks
//
// A **plain network** is a chain: convolution, batch normalisation, ReLU, again and again.
// - **Batch normalisation** (batch norm for short) takes one channel over all places of all images of a batch, subtracts its mean and divides by its standard deviation
//   (the root of the mean squared distance from the mean). Then it multiplies by a *scale* and adds a *shift*, two parameters for each channel.
// - A **ReLU** sets what is negative to zero: $\max(x, 0)$.
//
// The ResNet paper's networks for CIFAR-10 (section 4.2) have one convolution, then three **stages** of $2n$ convolutions of 3×3 each. Every stage after the
// first halves the height and width and doubles the channels. **Global average pooling** (the mean of each channel over all places) and one **dense layer** (for each
// class a weighted sum of the channels) end the chain.
// That makes $6n + 2$ layers with weights:
//
// $$ \underbrace{1}_{\text{first convolution}} + \underbrace{3 \cdot 2n}_{\text{three stages}} + \underbrace{1}_{\text{dense}} = 6n + 2. $$
//
// We compare $n = 3$ (20 layers) with $n = 9$ (56 layers), as Figure 1 of the paper does.
//
// ### Your turn: batch norm
//
// Batch norm has two modes, because an answer must not depend on which other images are asked about at the same time. **In training** it takes mean and variance from the batch, and notes them in its **running averages**. **In inference**,
// when the network is used, it takes those averages instead. For one channel with the values $x_1, \dots, x_n$, a scale $\gamma$ and a shift $\beta$ it gives
//
// $$ y_i = \gamma \, \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta, $$
//
// where $\varepsilon = 10^{-5}$ keeps the root from zero. Write it for one channel. In training $\mu$ is the mean of the $x_i$ and $\sigma^2$ their mean squared distance from it (divided by $n$). Each running average keeps nine tenths of its value and takes
// a tenth of the batch's; for the variance that is the one divided by $n - 1$ (as in Ioffe and Szegedy's Algorithm 2), because it stands for all images and not for these alone. In inference $\mu$ and $\sigma^2$ are the running averages, which stay as they are.

// %%
type Norm = { readonly scale: number; readonly shift: number; readonly mean: number; readonly variance: number }; // prettier-ignore
type Normed = { readonly y: number[]; readonly mean: number; readonly variance: number };

/** One channel's values and its normalisation give the new values and both running averages afterwards. */
function batchNorm(x: readonly number[], norm: Norm, training: boolean): Normed {
  return check.unwritten(x, norm, training);
}

const normalise = await check.yourTurn(batchNorm, turns.batchNorm);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// First the batch's mean and variance. Which mean and variance does the formula take in this mode? How does a variance divided by $n$ become one divided by $n - 1$?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function batchNorm(x: readonly number[], norm: Norm, training: boolean): Normed {
//   const n = x.length;
//   const mean = x.reduce((sum, value) => sum + value, 0) / n;
//   const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
//   const by = training ? { mean, variance } : norm;
//   const y = x.map((value) => (norm.scale * (value - by.mean)) / Math.sqrt(by.variance + 1e-5) + norm.shift);
//   if (!training) return { y, mean: norm.mean, variance: norm.variance };
//   const unbiased = (variance * n) / (n - 1);
//   return { y, mean: 0.9 * norm.mean + 0.1 * mean, variance: 0.9 * norm.variance + 0.1 * unbiased };
// }
// ```
//
// </details>

// %% [markdown]
// ## The data
//
// The images are smaller than the paper's, so that you can wait for the result: Fashion-MNIST, photographs of clothes in
// ten classes, 10,000 for training and 2,000 for testing, averaged down from 28×28 to 14×14 pixels. The networks are half as wide
// (8, 16 and 32 channels instead of 16, 32 and 64). Their depths are the paper's.

// %%
const setting = runtime.setting();
/** The images as data too: which ones, so many of each class for training and for testing, and squares of 2×2 pixels averaged. */
const images: train.SweepData = {
  name: "fashion-mnist-sample",
  perClass: [setting === "ci" ? 300 : 1000, 200], // the tests' own setting has fewer
  downsample: 2,
};
const trainImages = data.downsample(
  await data.load(images.name, { split: "train", perClass: images.perClass![0] }),
  2,
);

plot.imageGrid(trainImages, {
  title: "Ten images of each class",
  count: 100,
  columns: 20,
  caption: "Fashion-MNIST at 14×14 pixels: small, and still enough to tell a boot from a bag.",
});

// %% [markdown]
// One training run is the recipe of the paper in short. **Stochastic gradient descent** takes the images in random order, a batch of 128 at a time, computes the gradient of their mean loss, and moves all
// parameters against it. With **momentum** $m$ the step is not the gradient alone but a running sum, in which every older gradient has faded by a factor $m$ a step:
//
// $$ v \leftarrow m \, v + g, \qquad w \leftarrow w - \eta \, v, $$
//
// with $w$ the parameters, $g$ their gradient and $\eta$ the learning rate. That is the step that you wrote in chapter 00; $m$ is 0.9 and $\eta$ is 0.1. (A weight decay of $10^{-4}$ is added, which chapter 02 explains.) The paper trains for 64,000 steps and divides the rate on the way; we take a few hundred at one rate,
// and look below at what is left of the result after many more.
// The **seed** sets the initial weights and the order of the images. Both depths use the same seeds, so we compare like with like.

// %%
const plans = {
  ci: { seeds: [1, 2, 3, 4], epochs: 3, gentleRuns: 1 },
  everyday: { seeds: [1, 2, 3], epochs: 3, gentleRuns: 2 },
  full: { seeds: [1, 2, 3, 4, 5], epochs: 60, gentleRuns: 5 },
};
const plan = plans[setting];
const firstSeed = plan.seeds[0]!;

const trainSource = data.batches(trainImages, { normalise: data.channelStatistics(trainImages) });

/** A network as data: its family and options. Whoever has these and a seed can build it. */
const plain = (depth: number) =>
  ({
    name: `plain-${depth}`,
    model: "cifarResNet",
    options: { depth, shortcut: "none", widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 },
  }) as const;
const plainNetwork = (depth: number, seed: number) => nn.cifarResNet({ ...plain(depth).options, seed });

const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.constant(0.1),
};

console.log(plainNetwork(20, 1).summary().toString());

// %% [markdown]
// ## Predict, then run
//
// The next cell trains both depths, once for each seed. `train.sweep` gives each run a process of its own with one thread, and as many run side by side as
// there are cores, because networks so small train much faster so. A run's numbers are the same bits on any number of cores, since each has one thread.
//
// Before you run it, write down your answers:
//
// 1. Which depth has the lower **training** loss at the end, 20 or 56 layers?
// 2. Is the difference larger or smaller than the difference between two seeds?
//
// The deeper network has everything that the shallower has, and 36 layers more. Training loss asks only how well a network
// fits images it has seen, so more layers can hardly hurt. Or can they?

// %%
const depths = [20, 56];
const { runs } = await train.sweep({
  networks: depths.map(plain),
  data: images,
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: plan.seeds,
});
const runsOf = (depth: number) => runs.filter(({ name }) => name === plain(depth).name);

plot.trainingCurves(
  depths.map((depth) => ({
    name: `plain, ${depth} layers`,
    runs: runsOf(depth).map(({ history }) => history.map(({ loss }) => loss)),
  })),
  {
    title: "Training loss of two plain networks",
    x: { title: "epoch" },
    y: { title: "mean training loss (nats)" },
    caption: "Lines are means over the seeds, bands reach from the lowest to the highest run.",
  },
);

// %%
const lastLoss = (depth: number, seed: number) =>
  runsOf(depth)
    .find((run) => run.seed === seed)!
    .history.at(-1)!.loss;

const gaps = plan.seeds.map((seed) => lastLoss(56, seed) - lastLoss(20, seed));

plot.table(
  plan.seeds.map((seed, i) => ({
    seed,
    "20 layers": lastLoss(20, seed),
    "56 layers": lastLoss(56, seed),
    gap: gaps[i]!,
  })),
  { title: "Mean training loss in the last epoch (nats)" },
);

// %% tags=["claim"]
const spreadOfSeeds = (depth: number) => {
  const losses = plan.seeds.map((seed) => lastLoss(depth, seed));
  return Math.max(...losses) - Math.min(...losses);
};
if (setting === "everyday") {
  if (!(Math.min(...gaps) > 3 * spreadOfSeeds(20) && gaps.every((gap, i) => gap > lastLoss(20, plan.seeds[i]!))))
    throw new Error(`every gap should dwarf the seeds of plain-20, and its loss; got gaps ${gaps.join(", ")}`); // prettier-ignore
  if (!(spreadOfSeeds(56) > 3 * spreadOfSeeds(20)))
    throw new Error(`seeds should lie much farther apart at 56 layers; got ${spreadOfSeeds(56)} and ${spreadOfSeeds(20)}`); // prettier-ignore
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// 1. With every seed the network of 20 layers has the lower training loss, and the deeper one has more than twice as much.
// 2. The difference is many times as large as what seeds make at 20 layers. The surprise is the other depth: at 56 layers the seeds lie many times as far apart, so how badly the deeper network does is partly luck. That it does worse is not.
//
// </details>
//
// ## How sure are we?
//
// The seeds give us pairs: with seed 1, one loss at 20 layers and one at 56, and so on.
// The **gap** of a pair is the loss at 56 layers minus the loss at 20. If depth did not matter, gaps would scatter about zero.
//
// With $k$ gaps of mean $\bar g$ and standard deviation $s$, the 95 % **confidence interval** of the true mean gap is
//
// $$ \bar g \pm t_{k-1} \, \frac{s}{\sqrt{k}}, $$
//
// where $t_{k-1}$ is Student's quantile for $k - 1$ degrees of freedom. With few seeds it is wide, as it should be, because few values say little of how much they scatter. It supposes that gaps scatter normally, which so few of them cannot confirm. Counting supposes less: if depth did not matter, each gap would be above zero with probability $\frac12$, and all $k$ of them with $2^{-k}$. (Pairs are the right way here because both depths use the same seeds. Where the runs of two networks have nothing in
// common, each network's own deviation counts, and that is what an exercise of this chapter is about. Chapter 06 has a page on *how to compare two networks*.)
//
// The next cell states the claim of this chapter and stops the notebook if the runs above do not bear it out. Were there no
// effect, an interval of 95 % would lie above zero by chance in 2.5 % of such experiments: that is its rate of false alarms.

// %%
const gap = analysis.meanInterval(gaps);
console.log(
  `The gap is ${gap.mean.toFixed(2)} nats; 95 % interval ${gap.lower.toFixed(2)} to ${gap.upper.toFixed(2)} over ${gap.count} seeds.\n` +
    `${gaps.filter((one) => one > 0).length} of ${gap.count} gaps are above zero; by chance all are once in ${2 ** gap.count} times.`,
);
if (gap.lower <= 0) {
  throw new Error(
    `no degradation shown: the interval of the gap, ${gap.lower.toFixed(2)} to ${gap.upper.toFixed(2)}, reaches below zero`,
  );
}

// %% [markdown]
// ## Is it overfitting?
//
// **Overfitting** is to be *good* on the training images and bad on new ones. So look at both, with the weights fixed and in inference mode. **Predict**: if the deeper network overfitted, which of its two errors would be the lower one, and which of the four dots of a seed would lie lowest?

// %%
// Each run of the sweep was measured so after its last step, on both splits.
const errorsOf = (depth: number, split: "train" | "test") =>
  runsOf(depth).map(({ metrics }) => 100 * (1 - metrics[split].accuracy));

plot.dots(
  depths.map((depth) => ({
    name: `plain, ${depth} layers`,
    values: [errorsOf(depth, "train"), errorsOf(depth, "test")],
  })),
  {
    title: "Error on images seen and unseen",
    x: { title: "images", categories: ["training", "test"] },
    y: { title: "error (%)" },
    caption: "A dot for each seed, a dash at their mean. Guessing errs on 90 %.",
  },
);

// %% tags=["claim"]
if (setting === "everyday") {
  const [shallowErrors, deepErrors] = [errorsOf(20, "train"), errorsOf(56, "train")];
  if (!deepErrors.every((error, i) => error > shallowErrors[i]!))
    throw new Error(`plain-56 should err more on its training images; got ${deepErrors.join(", ")} %`);
  const fromTraining = deepErrors.map((error, i) => Math.abs(errorsOf(56, "test")[i]! - error));
  if (!(Math.max(...fromTraining) < 3))
    throw new Error(`plain-56 should err alike on both; it is ${fromTraining.join(", ")} points apart`);
}

// %%
/** After the last step, on all training images, in inference mode. */
const lossInInference = (depth: number) => runsOf(depth).map(({ metrics }) => metrics.train.loss);
plot.table(
  plan.seeds.map((seed, i) => ({
    seed,
    "20 layers, training mode": lastLoss(20, seed),
    "20 layers, inference mode": lossInInference(20)[i]!,
    "56 layers, training mode": lastLoss(56, seed),
    "56 layers, inference mode": lossInInference(56)[i]!,
  })),
  { title: "Loss on the training images in both modes: over the last epoch, and after it (nats)" },
);

// %% tags=["claim"]
const averageOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const lagOf = (depth: number) =>
  averageOf(plan.seeds.map((seed, i) => lossInInference(depth)[i]! - lastLoss(depth, seed)));
if (setting === "everyday" && !(lagOf(56) > lagOf(20) + 0.1))
  throw new Error(`inference mode should cost plain-56 more; got ${lagOf(56)} and ${lagOf(20)} nats`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// A network that overfits has its lower error on the training images, and of a seed's four dots the deeper network's would lie lowest there. This one is worse on those already, with every seed, and about as bad on new images: it has not learned its images too well but too badly.
//
// How *much* worse, the dots exaggerate. They are of inference mode, and the table shows that this mode costs more at 56 layers than at 20. The running averages of a network whose weights still move fast lag behind, and each layer hands the error of its averages on to the next. So take from the figure which network is worse, and from the losses in training mode by how much.
//
// </details>
//
// The paper puts it so in section 1: the degradation is *not caused by overfitting*, because adding layers gives a higher *training* error.
// Its Table 2 reports the same on ImageNet: plain-18 has a top-1 validation error of 27.94 %, plain-34 of 28.54 %. (The **top-1 error** is the share of images whose class is not the network's first choice;
// validation images are kept out of training.) And the paper's Figure 4 shows that plain-34 has the higher training error all the way.
//
// ## And after convergence?
//
// A few hundred steps are the beginning of training. Perhaps the deep network is only slow? That takes longer runs than you want to wait for, so they are kept with the course: `npm run reproduce -- study converged` trains plain networks of four depths on the same images for 60 epochs,
// with random crops and mirrored images, and with a rate that is divided by ten after one half and after three quarters of the steps. The next cell shows what is recorded of it so far **beside your own short run**: two different things, which share images, widths and depths.
//
// **Predict**: after 60 epochs, does the gap between 20 and 56 layers close?

// %%
const study = await train.recordedStudy("converged");
const recorded = (depth: number) => study.networks.find(({ name }) => name === plain(depth).name)!;
const recordedDepths = [20, 32, 44, 56];
console.log(study.conditions);

plot.dots(
  [
    {
      name: `your run: ${plan.epochs} epochs`,
      values: recordedDepths.map((depth) => errorsOf(depth, "train")),
    },
    {
      name: "recorded: 60 epochs",
      values: recordedDepths.map((depth) => recorded(depth).errors.train),
    },
  ],
  {
    title: "Training error of plain networks, short and converged",
    x: { title: "layers", categories: recordedDepths.map(String) },
    y: { title: "error on all training images (%)" },
    caption: "A dot for each seed, a dash at their mean. Where no dot is shown, nothing was run or recorded.",
  },
);

// %%
/** Seed by seed: how many points more plain-56 errs than plain-20, after 60 epochs. */
const recordedGaps = (split: "train" | "test") =>
  recorded(20).seeds.flatMap((seed, i) => {
    const j = recorded(56).seeds.indexOf(seed);
    return j < 0 ? [] : [recorded(56).errors[split][j]! - recorded(20).errors[split][i]!];
  });
const gapRow = (what: string, points: readonly number[]) => {
  const { mean, lower, upper } =
    points.length > 1 ? analysis.meanInterval(points) : { mean: points[0] ?? null, lower: null, upper: null };
  const above = points.filter((difference) => difference > 0).length;
  return { what, seeds: points.length, "above zero": above, "mean (points)": mean, "95 % from": lower, to: upper }; // prettier-ignore
};
const yours = errorsOf(56, "train").map((error, i) => error - errorsOf(20, "train")[i]!);
plot.table(
  [
    gapRow(`your ${plan.epochs} epochs, training images`, yours),
    gapRow("recorded 60 epochs, training images", recordedGaps("train")),
    gapRow("recorded 60 epochs, test images", recordedGaps("test")),
  ],
  { title: "Error of plain-56 minus plain-20" },
);

// %%
const recordedCurves = [20, 56]
  .map((depth) => ({ name: `plain, ${depth} layers`, runs: recorded(depth).curves.error }))
  .filter(({ runs: own }) => own.length > 0);
recordedCurves.length === 0
  ? "No curve is recorded yet."
  : plot.trainingCurves(recordedCurves, {
      title: "The recorded runs: error while training",
      x: { title: "epoch" },
      y: { title: "error on cropped and mirrored training images (%)" },
      caption:
        "Lines are means over the recorded seeds, bands reach from the lowest to the highest. The rate falls after epochs 30 and 45.",
    });

// %% tags=["claim"]
const stillBehind = [...recordedGaps("train"), ...recordedGaps("test")];
if (!stillBehind.every((points) => points > 0))
  throw new Error(`the text below says that every recorded gap is above zero; got ${stillBehind.join(", ")}`);
if (
  setting === "everyday" &&
  recordedGaps("train").length > 0 &&
  !(averageOf(recordedGaps("train")) < averageOf(yours))
)
  throw new Error(
    `the recorded gap should be smaller than this run's; got ${recordedGaps("train").join(", ")}`,
  );

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// So many more steps shrink the gap and do not close it: in every recorded pair the deeper network errs more, on training images and on test images. A network that is only slow to start would catch up, and the curves show that it does not: when the rate falls, both depths gain a little at once, and then both are nearly flat, at different heights. So the short run exaggerates
// the effect, but did not make it.
//
// Read it with its limits: these are small images and narrow networks, and 60 epochs of them are a fourteenth of the paper's steps. The paper itself reports (footnote 3) that three times the iterations did not make its own gap go away.
//
// </details>
//
// ## Is it vanishing gradients?
//
// The next suspect is older. Backpropagation multiplies one factor for each layer it passes. Factors below one make the gradient
// *vanish* on its way down, factors above one make it *explode*, and either would keep a network from learning.
//
// So measure it, at every **unit** (two convolutions with their normalisations and ReLUs) of a 56-layer network. With $E$ for the loss and $x$ for the values that the unit gives, its *activations*, take
//
// - the standard deviation of $x$, the *spread* for short, which tells whether the signal survives the way up;
// - the norm (the root of the sum of squares) of $\partial E / \partial x$, the gradient of the loss with respect to them, which tells whether it
//   survives the way down.
//
// ### Your turn: gradients on their way down
//
// A network is a list of layers here, each a function of a tensor. Write what gives, for the output of each layer, the norm of the loss's gradient with respect to it, in the order of the layers.
//
// `tf.grad(f)(x)` gives the gradient of a function of a tensor whose value is one number. For a layer, whose value is a tensor, `tf.grad(layer)(input, above)` takes the gradient that has arrived at the layer's *output*, and gives the one that goes on to its *input*: one step of
// the way down. (Other libraries have *hooks* for this, functions that are called with each gradient as it passes.)

// %%
type Tensor = runtime.tf.Tensor;
type Layer = (x: Tensor) => Tensor;
type LossOf = (output: Tensor) => runtime.tf.Scalar;

/** For the output of each layer: the norm of the gradient of the loss with respect to it. */
function gradientNorms(layers: readonly Layer[], lossOf: LossOf, x: Tensor): number[] {
  return check.unwritten(layers, lossOf, x);
}

const normsDown = await check.yourTurn(gradientNorms, turns.gradientNorms);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Go up first and keep every layer's output. The loss's own gradient with respect to the last output starts the way down. Which layer's `tf.grad` leads from the output of layer $i$ to that of layer $i - 1$? `tf.norm(g).dataSync()[0]!` is a norm as a number.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function gradientNorms(layers: readonly Layer[], lossOf: LossOf, x: Tensor): number[] {
//   const outputs: Tensor[] = [];
//   for (const layer of layers) outputs.push(layer(outputs.at(-1) ?? x));
//   const norms: number[] = [];
//   let gradient = tf.grad(lossOf)(outputs.at(-1)!);
//   for (let i = layers.length - 1; i >= 0; i--) {
//     norms.unshift(tf.norm(gradient).dataSync()[0]!);
//     if (i > 0) gradient = tf.grad(layers[i]!)(outputs[i - 1]!, gradient);
//   }
//   return norms;
// }
// ```
//
// </details>
//
// Now look at three moments: before training, after 20 steps, and after training.
//
// **Predict first**: over the 27 units, by what factor will the gradient's norm change? If every layer multiplied it by 0.8, the
// factor would be $0.8^{54} \approx 6 \times 10^{-6}$.

// %%
const batch = trainSource.batch(Int32Array.from({ length: 128 }, (_, i) => i));
const training = { training: true };

/** Your function on a network's units: what comes before them makes x, and what follows belongs to the loss. Running averages move, so the network is not to be used in inference mode afterwards. */
function unitNorms(network: nn.Network): number[] {
  const { stem, pool, head } = network.parts as Record<string, nn.Layer>;
  const units = network.units.map(
    ({ unit }): Layer =>
      (x) =>
        unit.forward(x, training),
  );
  const logitsOf = (x: Tensor) => head!.forward(pool!.forward(x, training), training) as runtime.tf.Tensor2D;
  return tf.tidy(() =>
    normsDown(
      units,
      (x) => tf.mean(runtime.softmaxCrossEntropy(logitsOf(x), batch.labels)),
      stem!.forward(batch.images, training),
    ),
  );
}

const young = plainNetwork(56, firstSeed);
await train.fit(young, trainSource, { ...recipe, steps: 20, seed: firstSeed, progress: "none" });
const moments = [
  { name: "before training", network: plainNetwork(56, firstSeed) },
  { name: "after 20 steps", network: young },
  { name: "after training", network: await runsOf(56)[0]!.load() },
];

// %%
const signals: { name: string; units: analysis.Signal[]; norms: number[] }[] = [];
for (const { name, network } of moments) {
  const units = await analysis.signalsThroughDepth(network, batch.images, batch.labels);
  signals.push({ name, units, norms: unitNorms(network) });
}
plot.lines(
  signals.map(({ name, norms }) => ({ name, y: norms })),
  {
    title: "Gradient of the loss at each unit of plain-56",
    x: { title: "unit, counted from the images" },
    y: { title: "norm of dE/dx", scale: "log" },
    caption: "Measured by your function. Backpropagation runs from right to left.",
  },
);

// %%
plot.lines(
  signals.map(({ name, units }) => ({ name, y: units.map(({ deviation }) => deviation) })),
  {
    title: "Spread of the activations at each unit of plain-56",
    x: { title: "unit, counted from the images" },
    y: { title: "standard deviation of x", scale: "log" },
    caption: "The forward pass runs from left to right.",
  },
);

// %%
plot.table(
  signals.map(({ name, units, norms }) => ({
    moment: name,
    "gradient at unit 1": norms[0]!,
    "gradient at unit 27": norms.at(-1)!,
    "unit 1 over unit 27": norms[0]! / norms.at(-1)!,
    "spread at unit 1": units[0]!.deviation,
    "spread at unit 27": units.at(-1)!.deviation,
  })),
  { title: "From the last unit to the first" },
);

// %% tags=["claim"]
for (const { name, units, norms } of signals) {
  const off = units.map(({ gradientNorm }, i) => Math.abs(norms[i]! / gradientNorm - 1));
  if (!(Math.max(...off) < 1e-2))
    throw new Error(`${name}: your norms and the library's should agree; they are ${Math.max(...off)} apart`);
}
const overUnits = signals.map(({ norms }) => norms[0]! / norms.at(-1)!);
const spreadsAtOne = signals.map(({ units }) => units[0]!.deviation);
if (setting === "everyday") {
  if (!(overUnits[0]! > 300 && overUnits.slice(1).every((factor) => factor > 1e-3 && factor < 20)))
    throw new Error(`the gradient should explode before training and only then; got ${overUnits.join(", ")}`);
  if (!(spreadsAtOne[1]! > 3 * spreadsAtOne[0]! && spreadsAtOne[2]! > 3 * spreadsAtOne[0]!))
    throw new Error(`the first steps should leave unit 1 a larger spread; got ${spreadsAtOne.join(", ")}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Nothing vanishes. At all three moments the gradient arrives at the first unit, and the paper says the same in section 4.1: with batch normalisation the backward gradients have
// healthy norms, so that the difficulty is *unlikely* to be caused by vanishing gradients. (In between the norm may rise and fall as the spread falls and rises: where $x$ is ten times as large, a tenth of the gradient does as much.)
//
// But look at the curve *before training*. There the gradient **grows** on its way down, by the factor in the table, in the thousands. The paper does not
// mention it. After 20 steps the growth is gone. It has left something behind, though: the spread at unit 1 has become several times as large, and stays so to the end. Batch norm fixes the spread only before its own scale and shift, and these two are learned: the first steps, along an enormous gradient, threw them far off.
//
// </details>
//
// ### How large is a step beside the weight?
//
// A gradient's norm means little by itself. What a step does to a layer shows beside the layer's weights: the **update-to-weight ratio** is $\eta \lVert g \rVert / \lVert w \rVert$, the norm of what one batch would take from the weights as a part of their own norm. A rule of thumb wants about a thousandth (the notes of the Stanford course CS231n). It matters most under batch norm, which undoes any factor on the weights before it, so that
// only relative changes count.
//
// **Predict**: how large is the first step at the lowest convolutions of plain-56, by the curve above? And at those of plain-20?

// %%
/** The update-to-weight ratio of each convolution, from the images up, for one batch. */
function stepRatios(network: nn.Network): number[] {
  const kernels = network.variables().filter(({ role, name }) => role === "weight" && name.includes("conv"));
  return tf.tidy(() => {
    const lossOf = () => {
      const logits = network.forward(batch.images, training);
      return tf.mean<runtime.tf.Scalar>(runtime.softmaxCrossEntropy(logits, batch.labels));
    };
    const { grads } = tf.variableGrads(lossOf, kernels.map(({ variable }) => variable)); // prettier-ignore
    const normOf = (x: Tensor) => tf.norm(x).dataSync()[0]!;
    return kernels.map(({ variable }) => (0.1 * normOf(grads[variable.name]!)) / normOf(variable));
  });
}

const ratios = [
  ...moments.map(({ name, network }) => ({ name: `plain-56, ${name}`, y: stepRatios(network) })),
  { name: "plain-20, before training", y: stepRatios(plainNetwork(20, firstSeed)) },
];
plot.lines(ratios, {
  title: "A step beside the weights that it moves, by convolution",
  x: { title: "convolution, counted from the images" },
  y: { title: "step over weight, both as norms", scale: "log" },
  caption: "A step of this one batch at the rate 0.1. At 1 it is as long as the weights themselves.",
});

// %% tags=["claim"]
const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const [atFirst, at20, atEnd] = ratios.map(({ y }) => middle(y.slice(0, 9)));
const atTheTop = middle(ratios[2]!.y.slice(-9));
if (setting === "everyday") {
  if (!(atFirst! > 1 && Math.max(...ratios[3]!.y) < 0.05))
    throw new Error(
      `a first step should be longer than the lowest weights of plain-56 alone; got ${atFirst}`,
    );
  if (!(at20! < 2e-4 && atEnd! < 2e-4 && atTheTop > 3e-4 && atTheTop < 1e-2))
    throw new Error(`from 20 steps on a step should be tiny there alone; got ${at20}, ${atEnd} and ${atTheTop}`); // prettier-ignore
  const [short, long] = moments.map(({ network }) => tf.tidy(() => tf.norm(network.variables()[0]!.variable).dataSync()[0]!)); // prettier-ignore
  if (!(long! > 3 * short!)) throw new Error(`the first weights should have grown long; got ${short} and ${long}`); // prettier-ignore
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// At the lowest convolutions of plain-56 the first step is several times as long as the weights themselves: it does not adjust them, it replaces them. In plain-20 no step is longer than a twentieth of its weights.
//
// The surprise comes 20 steps later. There the ratio has fallen far below a thousandth, and at the end of training it still is: the gradient no longer explodes, and the first steps have made the weights so long that a step hardly turns them any more. Batch norm leaves only their direction, so these layers were thrown somewhere by a few batches and then nearly stand still, while those next to the loss learn at about the usual thousandth.
//
// </details>
//
// ### Why it explodes
//
// Follow the gradient down through one convolution with its normalisation and ReLU, in a wide network with random weights. Batch norm gives the ReLU numbers $z$ of mean 0 and variance 1, about normally distributed. So what leaves the ReLU has
//
// $$ \overline{x^2} = \tfrac{1}{2}, \qquad \bar x = \tfrac{1}{\sqrt{2\pi}}, \qquad \mathrm{var}(x) = \tfrac12 - \tfrac{1}{2\pi} = \frac{\pi - 1}{2\pi}. $$
//
// The next convolution has weights of variance 2 divided by the number of its inputs (chapter 06). Up, the mean $\bar x$ becomes a constant of each output channel, which the normalisation subtracts: what varies has the variance $2 \, \mathrm{var}(x) = \frac{\pi - 1}{\pi}$, and the normalisation divides by its root. Down, the same
// division multiplies the gradient's mean square by $\frac{\pi}{\pi - 1}$, the weights by 2, and the ReLU, which lets through half of it, by $\frac12$. Together one layer makes
//
// $$ \lVert g \rVert^2 \;\to\; 2 \cdot \tfrac12 \cdot \frac{\pi}{\pi - 1} \, \lVert g \rVert^2 \approx 1.467 \, \lVert g \rVert^2. $$
//
// Without the normalisation the factor would be 1. So batch norm itself makes the explosion, because it divides by a spread from which it has taken the mean. That is the result of Yang and others, *A Mean Field Theory of Batch Normalization*, 2019, [arXiv:1902.08129](https://arxiv.org/abs/1902.08129).
//
// **Predict**: does our network follow the law? And would a wider one follow it more closely?

// %%
const theory = Math.sqrt(Math.PI / (Math.PI - 1));
const growthALayer = (norms: readonly number[]) =>
  (norms[0]! / norms.at(-1)!) ** (1 / (2 * (norms.length - 1)));
const fewSeeds = plan.seeds.slice(0, plan.gentleRuns);
const byWidth = ([[4, 8, 16], [8, 16, 32], [16, 32, 64]] as const).map((widths) => {
  const factors = fewSeeds.map((seed) => {
    const network = nn.cifarResNet({ ...plain(56).options, widths, seed });
    const factor = growthALayer(unitNorms(network));
    network.dispose();
    return factor;
  });
  return { channels: widths.join(", "), factors };
}); // prettier-ignore
plot.table(
  [...byWidth, { channels: "the law", factors: [theory] }].map(({ channels, factors }) => ({
    channels,
    "factor on the norm, a layer, by seed": factors.map((factor) => factor.toFixed(3)).join(", "),
    "over 52 layers": factors.map((factor) => Math.round(factor ** 52)).join(", "),
  })),
  { title: "What a layer makes of the gradient's norm before training (the mean over 52 layers)" },
);

// %% tags=["claim"]
if (setting === "everyday" && !byWidth.every(({ factors }) => factors.every((factor) => factor > 1.1 && factor < theory)))
  throw new Error(`a layer should make the gradient's norm 1.1 to ${theory} times as large; got ${byWidth.map(({ factors }) => factors.join(", ")).join("; ")}`); // prettier-ignore
const [narrow, , wide] = byWidth.map(({ factors }) => averageOf(factors));
if (setting === "everyday" && !(wide! < narrow! + 0.02))
  throw new Error(`a wider network should be no nearer to the law; got ${wide} and ${narrow}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Nearly, for one layer; over 52 of them the small difference makes a large one. The surprise is the width: four times as many channels do not bring a network nearer to the law than another seed does. So what is missing must be something else. The derivation also takes the values of a channel for independent, while the pixels of an image are alike, and it leaves out what the normalisation's own gradient subtracts (chapter 04); which of them it is has not been tried here.
//
// The same work draws a conclusion that rivals this chapter's: networks with batch norm that lack the shortcuts of chapter 02 are not trainable at large depth **because of** this explosion. It also finds that after a single step the gradients are far less spread out, which is what you saw after 20.
//
// </details>
//
// ## Do the first steps do the damage?
//
// So here is a suspicion worth a test: the deep network is spoilt at the very beginning, by steps along an enormous gradient. If so, a gentle start should mend it. Two ways, each with **as many steps at the full rate of 0.1** as before:
//
// - **ramp**: an epoch more, put *before* the others, in which the rate rises evenly from $10^{-5}$ to 0.1;
// - **clip**: whenever the norm of all gradients together is larger than 1, scale them down to 1.
//
// **Predict** two things: does a gentle start spare unit 1 its large spread? And does plain-56 then catch up with plain-20?

// %%
const stepsInAnEpoch = Math.floor(trainSource.size / recipe.batchSize);
const ramp = train.warmUp({
  learningRate: 1e-5,
  steps: stepsInAnEpoch,
  shape: "ramp",
  then: recipe.schedule,
});
const gentleStarts = [
  { ...plain(56), name: "clip", recipe: { clipNorm: 1 } },
  // The tests' own setting tries one of them.
  ...(setting === "ci"
    ? []
    : [{ ...plain(56), name: "ramp", recipe: { epochs: plan.epochs + 1, schedule: ramp } }]),
];
const gently = await train.sweep({
  networks: gentleStarts,
  data: images,
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: fewSeeds,
});
/** Four ways to train, each with its runs of these seeds. */
const starts = [
  { name: "plain-20", runs: runsOf(20) },
  { name: "plain-56", runs: runsOf(56) },
  ...gentleStarts.map(({ name }) => ({
    name: `plain-56, ${name}`,
    runs: gently.runs.filter((run) => run.name === name),
  })),
].map(({ name, runs: all }) => ({ name, runs: all.filter(({ seed }) => fewSeeds.includes(seed)) }));

// %%
const lossesOf = (start: (typeof starts)[number]) => start.runs.map(({ history }) => history.at(-1)!.loss);
plot.dots([{ name: "one seed", values: starts.map(lossesOf) }], {
  title: "Does a gentle start mend plain-56?",
  x: { title: "network and start", categories: starts.map(({ name }) => name) },
  y: { title: "mean training loss, last epoch (nats)" },
  caption: `A dot for each of ${fewSeeds.length} seeds, a dash at their mean; all had ${plan.epochs * stepsInAnEpoch} steps at the full rate.`,
});

// %%
/** The spread of unit 1's activations after training, for each run. */
const spreads: number[][] = [];
for (const { runs: own } of starts) {
  const found: number[] = [];
  for (const run of own) {
    const network = await run.load();
    const [first] = await analysis.signalsThroughDepth(network, batch.images, batch.labels);
    found.push(first!.deviation);
    network.dispose();
  }
  spreads.push(found);
}
const remaining = starts.map((start) => lossesOf(start).map((loss, i) => loss - lossesOf(starts[0]!)[i]!));
const listed = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(", ");
plot.table(
  starts.map(({ name }, i) => ({
    "network and start": name,
    "spread at unit 1, by seed": listed(spreads[i]!),
    "loss minus plain-20's (nats), by seed": i === 0 ? null : listed(remaining[i]!),
  })),
  { title: `After ${plan.epochs} epochs at the full rate` },
);

// %% tags=["claim"]
if (setting === "everyday") {
  const [, usual, clipped, ramped] = spreads;
  if (!(Math.max(...clipped!) < 1 && Math.min(...usual!, ...ramped!) > 1.5))
    throw new Error(`clipping alone should spare unit 1; got spreads ${spreads.map(listed).join("; ")}`);
  const [, plainGaps, clipGaps, rampGaps] = remaining;
  if (!(Math.min(...clipGaps!, ...rampGaps!) > 0.3))
    throw new Error(
      `no gentle start should reach plain-20; got ${listed(clipGaps!)} and ${listed(rampGaps!)}`,
    );
  const [ofPlain, ofClip, ofRamp] = [plainGaps!, clipGaps!, rampGaps!].map(averageOf);
  if (![ofClip!, ofRamp!].every((own) => own > ofPlain! / 2 && own < ofPlain!))
    throw new Error(`each gentle start should leave more than half of ${ofPlain} nats; got ${ofClip} and ${ofRamp}`); // prettier-ignore
  if (!(ofRamp! < ofClip! + 0.25))
    throw new Error(`the ramp should do no worse than clipping; got ${ofRamp} and ${ofClip} nats`);
}
console.log(
  starts
    .slice(2)
    .map(({ name }, i) => {
      const ahead = remaining[i + 2]!.filter((own, seed) => own < remaining[1]![seed]!).length;
      return `${name}: ahead of the usual start with ${ahead} of ${fewSeeds.length} seeds.`;
    })
    .join("\n"),
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The two questions have different answers, and that is the surprise. **Clipping spares unit 1**: its spread stays near what it is in plain-20. With the ramp it still grows to several times as much, because a step that is several times as long as the weights at the full rate is too long at a tenth of it, too. And yet **neither lets plain-56 catch up**. With both seeds the loss stays far above plain-20's, also
// where the damage was prevented. Each of the two gains something on average (the lines above count the seeds), and leaves more than half of the gap. Nor does the mark on unit 1 seem to decide: the ramp leaves it and does about as well, on average, as clipping, which prevents it.
//
// So the explosion is real, it leaves a mark, and it may have a part in the gap, but it is not the whole of it in these epochs. That is evidence and no proof: two seeds, one norm to clip to (which can act later than in the first steps, too), one ramp, and the beginning of training. A norm is also one number for each layer: it does not say whether the
// gradient's direction is any good. [Chapter 04](04-backpropagation-derived.ipynb) looks at the direction, in *Shattered gradients*.
//
// </details>

// %%
const longer = await train.recordedStudy("gentle-start");
console.log(`The same question after 60 epochs is the study gentle-start: ${longer.conditions}`);
if (longer.missing > 0) console.log(`${longer.missing} runs are not made yet, so it has no verdict so far.`);

// %% [markdown]
// ## The better network exists, and you can build it
//
// Perhaps 56 plain layers simply *cannot* do better? They can. The paper gives the argument in a sentence of section 1, and it is a
// construction: take the trained 20-layer network, copy its layers, and let every added layer be an **identity mapping**. The result
// has 56 layers and the shallow network's training error.
//
// ### Your turn: the layer that changes nothing
//
// Each added layer has a convolution, a normalisation in inference mode, and a ReLU. The ReLU changes nothing by itself, because what comes in is the output of a ReLU and so never negative. The other two need the right values. Write them: for a convolution's `weight` of shape `[3, 3, channels, channels]` (channels in, then channels out), and for
// a normalisation's `scale`, `shift` and running `mean` and `variance`, each of shape `[channels]`. The normalisation's $\varepsilon$ is $10^{-5}$, as in your `batchNorm`.

// %%
type Part = "weight" | "scale" | "shift" | "mean" | "variance";

/** What a part of a layer must hold, so that the layer gives back its input. */
function identityValue(part: Part, shape: number[]): Tensor {
  return check.unwritten(part, shape);
}

const valueOf = await check.yourTurn(identityValue, turns.identityValue);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Which of the nine places of a kernel looks at the pixel itself? And from which channels may a channel take something? `tf.eye(channels)`, `tf.reshape` and `tf.pad` make it. For the variance: which value makes the root in the formula exactly 1?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function identityValue(part: Part, shape: number[]): Tensor {
//   if (part === "weight") {
//     const channels = shape[3]!;
//     const middle = tf.reshape(tf.eye(channels), [1, 1, channels, channels]);
//     return tf.pad(middle, [[1, 1], [1, 1], [0, 0], [0, 0]]); // prettier-ignore
//   }
//   if (part === "scale") return tf.ones(shape);
//   return part === "variance" ? tf.fill(shape, 1 - 1e-5) : tf.zeros(shape);
// }
// ```
//
// </details>
//
// The next cell builds the network: the weights of a trained plain-20, and your values wherever plain-56 has a variable that plain-20 has not. **Predict**: by how much do the outputs of the two networks differ?

// %%
const shallow = await runsOf(20)[0]!.load();
const constructed = plainNetwork(56, firstSeed);
const { onlyInTarget } = nn.copyWeights(shallow, constructed);
for (const { name, variable } of constructed.variables()) {
  if (!onlyInTarget.includes(name)) continue;
  const value = valueOf(name.split(".").at(-1) as Part, variable.shape); // stage1.unit4.norm1.scale: a scale
  variable.assign(value);
  value.dispose();
}
const apart = tf.tidy(() => {
  const [one, other] = [shallow, constructed].map((network) =>
    network.forward(batch.images, { training: false }),
  );
  return tf.max(tf.abs(tf.sub(one!, other!))).dataSync()[0]!;
});
console.log(`${constructed.name}, built by hand: largest difference of a logit from plain-20's, ${apart}`);

// %%
const measuredNetworks = [
  { network: "20 layers, trained", ...(await train.evaluate(shallow, trainSource)) },
  { network: "56 layers, built by hand", ...(await train.evaluate(constructed, trainSource)) },
  { network: "56 layers, trained", ...runsOf(56)[0]!.metrics.train }, // as the sweep measured it
];
plot.table(
  measuredNetworks.map(({ network, loss, accuracy }) => ({
    network,
    "training loss": loss,
    "training error (%)": 100 * (1 - accuracy),
  })),
  { title: `One seed (${firstSeed}), all training images, inference mode` },
);

// %% tags=["claim"]
const [shallowLoss, constructedLoss, learnedLoss] = measuredNetworks.map(({ loss }) => loss);
if (!(apart < 1e-3 && Math.abs(constructedLoss! / shallowLoss! - 1) < 1e-4)) {
  throw new Error(`the construction must have the shallow loss ${shallowLoss}; got ${constructedLoss}`);
}
if (constructedLoss! >= learnedLoss!) {
  throw new Error(
    `the construction should beat the trained deep network; got ${constructedLoss} against ${learnedLoss}`,
  );
}
console.log("The better 56-layer network exists. These steps did not find it.");

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// By nothing: with a variance of exactly $1 - \varepsilon$ each added layer computes $x$ exactly, so the two agree to the last bit. (A machine that adds up in another order may leave a difference in the last digits.) So a 56-layer plain network with a lower training
// loss *exists*, and you have built it. Stochastic gradient descent, started from random weights, did not find one as good in these steps.
//
// </details>
//
// That is the **degradation problem**: not too little capacity, not overfitting, not vanishing gradients, but a solution that exists and is not found.
//
// One limit belongs to it: the construction is an identity in inference mode. In training mode
// a normalisation uses the statistics of the batch, and is no identity any more. The next cell shows it with your `batchNorm` on one channel.

// %%
const afterRelu = [0, 0, 0.4, 1.3, 2.2, 0, 0.9, 3.1];
const identityNorm = { scale: 1, shift: 0, mean: 0, variance: 1 - 1e-5 };
const byMode = { inference: normalise(afterRelu, identityNorm, false), training: normalise(afterRelu, identityNorm, true) }; // prettier-ignore
plot.table(
  afterRelu.map((x, i) => ({
    x,
    "in inference": byMode.inference.y[i]!,
    "in training": byMode.training.y[i]!,
  })),
  { title: "What an identity's normalisation makes of eight values" },
);

// %% [markdown]
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// How many 3×3 convolutions with weights does each of the three stages of plain-56 hold?
const convolutionsInAStage: number | undefined = undefined;

check.answer(convolutionsInAStage, "0 18923cf8", {
  hint: "56 = 6n + 2: what does n count? How many convolutions has one of these?",
});

// %%
// How many identity layers does the construction add to the 20-layer network?
const layersAdded: number | undefined = undefined;

check.answer(layersAdded, "0 20d2ebe6", {
  hint: "Count layers with weights, as 6n + 2 does, in both networks.",
});

// %% [markdown]
// ## What this experiment shows, and what it does not
//
// - **It shows** that at this width, on these images, with this recipe and these few epochs, 56 plain layers fit the training images worse
//   than 20 do, by more than seeds explain. It also shows that a better 56-layer network exists.
// - **It does not show** that the deeper network would stay behind for ever. For that, see the records under *And after convergence?*, and the paper, which trained for 64,000 steps on CIFAR-10. `RESIDUAL_SETTING=full npm run notebooks -- 01`
//   trains for 60 epochs here; plan for a GPU, or a night.
// - **It does not show why.** The measured norms rule out that the gradient vanishes. They do not say that it points anywhere useful.
//   The explosion before the first step is real and follows a known law. Whether it is the reason is not settled by a few seeds and two gentle starts; the study `gentle-start` asks the same of 60 epochs (`npm run reproduce -- study gentle-start` trains what is missing of it).
//   The paper conjectures that deep plain networks may have exponentially low convergence rates (section 4.1), and leaves the reason open.
//   Chapter 07 looks at the loss surface, chapter 09 at the readings that followed.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [Degradation or overfitting? Read it off the curves](../exercises/01-reading-curves/01-reading-curves.ipynb) (Easy, 20 minutes.)
// - [A layer that changes nothing](../exercises/01-identity-layers/01-identity-layers.ipynb) (Easy, 20 minutes.)
// - [Is the deeper network really worse?](../exercises/01-gap-with-interval/01-gap-with-interval.ipynb) (Medium, 30 minutes.)
//
// ## Try it
//
// 1. Add depths 32 and 44 to the experiment. Does the training loss grow steadily with depth? (Easy, 10 minutes.)
// 2. Start training from `constructed` instead of random weights, for one epoch. Does its loss rise first? Why would it, given what
//    normalisation does in training mode? (Medium, 20 minutes.)
// 3. Leave `weightDecay` out of the recipe. Is the gap still there? What would it mean if it were not? (Medium, 20 minutes.)
// 4. Give `plain-20` a gentle start as well. Does it gain as much as plain-56 did? Then what did the start explain? (Medium, 20 minutes.)
//
// ## Where to read on
//
// - The ResNet paper, sections 1 and 4.1, and its Figures 1 and 4.
// - He and Sun, *Convolutional Neural Networks at Constrained Time Cost*, 2015, [arXiv:1412.1710](https://arxiv.org/abs/1412.1710), and
//   Srivastava, Greff, Schmidhuber, *Highway Networks*, 2015, [arXiv:1505.00387](https://arxiv.org/abs/1505.00387): the papers that
//   the ResNet paper cites for having met the degradation problem before.
// - Ioffe and Szegedy, *Batch Normalization*, 2015, [arXiv:1502.03167](https://arxiv.org/abs/1502.03167).
//
// [The next chapter](02-residual-learning.ipynb) changes what the layers are asked to learn.
