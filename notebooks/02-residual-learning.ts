// %% [markdown]
// # 02 Residual learning
//
// The last chapter ended with a puzzle: a better deep network exists, and training does not find it. The remedy of the ResNet paper is
// one addition. Instead of asking layers for what they should give, ask them for what they should *change*. This chapter says exactly
// when that makes a task easier, builds the block, and runs the degradation experiment again with shortcuts.
//
// **When you are through you can**
// - write a residual block, and say which of its parts can be wrong without an error message;
// - state the bet that residual learning makes, and find by experiment where it pays and where it loses;
// - compute what weight decay takes from a residual branch in a whole run, and say which of its parts it acts on;
// - test whether shortcuts mend degradation, say how sure you are, and build the deeper residual network that changes nothing.
//
// **Time.** Reading and writing: 55 minutes. Running: a few minutes on two CPU cores; the long cell shows how much is left. The next cell says what
// this machine computes with.
//
// **Source.** He, Zhang, Ren, Sun: *Deep Residual Learning for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385),
// *the ResNet paper*: its sections 3.1, 3.2 and 4.2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";
import { turns } from "./turns/02";

const info = await runtime.ready();
console.log(info.describe());

const { tf } = runtime;
const setting = runtime.setting();

// %% [markdown]
// ## One addition
//
// Take a few layers in the middle of a network. Their input is $x$, and the best thing that they could compute is some function $H(x)$, the
// **desired mapping**. Ordinarily we train the layers to become $H$. **Residual learning** asks them for the difference instead,
//
// $$ F(x) = H(x) - x. $$
//
// That is the **residual**, what has to be added to the input to get what is wanted. So the input is added back afterwards:
//
// $$ y = F(x) + x. \tag{1} $$
//
// That is equation 1 of the ResNet paper. The way along which $x$ travels unchanged is the **shortcut**, or skip connection. Where the shortcut
// changes nothing it is an **identity shortcut**: no weights, and next to no work. The layers of $F$ are the **residual branch**; branch and shortcut together make a residual unit, or block, and a network of such units is a
// **residual network**. Nothing that could be computed before is lost, since $F = H - x$ is
// as general as $H$. What changes is where training *starts*, and what it costs to do nothing:
//
// - layers without a shortcut compute zero when their weights are zero;
// - layers with a shortcut compute $x$ when their weights are zero.
//
// Chapter 01 needed hand-made convolutions to make layers do nothing. Here doing nothing is what is left when $F$ is gone.
//
// ## The bet
//
// Section 3.1 of the paper says when this should help: *if the optimal function is closer to an identity mapping than to a zero mapping*, it should be
// easier to find small changes to the identity than to learn the function anew. "Closer" can be measured. Take the same two layers,
// $F(x) = W_2 \, \max(W_1 x, 0)$, once alone and once with a shortcut, and ask both for the same thing: **turn the vector $x$ by an angle $\varphi$**.
//
// A turn keeps length, so its distance from the zero mapping is $\lVert x \rVert$, whatever the angle. Its distance from the identity is
// the chord of the turn:
//
// $$ \lVert H_\varphi(x) - x \rVert = 2 \sin\tfrac{\varphi}{2} \; \lVert x \rVert. $$
//
// At $\varphi = 0$ the target *is* the identity. At 180° it is $-x$, twice as far from the identity as from zero. The two distances are equal where
// $2 \sin\frac{\varphi}{2} = 1$, at $\varphi = 60°$.
//
// **Predict, then run.** Draw two curves over $\varphi$ from 0° to 180°: the loss after a fixed number of steps, without shortcut and with.
// Where do they cross? Is there an angle at which the shortcut *hurts*?

// %%
const size = 16; // numbers in x: eight planes, in each of which the vector is turned
const hidden = 2 * size; // enough to represent any linear map exactly: x = max(x, 0) - max(-x, 0)
const toySeeds = setting === "ci" ? 4 : 8;
const toySteps = 150;

/** The 16x16 matrix that turns each pair of numbers by an angle in degrees. */
function turn(degrees: number) {
  const angle = (degrees * Math.PI) / 180;
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i += 2) {
    matrix[i]![i] = matrix[i + 1]![i + 1] = Math.cos(angle);
    matrix[i]![i + 1] = Math.sin(angle);
    matrix[i + 1]![i] = -Math.sin(angle);
  }
  return tf.tensor2d(matrix);
}

/** Random vectors, so many for each seed. */
const vectors = (count: number, seed: number) =>
  tf.randomNormal([toySeeds, count, size], 0, 1, "float32", seed);

// %%
/** Trains the two layers to turn random vectors, all seeds at once along the first axis. A loss for each seed. */
async function learnTurn(degrees: number, way: "plain" | "residual") {
  const target = tf.tidy(() => tf.tile(tf.expandDims(turn(degrees), 0), [toySeeds, 1, 1]));
  const W1 = tf.variable(tf.randomNormal([toySeeds, size, hidden], 0, Math.sqrt(2 / size), "float32", 1));
  const W2 = tf.variable(tf.randomNormal([toySeeds, hidden, size], 0, Math.sqrt(1 / hidden), "float32", 2));
  const lossOfSeeds = (x: runtime.tf.Tensor) => {
    const F = tf.matMul(tf.relu(tf.matMul(x, W1)), W2);
    const y = way === "plain" ? F : tf.add(F, x);
    return tf.mean(tf.squaredDifference(y, tf.matMul(x, target)), [1, 2]);
  };
  const optimizer = tf.train.sgd(0.01);
  for (let step = 0; step < toySteps; step++) {
    tf.tidy(() => {
      // The sum over seeds, and over a vector's numbers: each seed has the gradient that it would have alone.
      const loss = () => tf.mul<runtime.tf.Scalar>(tf.sum(lossOfSeeds(vectors(64, 1000 + step))), size);
      optimizer.minimize(loss, false, [W1, W2]);
    });
  }
  const losses = tf.tidy(() => lossOfSeeds(vectors(512, 999)));
  const values = Array.from(await losses.data());
  tf.dispose([target, W1, W2, losses]);
  return values;
}

// %%
const angles = [0, 30, 60, 90, 120, 150, 180];
const toy: { degrees: number; plain: number[]; residual: number[] }[] = [];
for (const degrees of progress(angles)) {
  toy.push({
    degrees,
    plain: await learnTurn(degrees, "plain"),
    residual: await learnTurn(degrees, "residual"),
  });
}
const seedsOfToy = Array.from({ length: toySeeds }, (_, seed) => seed);
plot.trainingCurves(
  (["plain", "residual"] as const).map((way) => ({
    name: way === "plain" ? "F(x): no shortcut" : "F(x) + x: with shortcut",
    x: angles,
    runs: seedsOfToy.map((seed) => toy.map((row) => row[way][seed]!)),
  })),
  {
    title: "Two layers learn to turn a vector",
    x: { title: "angle of the turn (degrees)" },
    y: { title: `mean squared error after ${toySteps} steps` },
    caption: `Lines are means over ${toySeeds} seeds, bands reach from the lowest to the highest.`,
  },
);

// %% tags=["claim"]
/** For each seed the angle at which the shortcut stops helping, between two of the angles above. Both ways have the seed's first weights. */
const crossings = seedsOfToy.map((seed) => {
  const gaps = toy.map((row) => row.residual[seed]! - row.plain[seed]!);
  const after = gaps.findIndex((gap) => gap > 0);
  if (after < 1)
    throw new Error(`seed ${seed}: the shortcut should help at 0 degrees and hurt at 180; the differences are ${gaps.join(", ")}`); // prettier-ignore
  const [low, high] = [gaps[after - 1]!, gaps[after]!];
  return angles[after - 1]! + (30 * -low) / (high - low);
});
const [nearest, farthest] = [Math.min(...crossings), Math.max(...crossings)];
const averageOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const crossing = averageOf(crossings);
if (Math.abs(crossing - 60) > 10)
  throw new Error(`the curves should cross near 60 degrees; they do at ${crossing}`);
const plainMeans = toy.map(({ plain }) => averageOf(plain));
const residualMeans = toy.map(({ residual }) => averageOf(residual));
const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
if (!(range(plainMeans) < 0.2 * range(residualMeans)))
  throw new Error(`the plain curve should be flat; the ranges are ${range(plainMeans)} and ${range(residualMeans)}`); // prettier-ignore
// With the shortcut, 60 degrees leave F a turn by 120.
const at = (degrees: number) => toy.find((row) => row.degrees === degrees)!;
const same = at(60).residual.map((loss, seed) => Math.abs(loss / at(120).plain[seed]! - 1));
if (!(Math.max(...same) < 1e-3))
  throw new Error(`at 60 degrees the shortcut should leave the plain turn by 120; they are ${same.join(", ")} apart`); // prettier-ignore
console.log(
  `The shortcut helps below ${crossing.toFixed(0)} degrees and hurts above (by seed: ${nearest.toFixed(0)} to ${farthest.toFixed(0)}); the two distances are equal at 60.`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// They cross close to 60°, with every seed, and above it the shortcut *hurts*: at 180° the residual layers end far behind. So residual learning is no free gift. It moves the starting point from the zero mapping towards the identity, and wins exactly where the target lies nearer to the new one.
//
// The surprise may be the plain curve: it is flat. It has to be. Turn the coordinates of the input by the same angle as the target, and the target *is* the input. Random vectors and random first weights have no preferred direction, so in the turned coordinates they are as random as before. Thus each angle sets the task of 0°, only with other random numbers, and without a shortcut one angle is as hard as another.
//
// And why 60° so exactly, although the layers do not start at zero but at a random $F_0$? Look at what is left for $F$ where there is a shortcut, $H_\varphi(x) - x$. In the plane of a turn that is again a turned vector, as long as the chord: a turn by $90° + \frac{\varphi}{2}$, times $2 \sin\frac{\varphi}{2}$. All turns are equally hard, so only that factor counts, and at 60° it is 1: what $F$ has to learn
// with the shortcut is then a plain turn, by 120°. Compare the two curves at these two angles.
//
// </details>
//
// Why should the layers of a deep network want something near the identity? Nobody can know in advance. The paper calls it a hypothesis
// and offers one piece of evidence, that trained residuals are small (its Figure 7, which chapter 06 measures). The reasoning is: if depth is more than
// sufficient, then each unit has little left to do.
//
// ## What weight decay does to F
//
// *Easier to push the residual to zero than to fit an identity by nonlinear layers*, says section 1. Something does push. **Weight decay** takes a
// fraction of each weight away at each step: it adds $\mu w$ to the gradient of each weight $w$. Without momentum, with the learning rate $\eta$ and nothing else to learn, $k$ steps leave
//
// $$ w_k = (1 - \eta \mu)^k \, w_0. $$
//
// $F(x) = W_2 \max(W_1 x, 0)$ has two layers, and $\max(cz, 0) = c \max(z, 0)$ for $c > 0$. So the factor comes out of both:
//
// $$ F_k(x) = (1 - \eta \mu)^{2k} \, F_0(x) \;\to\; 0. $$
//
// The plain unit goes to zero. The residual unit goes to $x$: with nothing to do it becomes the identity.
//
// ### Your turn: what decay leaves
//
// With momentum $m$ a step goes on pulling long after it was taken. Write what is left of a weight of 1 after a run in which nothing but decay acts, given the learning rate of each step. The step is chapter 01's, with $g = \mu w$:
//
// $$ v \leftarrow m \, v + \mu \, w, \qquad w \leftarrow w - \eta \, v, $$
//
// and $v$ begins at 0.

// %%
/** What is left of a weight of 1 after steps with these learning rates, if only decay acts. */
function leftByDecay(rates: readonly number[], decay: number, momentum: number): number {
  return check.unwritten(rates, decay, momentum);
}

const left = await check.yourTurn(leftByDecay, turns.leftByDecay);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Two numbers change from step to step. Which of them must be new when the other one takes it?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function leftByDecay(rates: readonly number[], decay: number, momentum: number): number {
//   let weight = 1;
//   let velocity = 0;
//   for (const rate of rates) {
//     velocity = momentum * velocity + decay * weight;
//     weight -= rate * velocity;
//   }
//   return weight;
// }
// ```
//
// </details>
//
// **Predict.** The decay is $10^{-4}$ and the momentum 0.9. How much of an $F$ of two layers would decay alone leave after the few hundred steps at a rate of 0.1 of this chapter's experiment below? And after the paper's 64,000 steps, whose rate falls from 0.1 to 0.01 and 0.001?

// %%
/** The experiment below: the seeds, how often it goes through the images, how many of each class, and the learning rate. */
const plans = {
  ci: { seeds: [1, 2, 3], epochs: 4, perClass: 200, rate: 0.05 }, // so few steps need small ones
  everyday: { seeds: [11, 12, 13, 14], epochs: 3, perClass: 1000, rate: 0.1 },
  full: { seeds: [11, 12, 13, 14, 15], epochs: 60, perClass: 1000, rate: 0.1 },
};
const plan = plans[setting];
const ownSteps = plan.epochs * Math.floor((10 * plan.perClass) / 128); // whole batches of 128

const ofSteps = (count: number, rate: number) => Array<number>(count).fill(rate);
const decayed = [
  { run: `this chapter's ${ownSteps}, at ${plan.rate}`, rates: ofSteps(ownSteps, plan.rate) },
  {
    run: "the paper's 64,000",
    rates: [...ofSteps(32_000, 0.1), ...ofSteps(16_000, 0.01), ...ofSteps(16_000, 0.001)],
  },
].map(({ run, rates }) => ({ run, withMomentum: left(rates, 1e-4, 0.9), without: left(rates, 1e-4, 0) }));
plot.table(
  decayed.map(({ run, withMomentum, without }) => ({
    run,
    "left of a weight (%)": 100 * withMomentum,
    "of an F of two layers (%)": 100 * withMomentum ** 2,
    "of a weight, without momentum (%)": 100 * without,
  })),
  { title: "What decay alone leaves" },
);

// %% tags=["claim"]
const [short, long] = decayed;
if (setting !== "full" && !(short!.withMomentum ** 2 > 0.9 && long!.withMomentum ** 2 < 0.01 && long!.without > 0.6))
  throw new Error(`decay should leave over 90 % of F here and below 1 % in the paper; got ${100 * short!.withMomentum ** 2} and ${100 * long!.withMomentum ** 2}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// In this chapter's few steps decay takes little, so it explains nothing of what you will see below. Over the paper's run it would take nearly all of an $F$ that nothing else holds up. The surprise is momentum: it makes decay act ten times as strongly, $1/(1 - m)$, and without it most of each weight would be left even then.
//
// </details>
//
// ### Which weights does it act on?
//
// **Predict.** Real blocks have batch normalisation after each convolution. Multiply *all convolution weights* of a block by 0.1. By what factor does $F$ change?
// And if you multiply the scales and shifts of the *last normalisation* by 0.1?

// %%
const block = nn.cifarResNet({ depth: 8, widths: [8, 16, 32], inputShape: [14, 14, 1], seed: 3 });
const someImages = tf.randomNormal<runtime.tf.Rank.R4>([32, 14, 14, 1], 0, 1, "float32", 7);

/** The standard deviation of F(x) in the first unit, with chosen variables of that unit multiplied by a factor. */
async function sizeOfF(factor: number, chosen: (name: string) => boolean) {
  const variables = block.variables().filter(({ name }) => name.startsWith("stage1.unit1.") && chosen(name));
  for (const { variable } of variables) variable.assign(tf.mul(variable, factor));
  const { "stage1.unit1.residual": F } = block.activations(someImages, {
    names: ["stage1.unit1.residual"],
    training: true,
  });
  const deviation = tf.tidy(() => tf.sqrt(tf.moments(F!).variance));
  const [value] = await deviation.data();
  for (const { variable } of variables) variable.assign(tf.div(variable, factor));
  tf.dispose([F!, deviation]);
  return value!;
}

// %%
const whole = await sizeOfF(1, () => true);
const scaled = [
  {
    "multiplied by 0.1": "all convolution weights",
    F: (await sizeOfF(0.1, (name) => name.includes("conv"))) / whole,
  },
  {
    "multiplied by 0.1": "scale and shift of the last normalisation",
    F: (await sizeOfF(0.1, (name) => /norm2\.(scale|shift)/.test(name))) / whole,
  },
];
plot.table(scaled, {
  columns: ["multiplied by 0.1", { key: "F", title: "F changes by the factor" }],
});

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The convolutions' factor changes next to nothing (the $\varepsilon$ under the normalisation's root leaves the trace), and the factor of the last scale and shift comes out whole. A normalisation divides by the size of what comes in, so it undoes any factor on the weights before it. In a block with batch normalisation it is the decay
// of the last *scale* and *shift* that pushes $F$ to zero, and decay of the convolutions does something else: it keeps the weights small, and with them the
// steps relatively large. No training code of the ResNet paper was published; the identity paper's, in Torch, decays everything, scales included, and so does `train.sgd`. Many later recipes leave them out, and
// then nothing pushes $F$ to zero. One of those recipes starts the last scale *at* zero instead, so that each block begins as the identity (Goyal and others,
// below).
//
// </details>

// %% tags=["claim"]
if (!(Math.abs(scaled[0]!.F - 1) < 0.01) || !(Math.abs(scaled[1]!.F - 0.1) < 1e-4)) {
  throw new Error(`expected the factors 1 and 0.1; got ${scaled.map(({ F }) => F).join(", ")}`);
}

// %% [markdown]
// ## The basic block
//
// Figure 2 of the paper, and Figure 5 on the left, show the block that we use from now on: two 3×3 convolutions, a ReLU between them, then the
// addition, then another ReLU. Each convolution is followed by its normalisation (section 3.4), which the figures leave out. Below is the picture of one. It is not drawn by hand: `plot.unitDiagram` reads the network's own objects, so it shows what runs.

// %%
const shown = (shortcut: "none" | "A") => nn.cifarArchitecture({ depth: 20, shortcut });
await plot.unitDiagram([
  { title: "plain unit", architecture: shown("none") },
  { title: "residual unit (Figure 2)", architecture: shown("A") },
]);

// %% [markdown]
// ### Your turn: the basic block
//
// Write it. The forward pass reads like the figure: compute $F(x)$, add $x$, rectify. The four parts of the branch are given as functions of images. The order matters at one place: the last ReLU comes *after* the addition. (Chapter 08 moves it.)

// %%
type Images = runtime.tf.Tensor4D;
type Step = (x: Images) => Images;
type Parts = { readonly conv1: Step; readonly norm1: Step; readonly conv2: Step; readonly norm2: Step };

/** y = max(F(x) + x, 0), x [N, H, W, C]. */
function basicBlock(x: Images, { conv1, norm1, conv2, norm2 }: Parts): Images {
  return check.unwritten(x, conv1, norm1, conv2, norm2);
}

const blockOf = await check.yourTurn(basicBlock, turns.basicBlock);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// How many ReLUs are in the picture, and which of them stands on the way of $x$? `tf.relu` and `tf.add` are all that you need beside the four parts.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function basicBlock(x: Images, { conv1, norm1, conv2, norm2 }: Parts): Images {
//   const inner = tf.relu(norm1(conv1(x)));
//   const residual = norm2(conv2(inner));
//   return tf.relu(tf.add(residual, x));
// }
// ```
//
// </details>
//
// Now with the weights of a block of the library, so that we can compare.

// %%
const weights = Object.fromEntries(block.variables().map(({ name, variable }) => [name, variable]));
const weightOf = (name: string) => weights[`stage1.unit1.${name}`] as runtime.tf.Tensor;
const convolution =
  (name: string): Step =>
  (x) =>
    tf.conv2d(x, weightOf(`${name}.weight`) as Images, 1, "same");
const normalisation =
  (name: string): Step =>
  (x) =>
    runtime.batchNormTraining(x, weightOf(`${name}.scale`) as runtime.tf.Tensor1D, weightOf(`${name}.shift`) as runtime.tf.Tensor1D, 1e-5); // prettier-ignore

const read = block.activations(someImages, { names: ["stem", "stage1.unit1"], training: true });
const mine = blockOf(read["stem"] as Images, {
  conv1: convolution("conv1"),
  norm1: normalisation("norm1"),
  conv2: convolution("conv2"),
  norm2: normalisation("norm2"),
});
const offBy = tf.max(tf.abs(tf.sub(mine, read["stage1.unit1"]!))).dataSync()[0]!;
if (!(offBy < 1e-4)) throw new Error(`the block by hand should be the library's; it is off by ${offBy}`);
console.log(`Largest difference between the block by hand and the library's: ${offBy.toExponential(1)}`);

// %% [markdown]
// Most mistakes in such a block raise no error. Forget to add $x$ and the shapes still fit; put the ReLU on the shortcut, or before the addition, and it still trains. That is why the check above compares numbers, and knows such slips by name.
//
// An identity shortcut has no weights and costs one addition. So a residual network and its plain twin have the same number of parameters and of
// **multiply-adds** (multiplications, each with its addition, for one image), and any difference in training comes from the addition alone.

// %%
const widths = { ci: [8, 16, 32], everyday: [8, 16, 32], full: [16, 32, 64] } as const;

const networkOptions = (kind: "plain" | "residual", depth: number) =>
  ({
    depth,
    shortcut: kind === "plain" ? "none" : "A",
    widths: widths[setting],
    inputShape: [14, 14, 1],
  }) as const;

const twins = ([20, 56] as const).flatMap((depth) =>
  (["plain", "residual"] as const).map((kind) => {
    const { parameters, multiplyAdds } = analysis.costOf(nn.cifarArchitecture(networkOptions(kind, depth)));
    return { network: `${kind}-${depth}`, parameters, "multiply-adds": multiplyAdds };
  }),
);
if (
  twins[0]!.parameters !== twins[1]!.parameters ||
  twins[2]!["multiply-adds"] !== twins[3]!["multiply-adds"]
) {
  throw new Error("a residual network with option A and its plain twin must cost the same");
}
plot.table(twins, { title: "Twins" });

// %% [markdown]
// (Where a stage begins, the numbers of channels differ and $x$ cannot simply be added. Option A, used here, pads with zeros; chapter 03 is about that.)
//
// ## The degradation experiment, with shortcuts
//
// The data and the recipe are chapter 01's: Fashion-MNIST at 14×14 pixels, narrow networks, stochastic gradient descent with momentum 0.9, weight decay
// $10^{-4}$, learning rate 0.1, batches of 128. Four networks, the same seeds for each.
//
// Who looks at the runs first will always find a claim that they support. So what counts was fixed **beforehand**: the sizes, seeds that no earlier run of this experiment had used, and three claims, each about a
// difference of the mean training loss in the last epoch, taken seed by seed, whose 95 % interval must lie above zero:
//
// 1. plain networks degrade: plain-56 minus plain-20;
// 2. at 56 layers the shortcuts win: plain-56 minus residual-56;
// 3. **shortcuts mend degradation**: the gap between the depths without shortcuts, minus the gap with them.
//
// They are no first guesses. A first, smaller run of the experiment (4,000 images, four epochs, seeds 1 to 4) had found the first two, and left the third open. A second one (10,000 images, five epochs, the fresh seeds 11 to 14)
// bore out all three. What you run is this second one again, with its seeds and the first three of its five epochs, so that you need not wait long: a repetition, and no new test. Fewer seeds would be quicker still, and do not decide:
// three other ones (21 to 23) gave differences that were all above zero, and still the intervals of the second and the third claim reached below it, because Student's quantile is so large for three. So early in training the networks are
// far from done; what becomes of the differences later, the recorded runs tell further down.
//
// Were there no effect, such an interval would lie above zero by chance in 2.5 % of experiments. All three must, so the chance that this chapter claims too much is no larger for there being three. About residual-56 against residual-20 nothing is claimed.
//
// **Predict.** Will all three hold? And will residual-56 be better than residual-20, in these few epochs?

// %%
const kinds = ["plain", "residual"] as const;
// As in chapter 01, each run has a process of its own with one thread.
const { runs } = await train.sweep({
  networks: kinds.flatMap((kind) =>
    [20, 56].map((depth) => ({
      name: `${kind}-${depth}`,
      model: "cifarResNet",
      options: networkOptions(kind, depth),
    })),
  ),
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, 10], downsample: 2 }, // training losses count here
  recipe: {
    batchSize: 128,
    optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
    schedule: train.constant(plan.rate),
    epochs: plan.epochs,
  },
  seeds: plan.seeds,
});

// %%
const runsOf = (kind: string, depth: number) => runs.filter(({ name }) => name === `${kind}-${depth}`);
const lossesOf = (kind: string, depth: number) =>
  runsOf(kind, depth).map(({ history }) => history.map(({ loss }) => loss));
plot.trainingCurves(
  kinds.flatMap((kind) =>
    [20, 56].map((depth) => ({ name: `${kind}, ${depth} layers`, runs: lossesOf(kind, depth) })),
  ),
  {
    title: "Training loss with and without shortcuts",
    x: { title: "epoch" },
    y: { title: "mean training loss (nats)" },
    caption: `Fashion-MNIST, ${plot.formatNumber(10 * plan.perClass)} images. Lines are means over ${plan.seeds.length} seeds, bands reach from the lowest to the highest run.`,
  },
);

// %%
const last = (kind: string, depth: number) => lossesOf(kind, depth).map((losses) => losses.at(-1)!);
/** The 95 % interval of a difference, seed by seed. */
const difference = (a: number[], b: number[]) => analysis.meanInterval(a.map((value, i) => value - b[i]!));

plot.table(
  plan.seeds.map((seed, i) => ({
    seed,
    "plain-20": last("plain", 20)[i]!,
    "plain-56": last("plain", 56)[i]!,
    "residual-20": last("residual", 20)[i]!,
    "residual-56": last("residual", 56)[i]!,
  })),
  { title: "Mean training loss in the last epoch (nats)" },
);

// %%
const gaps = (kind: string) => last(kind, 56).map((loss, i) => loss - last(kind, 20)[i]!);
const claims = [
  { what: "1. plain networks degrade: plain-56 minus plain-20", ...analysis.meanInterval(gaps("plain")) },
  {
    what: "2. shortcuts win at 56 layers: plain-56 minus residual-56",
    ...difference(last("plain", 56), last("residual", 56)),
  },
  {
    what: "3. shortcuts mend degradation: the plain gap minus the residual gap",
    ...difference(gaps("plain"), gaps("residual")),
  },
];
const residualGap = {
  what: "not claimed: residual-56 minus residual-20",
  ...analysis.meanInterval(gaps("residual")),
};
plot.table(
  [...claims, residualGap].map(({ what, mean, deviation, lower, upper }) => ({
    difference: what,
    mean,
    "standard deviation": deviation,
    "95 % from": lower,
    to: upper,
  })),
  {
    title: `Differences of the mean training loss in the last epoch (nats), over ${plan.seeds.length} seeds`,
  },
);

// %%
const differences = [
  { name: "plain-56 minus plain-20", values: gaps("plain") },
  { name: "plain-56 minus residual-56", values: last("plain", 56).map((loss, i) => loss - last("residual", 56)[i]!) }, // prettier-ignore
  { name: "the first minus the last", values: gaps("plain").map((gap, i) => gap - gaps("residual")[i]!) },
  { name: "residual-56 minus residual-20", values: gaps("residual") },
];
plot.dots([{ name: "one seed", values: differences.map(({ values }) => values) }], {
  title: "The four differences, seed by seed",
  x: { title: "difference", categories: differences.map(({ name }) => name) },
  y: { title: "training loss, last epoch (nats)" },
  caption: `A dot for each of ${plan.seeds.length} seeds, a dash at their mean.`,
});

// %% [markdown]
// The next cell stops the notebook if the runs do not bear out one of the claims.

// %%
const failed = claims.filter(({ lower }) => !(lower > 0));
if (failed.length > 0) {
  const lines = failed.map(({ what, lower, upper }) => `${what}: ${lower.toFixed(2)} to ${upper.toFixed(2)}`);
  throw new Error(`not borne out by their intervals:\n${lines.join("\n")}`);
}
console.log(`All ${claims.length} claims are borne out.`);
const behind = gaps("residual").filter((difference) => difference > 0).length;
console.log(`Residual-56 is behind residual-20 with ${behind} of ${plan.seeds.length} seeds.`);

// %% tags=["claim"]
if (setting === "everyday") {
  const [plainGap, , mended] = claims;
  if (!(residualGap.lower < 0 && residualGap.upper > 0 && residualGap.mean > 0))
    throw new Error(`these epochs should not tell residual-56 from residual-20; got ${residualGap.lower} to ${residualGap.upper}`); // prettier-ignore
  if (!(mended!.mean > 0.75 * plainGap!.mean))
    throw new Error(
      `shortcuts should close three quarters of the gap; got ${mended!.mean} of ${plainGap!.mean}`,
    );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// All three hold, and more than three quarters of the gap is gone. The surprise is what is left: residual-56 is not better than residual-20 but behind on average. The line above counts the seeds. If the two were equal, all four seeds would still show it behind once in 16 times, and the interval holds zero, so four seeds do not settle whether that is chance (which is not to call the two equal: chapter 06, *How to compare two networks*). The paper's Figure 6 (middle) shows deeper
// residual networks ahead at the *end* of 64,000 steps. Nothing here says
// that more layers are better; it says that they do far less harm than plain layers do.
//
// </details>
//
// ## And after convergence?
//
// Your runs are short. The course keeps longer ones, made by `npm run reproduce -- study converged`: the same images and widths, both kinds at four depths, 60 epochs with random crops and mirrored images, and a rate that is divided by ten after one half and after three quarters of the steps. The next cell shows what is recorded of it so far **beside your own runs**: two different
// things.
//
// **Predict**: after convergence, does the deeper residual network have the lower training error? And does the plain one stay behind?

// %%
const study = await train.recordedStudy("converged");
console.log(study.conditions);
const recorded = (name: string) => study.networks.find((network) => network.name === name)!;
const studied = [20, 32, 44, 56];
const ownErrors = (kind: string, depth: number) =>
  runsOf(kind, depth).map(({ metrics }) => 100 * (1 - metrics.train.accuracy));
plot.dots(
  kinds.flatMap((kind) => [
    { name: `${kind}, your ${plan.epochs} epochs`, values: studied.map((depth) => ownErrors(kind, depth)) },
    {
      name: `${kind}, recorded 60 epochs`,
      values: studied.map((depth) => recorded(`${kind}-${depth}`).errors.train),
    },
  ]),
  {
    title: "Training error, short and converged",
    x: { title: "layers", categories: studied.map(String) },
    y: { title: "error on all training images (%)" },
    caption: "A dot for each seed, a dash at their mean. Where no dot is shown, nothing was run or recorded.",
  },
);

// %%
/** Seed by seed, the recorded training error of one network minus that of another, in points. */
function recordedPairs(a: string, b: string): number[] {
  const [first, second] = [recorded(a), recorded(b)];
  return first.seeds.flatMap((seed, i) => {
    const j = second.seeds.indexOf(seed);
    return j < 0 ? [] : [first.errors.train[i]! - second.errors.train[j]!];
  });
}
const compared = [["plain-56", "plain-20"], ["plain-56", "residual-56"], ["residual-56", "residual-20"]] as const; // prettier-ignore
const pairs = compared.map(([a, b]) => ({ difference: `${a} minus ${b}`, points: recordedPairs(a, b) }));
plot.table(
  pairs.map(({ difference: name, points }) => {
    const { mean, lower, upper } =
      points.length > 1
        ? analysis.meanInterval(points)
        : { mean: points[0] ?? null, lower: null, upper: null };
    const above = points.filter((one) => one > 0).length;
    return { difference: name, seeds: points.length, "above zero": above, "mean (points)": mean, "95 % from": lower, to: upper }; // prettier-ignore
  }),
  { title: "Recorded training error after 60 epochs" },
);

// %%
const recordedCurves = kinds
  .flatMap((kind) =>
    [20, 56].map((depth) => ({
      name: `${kind}, ${depth} layers`,
      runs: recorded(`${kind}-${depth}`).curves.error,
    })),
  ) // prettier-ignore
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
const [plainGaps, mendedGaps, residualGaps] = pairs.map(({ points }) => points);
if (!(plainGaps!.every((points) => points > 0) && mendedGaps!.every((points) => points > 0)))
  throw new Error(`recorded plain-56 should be behind both others; got ${[...plainGaps!, ...mendedGaps!].join(", ")}`); // prettier-ignore
if (residualGaps!.length > 0 && !(Math.abs(averageOf(residualGaps!)) < averageOf(plainGaps!) / 3))
  throw new Error(`recorded residual-56 should be near residual-20; got ${residualGaps!.join(", ")} points`);
// The head start of residual-20 over residual-56, in points of training error: in your short run, and in the record.
const headStart = averageOf(ownErrors("residual", 56)) - averageOf(ownErrors("residual", 20));
console.log(
  `residual-56 minus residual-20: ${headStart.toFixed(2)} points in your runs, ${averageOf(residualGaps!).toFixed(2)} in the record`,
);
if (setting === "everyday") {
  if (!(headStart > 0 && averageOf(residualGaps!) < headStart / 2))
    throw new Error(
      `most of a head start of ${headStart} points should be gone; got ${residualGaps!.join(", ")}`,
    );
  const { lower, upper } = analysis.meanInterval(residualGaps!);
  if (!(lower < 0 && upper > 0))
    throw new Error(
      `the record should not tell residual-56 from residual-20; got ${lower} to ${upper} points`,
    );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The plain network stays behind: in every recorded pair plain-56 errs more than plain-20, and more than residual-56. Between the two residual depths little is left, less than a third of what parts the plain ones. So the lag of the plain network in your short run does not belong to the beginning only. The lag of residual-56 behind residual-20 mostly does: of the points in your run less than half are left in the record, and whether any are, so few seeds do not settle, because the interval holds zero. That the deeper network draws *ahead*, as in the paper, the table does not show, at this
// size: ten thousand small images may not need more than 20 layers.
//
// </details>
//
// ## Deeper, in one line
//
// In chapter 01 you deepened a plain network by hand-made identity layers, and the trick held only in inference mode. With shortcuts
// it takes one line, and holds in training mode too.
//
// ### Your turn: a block that begins as the identity
//
// A new block has random kernels, scales of 1 and shifts of 0. Say which of its variables to set to zero, so that it hands on its input, also in training mode, *and can still learn*. Your function is asked about each variable by its name, such as `stage1.unit4.conv1.weight`, `stage1.unit4.norm2.scale` or `stage1.unit4.norm2.shift`.

// %%
/** Whether a new block's variable starts at zero. */
function startsAtZero(name: string): boolean {
  return check.unwritten(name);
}

const isSilenced = await check.yourTurn(startsAtZero, turns.startsAtZero);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Follow the branch from its end: which variable is multiplied with all that it gives? If that alone is zero, does a gradient still arrive there? And if the kernel before it is zero as well?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function startsAtZero(name: string): boolean {
//   return name.endsWith("norm2.scale");
// }
// ```
//
// </details>
//
// **Predict.** Residual-20 is trained, residual-56 is built around it: by how much do the outputs of the two differ, in inference mode and in training mode?

// %%
const shallow = await runsOf("residual", 20)[0]!.load();
const constructed = nn.cifarResNet({ ...networkOptions("residual", 56), seed: 99 });
const { onlyInTarget } = nn.copyWeights(shallow, constructed);
for (const { name, variable } of constructed.variables()) {
  if (onlyInTarget.includes(name) && isSilenced(name)) variable.assign(tf.zerosLike(variable));
}

const images = data.downsample(
  await data.load("fashion-mnist-sample", { split: "train", perClass: plan.perClass }),
  2,
);
const trainSource = data.batches(images, { normalise: data.channelStatistics(images) });
const batch = trainSource.batch(Int32Array.from({ length: 128 }, (_, i) => i));
const comparisons: { mode: string; "largest difference of a logit": number }[] = [];
for (const training of [false, true]) {
  const most = tf.tidy(() =>
    tf.max(
      tf.abs(
        tf.sub(shallow.forward(batch.images, { training }), constructed.forward(batch.images, { training })),
      ),
    ),
  );
  comparisons.push({
    mode: training ? "training (statistics of the batch)" : "inference (running averages)",
    "largest difference of a logit": (await most.data())[0]!,
  });
}
plot.table(comparisons, { title: `${constructed.name}, built around ${shallow.name}` });

// %% tags=["claim"]
if (comparisons.some((row) => row["largest difference of a logit"] !== 0)) {
  throw new Error(
    `the deeper network should give the same logits, bit for bit; they are ${comparisons.map((row) => row["largest difference of a logit"]).join(" and ")} apart`,
  );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// By nothing. With its last scale at zero a block has $F = 0$ and gives $y = \max(0 + x, 0) = x$, because $x$ comes out of a ReLU. So it is, whatever the other weights are,
// and **also in training mode**.
//
// </details>
//
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// All weights of F are zero. A unit of Figure 2 gets x = 2 and then x = -3 (one number, one channel).
// What is the sum of its two outputs?
const sumOfOutputs: number | undefined = undefined;

check.answer(sumOfOutputs, "0 6f56c301", {
  hint: "In which order do the addition and the last ReLU come? And what is F here?",
});

// %%
// Two layers without normalisation. Weight decay has taken 30 % off every weight. What part of F is left?
const partLeft: number | undefined = undefined;

check.answer(partLeft, "0.001 8ba935aa", {
  hint: "What does a factor on every weight do to what the first layer gives, and what to what the second gives?",
});

// %%
// A target lies at 90 degrees from the identity. Its distance from the identity, as a multiple of the length of x?
const chord: number | undefined = undefined;

check.answer(chord, "0.01 20e6d5b7", {
  hint: "Draw x and H(x) from one point: which side of the triangle is asked for?",
});

// %% [markdown]
// ## What the paper reports, and what ran here
//
// | statement | where in the ResNet paper | here |
// |---|---|---|
// | plain-34 is worse than plain-18: 28.54 % against 27.94 % top-1 error, ImageNet validation | Table 2 | *The degradation experiment*, small and by training loss |
// | ResNet-34 is better than ResNet-18: 25.03 % against 27.88 % | Table 2 | *And after convergence?*: near level here, with smaller images and networks |
// | ResNet-56 reaches 6.97 % test error on CIFAR-10, ResNet-20 8.75 % | Table 6 | chapter 06 |
// | identity shortcuts add no parameters and almost no work | section 3.2 | *Twins* |
// | a target closer to the identity than to zero is easier | section 3.1 | *The bet* |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** that with shortcuts the same 56 layers train better, and that the addition alone does it: most of the gap between the depths goes, by a claim and with seeds that
//   were fixed before the experiment which you have repeated in short. It rests on few seeds, small images and the beginning of training; the records say that it lasts.
// - **It shows** that a shortcut is a bet on the identity: the toy wins it near the identity and loses it far away.
// - **Weight decay does not explain it here**, because in so few steps it takes next to nothing; over the paper's it would.
// - **It does not show** that the best layers of a real network *are* near the identity. That trained residuals are small (chapter 06) fits the hypothesis. But the shortcut itself, and weight
//   decay, make them small too, so it is no proof.
// - **Not known**: whether a starting point near the identity is the whole reason. Chapter 04 looks at the gradient, 07 at the loss surface, 09 at rival readings.
// - **Larger**: `RESIDUAL_SETTING=full npm run notebooks -- 02` trains the paper's widths for 60 epochs and five seeds; plan for a GPU.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [A residual block that adds its input](../exercises/02-residual-block/02-residual-block.ipynb) (Easy, 15 minutes.)
// - [Three bugs in one residual block](../exercises/02-find-the-bugs/02-find-the-bugs.ipynb) (Easy, 20 minutes.)
// - [A stack of units, and a type that refuses what does not fit](../exercises/02-stack-of-units/02-stack-of-units.ipynb) (Medium, 25 minutes.)
//
// ## Try it
//
// 1. In the toy, start $W_2$ at zero, or ten times as large. Do the curves still cross near 60°? Should they, by the argument in the fold? (Medium, 15 minutes.)
// 2. Train `constructed` for two epochs. Does it stay ahead of a residual-56 started from random weights? (Medium, 20 minutes.)
// 3. Let decay act on weights only (`train.sgd({ decay: "weights-only" })`) and compare the last scales of the units after training. (Medium, 20 minutes.)
// 4. Prove that with $F(x) = W x$ and a *linear* toy the crossing is at exactly 60° when $W$ starts at zero. (Hard, 30 minutes.)
//
// ## Where to read on
//
// - The ResNet paper, sections 3.1 and 3.2: one page.
// - Goyal and others: *Accurate, Large Minibatch SGD*, 2017, [arXiv:1706.02677](https://arxiv.org/abs/1706.02677), section 5.1: the last scale of each block starts at zero.
// - Hardt and Ma: *Identity Matters in Deep Learning*, 2016, [arXiv:1611.04231](https://arxiv.org/abs/1611.04231): in a *linear* residual network near the identity every critical point is a global
//   optimum.
// - Zhang, Dauphin, Ma: *Fixup Initialization*, 2019, [arXiv:1901.09321](https://arxiv.org/abs/1901.09321): residual networks trained without normalisation, by starting each $F$ small.
//
// The next chapter looks at the shortcut itself: what to do where shapes change, and what happens when it is not clean.
