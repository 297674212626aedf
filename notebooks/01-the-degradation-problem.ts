// %% [markdown]
// # 01 The degradation problem
//
// Stack more layers on a network that works, and it should do at least as well: the added layers could copy their input and
// change nothing. In practice it does worse, on the very images it is trained on. This chapter shows that with your own hands,
// and rules out the two explanations that come to mind first.
//
// **When you are through you can**
// - show that a deeper plain network has a higher *training* loss, with an interval that says how sure you are;
// - say why that is not overfitting, and why it is not vanishing gradients;
// - build the better deep network by hand, and so prove that it exists.
//
// **Time.** Reading: 25 minutes. Running: a few minutes on two CPU cores; the long cells show how much is left. The next cell says what
// this machine computes with.
//
// **Source.** He, Zhang, Ren, Sun: *Deep Residual Learning for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385).
// We call it *the ResNet paper*. This chapter follows its section 1 and the plain networks of sections 4.1 and 4.2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

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
// The **data** here are smaller than the paper's, so that you can wait for the result: Fashion-MNIST, photographs of clothes in
// ten classes, 10,000 for training and 2,000 for testing, averaged down from 28×28 to 14×14 pixels. The networks are half as wide
// (8, 16 and 32 channels instead of 16, 32 and 64). Their depths are the paper's.

// %%
const setting = runtime.setting();
/** The images as data too: which ones, so many of each class for training and for testing, and squares of 2×2 pixels averaged. */
const images: train.SweepData = {
  name: "fashion-mnist-sample",
  perClass: [setting === "ci" ? 400 : 1000, 200], // the tests' own setting has fewer
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
// parameters against it. With **momentum** $m$ the step is not the gradient alone but a running sum, in which every older gradient has faded by a factor $m$ a step. So one step is
//
// $$ v \leftarrow m \, v + g, \qquad w \leftarrow w - r \, v, $$
//
// with $w$ the parameters, $g$ their gradient and $r$ the rate; $m$ is 0.9 and $r$ is 0.1. (A weight decay of $10^{-4}$ is added, which chapter 02 explains.) The paper trains for 64,000 steps and divides the rate on the way; a few hundred steps at one rate are enough
// to see what we are after.
// The **seed** sets the initial weights and the order of the images. Both depths use the same seeds, so we compare like with like.

// %%
const plans = {
  ci: { seeds: [1, 2, 3, 4], epochs: 3, gentleRuns: 1 },
  everyday: { seeds: [1, 2, 3, 4], epochs: 5, gentleRuns: 2 },
  full: { seeds: [1, 2, 3, 4, 5], epochs: 60, gentleRuns: 2 },
};
const plan = plans[setting];

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

// %% [markdown]
// ## How sure are we?
//
// A band is a picture, not an argument. The seeds give us pairs: with seed 1, one loss at 20 layers and one at 56, and so on.
// The **gap** of a pair is the loss at 56 layers less the loss at 20. If depth did not matter, gaps would scatter about zero.
//
// With $k$ gaps of mean $\bar g$ and standard deviation $s$, the 95 % **confidence interval** of the true mean gap is
//
// $$ \bar g \pm t_{k-1} \, \frac{s}{\sqrt{k}}, $$
//
// where $t_{k-1}$ is Student's quantile for $k - 1$ degrees of freedom. It is wide for few seeds, and honestly so.

// %%
const lastLoss = (depth: number, seed: number) =>
  runsOf(depth)
    .find((run) => run.seed === seed)!
    .history.at(-1)!.loss;

const gaps = plan.seeds.map((seed) => lastLoss(56, seed) - lastLoss(20, seed));
const gap = analysis.meanInterval(gaps);

plot.table(
  plan.seeds.map((seed, i) => ({
    seed,
    "20 layers": lastLoss(20, seed),
    "56 layers": lastLoss(56, seed),
    gap: gaps[i]!,
  })),
  { title: "Mean training loss in the last epoch (nats)" },
);

// %% [markdown]
// The next cell states the claim of this chapter and stops the notebook if the runs above do not bear it out. Were there no
// effect, an interval of 95 % would lie above zero by chance in 2.5 % of such experiments: that is its rate of false alarms.

// %%
console.log(
  `The gap is ${gap.mean.toFixed(2)} nats; 95 % interval ${gap.lower.toFixed(2)} to ${gap.upper.toFixed(2)} over ${gap.count} seeds.`,
);
if (gap.lower <= 0) {
  throw new Error(
    `no degradation shown: the interval of the gap, ${gap.lower.toFixed(2)} to ${gap.upper.toFixed(2)}, reaches below zero`,
  );
}

// %% [markdown]
// ## Is it overfitting?
//
// **Overfitting** is to be *good* on the training images and bad on new ones. So look at both, with the weights fixed. (Batch normalisation now reads its **running averages**, means and variances
// that it collected in training, as it would in use: an answer must not depend on which other images are asked about at the same time.)

// %%
// Each run of the sweep was measured so after its last step, on both splits.
const errorOf = (depth: number, split: "train" | "test") =>
  analysis.meanInterval(runsOf(depth).map(({ metrics }) => 100 * (1 - metrics[split].accuracy)));

plot.bars(
  depths.map((depth) => {
    const intervals = [errorOf(depth, "train"), errorOf(depth, "test")];
    return {
      name: `plain, ${depth} layers`,
      values: intervals.map(({ mean }) => mean),
      errors: intervals.map(({ mean, upper }) => upper - mean),
    };
  }),
  {
    title: "Error on images seen and unseen",
    x: { title: "images", categories: ["training", "test"] },
    y: { title: "error (%)" },
    caption:
      "Whiskers are 95 % intervals over the seeds. The deeper network errs more on the training images themselves.",
  },
);

// %% [markdown]
// The deeper network is worse on the training images already. Whatever holds it back, it is not that it learned them too well.
// The paper puts it so in section 1: the degradation is *not caused by overfitting*, because adding layers gives a higher *training* error.
// Its Table 2 reports the same on ImageNet: plain-18 has a top-1 validation error of 27.94 %, plain-34 of 28.54 %. (The **top-1 error** is the share of images whose class is not the network's first choice;
// validation images are kept out of training.) And the paper's Figure 4 shows that plain-34 has the higher training error all the way.

// %% [markdown]
// ## Is it vanishing gradients?
//
// The next suspect is older. Backpropagation multiplies one factor for each layer it passes. Factors below one make the gradient
// *vanish* on its way down, factors above one make it *explode*, and either would keep a network from learning.
//
// So measure it, at every **unit** (two convolutions with their normalisations and ReLUs) of a 56-layer network. With $E$ for the loss and $x$ for the values that the unit gives, its *activations*, take
//
// - the standard deviation of $x$, which tells whether the signal survives the way up;
// - the norm (the root of the sum of squares) of $\partial E / \partial x$, the gradient of the loss with respect to them, which tells whether it
//   survives the way down.
//
// We look at three moments: before training, after 20 steps, and after training.
//
// **Predict first**: over the 27 units, by what factor will the gradient's norm change? If every layer multiplied it by 0.8, the
// factor would be $0.8^{54} \approx 6 \times 10^{-6}$.

// %%
const batch = trainSource.batch(Int32Array.from({ length: 128 }, (_, i) => i));
const untrained = plainNetwork(56, plan.seeds[0]!);
const trained = await runsOf(56)[0]!.load();
const young = plainNetwork(56, plan.seeds[0]!);
await train.fit(young, trainSource, { ...recipe, steps: 20, seed: plan.seeds[0]!, progress: "none" });

const moments = [
  { name: "before training", network: untrained },
  { name: "after 20 steps", network: young },
  { name: "after training", network: trained },
];
const signals: { name: string; units: analysis.Signal[] }[] = [];
for (const { name, network } of moments) {
  signals.push({ name, units: await analysis.signalsThroughDepth(network, batch.images, batch.labels) });
}

plot.lines(
  signals.map(({ name, units }) => ({ name, y: units.map(({ gradientNorm }) => gradientNorm) })),
  {
    title: "Gradient of the loss at each unit of plain-56",
    x: { title: "unit, counted from the images" },
    y: { title: "norm of dE/dx", scale: "log" },
    caption: "Backpropagation runs from right to left.",
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
  signals.map(({ name, units }) => ({
    moment: name,
    "gradient at unit 1": units[0]!.gradientNorm,
    "gradient at unit 27": units.at(-1)!.gradientNorm,
    "unit 1 over unit 27": units[0]!.gradientNorm / units.at(-1)!.gradientNorm,
  })),
  { title: "From the last unit to the first" },
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Nothing vanishes. Batch normalisation sets the spread of every layer anew, so the signal cannot fade on the way up, and the gradient
// arrives at the first unit. The paper says the same in section 4.1: with batch normalisation the backward gradients have
// healthy norms, so that the difficulty is *unlikely* to be caused by vanishing gradients.
//
// But look at the curve *before training*. There the gradient **grows** on its way down, by the factor in the table. The paper does not
// mention it. It is a known property of batch normalisation in an untrained deep network (Yang and others, *A Mean Field Theory
// of Batch Normalization*, 2019, [arXiv:1902.08129](https://arxiv.org/abs/1902.08129)). After 20 steps it is gone. Could that short
// explosion be what spoils the deep network?
//
// </details>
//
// A suspicion can be tested. Perhaps the deep network is spoilt at the very beginning, by steps along the gradients of random weights. If the first steps do the damage, then small first steps should mend it. So we train plain-56 once
// more, with a rate of 0.01 in the first epoch and 0.1 after it. **Predict**: will it catch up with plain-20?

// %%
const stepsInAnEpoch = Math.floor(trainSource.size / recipe.batchSize);
const gently = await train.sweep({
  networks: [plain(56)],
  data: images,
  recipe: {
    ...recipe,
    epochs: plan.epochs,
    schedule: train.warmUp({ learningRate: 0.01, steps: stepsInAnEpoch, then: recipe.schedule }),
  },
  seeds: plan.seeds.slice(0, plan.gentleRuns),
});
const gentle = gently.runs.map(({ history }) => history.at(-1)!.loss);

plot.table(
  gentle.map((loss, i) => ({
    seed: plan.seeds[i]!,
    "plain-20": lastLoss(20, plan.seeds[i]!),
    "plain-56": lastLoss(56, plan.seeds[i]!),
    "plain-56, gentle start": loss,
  })),
  { title: "Mean training loss in the last epoch (nats)" },
);

// %%
const mended = gentle.filter((loss, i) => loss <= lastLoss(20, plan.seeds[i]!)).length;
console.log(
  `With a gentle start plain-56 reaches the loss of plain-20 in ${mended} of ${gentle.length} runs.`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Two runs are not a proof, and one warm-up is not every warm-up. Still: the gradient neither vanishes nor, after the first steps, explodes,
// and taking the first steps gently does not close the gap. A norm is one number for each layer, though. It does not say whether the
// gradient's direction is any good. What does hold the deep network back is the question of the chapters to come.
//
// </details>

// %% [markdown]
// ## The better network exists, and you can build it
//
// Perhaps 56 plain layers simply *cannot* do better? They can. The paper gives the argument in a sentence of section 1, and it is a
// construction: take the trained 20-layer network, copy its layers, and let every added layer be an **identity mapping**. The result
// has 56 layers and the shallow network's training error.
//
// An identity unit is easy to write down. Its convolutions have a 1 in the middle of the kernel from each channel to itself, and zeros
// elsewhere. Its normalisations change nothing: mean 0, scale 1, shift 0, and a variance of $1 - \varepsilon$, so that
//
// $$ \frac{x - 0}{\sqrt{(1 - \varepsilon) + \varepsilon}} \cdot 1 + 0 = x. $$
//
// Its ReLUs change nothing either: a unit's input comes out of a ReLU, so it is never negative.

// %%
const shallow = await runsOf(20)[0]!.load();
const constructed = nn.deepenByIdentity(shallow, 56);

const shallowLogits = shallow.forward(batch.images, { training: false });
const constructedLogits = constructed.forward(batch.images, { training: false });
const { tf } = runtime;
const difference = tf.max(tf.abs(tf.sub(shallowLogits, constructedLogits)));
console.log(
  `${constructed.name}: largest difference of a logit from the 20-layer network's, ${(await difference.data())[0]}`,
);

const shallowTrain = await train.evaluate(shallow, trainSource);
const constructedTrain = await train.evaluate(constructed, trainSource);
const learnedTrain = await train.evaluate(trained, trainSource);

plot.table(
  [
    {
      network: "20 layers, trained",
      "training loss": shallowTrain.loss,
      "training error (%)": 100 * (1 - shallowTrain.accuracy),
    },
    {
      network: "56 layers, built by hand",
      "training loss": constructedTrain.loss,
      "training error (%)": 100 * (1 - constructedTrain.accuracy),
    },
    {
      network: "56 layers, trained",
      "training loss": learnedTrain.loss,
      "training error (%)": 100 * (1 - learnedTrain.accuracy),
    },
  ],
  { title: `One seed (${plan.seeds[0]!}), all training images, running averages` },
);

// %%
if (constructedTrain.loss !== shallowTrain.loss) {
  throw new Error(
    `the construction must have exactly the shallow loss ${shallowTrain.loss}; got ${constructedTrain.loss}`,
  );
}
if (constructedTrain.loss >= learnedTrain.loss) {
  throw new Error(
    `the construction should beat the trained deep network; got ${constructedTrain.loss} against ${learnedTrain.loss}`,
  );
}
console.log("The better 56-layer network exists. Training did not find it.");

// %% [markdown]
// The two losses agree to the last bit, because the added layers compute $x$ exactly. So a 56-layer plain network with a lower training
// loss *exists*, and you hold it in your hands. Stochastic gradient descent, started from random weights, did not find one as good.
// That is the **degradation problem**: not too little capacity, not overfitting, not vanishing gradients, but a solution that the search misses.
//
// One honest limit: the construction is an identity when normalisation reads its running averages, as it does in use. In training mode
// a normalisation uses the statistics of the batch, and is no identity any more.
//
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
// - **It does not show** that the deeper network would stay behind for ever. The paper trained for 64,000 steps on CIFAR-10 and on ImageNet,
//   and reports (footnote 3) that three times the iterations did not make the problem go away. `RESIDUAL_SETTING=full npm run notebooks -- 01`
//   trains for 60 epochs here; plan for a GPU, or a night.
// - **It does not show why.** The measured norms rule out that the gradient vanishes. They do not say that it points anywhere useful.
//   And the growth before the first step is real; a gentle start did not help here, which is evidence and not proof.
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
