// %% [markdown]
// # 09 Why does it work?
//
// Residual networks train. Why they do, and why the trained ones are *good*, has several answers, and their authors do not agree. This chapter takes
// four readings, asks each one for a prediction that could turn out wrong, and runs the test on networks that you train here.
//
// **When you are through you can**
// - unravel a residual network into its $2^n$ paths, and say for which quantity that is exact and for which it is a manner of speaking;
// - split a real gradient by the length of the paths that it came along;
// - delete, reorder and refine the units of a trained network, and judge the damage with its spread;
// - say what the ensemble, the differential-equation, the Taylor and the information-path readings predict, and which test tells them apart.
//
// **Time.** Reading: 45 minutes. Running: a few minutes on two CPU cores. The next cell says what this machine computes with.
//
// **Sources.** Veit, Wilber, Belongie: *Residual Networks Behave Like Ensembles of Relatively Shallow Networks*, 2016,
// [arXiv:1605.06431](https://arxiv.org/abs/1605.06431) (*the ensemble paper*). E: *A Proposal on Machine Learning via Dynamical Systems*, 2017. He, Zhang, Ren, Sun: *Identity
// Mappings in Deep Residual Networks*, 2016, [arXiv:1603.05027](https://arxiv.org/abs/1603.05027) (*the identity paper*).

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

// %% [markdown]
// ## One network, many paths
//
// A **unit** computes $x_{l+1} = x_l + F_l(x_l)$. Put three of them into one another:
//
// $$ x_4 = x_3 + F_3(x_3), \qquad x_3 = x_2 + F_2(x_2), \qquad x_2 = x_1 + F_1(x_1), $$
// $$ x_4 = x_1 + F_1(x_1) + F_2\big(x_1 + F_1(x_1)\big) + F_3\big(x_1 + F_1(x_1) + F_2(x_1 + F_1(x_1))\big). $$
//
// Each unit offers a choice, through $F$ or past it. Three units make $2^3 = 8$ **paths**. That is the *unravelled view* of the ensemble paper (section 3).
//
// For the values it is a manner of speaking: $F_2$ gets a sum as its input and does not treat its two terms apart. For the *gradient* it is exact. The Jacobian of a unit is $1 + F'_l$, and
//
// $$ \frac{\partial x_4}{\partial x_1} = (1 + F'_3)(1 + F'_2)(1 + F'_1) = 1 + F'_1 + F'_2 + F'_3 + F'_2 F'_1 + F'_3 F'_1 + F'_3 F'_2 + F'_3 F'_2 F'_1: $$
//
// a sum over all eight paths, each the product of the $F'$ that it goes through. A check in numbers, with three slopes that are not round:

// %%
const slopes = [0.7, -1.3, 0.4];
const paths = analysis.enumeratePaths(slopes.length);
const along = (path: analysis.Path) =>
  path.reduce((product, throughF, l) => product * (throughF ? slopes[l]! : 1), 1);
const sumOverPaths = paths.reduce((sum, path) => sum + along(path), 0);
const productOfUnits = slopes.reduce((product, slope) => product * (1 + slope), 1);
if (Math.abs(sumOverPaths - productOfUnits) > 1e-12) throw new Error("the paths must add up to the product");

plot.table(
  paths.map((path) => ({
    path: path.map((throughF, l) => (throughF ? `F${l + 1}` : "–")).join(" "),
    "goes through": path.filter(Boolean).length,
    slope: along(path),
  })),
  { title: `Eight paths; their slopes add up to ${productOfUnits.toFixed(4)}, the product of the units` },
);

// %% [markdown]
// ## How long are the paths?
//
// A path's **length** is the number of residual functions that it goes through. Of $n$ units there are $\binom{n}{k}$ ways to choose the $k$ that a path goes through. So lengths follow a binomial
// distribution: nearly all paths are about $n / 2$ long.

// %%
const lengthsOf = (units: number) => {
  const counts = analysis.pathCounts(units);
  return counts.map((count) => count / 2 ** units);
};
plot.lines(
  [15, 54].map((units) => ({
    name: `${units} units`,
    x: lengthsOf(units).map((_, length) => length),
    y: lengthsOf(units),
  })),
  {
    title: "Paths by their length",
    x: { title: "residual functions on the path" },
    y: { title: "share of all paths" },
    caption:
      "15 units make a network of 32 layers, 54 one of 110. Very short and very long paths are very few.",
  },
);

// %% [markdown]
// ## The networks of this chapter
//
// Residual networks in the pre-activation order, where $h$ and $f$ are identities and the formulas above hold to the letter; and their plain twins with the same layers. Fashion-MNIST at 14×14 pixels, half the paper's widths,
// several seeds. Everything below is done to *trained* networks, and nothing is trained again.

// %%
const plans = {
  ci: { depth: 20, perClass: 200, epochs: 4, seeds: [1, 2, 3], testPerClass: 30, draws: 2 },
  everyday: { depth: 32, perClass: 500, epochs: 5, seeds: [1, 2, 3], testPerClass: 100, draws: 3 },
  full: { depth: 110, perClass: 1000, epochs: 60, seeds: [1, 2, 3, 4, 5], testPerClass: 200, draws: 10 },
};
const plan = plans[runtime.setting()];

const trainImages = data.firstOfEachClass(
  data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2),
  plan.perClass,
);
const testImages = data.firstOfEachClass(
  data.downsample(await data.load("fashion-mnist-sample", { split: "test" }), 2),
  plan.testPerClass,
);
const normalise = data.channelStatistics(trainImages);
const trainSource = data.batches(trainImages, { normalise });
const testSource = data.batches(testImages, { normalise });

const common = { depth: plan.depth, widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 } as const;
const kinds = {
  plain: { ...common, shortcut: "none", order: "original" },
  residual: { ...common, shortcut: "A", order: "preActivation" },
} as const;
const untrained = (kind: keyof typeof kinds, seed: number) => nn.cifarResNet({ ...kinds[kind], seed });

const errorOf = async (model: train.Trainable) =>
  100 * (1 - (await train.evaluate(model, testSource, { progress: "none" })).accuracy);

// As in chapter 01, each run has a process of its own with one thread.
const { runs } = await train.sweep({
  networks: Object.entries(kinds).map(([name, options]) => ({ name, model: "cifarResNet", options })),
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, plan.testPerClass], downsample: 2 },
  recipe: {
    epochs: plan.epochs,
    schedule: train.stepSchedule({
      learningRate: 0.1,
      at: [Math.floor(trainSource.size / 128) * (plan.epochs - 1)],
    }),
  },
  seeds: plan.seeds,
});
const trained = (kind: keyof typeof kinds, seed: number) =>
  runs.find((run) => run.name === kind && run.seed === seed)!.load();
const subjects: { seed: number; plain: nn.Network; residual: nn.Network }[] = [];
for (const seed of plan.seeds)
  subjects.push({ seed, plain: await trained("plain", seed), residual: await trained("residual", seed) });
const intact: { seed: number; plain: number; residual: number }[] = [];
for (const { seed, plain, residual } of subjects) {
  intact.push({ seed, plain: await errorOf(plain), residual: await errorOf(residual) });
}
plot.table(intact, { title: `Test error (%) of the intact networks, ${plan.depth} layers` });

// %% [markdown]
// ## Predict, then run: which paths carry the gradient?
//
// The number of paths says nothing about how much goes through each. Every residual function that a path goes through multiplies the gradient by its $F'$. If those are small, long paths carry little,
// however many there are. The ensemble paper (section 5) measured it on 110 layers by sampling paths: most of the gradient came from paths only 10 to 34 layers long, which is 5 to 17 of the 54 units, because a unit has two layers. Our figures count units.
//
// We can do without sampling. Let $G_k$ be the gradient that has come through exactly $k$ residual functions on its way down. At each unit it splits: $G_k$ goes on along the shortcut, and what goes through
// $F$ becomes part of $G_{k+1}$:
//
// $$ G_k' = G_k + F'^{\top} G_{k-1}. $$
//
// At the bottom all $G_k$ add up to the gradient that backpropagation gives. **Predict**: at which length is the most gradient, before training and after? In the middle of the binomial, or below it?

// %%
const batch = trainSource.batch(Int32Array.from({ length: 64 }, (_, i) => i));
const byLength: {
  moment: "before training" | "after training";
  seed: number;
  gradients: analysis.PathGradient[];
}[] = [];
for (const { seed, residual } of subjects) {
  const fresh = untrained("residual", seed);
  for (const [moment, network] of [
    ["before training", fresh],
    ["after training", residual],
  ] as const) {
    byLength.push({
      moment,
      seed,
      gradients: await analysis.gradientByPathLength(network, batch.images, batch.labels),
    });
  }
  fresh.dispose();
}

const units = subjects[0]!.residual.units.length;
const moments = ["before training", "after training"] as const;
const shareAt = (moment: string, length: number) =>
  analysis.meanInterval(
    byLength.filter((one) => one.moment === moment).map(({ gradients }) => gradients[length]!.share),
  );
const lengths = Array.from({ length: units + 1 }, (_, k) => k);
plot.lines(
  [
    { name: "paths there are", x: lengths, y: lengthsOf(units) },
    ...moments.map((moment) => ({
      name: `gradient, ${moment}`,
      x: lengths,
      y: lengths.map((k) => shareAt(moment, k).mean),
      errors: lengths.map((k) => shareAt(moment, k).upper - shareAt(moment, k).mean),
    })),
  ],
  {
    title: "Paths, and the gradient that comes along them",
    x: { title: "residual functions on the path" },
    y: { title: "share" },
    caption: `Bars are 95 % intervals over ${plan.seeds.length} seeds. A share below 0 pulls against the whole gradient.`,
  },
);

// %%
const meanLength = (moment: string) =>
  byLength
    .filter((one) => one.moment === moment)
    .map(({ gradients }) => analysis.effectiveDepth(gradients).mean);
const shown = ({ mean, lower, upper }: analysis.MeanInterval, digits = 2) =>
  `${mean.toFixed(digits)} (95 % interval ${lower.toFixed(digits)} to ${upper.toFixed(digits)})`;
for (const moment of moments) {
  console.log(
    `${moment}: mean length by gradient ${shown(analysis.meanInterval(meanLength(moment)))}, by number of paths ${units / 2}`,
  );
}
const wrongSum = byLength.find(
  ({ gradients }) => Math.abs(gradients.reduce((sum, { share }) => sum + share, 0) - 1) > 1e-3,
);
if (wrongSum) throw new Error("the shares of all lengths must add up to 1");

// %% [markdown]
// The lines of print say by how much the gradient's paths are shorter, or longer, than the paths as such. Compare it with your prediction, and note which of the two moments is nearer to the ensemble paper's finding.
//
// ## Predict, then run: lesions
//
// If a residual network is a collection of paths, then deleting one unit cuts half of them and leaves the other half whole. A plain network has one path, and deletion cuts it. So make a **lesion** (ensemble paper, section 4.1): delete one unit of
// a trained network, train nothing, and measure the test error. The units at which the image is halved cannot be deleted from a plain network, so we leave them in both.
//
// **Predict** for both: by how many points will the error rise? An error of 90 % is guessing.

// %%
const deletable = subjects[0]!.plain.units
  .filter(({ unit }) => unit.change.stride === 1 && unit.change.inChannels === unit.change.outChannels)
  .map(({ name }) => name);

/** How many points the test error rises when one unit is deleted: [seeds][units]. */
const rises = { plain: [] as number[][], residual: [] as number[][] };
for (const [i, subject] of subjects.entries()) {
  for (const kind of ["plain", "residual"] as const) {
    const own: number[] = [];
    for (const name of deletable)
      own.push((await errorOf(analysis.withoutUnits(subject[kind], [name]))) - intact[i]![kind]);
    rises[kind].push(own);
  }
}
const meanRise = (kind: "plain" | "residual") =>
  deletable.map((_, u) => analysis.meanInterval(rises[kind].map((own) => own[u]!)));
plot.bars(
  (["plain", "residual"] as const).map((kind) => ({
    name: kind,
    values: meanRise(kind).map(({ mean }) => mean),
    errors: meanRise(kind).map(({ upper, mean }) => upper - mean),
  })),
  {
    title: "One unit deleted",
    x: { title: "unit", categories: deletable.map((name) => name.replace("stage", "").replace("unit", "")) },
    y: { title: "rise of the test error (points)" },
    caption: `Means over ${plan.seeds.length} seeds with 95 % intervals. "2.3" is the third unit of stage 2.`,
  },
);

// %% [markdown]
// The claim of this section, and what it is worth: for each seed take the mean rise over all units in the plain network less that in the residual one. Were there no effect, a 95 % interval of the mean difference would lie above zero in 2.5 %
// of such experiments. The next cell stops the notebook if it does not.

// %%
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const lesionGap = analysis.meanInterval(rises.plain.map((own, i) => mean(own) - mean(rises.residual[i]!)));
console.log(
  [
    `mean rise, plain: ${mean(rises.plain.flat()).toFixed(1)} points; residual: ${mean(rises.residual.flat()).toFixed(1)} points`,
    `median rise, plain: ${median(rises.plain.flat()).toFixed(1)} points; residual: ${median(rises.residual.flat()).toFixed(1)} points`,
    `difference of the means: ${shown(lesionGap, 1)} points`,
  ].join("\n"),
);
if (lesionGap.lower <= 0) {
  throw new Error(`a lesion should hurt the plain network more; the difference is ${shown(lesionGap, 1)}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Two cautions. The plain network is a poor subject: it is a chain that was never asked to work with a link missing, and any reading that has an identity in it predicts that it breaks. And of the residual network the *median* is the typical unit, while the
// mean is drawn up by the few units that matter: look at the bars.
//
// </details>
//
// ## More lesions, and another order
//
// The ensemble paper goes on (section 4.2, Figure 5): delete $k$ units at random, and the error rises *smoothly* with $k$, as if members left an ensemble one by one. Exchange units at random (section 4.3), and it rises smoothly with the disorder. Disorder
// is measured by Kendall's rank correlation $\tau$: 1 for the old order, 0 for none left.

// %%
const chosen = async (k: number, seed: number) => {
  const drawn = await runtime.tf.randomUniform([deletable.length], 0, 1, "float32", seed).data();
  return deletable
    .map((name, i) => ({ name, key: drawn[i]! }))
    .sort((a, b) => a.key - b.key)
    .slice(0, k)
    .map(({ name }) => name);
};
const counts = [0, 1, 2, 3, 5, 7].filter((k) => k <= deletable.length);
const deletions: { k: number; seed: number; error: number }[] = [];
for (const { seed, residual } of subjects) {
  for (const k of counts) {
    for (let draw = 1; draw <= (k === 0 ? 1 : plan.draws); draw++) {
      const cut = await chosen(k, 1000 * seed + 100 * k + draw);
      deletions.push({
        k,
        seed,
        error: await errorOf(k === 0 ? residual : analysis.withoutUnits(residual, cut)),
      });
    }
  }
}
/** The interval over seeds of a seed's mean. */
const overSeeds = <T extends { seed: number }>(rows: readonly T[], value: (row: T) => number) =>
  analysis.meanInterval(plan.seeds.map((seed) => mean(rows.filter((row) => row.seed === seed).map(value))));

const errorsAfter = counts.map((k) =>
  overSeeds(
    deletions.filter((one) => one.k === k),
    ({ error }) => error,
  ),
);
plot.lines(
  [
    {
      name: "residual",
      x: counts,
      y: errorsAfter.map(({ mean }) => mean),
      errors: errorsAfter.map(({ mean, upper }) => upper - mean),
    },
  ],
  {
    title: "Several units deleted at random",
    x: { title: "units deleted" },
    y: { title: "test error (%)" },
    caption: `Means over seeds and ${plan.draws} draws each, with 95 % intervals over ${plan.seeds.length} seeds.`,
  },
);

// %%
const orders: { swaps: number; seed: number; tau: number; error: number }[] = [];
for (const { seed, residual } of subjects) {
  const names = residual.units.map(({ name }) => name);
  for (const swaps of [1, 2, 4, 8]) {
    for (let draw = 1; draw <= plan.draws; draw++) {
      const order = analysis.swappedOrder(residual, swaps, 1000 * seed + 10 * swaps + draw);
      orders.push({
        swaps,
        seed,
        tau: analysis.kendallTau(order, names),
        error: await errorOf(analysis.withUnitOrder(residual, order)),
      });
    }
  }
}
plot.scatter(
  plan.seeds.map((seed) => ({
    name: `seed ${seed}`,
    x: orders.filter((one) => one.seed === seed).map(({ tau }) => tau),
    y: orders.filter((one) => one.seed === seed).map(({ error }) => error),
  })),
  {
    title: "Units exchanged at random, within their stages",
    x: { title: "Kendall's τ of the new order with the old" },
    y: { title: "test error (%)" },
    caption: "Each point is one random order of one network. On the right the order is the old one.",
  },
);

// %% [markdown]
// ## Which units matter?
//
// Training is free to use its depth or not: a unit that it does not need can leave $F$ near zero. So how deep is the trained network *in effect*? Delete units one after the other, always the one whose own lesion did least, and see how many go before
// the error has risen by two points. The rest is the depth that the network uses.

// %%
const pruning: { seed: number; k: number; error: number }[] = [];
for (const [i, { seed, residual }] of subjects.entries()) {
  const byHarm = deletable
    .map((name, u) => ({ name, rise: rises.residual[i]![u]! }))
    .sort((a, b) => a.rise - b.rise);
  for (let k = 0; k <= deletable.length; k++) {
    const cut = byHarm.slice(0, k).map(({ name }) => name);
    pruning.push({
      seed,
      k,
      error: await errorOf(k === 0 ? residual : analysis.withoutUnits(residual, cut)),
    });
  }
}
plot.lines(
  plan.seeds.map((seed) => ({
    name: `seed ${seed}`,
    x: pruning.filter((one) => one.seed === seed).map(({ k }) => k),
    y: pruning.filter((one) => one.seed === seed).map(({ error }) => error),
  })),
  {
    title: "Units deleted, the least harmful first",
    x: { title: `units deleted, of ${deletable.length}` },
    y: { title: "test error (%)" },
    caption: "Were there a flat part on the left, it would be depth that the network does not need.",
  },
);

// %%
const spare = plan.seeds.map((seed) => {
  const own = pruning.filter((one) => one.seed === seed);
  const tooMany = own.findIndex(({ error }) => error > own[0]!.error + 2);
  return (tooMany < 0 ? own.length : tooMany) - 1;
});
console.log(
  `units that can go before the error rises by more than two points: ${spare.join(", ")} of ${deletable.length}, for seeds ${plan.seeds.join(", ")}`,
);

// %% [markdown]
// ## The differential-equation reading
//
// Write $x_{l+1} = x_l + F_l(x_l)$ with a **step** $\eta = 1$ made visible:
//
// $$ \frac{x_{l+1} - x_l}{\eta} = F_l(x_l). $$
//
// That is Euler's method for $\frac{dx}{dt} = F(x, t)$, one unit a step. In this reading (E 2017; Haber and Ruthotto 2017, [arXiv:1705.03341](https://arxiv.org/abs/1705.03341)) the layers of a trained network sample a flow, and depth is only how finely time is cut.
// It makes a prediction that no other reading makes. Cut every step in $m$: copy each unit's weights $m$ times, and take $\frac1m F$ at each copy,
//
// $$ x \leftarrow x + \tfrac1m F_l(x), \quad m \text{ times}. $$
//
// The network becomes $m$ times as deep without any training. If it was Euler's method with a small enough step, its output hardly changes, and settles as $m$ grows with an error in proportion to $\frac1m$.
// If the network depends on the *one* step that it was trained with, the error rate jumps at $m = 2$.
//
// `analysis.eulerRefined` does the copying. **Predict**: what will the test error be at $m = 2$, and at $m = 16$?

// %%
const refinements = [1, 2, 4, 8, 16];
const refined: { m: number; seed: number; error: number; moved: number }[] = [];
for (const { seed, residual } of subjects) {
  const { tf } = runtime;
  const logitsOf = (m: number) =>
    analysis.eulerRefined(residual, m).forward(batch.images, { training: false });
  const limit = logitsOf(64);
  for (const m of refinements) {
    const logits = logitsOf(m);
    const moved = (await tf.div(tf.norm(tf.sub(logits, limit)), tf.norm(limit)).data())[0]!;
    logits.dispose();
    refined.push({ m, seed, moved, error: await errorOf(analysis.eulerRefined(residual, m)) });
  }
  limit.dispose();
}
const atStep = (m: number, value: (row: (typeof refined)[number]) => number) =>
  overSeeds(
    refined.filter((one) => one.m === m),
    value,
  );
plot.table(
  refinements.map((m) => ({
    "steps for one": m,
    layers: 2 + 2 * (units - deletable.length) + 2 * m * deletable.length,
    "test error (%)": atStep(m, ({ error }) => error).mean,
    "± (95 %)": atStep(m, ({ error }) => error).upper - atStep(m, ({ error }) => error).mean,
    "distance of the logits from the limit": atStep(m, ({ moved }) => moved).mean,
  })),
  {
    title: `The same weights with finer steps, means over ${plan.seeds.length} seeds (the limit is taken at 64)`,
  },
);

// %%
const firstOrder = mean(
  plan.seeds.map((seed) => {
    const at = (m: number) => refined.find((one) => one.m === m && one.seed === seed)!.moved;
    return at(4) / at(8);
  }),
);
const refinedRise = analysis.meanInterval(
  plan.seeds.map((seed) => {
    const at = (m: number) => refined.find((one) => one.m === m && one.seed === seed)!.error;
    return at(2) - at(1);
  }),
);
console.log(
  [
    `halving the step divides the distance by ${firstOrder.toFixed(2)} (Euler's method: 2)`,
    `cutting each step in two changes the test error by ${shown(refinedRise, 1)} points`,
  ].join("\n"),
);
if (!(firstOrder > 1.5 && firstOrder < 3)) {
  throw new Error(
    `refinement should converge at first order, by a factor near 2; got ${firstOrder.toFixed(2)}`,
  );
}

// %% [markdown]
// Hold the two results apart. That refinement *converges*, and at first order, is mathematics: it holds for any smooth $F$, trained or not, and the cell above stops the notebook if it fails. That the limit is still a good classifier is the empirical claim, and the line above says by how much it fails or holds
// on these networks. Where the error jumps, the network is not a finely cut flow: it has learned with its steps, not from a limit.
//
// ## Near or far: does the place of a unit matter?
//
// A second test between the two readings. If units sample a flow, *neighbours* do nearly the same thing, and exchanging two neighbours should do much less harm than exchanging two units far apart. If units are members of an ensemble, the distance should not matter.
// The next cell exchanges every pair of units within a stage (all but the units that change the shape, and the first one, which lacks its normalisation).

// %%
const swapped: { seed: number; distance: number; rise: number }[] = [];
for (const [s, { seed, residual }] of subjects.entries()) {
  const names = residual.units.map(({ name }) => name);
  const movable = names.flatMap((name, i) => (deletable.includes(name) && i > 0 ? [i] : []));
  for (const i of movable) {
    for (const j of movable) {
      if (j <= i || names[i]!.split(".")[0] !== names[j]!.split(".")[0]) continue;
      const order = [...names];
      [order[i], order[j]] = [order[j]!, order[i]!];
      swapped.push({
        seed,
        distance: j - i,
        rise: (await errorOf(analysis.withUnitOrder(residual, order))) - intact[s]!.residual,
      });
    }
  }
}
const distances = [...new Set(swapped.map(({ distance }) => distance))].sort((a, b) => a - b);
const riseAt = distances.map((distance) =>
  overSeeds(
    swapped.filter((one) => one.distance === distance),
    ({ rise }) => rise,
  ),
);
plot.table(
  distances.map((distance, i) => ({
    "units apart": distance,
    "rise of the test error (points)": riseAt[i]!.mean,
    from: riseAt[i]!.lower,
    to: riseAt[i]!.upper,
  })),
  {
    title: `Two units exchanged: mean over pairs, 95 % interval over ${plan.seeds.length} seeds`,
  },
);

// %% [markdown]
// ## The Taylor reading
//
// A third reading calls each residual function small, and expands. Let $E(s)$ be the loss when the residual of one unit is multiplied by $s$: at $s = 1$ the network is whole, at $s = 0$ the unit is deleted. To first order
//
// $$ E(0) \approx E(1) - \left. \frac{dE}{ds} \right|_{s = 1}. $$
//
// If that were good, a lesion's harm could be read off a slope, without a lesion. It would also mean that units do not depend on one another: the harm of two lesions would be the sum of the two harms. **Predict**: is the line through $s = 1$ good enough?

// %%
/** The network with one unit's residual multiplied by s. */
const scaled = (network: nn.Network, unit: string, s: number): train.Trainable => ({
  name: network.name,
  spec: network.spec,
  inputShape: network.inputShape,
  classes: network.classes,
  variables: () => network.variables(),
  forward: (x, mode) =>
    network.forward(x, {
      ...mode,
      replace: (name, value) => (name === `${unit}.residual` ? runtime.tf.mul(value, s) : value),
    }),
});
const lossOf = async (model: train.Trainable) =>
  (await train.evaluate(model, testSource, { progress: "none" })).loss;

const taylor: { seed: number; predicted: number; actual: number }[] = [];
for (const { seed, residual } of subjects.slice(0, 2)) {
  const whole = await lossOf(residual);
  for (const name of deletable) {
    const slope =
      ((await lossOf(scaled(residual, name, 1.02))) - (await lossOf(scaled(residual, name, 0.98)))) / 0.04;
    taylor.push({
      seed,
      predicted: -slope,
      actual: (await lossOf(analysis.withoutUnits(residual, [name]))) - whole,
    });
  }
}
plot.scatter(
  plan.seeds.slice(0, 2).map((seed) => ({
    name: `seed ${seed}`,
    x: taylor.filter((one) => one.seed === seed).map(({ predicted }) => predicted),
    y: taylor.filter((one) => one.seed === seed).map(({ actual }) => actual),
  })),
  {
    title: "The harm of a lesion, predicted and measured",
    x: { title: "predicted by the slope at s = 1 (nats)" },
    y: { title: "measured (nats)" },
    caption:
      "Were the first order enough, each point's two numbers would be equal. Mind the scales of the axes.",
  },
);

// %%
const correlation = (pairs: readonly { predicted: number; actual: number }[]) => {
  const [mp, ma] = [mean(pairs.map(({ predicted }) => predicted)), mean(pairs.map(({ actual }) => actual))];
  const cross = pairs.reduce((sum, { predicted, actual }) => sum + (predicted - mp) * (actual - ma), 0);
  const [vp, va] = [
    pairs.reduce((sum, { predicted }) => sum + (predicted - mp) ** 2, 0),
    pairs.reduce((sum, { actual }) => sum + (actual - ma) ** 2, 0),
  ];
  return cross / Math.sqrt(vp * va);
};
const pairHarm: { sum: number; together: number }[] = [];
for (const [i, { residual }] of subjects.entries()) {
  for (let u = 0; u + 1 < deletable.length; u += 2) {
    const both = await errorOf(analysis.withoutUnits(residual, [deletable[u]!, deletable[u + 1]!]));
    pairHarm.push({
      sum: rises.residual[i]![u]! + rises.residual[i]![u + 1]!,
      together: both - intact[i]!.residual,
    });
  }
}
console.log(
  [
    `slope at s = 1: predicts ${mean(taylor.map(({ predicted }) => predicted)).toFixed(2)} nats on the mean; measured ${mean(taylor.map(({ actual }) => actual)).toFixed(2)}; correlation ${correlation(taylor).toFixed(2)}`,
    `two neighbours deleted: ${mean(pairHarm.map(({ together }) => together)).toFixed(1)} points on the mean; the sum of their single harms ${mean(pairHarm.map(({ sum }) => sum)).toFixed(1)}`,
  ].join("\n"),
);

// %% [markdown]
// ## The readings side by side
//
// The fourth reading is the identity paper's own: shortcuts are *clean paths for information*, forward and back, and anything put on them does harm. Its tests are chapters 03, 04 and 08. The next cell puts what ran here, for the other three, into one table.

// %%
plot.table(
  [
    {
      reading: "ensemble of paths",
      predicts: "one lesion does little; harm grows smoothly with more",
      "came out here": `median rise ${median(rises.residual.flat()).toFixed(1)} points for one unit, mean ${mean(rises.residual.flat()).toFixed(1)}; plain ${mean(rises.plain.flat()).toFixed(1)}`,
    },
    {
      reading: "ensemble of paths",
      predicts: "gradients come along short paths",
      "came out here": `mean length ${mean(meanLength("after training")).toFixed(1)} after training, ${mean(meanLength("before training")).toFixed(1)} before; paths ${(units / 2).toFixed(1)}`,
    },
    {
      reading: "differential equation",
      predicts: "finer steps change nothing",
      "came out here": `two steps for one: ${refinedRise.mean.toFixed(1)} points, interval ${refinedRise.lower.toFixed(1)} to ${refinedRise.upper.toFixed(1)}`,
    },
    {
      reading: "differential equation",
      predicts: "exchanging neighbours does less harm than exchanging distant units",
      "came out here": `${distances.map((distance, i) => `${distance} apart: ${riseAt[i]!.mean.toFixed(1)}`).join("; ")} points`,
    },
    {
      reading: "Taylor, first order",
      predicts: "a slope tells a lesion's harm",
      "came out here": `correlation ${correlation(taylor).toFixed(2)}`,
    },
  ],
  { title: "What each reading predicts, and what came out" },
);

// %% [markdown]
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// A residual network has 10 units. How many of its paths go through exactly 3 residual functions?
const pathsOfLengthThree: number | undefined = undefined;

check.answer(pathsOfLengthThree, "0 1994576e", {
  hint: "In how many ways can 3 of 10 be chosen, where the order does not count?",
});

// %%
// One unit of a network with 10 units is deleted. What share of its paths is left?
const shareLeft: number | undefined = undefined;

check.answer(shareLeft, "0.000001 17ed8749", {
  hint: "Which paths are gone: those that go through the deleted unit, or those that go past it?",
});

// %%
// dx/dt = -x, from x = 1. Where is x after two Euler steps of 1/2?
const afterTwoSteps: number | undefined = undefined;

check.answer(afterTwoSteps, "0.000001 a4275602", { hint: "At which place is the slope of each step taken?" });

// %% [markdown]
// ## What the papers show, and what ran here
//
// | statement | where | here |
// |---|---|---|
// | deleting a layer ruins VGG, and hardly touches a residual network | ensemble paper, section 4.1 | *lesions*, by the interval |
// | error rises smoothly with the number of units deleted or exchanged | ensemble paper, sections 4.2 and 4.3, Figure 5 | *more lesions*, two figures |
// | in 110 layers most gradient comes from paths of 10 to 34 layers | ensemble paper, section 5 | *which paths*, at fewer layers, summed exactly where the paper samples |
// | layers as steps of a differential equation | E 2017; Haber and Ruthotto 2017 | *refinement*, and *near or far* |
// | clean shortcuts carry signals and gradients directly | identity paper, section 2 | chapters 04 and 08 |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** what these operations do to trained networks of one size on one small set of images, over a few seeds. `RESIDUAL_SETTING=full npm run notebooks -- 09` takes 110 layers and 60 epochs; plan for a GPU.
// - **The readings do not exclude one another.** Lesions that do little are predicted by three of them. A test that several readings pass supports none in particular; look at the rows where they differ.
// - **"Ensemble" is a likeness.** The members of an ensemble are trained apart. These paths share every weight, and there is no evidence here that they vote.
// - **Sums hide cancellation.** The gradient of one length is the sum over many paths, which may cancel; the ensemble paper samples single paths, and so measures another thing by the same name.
// - **Not known**: why residual networks *generalise* better, and not only train better. Every reading here is about training or about robustness of what was trained.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [How long are the paths?](../exercises/09-path-lengths/09-path-lengths.ipynb) (Easy, 10 minutes.)
// - [Residual units as steps of Euler's method](../exercises/09-euler-steps/09-euler-steps.ipynb) (Easy, 25 minutes.)
//
// ## Try it
//
// 1. Train the residual network with stochastic depth (`gate: { kind: "stochasticDepth", lastSurvival: 0.5 }`) and repeat the lesions. What should change? (Medium, 20 minutes.)
// 2. Refine only one stage, by the option `units` of `analysis.eulerRefined`. Which one can bear it best? (Easy, 10 minutes.)
// 3. Take a refined network with $m = 2$ and train it on for one epoch: its two halves share their weights. Does the error come back? (Medium, 20 minutes.)
// 4. Repeat the lesions with the *original* order. Which bars change, and what does the ReLU after the addition have to do with it? (Medium, 20 minutes.)
//
// ## Where to read on
//
// - The ensemble paper; and Greff, Srivastava, Schmidhuber: *Highway and Residual Networks Learn Unrolled Iterative Estimation*, 2017, [arXiv:1612.07771](https://arxiv.org/abs/1612.07771), which argues against it.
// - Jastrzębski and others: *Residual Connections Encourage Iterative Inference*, 2018, [arXiv:1710.04773](https://arxiv.org/abs/1710.04773): what units do to the features they get.
// - Chang, Meng, Haber, Tung, Begert: *Multi-level Residual Networks from Dynamical Systems View*, 2018, [arXiv:1710.10348](https://arxiv.org/abs/1710.10348): lesions and refinement used to train faster.
// - Chen, Rubanova, Bettencourt, Duvenaud: *Neural Ordinary Differential Equations*, 2018, [arXiv:1806.07366](https://arxiv.org/abs/1806.07366): the reading taken at its word.
//
// The next chapter looks at what came before residual networks, and what came after.
