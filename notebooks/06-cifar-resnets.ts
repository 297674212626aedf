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
// - write its learning-rate schedule and its crop-and-flip;
// - compare two networks as one should, from several seeds and on the same test images;
// - measure how strongly layers respond, and say what the paper concludes from it;
// - say what depth gained at this chapter's size, after a short run and after convergence;
// - tell the two explanations of the 1202-layer network apart, and what speaks for each.
//
// **Time.** Reading and writing: 55 minutes. Running: a few minutes on two CPU cores. The next cell says what this machine computes with.
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
// | optimiser | SGD with momentum 0.9 | carries on with the gradients of the last ten steps or so (chapter 00) |
// | weight decay | $10^{-4}$ (on which parameters the paper does not say; here on all) | pulls every $F$ a little towards 0, and so every unit towards the identity (chapter 02) |
// | images | minus the mean of each pixel over the training images | the first layer begins with inputs around 0 |
// | initialisation | He: normal with variance $2 / \text{fan-in}$ | keeps the signal's size through a ReLU layer |
// | batch | 128 images | |
// | learning rate | 0.1, divided by 10 at 32,000 and 48,000 of 64,000 steps | large steps to get near, small ones to settle |
// | augmentation | 4 pixels of zeros around, a random crop of 32×32, mirrored half the time | more images than there are |
// | data | 45,000 for training, 5,000 held out for choices; the 10,000 test images once | an honest test error |
// | 110 layers | 0.01 until the training error is below 80 %, about 400 steps, then 0.1 | 0.1 is slightly too large to start with |
//
// **Predict, then run.** How often does the network see each image in 64,000 steps of 128? And at how many of these passes is the learning rate still 0.1?

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
    y: { title: "learning rate", scale: "log" },
    caption: "The short dip on the left is the warm-up of 110 layers.",
  },
);
const passes = (64_000 * 128) / 45_000;
console.log(`${passes.toFixed(0)} passes over the images, ${(passes / 2).toFixed(0)} of them at 0.1`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// More often than most people guess: the network sees every image close to two hundred times, each time in another crop, and half of these passes are made with the largest learning rate.
//
// </details>
//
// ### Your turn: the schedule
//
// Our runs are much shorter than 64,000 steps and keep the proportions: 0.1, divided by 10 after one half of the steps and again after three quarters. They train with the rates of the function that you write here, if it holds.

// %%
import { turns } from "./turns/06";

/** The learning rate of a step, counted from 0, in a run of `steps`: the first drop after one half, the second after three quarters. */
function scheduledRate(step: number, steps: number): number {
  return check.unwritten(step, steps);
}

const rateOf = await check.yourTurn(scheduledRate, turns.scheduledRate);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// The first step of the second half is number `steps / 2`, because counting begins at 0. Is it still in the first part?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function scheduledRate(step: number, steps: number): number {
//   if (step < steps / 2) return 0.1;
//   if (step < (3 * steps) / 4) return 0.01;
//   return 0.001;
// }
// ```
//
// </details>

// %% [markdown]
// Why fall at all, and why not sooner? Take the simplest loss that shows it: two weights in a bowl, $\frac12 (5\, a^2 + \frac12 b^2)$, gradients with noise, no momentum. Then the loss expected at each step can be computed without drawing anything: a step at the rate $\eta$ multiplies the mean square of a weight with curvature $h$ by $(1 - \eta h)^2$, and adds $\eta^2$ times the variance of the noise. Move the first drop with the slider; the second comes halfway from there to the end. **Predict**: what goes wrong if the rate drops at once, and what if it never does?

// %%
const bowl = { curvatures: [5, 0.5], noise: 0.1, steps: 240 };
/** The rate of each step if the first drop comes after a share of them: your schedule, with its first half stretched. */
const ratesWith = (first: number) =>
  Array.from({ length: bowl.steps }, (_, step) => {
    const done = step / bowl.steps;
    const asIfHalf = done < first ? done / (2 * first) : 1 - (1 - done) / (2 * (1 - first));
    return rateOf(asIfHalf * bowl.steps, bowl.steps);
  });
/** The loss expected before each step. */
function expectedLosses(rates: readonly number[]): number[] {
  let squares = bowl.curvatures.map(() => 1);
  return rates.map((rate) => {
    const loss = bowl.curvatures.reduce((sum, h, k) => sum + (h * squares[k]!) / 2, 0);
    squares = squares.map((square, k) => (1 - rate * bowl.curvatures[k]!) ** 2 * square + rate ** 2 * bowl.noise); // prettier-ignore
    return loss;
  });
}
const dropped = [0, 0.125, 0.25, 0.5, 0.75, 1].map((first) => {
  const rates = ratesWith(first);
  return { first, rates, losses: expectedLosses(rates) };
});

// %%
const stepNumbers = Array.from({ length: bowl.steps }, (_, step) => step);
plot.moving(
  dropped.map(({ first, rates, losses }) => ({
    label: String(first),
    figure: plot.lines(
      [
        { name: "expected loss", x: stepNumbers, y: losses },
        { name: "learning rate", x: stepNumbers, y: rates },
      ],
      {
        title: "When should the rate drop?",
        x: { title: "step" },
        y: { title: "loss, and rate", scale: "log" },
        caption: "Two weights, expected values. 0: the rate drops before the first step; 1: it never does.",
      },
    ),
  })),
  { slider: "first drop after this share of the steps", shown: "0.5" },
);

// %% tags=["claim"]
const lossAtEnd = (first: number) => dropped.find((one) => one.first === first)!.losses.at(-1)!;
const constant = dropped.at(-1)!.losses;
const floorAt = (rate: number) => expectedLosses(Array<number>(10_000).fill(rate)).at(-1)!;
if (!(
  [0, 1].every((first) => lossAtEnd(first) > 2.5 * lossAtEnd(0.5)) &&
  Math.abs(constant.at(-1)! / constant[bowl.steps / 2]! - 1) < 0.05 &&
  Math.abs(floorAt(0.1) / floorAt(0.01) - 10) < 3 &&
  Math.abs(lossAtEnd(0.25) / lossAtEnd(0.5) - 1) < 0.3
))
  throw new Error(
    `one half should do better than at once and never; the losses end at ${dropped.map(({ first }) => `${first}: ${lossAtEnd(first)}`).join(", ")}`,
  );

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// If the rate drops at once, the loss creeps: along the flat weight a small step makes little way. If it never drops, the loss comes down soon and then lies on a floor, because every step brings in as much noise as it takes away. That floor is about in proportion to the rate, so a drop lowers it, and large steps have first made the way. Once the floor is reached, more steps at the high rate gain nothing: in this bowl a drop after a quarter does about as well as one after half. Networks tell less plainly when they have arrived, and the paper waits.
//
// </details>
//
// %% [markdown]
// ## The data
//
// The everyday setting of this notebook takes Fashion-MNIST at 14×14 pixels and half the widths, so that you can wait for the result; it crops with 2 pixels of padding where the paper has 4, and subtracts one mean a channel, and divides by one standard deviation, where the paper subtracts one mean a pixel. As the paper does, it holds out a tenth of the training images for choices; this chapter makes none, so nobody looks at them. With `RESIDUAL_SETTING=full` it takes CIFAR-10, the paper's widths and the paper's steps, for a GPU and a weekend
// (`npm run data -- cifar-10` fetches the images).

// %%
const setting = runtime.setting();
/** `perClass`: how many images of each class, for training and for the test. */
const plans = {
  ci: { depths: [8, 20], plain: 20, steps: 60, seeds: [1, 2, 3], perClass: [200, 30] },
  everyday: { depths: [8, 20, 32], plain: 32, steps: 240, seeds: [1, 2, 3], perClass: [900, 200] },
  full: { depths: [20, 32, 44, 56, 110], plain: 56, steps: 64_000, seeds: [1, 2, 3, 4, 5], perClass: [4500, 1000] }, // prettier-ignore
} as const;
const plan = plans[setting];

// %%
const augment = { pad: setting === "full" ? 4 : 2, flip: true };
const images = {
  name: setting === "full" ? "cifar-10" : "fashion-mnist-sample",
  perClass: plan.perClass,
  downsample: setting === "full" ? 1 : 2,
  augment,
} as const;
/** The first images of each class. */
const first = async (split: "train" | "test", perClass: number) =>
  data.downsample(await data.load(images.name, { split, perClass }), images.downsample);
const sets = { train: await first("train", plan.perClass[0]), test: await first("test", plan.perClass[1]) };
const normalise = data.channelStatistics(sets.train);
const trainSource = data.batches(sets.train, { normalise, augment });
const testSource = data.batches(sets.test, { normalise });
console.log(
  `${trainSource.name}: ${trainSource.size} images for training, ${testSource.size} for the test; the others of the training set stay out`,
);

// %%
plot.imageGrid(sets.train, {
  title: "Ten images of each class",
  count: 100,
  columns: 20,
  caption: "What the networks see before they are cropped and mirrored.",
});

// %% [markdown]
// ### Your turn: crop and mirror
//
// In training each image is cropped and mirrored at random, every time it is seen. Write what that does to one image of one channel. Around it stand `pad` rows and columns of zeros; the crop is as large as the image, and begins `down` rows and `right` columns from the corner of the *padded* image. Each is drawn from 0 to 2 `pad`.

// %%
type Crop = { readonly down: number; readonly right: number; readonly mirrored: boolean };

/** A crop of an image, a list of rows of pixels, with `pad` zeros around it; mirrored left to right if the crop says so. */
function cropAndMirror(image: readonly (readonly number[])[], pad: number, crop: Crop): number[][] {
  return check.unwritten(image, pad, crop);
}

const cropped = await check.yourTurn(cropAndMirror, turns.cropAndMirror);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Row `y` of the crop is row `y + down` of the padded image. Which row of the image itself is that, and when is there none?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function cropAndMirror(image: readonly (readonly number[])[], pad: number, crop: Crop): number[][] {
//   return image.map((row, y) => {
//     const from = image[y + crop.down - pad];
//     const cropped = row.map((_, x) => from?.[x + crop.right - pad] ?? 0);
//     return crop.mirrored ? cropped.reverse() : cropped;
//   });
// }
// ```
//
// </details>

// %%
const [rowsOfImage, columnsOfImage, channels] = sets.train.imageShape;
// The first channel of the first image, as rows.
const firstImage = Array.from({ length: rowsOfImage }, (_, y) =>
  Array.from({ length: columnsOfImage }, (_, x) => sets.train.images[(y * columnsOfImage + x) * channels]!),
);
const crops = [false, true].flatMap((mirrored) =>
  [0, augment.pad, 2 * augment.pad].flatMap((down) =>
    [0, augment.pad, 2 * augment.pad].map((right) => ({ down, right, mirrored })),
  ),
);
plot.imageGrid(
  {
    images: Uint8Array.from(crops.flatMap((crop) => cropped(firstImage, augment.pad, crop).flat())),
    imageShape: [rowsOfImage, columnsOfImage, 1],
  },
  {
    title: `${crops.length} of the ${2 * (2 * augment.pad + 1) ** 2} views of one image`,
    count: crops.length,
    columns: 9,
    caption:
      "The corners, edges and the middle, above as it is and below mirrored. Each step of training draws one view at random.",
  },
);

// %% [markdown]
// Does such a crop cut much away? **Predict**, and then move the frame over the padded image, from its upper left corner to the lower right: which share of the image's pixels falls out in a corner, and is it the same share of what is *on* the image?

// %%
const paddedSide = (side: number) => Array.from({ length: side + 2 * augment.pad }, (_, i) => i);
const [paddedRows, paddedColumns] = [paddedSide(rowsOfImage), paddedSide(columnsOfImage)];
const padded = paddedRows.map((y) =>
  paddedColumns.map((x) => firstImage[y - augment.pad]?.[x - augment.pad] ?? 0),
);
/** The outline of the crop that begins so many rows and columns from the corner. */
const outlineOf = (begin: number) => ({
  name: "crop",
  x: [0, columnsOfImage, columnsOfImage, 0, 0].map((x) => begin + x - 0.5),
  y: [0, 0, rowsOfImage, rowsOfImage, 0].map((y) => begin + y - 0.5),
});
plot.moving(
  Array.from({ length: 2 * augment.pad + 1 }, (_, begin) => ({
    label: String(begin),
    figure: plot.heatMap(
      { x: paddedColumns, y: paddedRows, values: padded },
      {
        title: "Where the crop lies",
        x: { title: "column, with padding", range: [-0.8, paddedColumns.length - 0.2] },
        y: { title: "row, with padding", range: [paddedRows.length - 0.2, -0.8] },
        value: { title: "pixel", range: [0, 255] },
        cells: "square",
        path: outlineOf(begin),
        caption: "The first image, first channel. What lies outside of the frame is not seen in that step.",
      },
    ),
  })),
  { slider: "rows down and columns to the right", shown: "0" },
);

// %% tags=["claim"]
/** The share of pixels, and of all brightness of the training images, that the crop at (begin, begin) leaves out. */
function leftOut(begin: number) {
  const [from, to] = [begin - augment.pad, (side: number) => begin - augment.pad + side];
  let [all, out, pixels] = [0, 0, 0];
  sets.train.images.forEach((value, i) => {
    const x = Math.floor(i / channels) % columnsOfImage;
    const y = Math.floor(i / channels / columnsOfImage) % rowsOfImage;
    all += value;
    if (x >= from && x < to(columnsOfImage) && y >= from && y < to(rowsOfImage)) return;
    pixels += 1;
    out += value;
  });
  return { pixels: pixels / sets.train.images.length, brightness: out / all };
}
const lostAt = [0, augment.pad, 2 * augment.pad].map(leftOut);
console.log(
  lostAt
    .map(
      ({ pixels, brightness }, i) =>
        `begin ${i * augment.pad}: ${(100 * pixels).toFixed(0)} % of the pixels left out, ${(100 * brightness).toFixed(0)} % of the brightness`,
    ) // prettier-ignore
    .join("\n"),
);
const inCorner = 1 - ((rowsOfImage - augment.pad) * (columnsOfImage - augment.pad)) / (rowsOfImage * columnsOfImage); // prettier-ignore
if (lostAt[1]!.pixels !== 0 || Math.abs(lostAt[0]!.pixels - inCorner) > 1e-9)
  throw new Error(`the middle should lose nothing, a corner ${inCorner}; got ${JSON.stringify(lostAt)}`);
if (setting !== "full" && ![0, 2].every((i) => lostAt[i]!.brightness < 0.7 * lostAt[i]!.pixels))
  throw new Error(`less brightness than pixels should be lost; got ${JSON.stringify(lostAt)}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// In a corner two rows and two columns of these small images fall out, together more than a quarter of the pixels, but clearly less of what is on them: clothes are photographed in the middle. In the middle position nothing is lost. So augmentation of this kind supposes that the class can be told without the margin. On the paper's images, 32 pixels a side with four of padding, a corner takes away nearly as large a share.
//
// </details>
//
// %% [markdown]
// ## How to compare two networks
//
// Every chapter compares networks, and six rules hold each time. The other chapters refer to this page.
//
// 1. **By pairs.** Give both networks the same seeds, and with them the same order of images and the same crops. What a seed brings to both cancels in the *difference* of the two. So take the differences $d_1, \dots, d_n$, one for each seed, and judge their mean by *their own* deviation $s_d$: the interval is $\bar d \pm t \, s_d / \sqrt n$, with Student's $t$ for
//    $n - 1$ degrees of freedom. Whether the two networks' own intervals overlap is another question, and a bad test: they may overlap although each single pair says the same.
// 2. **Few seeds are points.** Three numbers show no distribution. An interval supposes that they scatter about normally, and for a share or a norm it can reach below zero, where no value can lie. A dot for each seed cannot mislead so.
// 3. **The same test images.** The standard deviation $\sqrt{p(1-p)/N}$ belongs to *one* error rate on images drawn anew. Two networks on the same images mostly err on the same ones, so only images count on which exactly one errs: if these are $n_{10}$ and $n_{01}$ of $N$, the difference of the two error rates has the standard error
//    $\sqrt{n_{10} + n_{01} - (n_{10} - n_{01})^2 / N} \, / N$ (McNemar's test counts the same images).
// 4. **Both sides vary.** Where each network is one run, and runs scatter by $\sigma$, their difference scatters by $\sqrt 2 \, \sigma$. To divide by one row's $\sigma$ makes every difference look larger than it is.
// 5. **Many questions.** Of twenty comparisons at 95 % between networks that do not differ, one finds a difference on average. Fix beforehand which one counts, or divide the chance of error that you allow by their number (chapter 05).
// 6. **Not told apart is not equal.** An interval that holds zero says that these seeds cannot decide. To call two networks equal takes a margin, fixed beforehand, that the whole interval keeps within (chapter 11).
//
// ### Your turn: the interval of a paired difference
//
// Write rule 1. The check compares with the library's interval of the differences, and asks for pairs whose common part is much larger than their difference.

// %%
type Interval = { readonly mean: number; readonly lower: number; readonly upper: number };
/** Student's factor for 95 %, by the number of pairs. */
const studentT: Readonly<Record<number, number>> = { 2: 12.706, 3: 4.303, 5: 2.776 };

/** The 95 % interval of the mean difference, `a` minus `b`, seed by seed; `t` is Student's factor for as many pairs. */
function pairedInterval(a: readonly number[], b: readonly number[], t: number): Interval {
  return check.unwritten(a, b, t);
}

const between = await check.yourTurn(pairedInterval, turns.pairedInterval);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// First the list of differences. Then their mean, their variance with n - 1, and the standard deviation of their mean.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function pairedInterval(a: readonly number[], b: readonly number[], t: number): Interval {
//   const differences = a.map((value, seed) => value - b[seed]!);
//   const n = differences.length;
//   const mean = differences.reduce((sum, d) => sum + d, 0) / n;
//   const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
//   const half = t * Math.sqrt(variance / n);
//   return { mean, lower: mean - half, upper: mean + half };
// }
// ```
//
// </details>
// %% [markdown]
// ## Predict, then run: three depths and a plain twin
//
// All networks get the same steps, your schedule, the same order of images and the same crops: with one seed, everything but the network is the same.
//
// Before you run it, write down your answers:
//
// 1. Will the deeper residual networks have the lower *training* loss in so few steps?
// 2. And the lower *test* error?
// 3. Where does the plain twin of the deepest end?

// %%
/** The networks that are trained: the depths with shortcuts, and the plain twin of one of them. */
const kinds = [
  ...plan.depths.map((depth) => ({ name: `residual-${depth}`, depth, shortcut: "A" as const })),
  { name: `plain-${plan.plain}`, depth: plan.plain, shortcut: "none" as const },
];
const size = setting === "full" ? {} : { widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 };

const schedule = train.stepSchedule({ learningRate: 0.1, at: [plan.steps / 2, (3 * plan.steps) / 4] });
const warmUpSteps = Math.round((400 * plan.steps) / 64_000);
const warmedUp = train.warmUp({ learningRate: 0.01, steps: warmUpSteps, then: schedule });
// Each run has a process of its own (chapter 01), which cannot see a cell. So the library's schedule goes there, once it is found to be yours.
const other = Array.from({ length: plan.steps }, (_, step) => step).find(
  (step) => Math.abs(rateOf(step, plan.steps) / schedule.learningRate(step) - 1) > 1e-9,
);
if (other !== undefined) throw new Error(`step ${other}: your rate is ${rateOf(other, plan.steps)}`);

// %%
const swept = await train.sweep({
  networks: kinds.map(({ name, depth, shortcut }) => ({
    name,
    model: "cifarResNet",
    options: { ...size, depth, shortcut },
    ...(depth >= 110 && { recipe: { schedule: warmedUp } }),
  })),
  data: images,
  recipe: { batchSize: 128, optimizer: recipe.optimizer, schedule, steps: plan.steps },
  seeds: plan.seeds,
});
const runs = await Promise.all(
  swept.runs.map(async ({ name, seed, metrics, record, load }) => ({
    name,
    seed,
    network: await load(),
    losses: record!.curves.updates.loss,
    error: 100 * (1 - metrics.test.accuracy),
  })),
);

// %%
const average = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
/** Means over `span` steps each: one step's loss depends on its 128 images. */
const span = plan.steps / 20;
const smooth = (losses: readonly number[]) =>
  Array.from({ length: 20 }, (_, i) =>
    average(losses.slice((i * losses.length) / 20, ((i + 1) * losses.length) / 20)),
  );
/** The mean training loss of the last quarter of the steps, after the second drop. */
const lastLoss = ({ losses }: { readonly losses: readonly number[] }) => average(smooth(losses).slice(15));
plot.trainingCurves(
  kinds.map(({ name }) => ({
    name,
    x: Array.from({ length: 20 }, (_, i) => (i + 1) * span),
    runs: runs.filter((run) => run.name === name).map(({ losses }) => smooth(losses)),
  })),
  {
    title: `Training loss, ${trainSource.name}`,
    x: { title: "step" },
    y: { title: `mean loss of ${span} steps (nats)` },
    caption: `Means over ${plan.seeds.length} seeds, bands from the lowest run to the highest. The learning rate drops at steps ${plan.steps / 2} and ${(3 * plan.steps) / 4}.`,
  },
);

// %%
plot.scatter(
  kinds.map(({ name, depth }) => {
    const own = runs.filter((run) => run.name === name);
    return { name, x: own.map(({ seed }) => depth + (seed - 2) / 2), y: own.map(({ error }) => error) };
  }),
  {
    title: "Test error, each seed a point",
    x: { title: "depth; seeds side by side" },
    y: { title: "test error (%)" },
    caption: `${testSource.size} test images, after ${plan.steps} steps.`,
  },
);

// %%
type Run = (typeof runs)[number];
const of = (name: string, value: (run: Run) => number) =>
  analysis.meanInterval(runs.filter((run) => run.name === name).map(value));
const plusMinus = ({ mean, upper }: analysis.MeanInterval, digits: number) =>
  `${mean.toFixed(digits)} ± ${(upper - mean).toFixed(digits)}`;
plot.table(
  kinds.map(({ name }) => ({
    network: name,
    parameters: runs.find((run) => run.name === name)!.network.parameterCount,
    "training loss, last quarter": plusMinus(of(name, lastLoss), 3),
    "test error (%)": plusMinus(
      of(name, ({ error }) => error),
      1,
    ),
  })),
  { title: `${plan.steps} steps, means over ${plan.seeds.length} seeds ± half a 95 % interval` },
);

// %% [markdown]
// Now the same numbers by pairs, with your function: the plain twin against the residual network of its depth, and each residual depth against the next.

// %%
const lossesOf = (name: string) => runs.filter((run) => run.name === name).map(lastLoss);
const errorsOf = (name: string) => runs.filter((run) => run.name === name).map(({ error }) => error);
const comparisons = [
  [`plain-${plan.plain}`, `residual-${plan.plain}`],
  ...plan.depths.slice(1).map((depth, i) => [`residual-${plan.depths[i]!}`, `residual-${depth}`]),
].map(([first, second]) => {
  const loss = between(lossesOf(first!), lossesOf(second!), studentT[plan.seeds.length]!);
  const error = between(errorsOf(first!), errorsOf(second!), studentT[plan.seeds.length]!);
  return { name: `${first!} minus ${second!}`, loss, error };
});
const interval = ({ lower, upper }: Interval, digits: number) =>
  `${lower.toFixed(digits)} to ${upper.toFixed(digits)}`;
plot.table(
  comparisons.map(({ name, loss, error }) => ({
    difference: name,
    "training loss (nats)": loss.mean,
    "95 % of it": interval(loss, 3),
    "test error (points)": error.mean,
    "95 % of that": interval(error, 1),
  })),
  { title: `${plan.seeds.length} pairs each` },
);

// %%
/** Half of the 95 % interval of a difference in training loss: by pairs, and as if the two networks shared nothing. */
const worthOfPairs = comparisons.map(({ name, loss }) => {
  const [a, b] = name.split(" minus ").map((network) => of(network, lastLoss));
  const apart = Math.hypot(a!.upper - a!.mean, b!.upper - b!.mean);
  return { name, paired: loss.upper - loss.mean, apart };
});
plot.table(
  worthOfPairs.map(({ name, paired, apart }) => ({
    difference: name,
    "± by pairs": paired,
    "± if nothing were shared": apart,
  })),
  { title: "What pairs are worth: half of the interval of the difference in training loss (nats)" },
);

// %% tags=["claim"]
const [mended, fromEight, fromTwenty] = comparisons;
if (mended!.loss.lower <= 0) {
  throw new Error(
    `shortcuts should lower the training loss at ${plan.plain} layers; ${interval(mended!.loss, 3)}`,
  );
}
if (setting === "everyday") {
  const errors = [average(errorsOf(`plain-${plan.plain}`)), average(errorsOf(`residual-${plan.plain}`))];
  if (!worthOfPairs.some(({ paired, apart }) => paired < 0.9 * apart))
    throw new Error("somewhere pairs should make the difference surer");
  const among = Math.max(Math.abs(fromEight!.loss.mean), Math.abs(fromTwenty!.loss.mean));
  const points = Math.max(Math.abs(fromEight!.error.mean), Math.abs(fromTwenty!.error.mean));
  if (!(
    errors[0]! > 1.3 * errors[1]! &&
    among < 0.3 * mended!.loss.mean &&
    points < 0.3 * mended!.error.mean
  ))
    throw new Error(
      `shortcuts should matter more than depth does among the residual networks; got errors ${errors.join(", ")} and losses ${among} apart`,
    );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// 1. Hardly, in so few steps: the losses of the residual networks differ among each other by less than a third of what parts the plain twin from its residual network.
// 2. Nor here: the same holds for their test errors. That does not make them equal (rule 6).
// 3. The plain twin ends far behind, in every pair, and errs on many more test images. It has the same layers and has seen the same images: only the shortcuts are missing.
//
// The last table says what pairs are worth. Its right column is how wide the interval would be if the two networks had nothing in common. Where a seed moves both alike, by the order of the images and the crops, the pairs' interval is narrower, and here there is such a difference; where a seed moves each in its own way, pairs cannot help. Mind rule 5 where you did not ask beforehand: the table of pairs holds six intervals.
//
// What stops this notebook at every setting is one claim, fixed before: that the plain twin's loss lies above. If there were no effect, its interval would lie above zero by chance in 2.5 % of such experiments.
//
// </details>
//
// ### And after convergence?
//
// A few hundred steps are the beginning of training, and the family was made for the end of it. That takes longer than you want to wait for, so it is kept with the course: `npm run reproduce -- study converged` trained four depths, plain and residual, with the widths and image size of your runs but for 60 epochs on all 10,000 images. That is a Table 6 in small, and unlike the paper's it has several seeds in every row.
//
// **Predict, then run.** The paper's Figure 6 has two halves: plain networks get worse with depth, and residual ones get better. Which of the two comes out at this size?

// %%
const study = await train.recordedStudy("converged");
console.log(study.conditions);
const recordedDepths = [20, 32, 44, 56];
const recorded = (kind: "plain" | "residual", depth: number) =>
  study.networks.find(({ name }) => name === `${kind}-${depth}`)!;
plot.dots(
  (["plain", "residual"] as const).map((kind) => ({
    name: kind,
    values: recordedDepths.map((depth) => recorded(kind, depth).errors.test),
  })),
  {
    title: "Recorded: test error after 60 epochs",
    x: { title: "layers", categories: recordedDepths.map(String) },
    y: { title: "test error (%)" },
    caption: "A dot for each recorded seed. Not your run: 60 epochs where yours has a few.",
  },
);

// %%
/** The differences of test errors, in points, of the seeds that both have. */
const recordedPairs = (from: ReturnType<typeof recorded>, to: ReturnType<typeof recorded>) =>
  from.seeds.flatMap((seed, i) => {
    const j = to.seeds.indexOf(seed);
    return j < 0 ? [] : [from.errors.test[i]! - to.errors.test[j]!];
  });
const byShortcut = recordedDepths.map((depth) => recordedPairs(recorded("plain", depth), recorded("residual", depth))); // prettier-ignore
const byDepth = [32, 44, 56].map((depth) => recordedPairs(recorded("residual", 20), recorded("residual", depth))); // prettier-ignore
const pairRow = (difference: string, points: readonly number[]) => {
  const { mean, lower, upper } = analysis.meanInterval(points);
  return { difference, pairs: points.length, "mean (points)": mean, "95 % from": lower, to: upper };
};
plot.table(
  [
    ...byShortcut.map((points, i) =>
      pairRow(`plain-${recordedDepths[i]!} minus residual-${recordedDepths[i]!}`, points),
    ),
    ...byDepth.map((points, i) => pairRow(`residual-20 minus residual-${recordedDepths[i + 1]!}`, points)),
  ],
  { title: "Recorded: what shortcuts gain, and what depth gains" },
);

// %% tags=["claim"]
if (setting === "everyday") {
  const gains = byShortcut.map(average);
  if (!(
    byShortcut.flat().every((points) => points > 0) && gains.every((gain, i) => i === 0 || gain > gains[i - 1]!)
  ))
    throw new Error(`what shortcuts gain should grow with depth, in every pair above 0; got ${gains.join(", ")}`); // prettier-ignore
  const ofDepth = byDepth.map((points) => analysis.meanInterval(points));
  if (!ofDepth.every(({ mean, lower }) => lower < 0 && mean < 0.5))
    throw new Error(`depth should gain nothing that these seeds can tell; got ${ofDepth.map(({ mean }) => mean).join(", ")}`); // prettier-ignore
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// One of the two. With every pair of seeds the plain network is behind its residual twin, and on average by more with each step of depth: this half of the paper's Figure 6 is here after convergence as well. (Intervals of so few pairs are wide; mind rule 2, and look at the dots.) The other half is not. No deeper residual network is better than the one of 20 layers by more than its seeds explain, and on average none is better at all by as much as half a point.
//
// So at this size shortcuts make depth *harmless*, and not useful. What depth could gain is limited here: the images are small, half the widths make the networks weak in another way, and 10,000 images are few. Which of these it is, nothing here tells. Whether depth *pays* is a question for the paper's own size, and for its Table 6, below.
//
// </details>
//
// ### The same test images
//
// And how much do the test images themselves matter? Rule 3 can be tried: two residual networks of one seed, on the same test images.
//
// **Predict, then run.** Against images drawn apart for each network, how large is the standard error of the difference on the same ones: about the same, or clearly smaller?

// %%
const [shallow, deeper] = runs.filter(({ seed }) => seed === plan.seeds[0]) as [Run, Run];
const wrongOf = async (network: nn.Network) => {
  const { labels } = await train.predict(network, testSource);
  return [...labels].map((label, i) => label !== sets.test.labels[i]);
};
const [wrongInOne, wrongInOther] = [await wrongOf(shallow.network), await wrongOf(deeper.network)];
const tested = wrongInOne.length;
const onlyOne = wrongInOne.filter((wrong, i) => wrong && !wrongInOther[i]).length;
const onlyOther = wrongInOther.filter((wrong, i) => wrong && !wrongInOne[i]).length;
const variance = (wrong: readonly boolean[]) => {
  const share = wrong.filter(Boolean).length / tested;
  return (share * (1 - share)) / tested;
};
const onSame = Math.sqrt(onlyOne + onlyOther - (onlyOne - onlyOther) ** 2 / tested) / tested;
const onSeparate = Math.sqrt(variance(wrongInOne) + variance(wrongInOther));
console.log(
  `${shallow.name} errs alone on ${onlyOne} of ${tested} images, ${deeper.name} on ${onlyOther}. ` +
    `Difference ${((100 * (onlyOne - onlyOther)) / tested).toFixed(1)} points; its standard error by sampling: ` +
    `${(100 * onSame).toFixed(2)} on the same images, ${(100 * onSeparate).toFixed(2)} if they were separate ones.`,
);

// %% tags=["claim"]
if (setting === "everyday" && !(onSame < 0.65 * onSeparate && onSame > 0.4 * onSeparate))
  throw new Error(`the same images should make the difference about twice as sure; got ${onSame} and ${onSeparate}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Clearly smaller: the standard error of the difference is about half of what separate images would give, because the two networks mostly err on the same images. It is still not small: with so few test images a difference of a point between two single networks is within chance.
//
// </details>
//
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

// %%
/** A difference of two error rates in standard deviations of such a difference, by sampling alone (rule 4). */
const inDeviations = (from: number, to: number) =>
  (from - to) / Math.hypot(samplingDeviation(from), samplingDeviation(to));
plot.table(
  tableSix.map(({ network, parameters, error, note }, i) => ({
    network,
    parameters,
    "error (%)": error.toFixed(2),
    "± sampling alone": samplingDeviation(error).toFixed(2),
    "gain over the row above, in deviations":
      i < 3 ? null : inDeviations(tableSix[i - 1]!.error, error).toFixed(1),
    "of the runs": note,
  })),
  {
    title:
      "CIFAR-10, from Table 6 of the ResNet paper; what sampling does is computed here for 10,000 images",
  },
);

// %% tags=["claim"]
const errorIn = (depth: number) => tableSix.find(({ network }) => network === `ResNet-${depth}`)!.error;
const gain = (from: number, to: number) => inDeviations(errorIn(from), errorIn(to));
if (!(gain(20, 32) > 3 && gain(32, 44) < 1 && gain(44, 56) < 1 && gain(56, 110) < 2 && gain(20, 110) > 6))
  throw new Error("the steps of Table 6 are others than the text says");
if (!(inDeviations(errorIn(20), 6.61) > 5)) throw new Error("by the mean of five runs the fall is smaller");

// %% [markdown]
// The step from 20 to 32 layers is more than three deviations of a difference. The steps from 32 to 44 and from 44 to 56 are smaller than one, and 56 to 110 is not much more, although 6.43 is the best of five runs and the other rows have one: by this table alone each of them may be chance, and the paper does not lean on any. The whole fall from 20 to 110 layers is larger than six, and still larger than five by the mean of the five runs, 6.61: that is the result. (The same test images served all
// rows, so the true deviations are smaller, by rule 3; how seeds scatter comes on top.)
//
// How far do others get? A much-used public reproduction ([akamaster/pytorch_resnet_cifar10](https://github.com/akamaster/pytorch_resnet_cifar10), its README) reports the numbers below, keeping the epoch that is best on the test images, after 200 epochs on all 50,000 training images. And a user of it ran its ResNet-56 six times and reports the
// *best* error of each run ([issue 18](https://github.com/akamaster/pytorch_resnet_cifar10/issues/18) there).

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
    "gain, in deviations of a difference": inDeviations(paper, theirs).toFixed(1),
  })),
  { title: "Two reports of the same networks" },
);

// %%
console.log(
  `six runs of ResNet-56: mean ${ofSix.mean.toFixed(2)} %, standard deviation ${ofSix.deviation.toFixed(2)}, lowest ${Math.min(...sixRuns)}, highest ${Math.max(...sixRuns)}; each is the best epoch of its run by test error`,
);

// %% tags=["claim"]
if (!(Math.abs(ofSix.deviation / samplingDeviation(ofSix.mean) - 2) < 0.2 && Math.min(...sixRuns) > 6.61))
  throw new Error("the six runs scatter otherwise than the text says");

// %% [markdown]
// The six runs scatter by about twice what sampling of test images gives, although each of them is already the best of its epochs. The repository's own 6.61 % lies below all six. Whoever reports one number reports one draw from such a spread, and often the lowest.
//
// One row of the table before the six runs will be needed at the end of this chapter, the last: there 1202 layers do better than 110, where in the paper they do worse.
//
// ## How strongly do layers respond?
//
// Residual learning supposes that units have little to do: near the identity, $F$ is near 0. The paper checks it (Figure 7). It takes the **response** of each 3×3 layer, its output after batch norm and before the ReLU or the addition, and the standard deviation of that over images, places and channels. It finds responses smaller in residual
// networks than in plain ones, and smaller the more layers there are: each of many layers changes the signal less.
//
// A response can move for two reasons, and only one of them is learning. By construction batch norm gives every channel of a batch the mean $\beta$ and the deviation $|\gamma|$, its shift and its scale. So over all channels together the deviation is $\sqrt{\overline{\gamma^2} + \mathrm{var}(\beta)}$: it is 1 before training, and nothing moves it but what training makes of scales and shifts. That is what the figure is after.
// But here responses are measured in inference mode (the paper does not say in which mode its own are). There the *running* averages of chapter 02 stand in for the batch's, and they come from earlier steps, and from cropped and mirrored images. Where they are off, the response is off too, and no layer has learned anything by it. So both are measured: the response, and what scales and shifts alone give.
//
// **Predict, then run.** Will a few hundred steps be enough to see what the paper sees: plain above residual, and less with more layers?

// %%
const batch = testSource.batch(Int32Array.from({ length: 128 }, (_, i) => i));
/** Mean over the layers of what scales and shifts alone give: √(mean γ² + var β). */
function learnedResponse(network: nn.Network): number {
  const valuesOf = (end: RegExp) =>
    network
      .variables()
      .filter(({ name }) => end.test(name))
      .map(({ variable }) => variable.dataSync());
  const [scales, shifts] = [valuesOf(/norm\d*\.scale$/), valuesOf(/norm\d*\.shift$/)];
  return average(
    scales.map((scale, i) => {
      const shift = shifts[i]!;
      return Math.sqrt(
        average(scale.map((g) => g * g)) + average(shift.map((b) => b * b)) - average(shift) ** 2,
      );
    }),
  );
}

// %%
const responses: { name: string; seed: number; deviations: readonly number[]; learned: number }[] = [];
for (const { name, seed, network } of runs) {
  const measured = await analysis.layerResponses(network, batch.images);
  responses.push({
    name,
    seed,
    deviations: measured.map(({ deviation }) => deviation),
    learned: learnedResponse(network),
  });
}
const seedOne = responses.filter(({ seed }) => seed === plan.seeds[0]);
plot.lines(
  seedOne.map(({ name, deviations }) => ({ name, y: deviations })),
  {
    title: `Responses of the 3×3 layers (seed ${plan.seeds[0]})`,
    x: { title: "layer, counted from the images" },
    y: { title: "standard deviation" },
    caption: "After batch norm, before ReLU or addition, as in the paper's Figure 7.",
  },
);

// %%
const responsesOf = (name: string) =>
  responses.filter((one) => one.name === name).map(({ deviations }) => average(deviations));
const learnedOf = (name: string) =>
  responses.filter((one) => one.name === name).map(({ learned }) => learned);
plot.table(
  kinds.map(({ name }) => ({
    network: name,
    "mean response": average(responsesOf(name)),
    "by scales and shifts alone": average(learnedOf(name)),
    ...Object.fromEntries(responsesOf(name).map((value, i) => [`seed ${plan.seeds[i]!}`, value])),
  })),
  { title: "Mean over layers" },
);

// %%
const responsePairs = comparisons.map(({ name }) => {
  const [a, b] = name.split(" minus ") as [string, string];
  const t = studentT[plan.seeds.length]!;
  return {
    name,
    measured: between(responsesOf(a), responsesOf(b), t),
    learned: between(learnedOf(a), learnedOf(b), t),
  };
});
plot.table(
  responsePairs.map(({ name, measured, learned }) => ({
    difference: name,
    "mean response": measured.mean,
    "95 % of it": interval(measured, 3),
    "by scales and shifts alone": learned.mean,
    "95 % of that": interval(learned, 3),
  })),
  { title: `${plan.seeds.length} pairs each` },
);

// %% tags=["claim"]
if (setting === "everyday") {
  const [plainMinus, shallowMinus, deepMinus] = responsePairs.map(({ learned }) => learned);
  const widthOf = ({ lower, upper }: Interval) => upper - lower;
  if (!(widthOf(responsePairs[0]!.measured) > 2 * widthOf(plainMinus!)))
    throw new Error("in inference mode the responses should scatter more");
  if (!(
    plainMinus!.lower > 0 &&
    shallowMinus!.lower > 0 &&
    Math.abs(deepMinus!.mean) < 0.5 * shallowMinus!.mean
  ))
    throw new Error(
      `by scales and shifts alone the plain network and the shallowest residual one should respond more than their rivals, and the deeper pair be alike; got ${JSON.stringify({ plainMinus, shallowMinus, deepMinus })}`,
    );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Yes, if one looks at what training has changed. By scales and shifts alone the plain network responds more strongly than its residual twin, and the shortest residual network more strongly than the next, in every pair; from 20 to 32 layers less than half as much is left. That is the direction of the paper's Figure 7, after a few hundred of its 64,000 steps.
//
// The surprise is what hides it. The response in inference mode scatters several times as much, because the running averages come between: they are those of the last training batches, cropped and mirrored, and not of these test images. Whoever measures only this needs a difference as many times larger to see it.
//
// </details>
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
    "gain, in deviations of a difference": inDeviations(original, preActivation).toFixed(1),
  })),
  { title: "Test errors, from the identity paper's Tables 2 and 3" },
);

// %% [markdown]
// (These are medians of five runs each, so the seeds matter less than in Table 6.) With the same parameters the thousand-layer network went from worse than the others to better than all of them. So size alone does not explain it: the optimisation had something to do with it. The same holds on CIFAR-100, where 1001 layers fall from 27.82 to 22.71 % (Table 3).
//
// **And the identity paper has a third reading**, of its own networks (section 4.2, *reducing overfitting*): at the end of training the pre-activation network (chapter 08) has the slightly *higher* training loss and the lower test error. So the moved normalisation, the paper presumes, also regularises, because each convolution then gets a normalised input.
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
// - **Depth does not pay at this size**, neither in your few steps nor in the recorded 60 epochs: with shortcuts it does no harm, and without them it does. The paper's order, deeper is better to 110 layers, is one of its images, its widths and its 64,000 steps.
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
// 1. Leave out the two drops of the learning rate. How much of the final loss came from them? (Easy, 10 minutes.)
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
