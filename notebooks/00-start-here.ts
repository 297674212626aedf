// %% [markdown]
// # 00 Start here
//
// Ten minutes with the tools, before the subject: how a cell runs, what a tensor is, how a figure is read, what this machine can do in a minute, and how your
// answers are checked. If you know Jupyter and tensors, read the headings and run the cells.
//
// **When you are through you can**
// - run, change and interrupt cells, and read an error;
// - make tensors, name their axes, and take a gradient;
// - train a first network, and say how sure you are of its accuracy;
// - use *check yourself* cells and the exercises.
//
// **Time.** Reading: 15 minutes. Running: about a minute on two CPU cores.
//
// **What you should know already**: what a convolution is, the chain rule, and some programming. Every other term is explained where it first appears, in **bold**; the
// [glossary](../docs/glossary.md) lists them all, each with its place.

// %% [markdown]
// ## Cells
//
// A notebook is a column of **cells**. Click into one and press Shift+Enter to run it. Run them from top to bottom: a cell sees what the cells above it defined. The language is TypeScript,
// which is JavaScript with types. What a cell's last line evaluates to is shown below the cell.

// %%
import { autodiff, check, data, nn, plot, runtime, train } from "residual";

const depths = [20, 56, 110];

depths.map((depth) => `${depth} layers = 6 × ${(depth - 2) / 6} + 2`);

// %% [markdown]
// Types are checked *before* a cell runs: put `"twenty"` in place of `20` above, and the cell tells you at once, not after an hour of training. What types cannot know is checked when the cell
// runs. The next cell is wrong on purpose. Every error of this course says the rule, what you gave, and what would do.

// %% tags=["raises-exception"]
nn.cifarResNet({ depth: 21 });

// %% [markdown]
// A cell that takes long can be stopped with the square button (or by pressing `i` twice): training ends at the next step, and everything is still there. If you lose the thread, *Restart Kernel
// and Run All Cells* begins anew. The outputs that you see before you run anything are from the course's own run.
// Where a question asks you to predict, they are folded: write your prediction into the cell below it first.
//
// Tab completes a name, and Shift+Tab explains it. `help()` in a cell of your own shows what else a cell can do, and how you ask an exercise's checks and see your progress. The
// [cheat sheet](../docs/cells.md) has an example of each.
//
// ## The machine
//
// `runtime.ready()` picks the fastest **backend** (the software that computes) that works here: TensorFlow on a GPU or on the CPU, else WebGPU, WebAssembly or plain JavaScript. It says which, and why.

// %%
const info = await runtime.ready();
console.log(info.describe());

// %% [markdown]
// ## Tensors
//
// A **tensor** is a block of numbers with a **shape**, the list of its lengths. `runtime.tf` is TensorFlow.js, which makes and combines them. A number is computed when it is asked for, so reading
// one takes `await`.

// %%
const { tf } = runtime;

const matrix = tf.tensor2d([
  [1, 2, 3],
  [4, 5, 6],
]);
const weights = tf.tensor2d([[1], [0], [-1]]);

tf.matMul(matrix, weights);

// %% [markdown]
// Shapes are written in brackets: `[2, 3]` times `[3, 1]` gives `[2, 1]`. A **batch**, some images that are worked on together, has the shape `[N, H, W, C]`: number of images, height, width, **channels**
// (1 for grey, 3 for colour, more inside a network). Here are the images of the everyday settings: Fashion-MNIST, small photographs of clothes in ten classes.

// %%
const trainImages = data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2);
const testImages = data.downsample(await data.load("fashion-mnist-sample", { split: "test" }), 2);

plot.imageGrid(trainImages, {
  title: "The first thirty images",
  count: 30,
  columns: 10,
  caption: `Fashion-MNIST, averaged down to ${trainImages.imageShape.join("×")}.`,
});

// %% [markdown]
// A **convolution** slides a small block of weights, the **kernel**, over the image and writes the weighted sum at each place. This kernel takes the right neighbour less the left one, so it answers
// to vertical edges. (A warning for programmers: tensors on a GPU are not freed by themselves. The library frees its own; in your own loops put the work into `tf.tidy(() => …)`.)

// %%
const normalise = data.channelStatistics(trainImages);
const trainSource = data.batches(trainImages, { normalise });
const testSource = data.batches(testImages, { normalise });

const first = trainSource.batch(Int32Array.from([0, 1, 2, 3]));
const edge = tf.tensor4d([-1, 0, 1], [1, 3, 1, 1]);
const edges = tf.conv2d(first.images, edge, 1, "same");

const rows = Array.from({ length: 14 }, (_, y) => y);
const values = await edges.data();
plot.heatMap(
  { x: rows, y: rows, values: rows.map((y) => rows.map((x) => values[(13 - y) * 14 + x]!)) },
  {
    title: "Vertical edges of the first image",
    x: { title: "column" },
    y: { title: "row, from below" },
    value: { title: "right less left" },
    cells: "square",
    caption: "Positive where it gets brighter to the right, negative where it gets darker.",
  },
);

// %% [markdown]
// ## Gradients
//
// Training makes one number small: the **loss**, which says how wrong the network's answers are. It follows the **gradient**: for each weight, how much the loss changes when that weight changes a little.
// **Predict**: what is the derivative of $x^3 - 2x$ at $x = 2$?

// %%
const slope = tf.grad((x) => tf.sub(tf.pow(x, 3), tf.mul(x, 2)));
const atTwo = (await slope(tf.scalar(2)).data())[0]!;

// The same by moving x a little, which needs no calculus.
const f = (x: number) => x ** 3 - 2 * x;
const byMoving = (f(2 + 1e-4) - f(2 - 1e-4)) / 2e-4;

if (!(Math.abs(atTwo - byMoving) < 1e-3)) throw new Error(`${atTwo} is not the slope ${byMoving}`);
console.log(`by rule: ${atTwo}; by moving x: ${byMoving.toFixed(4)}`);

// %% [markdown]
// Every gradient in this course is checked in this way. Chapter 04 builds the machinery from nothing; `autodiff` holds it, and can draw what it did.

// %%
const traced = autodiff.trace((x) => autodiff.add(autodiff.multiply(x, x), x), [autodiff.full([], 3)], ["x"]);
await autodiff.draw(traced, { gradients: autodiff.backward(traced.output, autodiff.full([], 1)) });

// %% [markdown]
// ## A first network
//
// This is a residual network of 8 layers; what that is, you will build in chapter 02. It reads an image and gives ten numbers $z_1, \dots, z_{10}$, the **logits**; the largest is its answer. **Softmax** makes
// probabilities of them, positive numbers that add up to 1:
//
// $$ p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}. $$
//
// The loss is the **cross-entropy**: $-\ln p$ of the right class, averaged over images. It is measured in **nats** (natural logarithms), and guessing among ten classes costs $\ln 10 \approx 2.3$ nats.
//
// The summary below lists the network's layers, the shape that each gives for one image, its **parameters** (the numbers that training adjusts) and its **multiply-adds** (multiplications, each with its
// addition, for one image). Chapter 01 says what the layers do.

// %%
const network = nn.cifarResNet({ depth: 8, widths: [8, 16, 32], inputShape: [14, 14, 1], seed: 1 });
network;

// %% [markdown]
// One **epoch** shows each of the training images once, in batches of 128. After each batch every parameter takes a step against its gradient; the **learning rate**, or *rate* (0.1 here), says how far.
//
// **Predict, then run.** What share of new images will the network get right after one? After three?

// %%
const epochs = runtime.setting() === "ci" ? 2 : 3;
const accuracies: number[] = [(await train.evaluate(network, testSource)).accuracy];
const losses: number[] = [];
for (let epoch = 1; epoch <= epochs; epoch++) {
  const { history } = await train.fit(network, trainSource, {
    epochs: 1,
    batchSize: 128,
    schedule: train.constant(0.1),
    seed: epoch,
  });
  losses.push(history[0]!.loss);
  accuracies.push((await train.evaluate(network, testSource)).accuracy);
}

plot.lines(
  [{ name: "test images", x: accuracies.map((_, epoch) => epoch), y: accuracies.map((one) => 100 * one) }],
  {
    title: "Accuracy of a first network",
    x: { title: "epochs of training" },
    y: { title: "right answers (%)", range: [0, 100] },
    caption: `${testImages.labels.length} images that were not trained on. Move the pointer over the figure to read values; drag to zoom, double-click to return.`,
  },
);

// %% [markdown]
// How sure are we? With $n$ test images and a share $p$ right, chance alone moves $p$ by a **standard error** of $\sqrt{p(1-p)/n}$. Twice that on both sides is roughly a 95 % interval.
// Keep it in mind whenever two networks are compared: half a point of difference on a few thousand images is nothing.

// %%
const share = accuracies.at(-1)!;
const standardError = Math.sqrt((share * (1 - share)) / testImages.labels.length);
console.log(
  `${(100 * share).toFixed(1)} % right, give or take ${(200 * standardError).toFixed(1)} points; guessing gives 10 %.`,
);
// A guesser reaches six standard errors above 10 % once in a thousand million times.
if (!(share > 0.1 + 6 * Math.sqrt(0.09 / testImages.labels.length))) {
  throw new Error(`a trained network should beat guessing; ${share} were right`);
}

// %% [markdown]
// ## What this machine does in a minute
//
// The next cell trains ResNet-20 for a few steps and says how many images pass in a second. It shows the figures of *your* machine when you run it; they are not kept with the notebook, since they
// differ from machine to machine and from day to day.

// %%
const twenty = nn.cifarResNet({ depth: 20, widths: [8, 16, 32], inputShape: [14, 14, 1], seed: 1 });
await train.fit(twenty, trainSource, { steps: 10, seed: 1, progress: "none" }); // the first steps also prepare
const steps = 20;
const began = performance.now();
await train.fit(twenty, trainSource, { steps, seed: 2, progress: "none" });
const perSecond = (128 * steps * 1000) / (performance.now() - began);

plot.show(
  plot.table(
    [
      {
        network: twenty.name,
        images: perSecond,
        seconds: 10_000 / perSecond,
        epochs: (60 * perSecond) / 10_000,
      },
    ],
    {
      columns: [
        "network",
        { key: "images", title: "images a second", format: (value) => value.toFixed(0) },
        { key: "seconds", title: "seconds an epoch (10,000 images)", format: (value) => value.toFixed(0) },
        { key: "epochs", title: "epochs a minute", format: (value) => value.toPrecision(2) },
      ],
    },
  ),
  { transient: true },
);

// %% [markdown]
// ## Three settings, and seeds
//
// Every notebook has three settings. **everyday** is what opens: minutes on two cores, small images, narrow networks. **full** is nearer to the papers and wants a GPU:
// `RESIDUAL_SETTING=full npm run notebooks -- 06`. **ci** is the smallest that still shows the effect; the project's own tests run it. A notebook says what its everyday setting can show and what it cannot.
//
// The **seed** fixes everything random, the first weights and the order of images. The same seed gives the same numbers on the same machine. Different seeds tell how much of a result
// is luck, so experiments that matter run several.
//
// ## Check yourself
//
// At the end of each chapter there are a few questions like this one. Put a number in place of `undefined` and run the cell. The cell holds the right answer sealed, so that reading it gives nothing away.

// %%
// How many numbers does a batch of 128 images of 14 × 14 pixels with 1 channel hold?
const numbersInBatch: number | undefined = undefined;

check.answer(numbersInBatch, "0 3f795705", { hint: "Which lengths has the shape [N, H, W, C]?" });

// %%
// This is what a wrong answer looks like.
check.answer(128, "0 3f795705", { hint: "Which lengths has the shape [N, H, W, C]?" });

// %% [markdown]
// ## Exercises
//
// Larger tasks have their own notebooks, in [exercises](../exercises/README.md). Each has a stub to fill in, hints that open one by one, and a **check** that runs your answer on inputs which show mistakes: it says
// which property failed, on which input, and often which mistake it looks like. `npm run progress` calls an exercise solved when all of
// its checks pass; `course.ipynb`, in the folder above the chapters, shows the same with links to what comes next. In a course, hidden checks give the points: they ask the same properties with other numbers, drawn for each learner.
//
// This chapter has two:
//
// - [From logits to an error in percent](../exercises/00-error-rate/00-error-rate.ipynb) (Easy, 10 minutes.)
// - [Batches in a random order that can be had again](../exercises/00-seeded-batches/00-seeded-batches.ipynb) (Easy, 20 minutes.)
//
// ## The road
//
// | | chapter | the question |
// |---|---|---|
// | 01 | [The degradation problem](01-the-degradation-problem.ipynb) | why do deeper plain networks train *worse*? |
// | 02 | [Residual learning](02-residual-learning.ipynb) | what changes when layers learn a difference? |
// | 03 | [Identity shortcuts](03-identity-shortcuts.ipynb) | what may stand beside the layers, and what must not? |
// | 04 | [Backpropagation, derived](04-backpropagation-derived.ipynb) | where does every gradient come from? |
// | 05 | [Bottlenecks and ImageNet](05-bottlenecks-and-imagenet.ipynb) | what does depth cost? |
// | 06 | [The CIFAR family](06-cifar-resnets.ipynb) | how deep can one go, and how much does a table tell? |
// | 07 | [The loss surface](07-the-loss-surface.ipynb) | what does training walk on? |
// | 08 | [Pre-activation](08-pre-activation.ipynb) | in which order should the parts stand? |
// | 09 | [Why does it work?](09-why-does-it-work.ipynb) | which of the explanations pass a test? |
// | 10 | [Before and after](10-before-and-after.ipynb) | what came before, and what has followed? |
// | 11 | [Capstone](11-capstone.ipynb) | can you reproduce a row of a table? |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** the tools, and that a small network learns clothes in seconds.
// - **It does not show** what such a network can reach: a few epochs of 10,000 small images are far from the full set.
//
// ## Try it
//
// 1. Give the edge kernel the weights 1, -2, 1. What does it answer to now? (Easy, 5 minutes.)
// 2. Train with a rate of 10 instead of 0.1. What does the error say? (Easy, 5 minutes.)
// 3. Run the accuracy cell with five other seeds. Is their spread larger than the standard error? Should it be? (Medium, 15 minutes.)
//
// ## Where to read on
//
// - Goodfellow, Bengio, Courville: *Deep Learning*, 2016, [deeplearningbook.org](https://www.deeplearningbook.org), chapters 6 and 9: feed-forward and convolutional networks.
// - Xiao, Rasul, Vollgraf: *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747): where the images come from.
