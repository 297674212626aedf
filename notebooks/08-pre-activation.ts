// %% [markdown]
// # 08 Pre-activation
//
// A residual unit adds its input to what it computed. What comes right after that addition, and what stands on the shortcut, decides whether a signal can pass a thousand units unharmed. This chapter
// takes the five orders of the same few parts, tells them apart by measurement, and finds one question that the elegant theory does not answer.
//
// **When you are through you can**
// - name $h$ and $f$ of any residual unit, and write its order as data;
// - say for which units $x_L = x_l + \sum F$ and its gradient are exact, and show it to the last bit;
// - predict how the signal grows with depth in each order, and why;
// - judge a ranking of five designs by its error bars;
// - build a network of 1001 layers, and train it for one step.
//
// **Time.** Reading: 35 minutes. Running: a few minutes on two CPU cores; the long cell shows how much is left. The next cell says what this machine computes with.
//
// **Source.** He, Zhang, Ren, Sun: *Identity Mappings in Deep Residual Networks*, 2016, [arXiv:1603.05027](https://arxiv.org/abs/1603.05027): *the identity paper*. We follow its sections 2 and 4.

// %%
import { analysis, autodiff, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
const setting = runtime.setting();
console.log(info.describe());

// %% [markdown]
// ## Two letters
//
// The identity paper writes every residual unit with two functions (its equations 1 and 2):
//
// $$ y_l = h(x_l) + F(x_l), \qquad x_{l+1} = f(y_l). $$
//
// - $x_l$ is the input of unit $l$, and $x_{l+1}$ its output;
// - $F$ is the **residual**: the convolutions with their batch norms (BN) and ReLUs;
// - $h$ is what the shortcut does. In chapter 03 it was the identity, $h(x) = x$, or a projection;
// - $f$ is what comes *after the addition*. In the unit of chapter 02 it is a ReLU.
//
// Chapter 04 derived what happens when both are the identity: the signal becomes a sum, and the gradient gets its 1. So why not choose $f(y) = y$ too? The ReLU has to go somewhere else. Where?
//
// ## Five orders of the same parts
//
// The paper's Figure 4 tries five. They have the same convolutions and nearly the same parameters; only the order differs. In the library an order is *data*: the operations around each convolution
// but the last (`each`), those around the last (`last`), and those after the addition. From the third we read $f$.

// %%
const orders = Object.keys(nn.unitOrders) as nn.UnitOrderName[];
/** Figure 4's letter, and Table 2's errors in % on CIFAR-10, each the median of five runs. */
const paper: Record<nn.UnitOrderName, { figure: string; "ResNet-110": number; "ResNet-164": number }> = {
  original: { figure: "4 (a)", "ResNet-110": 6.61, "ResNet-164": 5.93 },
  normAfterAddition: { figure: "4 (b)", "ResNet-110": 8.17, "ResNet-164": 6.5 },
  reluBeforeAddition: { figure: "4 (c)", "ResNet-110": 7.84, "ResNet-164": 6.14 },
  reluOnlyPreActivation: { figure: "4 (d)", "ResNet-110": 6.71, "ResNet-164": 5.91 },
  preActivation: { figure: "4 (e)", "ResNet-110": 6.37, "ResNet-164": 5.46 },
};
const fOf = (order: nn.UnitOrderName) => nn.unitOrders[order].afterAddition.join(", ") || "identity";

plot.table(
  orders.map((order) => {
    const { each, last } = nn.unitOrders[order];
    return { figure: paper[order].figure, order, F: [...each, ...last].join(" "), f: fOf(order) };
  }),
  { title: "Five orders (identity paper, Figure 4)" },
);

// %% [markdown]
// The first and the last, drawn from the network's own parts. **Look for** what stands between the plus and the output.

// %%
const common = { shortcut: "A", widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 } as const;
const drawnUnit = (order: nn.UnitOrderName) => ({
  title: `${paper[order].figure}: ${order}`,
  architecture: nn.cifarArchitecture({ ...common, depth: 20, order }),
  unit: "stage1.unit2",
});
await plot.unitDiagram([drawnUnit("original"), drawnUnit("preActivation")]);

// %%
await plot.unitDiagram([
  drawnUnit("normAfterAddition"),
  drawnUnit("reluBeforeAddition"),
  drawnUnit("reluOnlyPreActivation"),
]);

// %% [markdown]
// ## From after to before
//
// How does one come upon (e)? Start with (a). The activation $f$ after the addition acts on *both* ways of the next unit:
//
// $$ y_{l+1} = f(y_l) + F\big(f(y_l)\big). $$
//
// Now let it act on the residual's way only, and call it $\hat f$:
//
// $$ y_{l+1} = y_l + F\big(\hat f(y_l)\big). $$
//
// That is all (section 4.1, equation 9, Figure 5). Rename $y$ to $x$, and $\hat f$ has become the *first* thing in the unit: a **pre-activation**. With $\hat f$ = BN and ReLU each convolution finds its input
// normalised and activated, and nothing but additions lies between the first unit and the last.
//
// In a plain network the question "before or after?" has no meaning: between two convolutions stands one activation, whichever of them you say it belongs to. Only the addition makes it matter.
//
// The two ends need care (the paper's appendix). The first unit's activation moves up, right behind the first convolution; and after the last unit one more activation is needed, before the average.
// The library does both:

// %%
const ends = nn.cifarArchitecture({ ...common, depth: 20, order: "preActivation" });
console.log(`parts: ${Object.keys(ends.parts).join(", ")}`);
console.log(`first unit: ${Object.keys(ends.units[0]!.unit.residual.parts).join(", ")}`);
console.log(`second unit: ${Object.keys(ends.units[1]!.unit.residual.parts).join(", ")}`);

// %% [markdown]
// The gradient of the new unit needs no new mathematics. These are the lines of its derivation in which the two ways part and meet, run and checked as in chapter 04:

// %%
const preUnit = autodiff.derive("residualUnit", { order: "preActivation" });
const meeting = autodiff.derivation({
  ...preUnit,
  lines: preUnit.lines.filter(
    ({ of, rule }) => of.kind === "gradient" && /addition|ways|substitution/.test(rule),
  ),
});
const meetingReport = await autodiff.verify(meeting);
if (!meetingReport.holds) throw new Error(meetingReport.text);
meetingReport;

// %% [markdown]
// ## Exact, or not
//
// If $h$ and $f$ are both the identity, then (equations 4 and 5)
//
// $$ x_L = x_l + \sum_{i=l}^{L-1} F(x_i), $$
// $$ \frac{\partial E}{\partial x_l} = \frac{\partial E}{\partial x_L} \Big( 1 + \frac{\partial}{\partial x_l} \sum_{i=l}^{L-1} F(x_i) \Big). $$
//
// Both can be *measured*. `forwardSum` compares each number of $x_L$ with $x_l$ plus the residuals, and allows no more than the rounding of the additions themselves: one part in $2^{24}$ each.
// `backwardOne` computes both sides of the second line apart, and allows one part in 100,000.
//
// **Predict**: for which of the five orders do they hold? And does exactness go with the paper's error?

// %%
/** Images of each class, for training and for testing. */
const perClass = setting === "ci" ? ([200, 50] as const) : ([1000, 200] as const);
const images = data.downsample(
  await data.load("fashion-mnist-sample", { split: "train", perClass: perClass[0] }),
  2,
);
const normalise = data.channelStatistics(images);
const trainSource = data.batches(images, { normalise });
const batch = trainSource.batch(Int32Array.from({ length: 64 }, (_, i) => i));

const network = (order: nn.UnitOrderName, depth: number, seed = 1) =>
  nn.cifarResNet({ ...common, depth, order, seed });

const exactness: {
  order: nn.UnitOrderName;
  forward: analysis.IdentityReport;
  backward: analysis.IdentityReport;
}[] = [];
for (const order of orders) {
  const one = network(order, 20);
  const forward = await analysis.forwardSum(one, batch.images);
  const backward = await analysis.backwardOne(one, batch.images, batch.labels);
  exactness.push({ order, forward, backward });
  one.dispose();
}
const off = (error: number) => error.toExponential(0);
plot.table(
  exactness.map(({ order, forward, backward }) => ({
    order,
    f: fOf(order),
    "sum off by": off(forward.error),
    "sum holds": forward.holds,
    "one off by": off(backward.error),
    "one holds": backward.holds,
    "paper's error, 110 layers (%)": paper[order]["ResNet-110"].toFixed(2),
  })),
  { title: "Equations 4 and 5 in five untrained networks of 20 layers" },
);

// %% tags=["claim"]
for (const { order, forward, backward } of exactness) {
  const clean = nn.unitOrders[order].afterAddition.length === 0;
  if (forward.holds !== clean || backward.holds !== clean) {
    throw new Error(`${order}: with f = ${fOf(order)} both should ${clean ? "hold" : "break"}`);
  }
}
console.log("Both hold where f is the identity, and both break where it is not.");

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Three orders are exact, not one. And look at the last column: (c) is exact, and the second worst of the five; (a) is not, and beats it. So an exact sum is *not* what makes an order good. It is what lets
// signals pass; whether they are worth passing is another matter.
//
// </details>
//
// And $h$? Put a projection on every shortcut (option C of the ResNet paper), and keep the best order:

// %%
const projected = nn.cifarResNet({ ...common, depth: 20, shortcut: "C", order: "preActivation", seed: 1 });
const brokenByH = await analysis.forwardSum(projected, batch.images);
projected.dispose();
if (brokenByH.holds) throw new Error("with projections on the shortcuts the sum should break");
brokenByH;

// %% [markdown]
// Now $f$ is clean and $h$ is not, and the sum is gone. It takes both. (The paper's Table 1 has option C on ResNet-110 at 12.22 % error, where the identity has 6.61 %. Its $f$ there is the ReLU.)
//
// ## How the signal grows
//
// A sum of many terms grows. How fast depends on the terms, so we can predict it before we look. Let $r_l$ be the root mean square of all numbers in $x_l$, in an untrained network:
//
// - **(e)** Each residual ends with a convolution of a normalised, activated input. Its numbers have mean 0, mean square about 1 with He's initial weights, and they are nearly independent of the others. Squares add:
//   $r_l^2 \approx r_0^2 + l$, so $r_l$ grows like $\sqrt l$.
// - **(c)** Each residual ends with a ReLU, so none of its numbers is negative. Now *means* add, and $r_l$ grows like $l$. The paper says of it that the forward signal is monotonically increasing (section 4.1).
// - **(b)** Batch norm after the addition sets the size anew in every unit: no growth.
//
// **Predict**: (a) and (d)? In (d) each residual ends with batch norm; in (a) it does too, but a ReLU cuts the sum.

// %%
const units = 18;
const growth: { order: nn.UnitOrderName; rms: number[] }[] = [];
for (const order of orders) {
  const deep = network(order, 110);
  const { rows } = await analysis.forwardSum(deep, batch.images);
  deep.dispose();
  const stage1 = rows.filter(({ from }) => from.startsWith("stage1."));
  growth.push({ order, rms: stage1.map(({ one }) => one / Math.sqrt(64 * 14 * 14 * 8)) });
}
const start = growth.at(-1)!.rms[0]!;
plot.lines(
  [
    ...growth.map(({ order, rms }) => ({ name: `${paper[order].figure} ${order}`, y: rms })),
    { name: "law: squares add", y: Array.from({ length: units }, (_, l) => Math.sqrt(start ** 2 + l)) },
  ],
  {
    title: "The size of the signal in the first stage of 110 layers, before training",
    x: { title: "unit, counted from the images" },
    y: { title: "root mean square of x" },
    caption:
      "64 images of Fashion-MNIST. The law is drawn for (e), with its own first value; nothing is fitted.",
  },
);

// %%
const grown = (order: nn.UnitOrderName) => growth.find((one) => one.order === order)!.rms;
const ofLaw = grown("preActivation").at(-1)! / Math.sqrt(start ** 2 + units - 1);
if (!(Math.abs(ofLaw - 1) < 0.25))
  throw new Error(`(e) should follow the law within a quarter; got ${ofLaw}`);
const gains = Object.fromEntries(orders.map((order) => [order, grown(order).at(-1)! / grown(order)[0]!]));
if (!(gains["reluBeforeAddition"]! > gains["preActivation"]! && gains["normAfterAddition"]! < 1.5)) {
  throw new Error(`(c) should grow most and (b) hardly; got ${JSON.stringify(gains)}`);
}
console.log(`(e) over the law at the last unit of the stage: ${ofLaw.toFixed(2)}`);

// %% [markdown]
// A growing $x$ has a consequence. The batch norm at the head of a pre-activation unit divides by $r_l$. So a deep unit sees its input scaled down, and its own contribution, of size 1, is small beside $r_l$: the relative change
// that one unit makes falls like $1 / \sqrt l$. Deep units begin as small corrections. Chapter 04 saw the same from behind: their factor on the gradient is near 1.
//
// ## Five orders, trained
//
// Now the ranking. Every order is trained from several seeds, by the recipe of chapter 01: rate 0.1, momentum 0.9, weight decay $10^{-4}$, batches of 128. The depth here is small and the run short, so the question is
// only about the *beginning* of training.
//
// **Predict**: who is ahead after so short a run? By how much must two orders differ for you to believe it?

// %%
const plans = {
  ci: { depth: 14, epochs: 2, seeds: [1, 2] },
  everyday: { depth: 20, epochs: 1, seeds: [1, 2, 3] },
  full: { depth: 110, epochs: 164, seeds: [1, 2, 3, 4, 5] },
};
const plan = plans[setting];
const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.constant(0.1),
};

// As in chapter 01, each run has a process of its own with one thread.
const trained = await train.sweep({
  networks: orders.map((order) => ({
    name: order,
    model: "cifarResNet",
    options: { ...common, depth: plan.depth, order },
  })),
  data: { name: "fashion-mnist-sample", perClass, downsample: 2 },
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: plan.seeds,
});
const runs = trained.runs.map(({ name, seed, history, metrics }) => ({
  order: name as nn.UnitOrderName,
  seed,
  loss: history.at(-1)!.loss,
  error: 100 * (1 - metrics.test.accuracy),
}));
const interval = (order: nn.UnitOrderName, pick: (run: (typeof runs)[number]) => number) =>
  analysis.meanInterval(runs.filter((run) => run.order === order).map(pick));

plot.bars(
  [
    {
      name: "training loss",
      values: orders.map((order) => interval(order, ({ loss }) => loss).mean),
      errors: orders.map((order) => {
        const { mean, upper } = interval(order, ({ loss }) => loss);
        return upper - mean;
      }),
    },
  ],
  {
    title: `Training loss of five orders, ${plan.depth} layers, in epoch ${plan.epochs}`,
    x: { title: "order", categories: orders.map((order) => `${paper[order].figure} ${order}`) },
    y: { title: "mean training loss (nats)" },
    caption: `Whiskers are 95 % intervals of the mean over ${plan.seeds.length} seeds.`,
  },
);

// %% [markdown]
// Do not read the heights before the whiskers. The same seeds served every order, so the fair comparison is by *pairs*: the loss of an order less the loss of the original with the same seed, and the interval of that difference. If it reaches across 0, this experiment cannot rank the two.

// %%
const lossOf = (order: nn.UnitOrderName, seed: number) =>
  runs.find((run) => run.order === order && run.seed === seed)!.loss;
plot.table(
  orders.map((order) => {
    const { mean, lower, upper } = analysis.meanInterval(
      plan.seeds.map((seed) => lossOf(order, seed) - lossOf("original", seed)),
    );
    const verdict = lower > 0 ? "worse" : upper < 0 ? "better" : "within noise";
    return {
      order,
      "loss less the original's": order === "original" ? null : mean,
      "95 % from": order === "original" ? null : lower,
      to: order === "original" ? null : upper,
      verdict: order === "original" ? "–" : verdict,
      "test error here (%)": interval(order, ({ error }) => error).mean,
      "paper, 110 layers (%)": paper[order]["ResNet-110"].toFixed(2),
    };
  }),
  { title: `Five orders against the original: ${plan.seeds.length} pairs each` },
);

// %%
for (const { order, seed, error } of runs) {
  if (!(error < 90)) throw new Error(`${order}, seed ${seed}: no better than guessing, ${error} % wrong`);
}
console.log(
  `All ${runs.length} runs are better than guessing, which is wrong on 90 % of the test images. Were all guesses, that would happen with probability ${(2 ** -runs.length).toExponential(0)}.`,
);

// %% [markdown]
// With two or three pairs Student's factor is large and the intervals are wide; that is what so few runs are worth. The paper has five runs of each, reports medians, and its gaps at 110 layers between (a), (d) and (e) are 0.1 to 0.3 points,
// about the size of the 0.25 points by which drawing 10,000 test images makes one such error uncertain (two networks on the same images share a part of that). At 164 layers and above they are wider, and the advantage of (e) is clear.
//
// ### Does training mend the original?
//
// The paper watched the original unit in training (section 4.2). At first its ReLU cuts often; later the weights settle so that $y_l$ is more often above zero, and there is less to cut. If so, the *sum* should be less wrong in a trained original than in an untrained one.
// **Predict, then run.**

// %%
const original = network("original", plan.depth);
const sumBefore = await analysis.forwardSum(original, batch.images);
const trainedOriginal = await trained.runs.find(({ name }) => name === "original")!.load();
const sumAfter = await analysis.forwardSum(trainedOriginal, batch.images);
plot.lines(
  [
    { name: "before training", y: sumBefore.rows.map(({ error }) => error) },
    { name: "after the short training above", y: sumAfter.rows.map(({ error }) => error) },
  ],
  {
    title: `How wrong the forward sum is in the original order, ${plan.depth} layers`,
    x: { title: "unit l, counted from the images, without those that grow" },
    y: { title: "error, as a part of the terms' norms", range: [0, 1] },
    caption:
      "Three stages, each from its first unit that keeps the size to its last. The last unit of a stage has one term, so one ReLU.",
  },
);

// %%
const lessWrong = sumAfter.rows.filter(({ error }, l) => error < sumBefore.rows[l]!.error).length;
console.log(`The sum is less wrong after training at ${lessWrong} of ${sumAfter.rows.length} units.`);

// %% [markdown]
// The paper's remark is about training for many epochs. Here it is one short one: where the printed line says that the sum got worse at some units, as it may, this run does
// not bear the remark out. It does not refute it either. One network and one epoch are too little for that.
//
// ## 1001 layers, one step
//
// The identity paper's deepest network has 1001 layers: bottlenecks of three convolutions, so $9n + 2$ layers with $n = 111$, which makes 333 units. With the original order its training loss falls very slowly at first (Figure 1); with pre-activation it learns at
// once, and ends at 4.92 % error where the original has 7.61 % (Table 3).

// %%
const thousand = (order: nn.UnitOrderName) =>
  ({
    depth: 1001,
    kind: "bottleneck",
    order,
    shortcut: order === "preActivation" ? "activated" : "B",
  }) as const;
const full = nn.cifarArchitecture(thousand("preActivation"));
console.log(
  `${full.name}: ${full.units.length} units, ${plot.formatNumber(nn.parameterCount(full))} parameters`,
);

// %% [markdown]
// The paper's Table 4 says 10.2 million. (It counts the weights; with the scales and shifts of the batch norms it is a little more.)
//
// Training it takes a GPU and a day: the paper reports 27 hours on two. But *one step* we can afford, with narrower layers and 16 images. We take a step at the recipe's rate, and look at the same 16 images before and after it. (The paper warms up on CIFAR: 0.01 for the first 400 steps, which its appendix calls unnecessary for the proposed unit. So this is the step that the original unit is usually spared.)
//
// **Predict**: after one step at rate 0.1, is the loss lower in both orders? And by what factor does the gradient grow over 333 units, in each?

// %%
const narrow = { ...common, widths: [4, 8, 16] } as const;
const sixteen = data.batches(
  data.subset(
    images,
    Int32Array.from({ length: 16 }, (_, i) => i),
  ),
  { normalise },
);
const tiny = sixteen.batch(Int32Array.from({ length: 16 }, (_, i) => i));

const steps: { order: nn.UnitOrderName; signals: analysis.Signal[]; losses: readonly number[] }[] = [];
for (const order of ["original", "preActivation"] as const) {
  const deepest = nn.cifarResNet({ ...narrow, ...thousand(order), seed: 1 });
  const signals = await analysis.signalsThroughDepth(deepest, tiny.images, tiny.labels);
  // Two steps on the same images: the loss of the second is that after the first.
  const { stepLosses } = await train.fit(deepest, sixteen, {
    ...recipe,
    batchSize: 16,
    steps: 2,
    seed: 1,
    stepLosses: true,
    compile: false, // preparing a thousand layers to run as one operation takes longer than these two steps
  });
  steps.push({ order, signals, losses: stepLosses! });
  deepest.dispose();
}
const growthOf = (signals: readonly analysis.Signal[]) =>
  signals[0]!.gradientNorm / signals.at(-1)!.gradientNorm;
plot.table(
  steps.map(({ order, signals, losses }) => ({
    order,
    "loss before (nats)": losses[0]!,
    "loss after one step": losses[1]!,
    "growth of the gradient over 333 units": growthOf(signals),
    "factor of one unit": growthOf(signals) ** (1 / signals.length),
  })),
  { title: "1001 layers, one step at rate 0.1 on 16 images" },
);

// %%
plot.lines(
  steps.map(({ order, signals }) => ({
    name: order,
    y: signals.map(({ gradientNorm }) => gradientNorm),
  })),
  {
    title: "The gradient at each of 333 units, before the step",
    x: { title: "unit, counted from the images" },
    y: { title: "norm of dE/dx", scale: "log" },
    caption:
      "Backpropagation runs from right to left, through 1001 layers. The jumps are where a stage begins.",
  },
);

// %%
for (const { order, losses, signals } of steps) {
  const grown = growthOf(signals);
  if (!losses.every(Number.isFinite) || !(grown < 1e15)) {
    throw new Error(
      `${order}: a thousand layers should give finite losses and gradients; got ${losses.join(", ")} and ${grown}`,
    );
  }
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// A *plain* network whose units each multiplied the gradient by 1.3 would multiply it by $1.3^{333} \approx 10^{38}$; the largest number of float32 is $3 \times 10^{38}$. Both residual orders stay many powers of ten below that; their mean factor of one unit stands in the table.
//
// </details>
//
// And is equation 4 still exact, after 110 additions in a row?

// %%
const deepest = nn.cifarResNet({ ...narrow, ...thousand("preActivation"), seed: 1 });
const longest = await analysis.forwardSum(deepest, tiny.images);
deepest.dispose();
if (!longest.holds) throw new Error("the sum must hold at 1001 layers too");
const { from, to, terms, error } = longest.rows[0]!;
console.log(
  `From ${from} to ${to}: ${terms} residuals, off by ${error.toExponential(1)}, no more than their rounding.`,
);

// %% [markdown]
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// ResNet-164 of bottlenecks: how many units does it have?
const unitsOf164: number | undefined = undefined;

check.answer(unitsOf164, "0 f578cce5", {
  hint: "How many convolutions has a bottleneck on the main path, and how many layers are in no unit?",
});

// %%
// In order (e), x_0 has a root mean square of 1. By the law, what is it after 48 units?
const sizeAfter48: number | undefined = undefined;

check.answer(sizeAfter48, "0.01 fe3af541", {
  hint: "What adds up from unit to unit: sizes, or their squares?",
});

// %%
// Of the five orders, for how many is equation 4 exact?
const exactOrders: number | undefined = undefined;

check.answer(exactOrders, "0 a5244e63", { hint: "Look at what each puts after the addition." });

// %% [markdown]
// ## What the paper says, and what ran here
//
// | statement | where | here |
// |---|---|---|
// | $y_l = h(x_l) + F(x_l)$, $x_{l+1} = f(y_l)$ | equations 1, 2 | *Two letters* |
// | sum forward, 1 backward, if $h$ and $f$ are the identity | equations 4, 5 | *Exact, or not*: five orders and option C |
// | an activation for the residual only is a pre-activation | equation 9, Figure 5 | *From after to before* |
// | ReLU before the addition: the signal can only increase | section 4.1 | *How the signal grows* |
// | (a) 6.61, (b) 8.17, (c) 7.84, (d) 6.71, (e) 6.37 % at 110 layers | Table 2 | *Five orders, trained*: a short run |
// | 1001 layers: 7.61 % original, 4.92 % pre-activation, 4.62 % with batches of 64 | Tables 3, 4 | one step only |
// | pre-activation also regularises: higher training loss, lower test error at 164 layers | section 4.2, Figure 6 | not run |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** that exactness is decided by $h$ and $f$ alone, and that it does not rank the orders: (c) is exact and bad.
// - **It does not reproduce Table 2.** That takes 110 and 164 layers, CIFAR-10 and 64,000 steps for each of 50 runs. `RESIDUAL_SETTING=full npm run notebooks -- 08` trains 110 layers long and with five seeds, on these small images; plan for a GPU.
// - **It does not show** that pre-activation is better at 20 layers. The paper does not claim it either: it finds the effect of $f$ = ReLU not severe below a few hundred layers.
// - **Not known**: why (e) beats (d) by so much. Both are exact. The paper's reason, that batch norm in front of every convolution regularises, is a guess and says so ("presumably").
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [A pre-activation unit that keeps its shortcut clean](../exercises/08-pre-activation-unit/08-pre-activation-unit.ipynb) (Medium, 30 minutes.)
// - [How the signal grows with depth: predict, then compute](../exercises/08-growth-with-depth/08-growth-with-depth.ipynb) (Medium, 30 minutes.)
//
// ## Try it
//
// 1. Write an order of your own, for instance `{ each: ["relu", "norm", "conv"], last: ["relu", "norm", "conv"], afterAddition: [] }`. Is it exact? Does its signal follow the law? (Easy, 15 minutes.)
// 2. Break $h$ with `gate: { kind: "constant", shortcut: 0.5, residual: 1 }` on 110 layers, and draw the size of the signal. Which law does it follow? (Medium, 20 minutes.)
// 3. Put `analysis.splitGradients` on the untrained 1001 layers. At which unit is the shortcut's share largest? (Medium, 20 minutes.)
// 4. Train (a) and (e) at 164 layers of bottlenecks for one epoch from three seeds. Is the gap larger than at 20 layers? Plan the time first. (Hard, an hour of computing.)
//
// ## Where to read on
//
// - The identity paper, section 4 and its appendix.
// - De and Smith: *Batch Normalization Biases Residual Blocks Towards the Identity Function*, 2020, [arXiv:2002.10444](https://arxiv.org/abs/2002.10444): the law $r_l \propto \sqrt l$ and what follows from it.
// - Zagoruyko and Komodakis: *Wide Residual Networks*, 2016, [arXiv:1605.07146](https://arxiv.org/abs/1605.07146): pre-activation units, wide and shallow instead.
//
// The next chapter asks why any of this works, and finds several answers.
