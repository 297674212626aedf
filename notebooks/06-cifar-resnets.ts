// %% [markdown]
// # 06 The CIFAR family
//
// One rule, $6n + 2$, makes every network of the ResNet paper's CIFAR-10 experiments, from 20 layers to 1202. This chapter builds the family, takes its recipe
// apart step by step, trains a few members, and reads the paper's Table 6 as one should read any table: with its error bars. Then it asks why the deepest
// network was not the best, and finds two answers.
//
// **When you are through you can**
// - build any member of the family and know its parameters exactly, before it exists;
// - say what each part of the recipe is for, and compute its epochs from its steps;
// - judge whether two error rates of a table differ by more than chance;
// - measure how strongly layers respond, and say what the paper concludes from it;
// - tell the two explanations of the 1202-layer network apart, and what speaks for each.
//
// **Time.** Reading: 40 minutes. Running: a few minutes on two CPU cores. The next cell says what this machine computes with.
//
// **Sources.** The ResNet paper, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385), section 4.2, Table 6 and Figures 6 and 7; *Identity Mappings in Deep Residual Networks*
// (the identity paper), [arXiv:1603.05027](https://arxiv.org/abs/1603.05027), section 4.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

// %% [markdown]
// ## The rule
//
// Images of 32×32 pixels are small, so the network is slim: one 3×3 convolution with 16 channels; three **stages** of $n$ units with two 3×3 convolutions each; global average pooling; a dense layer with ten outputs. The stages work on 32×32, 16×16 and 8×8
// pixels with 16, 32 and 64 channels. Where the image is halved the channels double, and the shortcut is option A: every second pixel, and zeros for the new channels (chapter 03). Count the layers with weights:
//
// $$ 1 + 3 \cdot 2n + 1 = 6n + 2. $$
//
// How many parameters? A 3×3 convolution from $a$ to $b$ channels has $9ab$, and batch norm a scale and a shift for each of its $b$ channels. With the widths $w_1, w_2, w_3 = 16, 32, 64$ and $w_0 = w_1$:
//
// $$ \underbrace{27 w_1 + 2 w_1}_{\text{first convolution}} + \sum_{s=1}^{3} \Big( \underbrace{9\, w_{s-1} w_s + (2n - 1)\, 9\, w_s^2}_{\text{convolutions of stage } s} + \underbrace{2n \cdot 2\, w_s}_{\text{norms}} \Big) + \underbrace{10\, w_3 + 10}_{\text{dense}}. $$
//
// The next cell writes this down and compares it with the library's networks, layer by layer built, up to 1202 layers. Option A's shortcuts have none, so nothing is added for them.

// %%
/** Parameters of a member of the family, by the formula above. */
function parametersOf(depth: number) {
  const n = (depth - 2) / 6;
  const widths = [16, 32, 64];
  const stages = widths.map((w, s) => {
    const before = widths[s - 1] ?? widths[0]!;
    return 9 * before * w + (2 * n - 1) * 9 * w ** 2 + 2 * n * 2 * w;
  });
  return 27 * 16 + 2 * 16 + stages.reduce((sum, count) => sum + count, 0) + 10 * 64 + 10;
}

const depths = [20, 32, 44, 56, 110, 1202];
const family = depths.map((depth) => nn.cifarArchitecture({ depth }));
for (const [i, architecture] of family.entries()) {
  const [formula, counted] = [parametersOf(depths[i]!), nn.parameterCount(architecture)];
  if (formula !== counted)
    throw new Error(`${architecture.name}: the formula gives ${formula}, the network has ${counted}`);
}
analysis.costTable(family);

// %% [markdown]
// Formula and networks agree to the last parameter. Look at the columns. Parameters and multiply-adds grow in proportion to depth. So do the activations, which training must keep for the way back: they, and not the weights, fill a GPU's memory. And every network from 20 layers on sees the whole image.
//
// ## The recipe
//
// The paper trains all of them alike (section 4.2), and gives all that is needed:
//
// | part | value | what for |
// |---|---|---|
// | optimiser | SGD with momentum 0.9 | averages gradients over the last ten steps or so |
// | weight decay | $10^{-4}$, on all parameters | pulls every $F$ a little towards 0, and so every unit towards the identity (chapter 02) |
// | initialisation | He: normal with variance $2 / \text{fan-in}$ | keeps the signal's size through a ReLU layer |
// | batch | 128 images | |
// | rate | 0.1, divided by 10 at 32,000 and 48,000 of 64,000 steps | large steps to get near, small ones to settle |
// | augmentation | 4 pixels of zeros around, a random crop of 32×32, mirrored half the time | more images than there are |
// | data | 45,000 for training, 5,000 held out for choices; the 10,000 test images once | an honest test error |
// | 110 layers | 0.01 until the training error is below 80 %, about 400 steps, then 0.1 | 0.1 is slightly too large to start with |
//
// **Predict**: how often does the network see each image in 64,000 steps of 128?

// %%
const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.stepSchedule({ learningRate: 0.1, at: [32_000, 48_000] }),
};
const withWarmUp = train.warmUp({ learningRate: 0.01, steps: 400, then: recipe.schedule });
const marks = [0, 399, 400, 16_000, 31_999, 32_000, 40_000, 47_999, 48_000, 56_000, 63_999];
plot.lines(
  [
    { name: "up to 56 layers", x: marks, y: marks.map((step) => recipe.schedule.learningRate(step)) },
    { name: "110 layers", x: marks, y: marks.map((step) => withWarmUp.learningRate(step)) },
  ],
  {
    title: "The learning rate",
    x: { title: "step" },
    y: { title: "rate", scale: "log" },
    caption: `64,000 steps of 128 images are ${((64_000 * 128) / 45_000).toFixed(0)} passes over 45,000 images. The short dip on the left is the warm-up.`,
  },
);

// %% [markdown]
// ## The data
//
// The everyday setting of this notebook takes Fashion-MNIST at 14×14 pixels and half the widths, so that you can wait for the result; it crops with 2 pixels of padding where the paper has 4. With `RESIDUAL_SETTING=full` it takes CIFAR-10, the paper's widths and the paper's steps, for a GPU and a weekend
// (`npm run data -- cifar-10` fetches the images).

// %%
const setting = runtime.setting();
const plans = {
  ci: { depths: [8, 20], plain: 20, steps: 60, seeds: [1, 2, 3], testPerClass: 30 },
  everyday: { depths: [8, 20, 32], plain: 32, steps: 240, seeds: [1, 2, 3], testPerClass: 200 },
  full: { depths: [20, 32, 44, 56, 110], plain: 56, steps: 64_000, seeds: [1, 2, 3, 4, 5], testPerClass: 1000 }, // prettier-ignore
};
const plan = plans[setting];

async function images() {
  if (setting === "full") {
    const cifar = await data.load("cifar-10", { split: "train" });
    const { train: kept, validation } = data.splitValidation(cifar, 5000, 0);
    return { train: kept, validation, test: await data.load("cifar-10", { split: "test" }) };
  }
  const all = data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2);
  const { train: kept, validation } = data.splitValidation(all, 1000, 0);
  const test = data.downsample(await data.load("fashion-mnist-sample", { split: "test" }), 2);
  return {
    train: setting === "ci" ? data.firstOfEachClass(kept, 200) : kept,
    validation: setting === "ci" ? data.firstOfEachClass(validation, 20) : validation,
    test: data.firstOfEachClass(test, plan.testPerClass),
  };
}
const sets = await images();
const normalise = data.channelStatistics(sets.train);
const augment = { pad: setting === "full" ? 4 : 2, flip: true };
const trainSource = data.batches(sets.train, { normalise, augment });
const validationSource = data.batches(sets.validation, { normalise });
const testSource = data.batches(sets.test, { normalise });
console.log(
  `${trainSource.name}: ${trainSource.size} images for training, ${validationSource.size} held out, ${testSource.size} for the test`,
);

plot.imageGrid(sets.train, {
  title: "Ten images of each class",
  count: 100,
  columns: 20,
  caption: "What the networks see before they are cropped and mirrored.",
});

// %% [markdown]
// ## Predict, then run: three depths and a plain twin
//
// The schedule keeps the paper's proportions: the rate drops after half and after three quarters of the steps. All networks get the same steps, the same order of images and the same crops.
//
// Before you run it, write down your answers:
//
// 1. Will the deeper residual networks have the lower *training* loss in so few steps?
// 2. And the lower *test* error?
// 3. Where does the plain twin of the deepest end?

// %%
const schedule = train.stepSchedule({
  learningRate: 0.1,
  at: [plan.steps / 2, (3 * plan.steps) / 4],
});
const warmUpSteps = Math.round((400 * plan.steps) / 64_000);

function member(depth: number, shortcut: "A" | "none", seed: number) {
  return setting === "full"
    ? nn.cifarResNet({ depth, shortcut, seed })
    : nn.cifarResNet({
        depth,
        shortcut,
        widths: [8, 16, 32],
        inputShape: [14, 14, 1],
        classes: 10,
        seed,
      });
}

/** The networks that are trained: the depths with shortcuts, and the plain twin of one of them. */
const kinds = [
  ...plan.depths.map((depth) => ({ name: `residual-${depth}`, depth, shortcut: "A" as const })),
  { name: `plain-${plan.plain}`, depth: plan.plain, shortcut: "none" as const },
];
const cases = plan.seeds.flatMap((seed) => kinds.map((kind) => ({ ...kind, seed })));
const progressOfAll = {
  name: ({ name, seed }: (typeof cases)[number]) => `${name}, seed ${seed}`,
  work: ({ depth }: (typeof cases)[number]) => depth,
};
const runs: { name: string; seed: number; network: nn.Network; losses: readonly number[]; error: number }[] =
  [];
for (const [{ name, depth, shortcut, seed }, progress] of train.each(cases, progressOfAll)) {
  const network = member(depth, shortcut, seed);
  const { history } = await train.fit(network, trainSource, {
    batchSize: 128,
    optimizer: recipe.optimizer,
    schedule:
      depth >= 110 ? train.warmUp({ learningRate: 0.01, steps: warmUpSteps, then: schedule }) : schedule,
    steps: plan.steps,
    seed,
    progress,
    ...(setting === "full" && {
      validation: validationSource,
      checkpoint: { path: `../runs/06-${name}-${seed}.safetensors` },
    }),
  });
  const { accuracy } = await train.evaluate(network, testSource, { progress: "none" });
  runs.push({
    name,
    seed,
    network,
    losses: history.map(({ loss }) => loss),
    error: 100 * (1 - accuracy),
  });
}

plot.trainingCurves(
  kinds.map(({ name }) => ({
    name,
    runs: runs.filter((run) => run.name === name).map(({ losses }) => losses),
  })),
  {
    title: `Training loss, ${trainSource.name}`,
    x: { title: "epoch" },
    y: { title: "mean training loss (nats)" },
    caption: `Means over ${plan.seeds.length} seeds, bands from the lowest run to the highest. The last epoch is cut short.`,
  },
);

// %%
const of = (name: string, value: (run: (typeof runs)[number]) => number) =>
  analysis.meanInterval(runs.filter((run) => run.name === name).map(value));
const plusMinus = ({ mean, upper }: analysis.MeanInterval, digits: number) =>
  `${mean.toFixed(digits)} ± ${(upper - mean).toFixed(digits)}`;
plot.table(
  kinds.map(({ name }) => ({
    network: name,
    parameters: runs.find((run) => run.name === name)!.network.parameterCount,
    "training loss, last epoch": plusMinus(
      of(name, ({ losses }) => losses.at(-1)!),
      3,
    ),
    "test error (%)": plusMinus(
      of(name, ({ error }) => error),
      1,
    ),
  })),
  { title: `${plan.steps} steps, means over ${plan.seeds.length} seeds ± half a 95 % interval` },
);

// %% [markdown]
// What does this run claim? That shortcuts mend the deep network: seed by seed, the plain twin's training loss less that of the residual network of the same depth. The next cell stops the notebook if the 95 % interval of the mean difference
// reaches below zero. If there were no effect, an interval would lie above zero by chance in 2.5 % of such experiments. About the order of the residual networks among themselves it claims nothing, and prints what came out.

// %%
const lastLosses = (name: string) =>
  runs.filter((run) => run.name === name).map(({ losses }) => losses.at(-1)!);
const between = (one: string, other: string) => {
  const [a, b] = [lastLosses(one), lastLosses(other)];
  return analysis.meanInterval(a.map((loss, i) => loss - b[i]!));
};
const inWords = ({ mean, lower, upper }: analysis.MeanInterval) =>
  `${mean.toFixed(3)} nats, 95 % interval ${lower.toFixed(3)} to ${upper.toFixed(3)}`;
const mended = between(`plain-${plan.plain}`, `residual-${plan.plain}`);
console.log(`plain-${plan.plain} less residual-${plan.plain}: ${inWords(mended)}`);
for (const [i, depth] of plan.depths.slice(1).entries()) {
  console.log(
    `residual-${plan.depths[i]!} less residual-${depth}: ${inWords(between(`residual-${plan.depths[i]!}`, `residual-${depth}`))}`,
  );
}
if (mended.lower <= 0) {
  throw new Error(
    `shortcuts should lower the training loss at ${plan.plain} layers; the difference is ${inWords(mended)}`,
  );
}

// %% [markdown]
// ## Table 6, with error bars
//
// Here is what the paper reports on CIFAR-10 (its Table 6, with the augmentation of above). Three questions to ask of any such table:
//
// - **How large is chance alone?** A network that errs on a share $p$ of all possible images errs on $N$ test images with a standard deviation of $\sqrt{p (1 - p) / N}$, however it was trained.
// - **How much do seeds move it?** The paper gives a spread for one row only: five runs of 110 layers.
// - **Who chose, and by what?** The test images may be used once. Whoever keeps the best of many epochs by test error reports too small a number.

// %%
const tableSix = [
  { network: "Highway-19", parameters: "2.3M", error: 7.54, note: "7.72 ± 0.16 over its runs" },
  { network: "Highway-32", parameters: "1.25M", error: 8.8, note: "" },
  { network: "ResNet-20", parameters: "0.27M", error: 8.75, note: "" },
  { network: "ResNet-32", parameters: "0.46M", error: 7.51, note: "" },
  { network: "ResNet-44", parameters: "0.66M", error: 7.17, note: "" },
  { network: "ResNet-56", parameters: "0.85M", error: 6.97, note: "" },
  { network: "ResNet-110", parameters: "1.7M", error: 6.43, note: "best of five; 6.61 ± 0.16" },
  { network: "ResNet-1202", parameters: "19.4M", error: 7.93, note: "" },
];
const samplingDeviation = (error: number, testImages = 10_000) =>
  100 * Math.sqrt(((error / 100) * (1 - error / 100)) / testImages);
plot.table(
  tableSix.map(({ network, parameters, error, note }) => ({
    network,
    parameters,
    "error (%)": error.toFixed(2),
    "± sampling alone": samplingDeviation(error).toFixed(2),
    "of the runs": note,
  })),
  { title: "CIFAR-10, from Table 6 of the ResNet paper; the column ± is computed here for 10,000 images" },
);

// %% [markdown]
// So a later step from one row to the next, such as 44 to 56 layers, is smaller than chance alone, and the paper does not lean on it. The step from 20 to 32 is three standard errors of a difference, and the fall from 20 to 110 layers is larger still: that is the result.
//
// For a comparison, do not read the bars one by one. Two networks that err independently with the deviation $\sigma$ each have a difference that varies by $\sqrt 2 \, \sigma$. Tested on the *same* images they do not err independently, because hard images are hard for both: with a correlation $\rho$ of their errors it is
// $\sigma \sqrt{2 (1 - \rho)}$, which is less than one bar only where $\rho$ exceeds one half. And none of this holds the spread between seeds, which comes on top.
//
// How far do others get? A much-used public reproduction (Idelbayev's `pytorch_resnet_cifar10`) reports the numbers below, keeping the epoch that is best on the test images, after 200 epochs on all 50,000 training images. And a user of it ran ResNet-56 six times.

// %%
const reproduction = [
  { depth: 20, paper: 8.75, theirs: 8.27 },
  { depth: 32, paper: 7.51, theirs: 7.37 },
  { depth: 44, paper: 7.17, theirs: 6.9 },
  { depth: 56, paper: 6.97, theirs: 6.61 },
  { depth: 110, paper: 6.43, theirs: 6.32 },
  { depth: 1202, paper: 7.93, theirs: 6.18 },
];
const sixRuns = [7.4, 7.29, 7.4, 6.89, 8.42, 7.95];
const ofSix = analysis.meanInterval(sixRuns);
plot.table(
  reproduction.map(({ depth, paper, theirs }) => ({
    depth,
    "paper (%)": paper.toFixed(2),
    "reproduction, best by test error (%)": theirs.toFixed(2),
    "difference, in sampling deviations": ((theirs - paper) / samplingDeviation(paper)).toFixed(1),
  })),
  { title: "Two reports of the same networks" },
);

// %%
console.log(
  `six runs of ResNet-56: mean ${ofSix.mean.toFixed(2)} %, standard deviation ${ofSix.deviation.toFixed(2)}, lowest ${Math.min(...sixRuns)}, highest ${Math.max(...sixRuns)}; the best of them is what a report of one number would show`,
);

// %% [markdown]
// Look at the last row of the table before the six runs, and keep it in mind.
//
// ## How strongly do layers respond?
//
// Residual learning supposes that units have little to do: near the identity, $F$ is near 0. The paper checks it (Figure 7). It takes the **response** of each 3×3 layer, its output after batch norm and before the ReLU or the addition, and the standard deviation of that over images, places and channels. It finds responses smaller in residual
// networks than in plain ones, and smaller the more layers there are: each of many layers changes the signal less.
//
// **Predict**: will a few hundred steps be enough to see it? Before training batch norm gives every channel a deviation of 1. Only training can move it.

// %%
const batch = testSource.batch(Int32Array.from({ length: 128 }, (_, i) => i));
const responses: { name: string; seed: number; deviations: readonly number[] }[] = [];
for (const { name, seed, network } of runs) {
  const measured = await analysis.layerResponses(network, batch.images);
  responses.push({ name, seed, deviations: measured.map(({ deviation }) => deviation) });
}
const seedOne = responses.filter(({ seed }) => seed === plan.seeds[0]!);
plot.lines(
  seedOne.map(({ name, deviations }) => ({ name, y: deviations })),
  {
    title: `Responses of the 3×3 layers (seed ${plan.seeds[0]!})`,
    x: { title: "layer, counted from the images" },
    y: { title: "standard deviation" },
    caption: "After batch norm, before ReLU or addition, as in the paper's Figure 7.",
  },
);

// %%
const meanResponse = (name: string) =>
  analysis.meanInterval(
    responses
      .filter((one) => one.name === name)
      .map(({ deviations }) => deviations.reduce((a, b) => a + b, 0) / deviations.length),
  );
plot.table(
  kinds.map(({ name }) => {
    const { mean, lower, upper } = meanResponse(name);
    return { network: name, "mean response": mean, from: lower, to: upper };
  }),
  { title: `Mean over layers; 95 % interval over ${plan.seeds.length} seeds` },
);

// %% [markdown]
// Compare the plain twin with the residual network of its depth, and the residual depths among themselves, and say for each whether the intervals part them. After so few steps differences are small beside the paper's, where weight decay had 64,000 steps to shrink what was not needed.
//
// ## Why is 1202 worse than 110?
//
// The paper trained a network of 1202 layers. Its training error is below 0.1 %, as low as that of 110 layers, and its test error is higher: 7.93 against 6.43 %.
//
// **The paper's explanation is overfitting** (section 4.2): 19.4 million parameters may be too many for 50,000 small images, and no strong regularisation such as dropout was used.
//
// **The identity paper has another.** A ReLU follows each addition, and what it cuts is cut from the signal of all later units. Over 54 units that is mild, over the hundreds of units that a thousand layers make it is not: the training error falls very slowly at first (its section 4). Take that ReLU away by moving it in front of the convolutions, *with as many parameters*, and see what happens (its Table 3):

// %%
const identityTableThree = [
  { data: "CIFAR-10", depth: 110, original: 6.61, preActivation: 6.37 },
  { data: "CIFAR-10", depth: 164, original: 5.93, preActivation: 5.46 },
  { data: "CIFAR-10", depth: 1001, original: 7.61, preActivation: 4.92 },
];
plot.table(
  identityTableThree.map(({ data: set, depth, original, preActivation }) => ({
    data: set,
    layers: depth,
    "original unit (%)": original.toFixed(2),
    "pre-activation (%)": preActivation.toFixed(2),
    "gain (points)": (original - preActivation).toFixed(2),
    "gain in sampling deviations": ((original - preActivation) / samplingDeviation(original)).toFixed(1),
  })),
  { title: "Test errors, from the identity paper's Tables 2 and 3" },
);

// %% [markdown]
// With the same parameters the thousand-layer network went from worse than the others to better than all of them. So size alone does not explain it: the optimisation had something to do with it. The same holds on CIFAR-100, where 1001 layers fall from 27.82 to 22.71 % (Table 3).
//
// **And the identity paper has a third reading**, of its own networks (section 4.2, *reducing overfitting*): at the end of training the pre-activation network (chapter 08) has the slightly *higher* training loss and the lower test error. So the moved normalisation also regularises, because each convolution then gets a normalised input.
//
// The public reproduction's 1202 layers, above, do not show the drop either. Neither settles the matter. The reproduction picks its epoch by test error, which helps a network that
// overfits late; the identity paper's deep networks are bottlenecks with other widths, 1001 and not 1202 layers. What would settle it: 1202 layers in both orders, several seeds, the same recipe, an epoch chosen on held-out images. That is a good use of a GPU week; we know of no such run.
//
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// How many units does each stage of the 1202-layer network have?
const unitsInStage: number | undefined = undefined;

check.answer(unitsInStage, "0 ba3d4091", { hint: "1202 = 6n + 2: what does n count?" });

// %%
// How many parameters does one more unit in the third stage (64 channels) add, norms included?
const oneMoreUnit: number | undefined = undefined;

check.answer(oneMoreUnit, "0 34b496f5", {
  hint: "What has a unit of this stage: which convolutions, and what does each of its norms train?",
});

// %%
// A network errs on 500 of 10,000 test images.
// What is the standard deviation of its error by sampling alone, in points?
const deviationInPoints: number | undefined = undefined;

check.answer(deviationInPoints, "0.005 c9d328d0", {
  hint: "What is the standard deviation of a share p of N draws?",
});

// %% [markdown]
// ## What this chapter shows, and what it does not
//
// - **It shows** that the family's parameters follow one formula to 1202 layers; that on these images, at this width and in these few steps, shortcuts lower the training loss of a deep network by more than seeds explain; and how wide the error bars of Table 6 are.
// - **It does not reproduce Table 6.** Its rows were not run here. The everyday setting has other images, half the widths and a few hundred steps. `RESIDUAL_SETTING=full npm run notebooks -- 06` runs the paper's recipe on CIFAR-10 with five seeds, saves as it goes, and resumes. Chapter 11 plans such a run.
// - **In so few steps depth need not pay.** The paper's order, deeper is better to 110 layers, is one of 64,000 steps.
// - **Not known**: why 1202 layers were worse, as said above.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [The learning rate of every step](../exercises/06-learning-rate/06-learning-rate.ipynb) (Easy, 15 minutes.)
// - [Count the parameters of ResNet-20, and of any other](../exercises/06-count-parameters/06-count-parameters.ipynb) (Easy, 25 minutes.)
// - [Design a network under two budgets](../exercises/06-design-under-a-budget/06-design-under-a-budget.ipynb) (Medium, 35 minutes.)
//
// ## Try it
//
// 1. Leave out the two drops of the rate. How much of the final loss came from them? (Easy, 10 minutes.)
// 2. Train residual-20 with and without augmentation for the same steps. Compare training loss *and* test error. (Easy, 15 minutes.)
// 3. Take 50 images of each class, and train 20 and 56 layers until the training error is 0. Does the deeper one overfit more? (Medium, 30 minutes.)
// 4. Give residual-32 option B or C in place of A (chapter 03), three seeds each. Is the difference larger than the seeds' spread? (Medium, 30 minutes.)
//
// ## Where to read on
//
// - The ResNet paper, section 4.2, and the identity paper, section 4 and appendix: two pages that hold the whole recipe.
// - Zagoruyko and Komodakis: *Wide Residual Networks*, 2016, [arXiv:1605.07146](https://arxiv.org/abs/1605.07146): fewer layers and more channels, with the same parameters.
// - Bouthillier and others: *Accounting for Variance in Machine Learning Benchmarks*, 2021, [arXiv:2103.03098](https://arxiv.org/abs/2103.03098): what else moves a number in a table.
//
// The next chapter looks at the surface on which all this training walks.
