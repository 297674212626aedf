// %% [markdown]
// # 00 Start here
//
// A first look at the tools, before the subject: how a cell runs, what a tensor is, how a figure is read, how a network is trained, what this machine can do in a minute, and how your
// answers are checked. If you know Jupyter and tensors, read the headings and run the cells.
//
// **When you are through you can**
// - run, change and interrupt cells, and read an error;
// - make tensors, name their axes, and take a gradient;
// - write the loss and a training step with momentum by hand;
// - train a first network, and say how sure you are of its accuracy;
// - use *check yourself* cells and the exercises.
//
// **Time.** Reading and writing: 30 minutes. Running: about a minute on two CPU cores.
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
// A **convolution** slides a small block of weights, the **kernel**, over the image and writes the weighted sum at each place. This kernel takes the right neighbour minus the left one, so it answers
// to vertical edges. It has no neighbour to take at the image's own borders, so those columns are left out. (A warning for programmers: tensors on a GPU are not freed by themselves. The library frees
// its own; in your own loops put the work into `tf.tidy(() => …)`.)
//
// Before that the cell prepares the images for training. `data.channelStatistics` takes the mean and the standard deviation of each channel over the training images, and `data.batches` subtracts the one from
// every number and divides by the other, in both sets. The test images get the training images' numbers, because they stand for images that nobody has seen yet: nothing may be computed from them.

// %%
const normalise = data.channelStatistics(trainImages);
const trainSource = data.batches(trainImages, { normalise });
const testSource = data.batches(testImages, { normalise });

const picture = trainImages.images.slice(0, 14 * 14);
const edge = tf.tensor4d([-1, 0, 1], [1, 3, 1, 1]);
const edges = tf.conv2d(tf.tensor4d(Float32Array.from(picture), [1, 14, 14, 1]), edge, 1, "valid");

// Half of the difference around middle grey, with a grey column on either side.
const differences = await edges.data();
const grey = Uint8Array.from({ length: 14 * 14 }, (_, i) => {
  const [row, column] = [Math.floor(i / 14), i % 14];
  return column === 0 || column === 13 ? 128 : Math.round(127.5 + differences[row * 12 + column - 1]! / 2);
});
plot.imageGrid(
  { images: Uint8Array.of(...picture, ...grey), imageShape: [14, 14, 1] },
  {
    title: "The first image and its vertical edges",
    captions: ["image", "edges"],
    columns: 2,
    caption:
      "Edges: grey where nothing changes, white where it gets brighter to the right, black where it gets darker.",
  },
);

// %% [markdown]
// ## Gradients
//
// Training makes one number small: the **loss**, which says how wrong the network's answers are. It follows the **gradient**: for each weight, how much the loss changes when that weight changes a little.
//
// ### Your turn: a slope without calculus
//
// Three times in this chapter you write a part yourself. You find a function that says `check.unwritten`, put your own lines in its place and run the cell; the check below it says at once what holds and what
// is wrong. Below it are a hint and a solution, folded. From there on the chapter works with your function, and as long as it is not right, with ours.
//
// Write `slopeOf(f, x, h)`: how steep is $f$ at $x$? Move $x$ by $h$ to *both* sides, see how much $f$ changes, and divide by how far you moved.

// %%
import { turns, type State } from "./turns/00";

function slopeOf(f: (x: number) => number, x: number, h: number): number {
  return check.unwritten(f, x, h);
}

const slopeByMoving = await check.yourTurn(slopeOf, turns.slopeOf);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// How far are $x - h$ and $x + h$ apart?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function slopeOf(f: (x: number) => number, x: number, h: number): number {
//   return (f(x + h) - f(x - h)) / (2 * h);
// }
// ```
//
// </details>
//
// **Predict**: what is the derivative of $x^3 - 2x$ at $x = 2$?

// %%
const slope = tf.grad((x) => tf.sub(tf.pow(x, 3), tf.mul(x, 2)));
const atTwo = (await slope(tf.scalar(2)).data())[0]!;
const byMoving = slopeByMoving((x) => x ** 3 - 2 * x, 2, 1e-4);

if (!(Math.abs(atTwo - byMoving) < 1e-3)) throw new Error(`${atTwo} is not the slope ${byMoving}`);
console.log(`by rule: ${atTwo}; by moving x: ${byMoving.toFixed(4)}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The rule says $3x^2 - 2$, which is 10 at $x = 2$, and moving $x$ says the same without knowing any rule.
//
// </details>
//
// Every gradient in this course is checked in this way. Chapter 04 builds the machinery from nothing; `autodiff` holds it, and can draw what it did. Here it took $x \cdot x + x$ at $x = 3$: each box is a line of
// the computation, with its value, and with how much the result changes when that value changes a little.

// %%
const traced = autodiff.trace((x) => autodiff.add(autodiff.multiply(x, x), x), [autodiff.full([], 3)], ["x"]);
await autodiff.draw(traced, { gradients: autodiff.backward(traced.output, autodiff.full([], 1)) });

// %% [markdown]
// ## What is made small: the loss
//
// A network that sorts images into ten classes gives ten numbers $z_1, \dots, z_{10}$, the **logits**; the largest is its answer. **Softmax** makes probabilities of them, positive numbers that add up to 1:
//
// $$ p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}. $$
//
// The loss is the **cross-entropy**: $-\ln p$ of the right class, averaged over images. It is measured in **nats** (natural logarithms), and guessing among ten classes costs $\ln 10 \approx 2.3$ nats.
//
// ### Your turn: the cross-entropy of one image
//
// Write `crossEntropy(logits, right)`, where `right` is the place of the right class, counted from 0. Logits may be as large as 1000, all of them or only one.

// %%
function crossEntropy(logits: readonly number[], right: number): number {
  return check.unwritten(logits, right);
}

const lossOf = await check.yourTurn(crossEntropy, turns.crossEntropy);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// What does a computer make of $e^{1000}$? What happens to the probabilities if the same number is subtracted from all logits? And if the right class is far behind another, what does a
// computer make of $e^{-1000}$, and of its logarithm? (The logarithm of a quotient is a difference.)
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function crossEntropy(logits: readonly number[], right: number): number {
//   const largest = Math.max(...logits);
//   const powers = logits.map((z) => Math.exp(z - largest));
//   const sum = powers.reduce((a, b) => a + b);
//   return Math.log(sum) + largest - logits[right]!;
// }
// ```
//
// </details>
//
// ### Your turn: a step of training
//
// A training step moves every weight $w$ against its gradient $g$. The **learning rate** $\eta$, the *rate* for short, says how far one step goes. With **momentum** $m$ the weights have a velocity $v$, as a ball has that rolls downhill: it keeps a part of
// its speed from step to step, which carries it through flat stretches and evens out gradients that point now here, now there:
//
// $$ v \leftarrow m \, v + g, \qquad w \leftarrow w - \eta \, v. $$
//
// This is how the ResNet paper trains, with $m = 0.9$ (its section 3.4). Write `momentumStep`: it gives the new weights and the new velocity, and leaves the lists that it was given as they are.

// %%
function momentumStep(state: State, gradient: readonly number[], rate: number, momentum: number): State {
  return check.unwritten(state, gradient, rate, momentum);
}

const step = await check.yourTurn(momentumStep, turns.momentumStep);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Two lines, one for each arrow above. Which of the two velocities, the old one or the new one, moves the weights?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function momentumStep(state: State, gradient: readonly number[], rate: number, momentum: number): State {
//   const velocity = state.velocity.map((v, i) => momentum * v + gradient[i]!);
//   const weights = state.weights.map((w, i) => w - rate * velocity[i]!);
//   return { weights, velocity };
// }
// ```
//
// </details>
//
// With these parts you can train. The smallest network has one layer: each of the ten logits is a weighted sum of the pixels. The next cell takes steps on 128 images each; TensorFlow.js gives the gradients, your `momentumStep`
// moves the weights, and your `crossEntropy` measures.

// %%
/** The loss of each step of a one-layer network. */
async function trainByHand(momentum: number, rate: number, count: number): Promise<number[]> {
  let state: State = { weights: Array<number>(1960).fill(0), velocity: Array<number>(1960).fill(0) };
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const places = Int32Array.from({ length: 128 }, (_, k) => (128 * i + k) % trainImages.labels.length);
    const { images, labels } = trainSource.batch(places);
    const x = tf.reshape<runtime.tf.Rank.R2>(images, [128, 196]);
    const logitsOf = (w: runtime.tf.Tensor) => tf.matMul(x, tf.reshape<runtime.tf.Rank.R2>(w, [196, 10]));
    const gradientOf = tf.grad((w) => tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 10), logitsOf(w)));

    const [w, classes] = [tf.tensor1d([...state.weights]), await labels.data()];
    const [logits, gradient] = tf.tidy(() => [logitsOf(w), gradientOf(w)]);
    const rows = (await logits.array()) as number[][];
    found.push(rows.reduce((sum, z, k) => sum + lossOf(z, classes[k]!), 0) / 128);
    state = step(state, [...(await gradient.data())], rate, momentum);
    tf.dispose([images, labels, x, w, logits, gradient]);
  }
  return found;
}

// %% [markdown]
// **Predict**: we train three times for 60 steps: without momentum; with a momentum of 0.9 at the same rate; and without momentum at ten times the rate. Which of the three end at about the same loss, and why?

// %%
const byHand = [
  { momentum: 0, rate: 0.002 },
  { momentum: 0.9, rate: 0.002 },
  { momentum: 0, rate: 0.02 },
];
const lossesByHand: number[][] = [];
for (const { momentum, rate } of byHand) lossesByHand.push(await trainByHand(momentum, rate, 60));

plot.lines(
  byHand.map(({ momentum, rate }, i) => ({
    name: `momentum ${momentum}, rate ${rate}`,
    y: lossesByHand[i]!,
  })),
  {
    title: "One layer, trained by hand",
    x: { title: "step" },
    y: { title: "loss (nats)" },
    caption: "Each step's loss is that of its own 128 images.",
  },
);

// %% tags=["claim"]
/** The mean of the last ten. */
const lastOf = (losses: readonly number[]) => losses.slice(-10).reduce((a, b) => a + b) / 10;
const [slow, carried, fast] = lossesByHand.map(lastOf);
if (!(carried! < slow! && Math.abs(fast! - carried!) < Math.abs(slow! - carried!) / 3))
  throw new Error(
    `momentum should speed training up as ten times the rate does; got ${slow}, ${carried}, ${fast}`,
  );

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// With momentum the loss falls much faster, because a velocity that keeps nine tenths adds up to ten gradients: $1 + m + m^2 + \dots = 1/(1 - m) = 10$. So without momentum ten times the rate does about the same here. Momentum
// does more than that where the gradients of successive steps disagree, because what points to and fro cancels in the velocity, and what they agree on adds up. Chapter 06 takes the whole recipe apart.
//
// </details>
//
// Two weights are enough to watch that. Their loss is a valley, $\frac12 (0.02\, a^2 + 0.5\, b^2)$, flat along $a$ and steep along $b$. We take 40 steps from one place, at one rate. **Predict**, before you move the slider: does more momentum always lead nearer to the middle?

// %%
const curvatures = [0.02, 0.5];

/** The weights at each of 40 steps through the valley. */
function roll(momentum: number): State["weights"][] {
  let state: State = { weights: [-9, 1.5], velocity: [0, 0] };
  const way = [state.weights];
  for (let i = 0; i < 40; i++) {
    const gradient = state.weights.map((w, k) => curvatures[k]! * w);
    state = step(state, gradient, 3, momentum);
    way.push(state.weights);
  }
  return way;
}

const rolls = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99].map((momentum) => ({ momentum, way: roll(momentum) }));

// %%
const [a, b] = [
  Array.from({ length: 41 }, (_, i) => i / 2 - 10),
  Array.from({ length: 33 }, (_, i) => i / 8 - 2),
];
const valley = { x: a, y: b, values: b.map((y) => a.map((x) => (0.02 * x ** 2 + 0.5 * y ** 2) / 2)) };
plot.moving(
  rolls.map(({ momentum, way }) => ({
    label: String(momentum),
    figure: plot.heatMap(valley, {
      title: "Forty steps through a valley",
      x: { title: "a" },
      y: { title: "b" },
      value: { title: "loss" },
      path: { name: "the weights", x: way.map(([x]) => x!), y: way.map(([, y]) => y!) },
      caption: "All start on the left, at a rate of 3. The lowest point is the middle.",
    }),
  })),
  { slider: "momentum", shown: "0.9" },
);

// %% tags=["claim"]
/** How far from the middle each ends. */
const ends = rolls.map(({ way }) => Math.hypot(...way.at(-1)!));
if (!(ends[0]! > 0.5 && ends[2]! < 0.05 && ends[4]! > ends[0]! && ends[6]! > 5))
  throw new Error(`0.7 should end nearest; the distances are ${ends.join(", ")}`);
console.log(
  rolls.map(({ momentum }, i) => `${momentum}: ${plot.formatNumber(ends[i]!)} from the middle`).join("\n"),
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// No. Without momentum the weights drop to the floor of the valley and creep along it. With 0.7 they arrive; with 0.9 they run past the middle and are still coming back after 40 steps, and with the most of the slider they have hardly begun to lose their speed. How much is best depends on how much flatter one direction is than the other,
// and on how many steps there are: 0.9 is a custom for losses that are far flatter in some directions than this one, not a law.
//
// </details>

// %% [markdown]
// ## A first network
//
// This is a residual network of 8 layers; what that is, you will build in chapter 02. It reads an image and gives ten logits.
//
// The summary below lists the network's layers, the shape that each gives for one image, its **parameters** (the numbers that training adjusts) and its **multiply-adds** (multiplications, each with its
// addition, for one image). Chapter 01 says what the layers do.

// %%
const network = nn.cifarResNet({ depth: 8, widths: [8, 16, 32], inputShape: [14, 14, 1], seed: 1 });
network;

// %% [markdown]
// One **epoch** shows each of the training images once, in batches of 128. After each batch every parameter takes a step, as you
// wrote it, with a momentum of 0.9 and a rate of 0.1. `train.fit` is that loop. (It also draws every parameter a little towards 0 at each step; chapter 02 says why.)
//
// **Predict, then run.** What share of new images will the network get right after one? After three?

// %%
const epochs = runtime.setting() === "ci" ? 2 : 3;
const accuracies: number[] = [(await train.evaluate(network, testSource)).accuracy];
for (let epoch = 1; epoch <= epochs; epoch++) {
  await train.fit(network, trainSource, {
    epochs: 1,
    batchSize: 128,
    schedule: train.constant(0.1),
    seed: epoch,
  });
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

// %% tags=["claim"]
if (!(accuracies[1]! - accuracies[0]! > Math.abs(accuracies.at(-1)! - accuracies[1]!)))
  throw new Error(`the first epoch should bring most; got ${accuracies.join(", ")}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The first epoch leads from guessing to most of what the network has at the end; the epochs after it add little, and may even take a step back, because a network trained at a constant rate is another one after every step.
//
// </details>
//
// ### How sure are we?
//
// With $n$ test images and a share $p$ right, chance alone moves $p$ by a **standard error** of $\sqrt{p(1-p)/n}$. Twice that on both sides is roughly a 95 % interval.
// That is the **sampling error**: what chance does in choosing the test images. It speaks of *this* network on other images, and not of training: other first weights, or one more epoch, give another network, whose
// accuracy may differ by more than that (*Try it* 3). Chapter 01 shows how networks are compared: each is trained several times, and the spread is told.

// %%
const share = accuracies.at(-1)!;
const standardError = Math.sqrt((share * (1 - share)) / testImages.labels.length);
console.log(
  `${(100 * share).toFixed(1)} % right, give or take ${(200 * standardError).toFixed(1)} points; guessing gives 10 %.`,
);
// A guesser is six standard errors above 10 % about once in a hundred million times.
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
// This chapter has three:
//
// - [From logits to an error in percent](../exercises/00-error-rate/00-error-rate.ipynb) (Easy, 10 minutes.)
// - [Images of mean 0 and deviation 1, without a look at the test set](../exercises/00-normalise-images/00-normalise-images.ipynb) (Easy, 20 minutes.)
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
// | 12 | [The residual stream](12-the-residual-stream.ipynb) | what has become of the idea since? |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** the tools, and that a small network learns clothes in seconds.
// - **It does not show** what such a network can reach: a few epochs of 10,000 small images are far from the full set.
//
// ## Try it
//
// 1. Give the edge kernel the weights 1, -2, 1. What does it answer to now? (Easy, 5 minutes.)
// 2. Make the network anew and train it with a rate of 10 instead of 0.1. What does it learn? Then with 1000: what does the error say? (Easy, 5 minutes.)
// 3. Train with five other seeds. (A new network each time: its seed stands in the cell that makes it, and the order of the images in the cell that trains it.) Is the spread of their accuracies larger than the
//    standard error? Need it be? (Medium, 15 minutes.)
//
// ## Where to read on
//
// - Goodfellow, Bengio, Courville: *Deep Learning*, 2016, [deeplearningbook.org](https://www.deeplearningbook.org), chapters 6 and 9: feed-forward and convolutional networks.
// - Xiao, Rasul, Vollgraf: *Fashion-MNIST*, 2017, [arXiv:1708.07747](https://arxiv.org/abs/1708.07747): where the images come from.
