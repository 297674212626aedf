// %% [markdown]
// # 11 Capstone: reproduce a row
//
// You have built the networks, derived their gradients and taken their tables apart. Now put your name to a number. In this chapter you choose one row of a table, plan it, pay for it, run it, and leave behind
// what somebody who distrusts you can check: a question that was fixed before the first run, a record of every run, and a verdict that follows from them.
//
// **When you are through you can**
// - turn a sentence of a paper into a claim with a rule that decides it, *before* you run anything;
// - write that rule: an equivalence test for a number, an interval of paired differences for a comparison;
// - compute how many seeds it takes, and what they cost;
// - run something that takes days so that a power cut costs a minute;
// - keep records that a program checks, and have one of the runs trained again by somebody else.
//
// **Time.** Reading and writing: 55 minutes. Running this rehearsal: a few minutes on two CPU cores. Your own row: from an hour to some days on a GPU, and the next sections tell you which.
//
// **Sources.** The ResNet paper, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385), Table 6; the identity paper, [arXiv:1603.05027](https://arxiv.org/abs/1603.05027), Table 2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
const setting = runtime.setting();
console.log(info.describe());

// %% [markdown]
// ## 1. A claim, and a rule that decides it
//
// "We reproduced ResNet-20" is no claim. A claim names a **quantity** (test error in percent, on these 10,000 images), a **protocol** (data, network, recipe, when the test images are used), a **reference** (8.75, Table 6) and a **rule** that says, before any result is known, what will count as reproduced.
//
// Here is a rule that many use without saying so: *our interval overlaps what the paper's number allows*. Say the number is 8.75, and give it the half point to both sides that its 10,000 test images leave uncertain. Four runs that all end above 9.2 overlap it, and so do two runs that lie far apart. The wider an interval, the more it overlaps: the rule rewards whoever runs few seeds.
//
// To show that two things are *equal* the burden has to lie the other way. Fix a **margin** $\delta$, the largest distance that you would still call the same, and say why that much. Then ask two questions: is the mean more than $\delta$ *below* the reference? Is it more than $\delta$ *above*? Only where both are refused, each by a t-test at $5\,\%$, is the number reproduced. These are the *two one-sided tests* of Schuirmann (1987), and they come to a simple picture: the whole 90 % interval of the mean lies within the margin,
//
// $$ \text{reference} - \delta < \bar x - t\,\frac{s}{\sqrt n} \quad\text{and}\quad \bar x + t\,\frac{s}{\sqrt n} < \text{reference} + \delta, $$
//
// with $n$ values of mean $\bar x$ and standard deviation $s$, and $t$ the quantile of Student's distribution that leaves $5\,\%$ on one side.
//
// ### Your turn: when does a number agree?
//
// Write that rule. `t` is handed over, for the right number of degrees of freedom.

// %%
import { turns } from "./turns/11";

/** Whether the 90 % interval of the values' mean lies within the margin around `to`. */
function agrees(values: readonly number[], to: number, margin: number, t: number): boolean {
  return check.unwritten(values, to, margin, t);
}

const isEqual = await check.yourTurn(agrees, turns.agrees);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Four lines: the mean, the variance (with $n - 1$), half of the interval, and the comparison of both ends. May the interval lie within the margin and yet not hold the reference itself?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function agrees(values: readonly number[], to: number, margin: number, t: number): boolean {
//   const n = values.length;
//   const mean = values.reduce((sum, value) => sum + value, 0) / n;
//   const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
//   const half = t * Math.sqrt(variance / n);
//   return mean - half > to - margin && mean + half < to + margin;
// }
// ```
//
// </details>
//
// Five made-up experiments, before both rules. **Predict, then run.** Which of them reproduce $8.75$ by the overlap, and which by your rule, with a margin of half a point?

// %%
/** Student's t that leaves 5 % on one side, and on both sides together, by how many values. */
const oneSided: Readonly<Record<number, number>> = { 2: 6.314, 3: 2.92, 4: 2.353, 5: 2.132, 6: 2.015, 7: 1.943, 8: 1.895, 9: 1.86, 10: 1.833, 12: 1.796 }; // prettier-ignore
const twoSided: Readonly<Record<number, number>> = { 2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262, 12: 2.201 }; // prettier-ignore
const experiments = [
  { name: "four runs near it", values: [8.6, 8.9, 8.7, 8.8] },
  { name: "two runs, far apart", values: [8.1, 9.6] },
  { name: "four runs, all above 9.2", values: [9.3, 9.9, 9.4, 9.6] },
  { name: "five runs that scatter", values: [7.4, 9.9, 8.1, 9.2, 8.8] },
  { name: "four close runs, a little above", values: [8.95, 9.0, 9.05, 9.0] },
];
const byRules = experiments.map(({ name, values }) => {
  const { lower, upper } = analysis.meanInterval(values);
  const byMargin = isEqual(values, 8.75, 0.5, oneSided[values.length]!);
  return { name, interval: `${lower.toFixed(2)} to ${upper.toFixed(2)}`, overlaps: lower < 9.31 && upper > 8.19, byMargin }; // prettier-ignore
});
plot.table(
  byRules.map(({ name, interval, overlaps, byMargin }) => ({
    experiment: name,
    "95 % interval": interval,
    "by overlap": overlaps ? "reproduced" : "not reproduced",
    "by the margin": byMargin ? "reproduced" : "not shown",
  })),
  {
    title:
      "Two rules for 8.75 %: overlap with 8.19 to 9.31 (two sampling deviations), and within 8.25 to 9.25",
  },
);

// %% tags=["claim"]
if (!(byRules.every(({ overlaps }) => overlaps) && byRules.map(({ byMargin }) => Number(byMargin)).join("") === "10001"))
  throw new Error(`overlap should call all five reproduced, the margin the first and the last; got ${JSON.stringify(byRules)}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// By the overlap all five, even the four runs of which none is below 9.2. By the margin the first and the last. The surprise is the last: its interval does not hold $8.75$, so a test of *difference* would call it significantly different, and it is. It is different by less than we said would matter.
//
// </details>
//
// "Not shown" is not "shown to differ". So the course's rule for a number has three verdicts: *reproduced* by the margin; *not reproduced* where the difference is more than the scatter of the runs explains; *within noise* otherwise, when the seeds are too few to say either. The file [results/claims.json](../results/claims.json) holds each number of the two papers with its protocol, margin, the reason for it, and number of seeds, and `npm run reproduce -- --list` computes how each stands by the records. Nobody can write a verdict into that file.
//
// How is a margin chosen? By what would mislead. ResNet-56 has 6.97 and ResNet-32 has 7.51 (Table 6): with a margin of half their distance no network can reproduce both rows.
//
// ## 2. How many seeds?
//
// A rule that cannot be passed wastes the machine. The probability that it is passed, if the claim is true, is its **power**, and it has a simple definition that a computer can carry out: imagine many experiments, each with so many runs, and count.
//
// ### Your turn: the power of a rule
//
// Draw at least 4,000 experiments of `seeds` values each, which scatter about `mean` by `deviation`; `normal()` gives a number of mean 0 and deviation 1. `holds` is any rule. The result is the share of experiments in which it holds.

// %%
type Law = { readonly mean: number; readonly deviation: number };

/** The share of imagined experiments in which a rule holds. */
function powerOf(
  seeds: number,
  { mean, deviation }: Law,
  holds: (values: number[]) => boolean,
  normal: () => number,
): number {
  return check.unwritten(seeds, mean, deviation, holds, normal);
}

const power = await check.yourTurn(powerOf, turns.powerOf);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// One experiment is a list of `seeds` numbers, each `mean + deviation * normal()`. By how much does a single run scatter, and by how much the mean of several?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function powerOf(
//   seeds: number,
//   { mean, deviation }: Law,
//   holds: (values: number[]) => boolean,
//   normal: () => number,
// ): number {
//   const experiments = 4000;
//   let found = 0;
//   for (let k = 0; k < experiments; k++) {
//     const values = Array.from({ length: seeds }, () => mean + deviation * normal());
//     if (holds(values)) found++;
//   }
//   return found / experiments;
// }
// ```
//
// </details>
//
// How much do single runs scatter? The paper gives 0.16 for its five runs of ResNet-110 (Table 6). For smaller networks nobody published it; 0.25 is a guess, and a user's six runs of ResNet-56 that chapter 06 quotes scatter even more.
//
// **Predict, then run.** With five seeds that scatter by $0.25$, how likely is it to reproduce ResNet-56 within a margin of $0.27$, if the claim is exactly true? And how many seeds make it four out of five?

// %%
const stream = check.stream(11, "imagined runs");
const normal = () => stream.normal();
const counts = Object.keys(oneSided).map(Number);
const rowsToPlan = [
  { row: "ResNet-20: margin 0.5", reference: 8.75, margin: 0.5, deviation: 0.25 },
  { row: "ResNet-56: margin 0.27", reference: 6.97, margin: 0.27, deviation: 0.25 },
  { row: "ResNet-110: margin 0.18", reference: 6.61, margin: 0.18, deviation: 0.16 },
];
const powers = rowsToPlan.map(({ row, reference, margin, deviation }) => ({
  row,
  margin,
  deviation,
  values: counts.map(
    (seeds) =>
    power(seeds, { mean: reference, deviation }, (values) => isEqual(values, reference, margin, oneSided[seeds]!), normal), // prettier-ignore
  ),
}));
plot.lines(
  powers.map(({ row, values }) => ({ name: row, x: counts, y: values })),
  {
    title: "How likely a true claim passes, by the number of seeds",
    x: { title: "seeds" },
    y: { title: "power", range: [0, 1] },
    caption: "By 4,000 imagined experiments for each point.",
  },
);

// %% tags=["claim"]
const ofFive = powers[1]!.values[counts.indexOf(5)]!;
const enough = powers.map(({ margin, deviation }) => analysis.runsForEquivalence({ margin, deviation }));
console.log(
  `five seeds for ResNet-56: ${ofFive.toFixed(2)}; for four out of five: ${enough.join(", ")} seeds`,
);
if (!(ofFive > 0.3 && ofFive < 0.5 && enough[1]! > 7 && enough[1]! < 11 && enough[0]! < 6))
  throw new Error(`five seeds should have less than even chances, and nine should do; got ${ofFive} and ${enough.join(", ")}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Less than even chances: five seeds, which sound like many, would more often than not fail to reproduce a row that *is* true. It takes about nine; for ResNet-20 fewer do, because its margin may be wider. `analysis.runsForEquivalence` computes the same without imagining anything, and the claims' numbers of seeds come from it.
//
// The guess of the scatter decides much. If yours is larger, you will end "within noise", which is a result; adding seeds until the verdict pleases is not.
//
// </details>
//
// ## 3. What it costs
//
// A training step costs about three forward passes: one forward, and backward two of the same size, for the inputs and for the weights (chapter 04). So a row costs
//
// $$ 3 \times \text{multiply-adds of one image} \times 128 \times 64{,}000 \times \text{seeds}. $$
//
// Here are rows to choose from. The number that no table can hold is how fast *your* machine is; `npm run reproduce -- CLAIM` measures it for a short while, says how many hours the claim takes here, and asks before it begins.

// %%
const table = [
  { row: "Table 6, ResNet-20", reference: 8.75, seeds: enough[0]!, architecture: nn.cifarArchitecture({ depth: 20 }) },
  { row: "Table 6, ResNet-56", reference: 6.97, seeds: enough[1]!, architecture: nn.cifarArchitecture({ depth: 56 }) },
  { row: "Table 6, ResNet-110", reference: 6.61, seeds: enough[2]!, architecture: nn.cifarArchitecture({ depth: 110 }) },
  { row: "identity paper, Table 2, pre-activation-110", reference: 6.37, seeds: enough[2]!, architecture: nn.cifarArchitecture({ depth: 110, order: "preActivation" }) },
]; // prettier-ignore
const costOf = ({ architecture, seeds }: (typeof table)[number]) =>
  3 * nn.multiplyAdds(architecture) * 128 * 64_000 * seeds;
plot.table(
  table.map((one) => ({
    row: one.row,
    "reference (%)": one.reference.toFixed(2),
    seeds: one.seeds,
    "multiply-adds of an image (millions)": nn.multiplyAdds(one.architecture) / 1e6,
    "of all runs (10¹⁵)": costOf(one) / 1e15,
    "times ResNet-20": costOf(one) / costOf(table[0]!),
  })),
  { title: "What each row costs" },
);

// %% [markdown]
// If that says weeks, choose another row, fewer steps *and say so*, or another machine ([docs/gpu.md](../docs/gpu.md), [docs/sweeps.md](../docs/sweeps.md)). A smaller honest claim beats a large one that never finishes.
//
// ## 4. A run that survives
//
// What takes days will be interrupted. A sweep keeps a checkpoint of every run, and a resumed run must end with *the same weights, bit for bit*, as one that was never stopped; otherwise the seed means nothing. Trust, and verify: the next cell stops a run halfway, takes it up from its file, and compares it with an unbroken one.

// %%
const plans = {
  ci: { perClass: 200, epochs: 2, pilot: [1, 2], seeds: [11, 12, 13], testPerClass: 30 },
  everyday: { perClass: 500, epochs: 6, pilot: [1, 2, 3], seeds: [11, 12, 13, 14, 15], testPerClass: 200 },
  full: { perClass: 1000, epochs: 60, pilot: [1, 2, 3], seeds: [11, 12, 13, 14, 15], testPerClass: 200 },
};
const plan = plans[setting];
const trainImages = data.firstOfEachClass(
  data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2),
  plan.perClass,
);
const trainSource = data.batches(trainImages, { normalise: data.channelStatistics(trainImages) });
const options = { widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 } as const;
const optimizer = train.sgd({ momentum: 0.9, weightDecay: 1e-4 });
const small = () => nn.cifarResNet({ ...options, depth: 8, seed: 1 });

// %%
// A new name each time, so that the rehearsal starts afresh. The folder runs/ is yours to empty.
const checkpoint = { path: `../runs/11-rehearsal-${Date.now()}.safetensors` };
const twentySteps = { optimizer, schedule: train.constant(0.1), batchSize: 128, steps: 20, seed: 1 };
const stop = new AbortController();
const broken = small();
const firstHalf = await train.fit(broken, trainSource, {
  ...twentySteps,
  checkpoint,
  signal: stop.signal,
  onStep: ({ step }) => {
    if (step === 10) stop.abort();
  },
});
const takenUp = small();
const second = await train.fit(takenUp, trainSource, { ...twentySteps, checkpoint });
const unbroken = small();
const whole = await train.fit(unbroken, trainSource, twentySteps);

// %%
const [one, other] = [await analysis.snapshot(takenUp), await analysis.snapshot(unbroken)];
const differing = [...one].filter(([name, { data: values }]) =>
  values.some((value, i) => value !== other.get(name)!.data[i]),
);
if (!firstHalf.stopped || second.steps !== whole.steps || differing.length > 0)
  throw new Error(`a resumed run must equal an unbroken one; ${differing.length} of ${one.size} arrays differ`); // prettier-ignore
for (const network of [broken, takenUp, unbroken]) network.dispose();
console.log(
  `stopped at step ${firstHalf.steps}, taken up at ${second.resumedFrom}: all ${one.size} arrays of weights equal those of the unbroken run, bit for bit`,
);

// %% [markdown]
// ## 5. The rehearsal
//
// A rehearsal is the whole protocol on something small: it finds the mistakes while they are cheap. This one has a claim that your machine can try in minutes: *at 20 layers and equal steps a plain network errs on more test images than its residual twin*.
//
// **The pilot.** A few runs of each network, with seeds from 1 on, are where the plan comes from. They are not used again: whoever counts the pilot's seeds counts what made him ask.

// %%
const allSteps = plan.epochs * Math.floor(trainSource.size / 128);
/** What pilot and study train; only their seeds differ. */
const rehearsal = {
  networks: (["none", "A"] as const).map((shortcut) => ({
    name: shortcut === "none" ? "plain-20" : "residual-20",
    model: "cifarResNet",
    options: { ...options, depth: 20, shortcut },
  })),
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, plan.testPerClass], downsample: 2 },
  recipe: {
    epochs: plan.epochs,
    batchSize: 128,
    optimizer,
    schedule: train.stepSchedule({ learningRate: 0.1, at: [0.5, 0.75].map((part) => Math.round(part * allSteps)) }),
  },
} as const; // prettier-ignore
// As in chapter 01, each run has a process of its own with one thread. A sweep saves as it goes, as above.
const { runs: pilotRuns } = await train.sweep({ ...rehearsal, seeds: plan.pilot });

// %%
/** Test error of plain-20 minus that of residual-20 in the pilot, in points, seed by seed. */
const pilot = plan.pilot.map((seed) => {
  const [plain, residual] = ["plain-20", "residual-20"].map((name) => pilotRuns.find((run) => run.name === name && run.seed === seed)!.metrics.test.accuracy); // prettier-ignore
  return 100 * (residual! - plain!);
});
console.log(
  `plain-20 minus residual-20, by pair: ${pilot.map((points) => points.toFixed(2)).join(", ")} points`,
);
const { mean: expected, deviation: scatter } = analysis.meanInterval(pilot);
const above = (values: number[]) => {
  const { mean, deviation } = analysis.meanInterval(values);
  return mean > (twoSided[values.length]! * deviation) / Math.sqrt(values.length);
};
const chances = [2, 3, 4, 5, 6, 8].map((seeds) => ({
  seeds,
  "if the pilot is right": power(seeds, { mean: expected, deviation: scatter }, above, normal),
  "if the effect is half as large": power(seeds, { mean: expected / 2, deviation: scatter }, above, normal),
  "if there is none": power(seeds, { mean: 0, deviation: scatter }, above, normal),
}));
plot.table(chances, { title: "How likely the interval of the mean difference lies above 0" });

// %% tags=["claim"]
const ofPlanned = chances.find(({ seeds }) => seeds === 5)!;
if (setting === "everyday" && !(ofPlanned["if the pilot is right"] > 0.8))
  throw new Error(
    `five pairs should do, if the pilot is right; their chance is ${ofPlanned["if the pilot is right"]}`,
  );
if (!chances.every((row) => Math.abs(row["if there is none"] - 0.025) < 0.015))
  throw new Error(
    `a false alarm should have 2.5 %; got ${chances.map((row) => row["if there is none"]).join()}`,
  );

// %% [markdown]
// So few runs say little about how much runs scatter. That is why the middle column stands there as a warning; and the last one is the rate of false alarms, which no number of seeds lowers. We plan five, with new seeds, and now fix it all: question, sweep and rule go into a **study**, a file by the same schema as the project's own in [results/studies/converged.json](../results/studies/converged.json). It cannot be changed afterwards.

// %%
const study: train.Study = {
  title: "Rehearsal: shortcuts at 20 layers",
  question: "Does a plain network of 20 layers err on more test images than its residual twin, after equal steps?",
  differs: "Fashion-MNIST at 14x14 in place of CIFAR-10; half the widths; a few hundred steps in place of 64,000.",
  sweep: { ...rehearsal, seeds: plan.seeds },
  findings: [
    { id: "plain-errs-more", statement: "plain-20 has a higher test error than residual-20.", measure: "test error", network: "plain-20", minus: "residual-20", above: 0 },
  ],
}; // prettier-ignore

// %%
// A folder like the repository's `results`; a new one each time.
const folder = `../runs/11-results-${Date.now()}`;
const weaker = { ...study, findings: [{ ...study.findings[0]!, above: -5 }] };
const written = await train.writeStudy("rehearsal", study, folder);
const refused = await train.writeStudy("rehearsal", weaker, folder).then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);
if (!refused?.includes("is fixed")) throw new Error(`a study must not change; got ${refused}`);
const reason = refused.split(": ").at(-1)!;
console.log(
  `the study lies in ${written.split("/").slice(-2).join("/")}; a weaker rule under its name is refused: ${reason}`,
);

// %% [markdown]
// ### Your turn: the verdict
//
// The rule of the study, over the records' errors. `more` and `less` are the runs of the two networks, in any order and perhaps not all of them; `planned` are the study's seeds, and `t` is for the 95 % interval of as many pairs. The result is one of four words: *not run* while a planned run has no record; *reproduced* where the interval of the mean of `more` minus `less`, pair by pair, lies above 0; *not reproduced* where it lies below; and else *within noise*.

// %%
type Measured = { readonly seed: number; readonly error: number };
type Status = "reproduced" | "not reproduced" | "within noise" | "not run";

function pairedVerdict(
  more: readonly Measured[],
  less: readonly Measured[],
  planned: readonly number[],
  t: number,
): Status {
  return check.unwritten(more, less, planned, t);
}

const verdictOf = await check.yourTurn(pairedVerdict, turns.pairedVerdict);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Go through `planned`, not through the lists: for each seed find its run in both. What does it mean if one of the two is not there?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function pairedVerdict(
//   more: readonly Measured[],
//   less: readonly Measured[],
//   planned: readonly number[],
//   t: number,
// ): Status {
//   const errorOf = (runs: readonly Measured[], seed: number) => runs.find((run) => run.seed === seed)?.error;
//   const pairs = planned.map((seed) => [errorOf(more, seed), errorOf(less, seed)]);
//   if (pairs.flat().includes(undefined)) return "not run";
//   const differences = pairs.map(([one, other]) => one! - other!);
//   const n = differences.length;
//   const mean = differences.reduce((sum, d) => sum + d, 0) / n;
//   const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
//   const half = t * Math.sqrt(variance / n);
//   if (mean - half > 0) return "reproduced";
//   return mean + half < 0 ? "not reproduced" : "within noise";
// }
// ```
//
// </details>

// %% [markdown]
// **Predict, then run.** What will the verdict be, and in how many of the pairs does the plain network err more?

// %%
const { runs } = await train.sweep(study.sweep);
const records = runs.map(({ record }) => record!);
for (const one of records) await train.writeRecord(one, `${folder}/records/runs`);
const recorded = await train.recordedStudy("rehearsal", { folder });
const errorsOf = (name: string) => recorded.networks.find((network) => network.name === name)!.errors.test;
plot.dots([{ name: "test error", values: recorded.networks.map(({ errors }) => errors.test) }], {
  title: `Test error after the last step, a dot a seed`,
  x: { title: "network", categories: recorded.networks.map(({ name }) => name) },
  y: { title: "test error (%)" },
});

// %%
/** The verdict of a folder's records on the study's finding. */
async function verdictIn(place: string): Promise<Status> {
  const { networks } = await train.recordedStudy("rehearsal", { folder: place });
  const [more, less] = networks.map(({ seeds, errors }) => seeds.map((seed, i) => ({ seed, error: errors.test[i]! }))); // prettier-ignore
  return verdictOf(more!, less!, plan.seeds, twoSided[plan.seeds.length]!);
}
const verdict = await verdictIn(folder);
const differences = plan.seeds.map((_, i) => errorsOf("plain-20")[i]! - errorsOf("residual-20")[i]!);
const summary = analysis.meanInterval(differences);
plot.table(
  plan.seeds.map((seed, i) => ({
    seed,
    "plain-20 (%)": errorsOf("plain-20")[i]!,
    "residual-20 (%)": errorsOf("residual-20")[i]!,
    "difference (points)": differences[i]!,
  })),
  {
    title: `${verdict}: mean difference ${summary.mean.toFixed(2)} points, 95 % interval ${summary.lower.toFixed(2)} to ${summary.upper.toFixed(2)}`,
  },
);

// %% tags=["claim"]
if (recorded.missing !== 0)
  throw new Error(`every planned run must have its record; ${recorded.missing} have none`);
if (verdict === "not reproduced")
  throw new Error("shortcuts made the test error worse: look for a mistake before you publish that");
if (setting === "everyday" && !(verdict === "reproduced" && differences.every((difference) => difference > 0)))
  throw new Error(`the plain network should err more in every pair; got ${verdict}, ${differences.join(", ")}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Reproduced: the plain network errs more in every pair, and the interval lies well above zero, as the plan expected. Nothing here had to be decided after the runs.
//
// How little would have sufficed to spoil it can be tried in the next section.
//
// </details>
//
// ## 6. The record
//
// Each run left a **record**, and the program wrote it, not you: network, data and recipe with their hash; the fingerprint of the images; the code's commit, versions, threads and processor; losses on the way; the final metrics; which test images came out right; and a hash of all that. [results/README.md](../results/README.md) lists every field.

// %%
const record = records[0]!;
const session = record.sessions[0]!;
plot.table(
  [
    { part: "what was trained", says: `${record.name}, seed ${record.seed}, configuration ${record.configHash.slice(0, 8)}…` },
    { part: "on what", says: `${record.data.train.images} and ${record.data.test.images} images; ${record.data.transforms.map(({ transform }) => transform).join(", ")}` },
    { part: "by what", says: `${session.engine.backend}, ${session.engine.threads ?? "?"} thread; ${session.machine.architecture}; the library's build ${session.code.built?.slice(0, 8)}…` },
    { part: "how it was measured", says: `weights ${record.protocol.weights}; test images ${record.protocol.testMeasured}; chosen: ${record.protocol.chosen}` },
    { part: "the way", says: `${record.steps} updates, whose losses have one fingerprint` },
  ],
  { title: "From one record" },
); // prettier-ignore

// %% [markdown]
// **Predict, then run.** Four people are tempted. One improves an error by a point. One leaves out the pair that fits worst. One adds the pilot's seeds, because they fit well and are paid for. One changes the rule. Which of them does a program stop, and which does the verdict stop?

// %%
const { test } = record.metrics;
const better = { ...record, metrics: { ...record.metrics, test: { ...test, accuracy: test.accuracy + 0.01 } } }; // prettier-ignore
const improved = await train.writeRecord(better, folder).then(
  () => "nothing",
  (error: unknown) => /a record's sha256 must be that of its content/.exec((error as Error).message)?.[0] ?? "another error", // prettier-ignore
);

const fewer = `${folder}-fewer`;
await train.writeStudy("rehearsal", study, fewer);
for (const one of records.filter(({ seed }) => seed !== plan.seeds[0]))
  await train.writeRecord(one, `${fewer}/records/runs`);

const more = `${folder}-more`;
await train.writeStudy("rehearsal", study, more);
for (const one of [...records, ...pilotRuns.map(({ record }) => record!)])
  await train.writeRecord(one, `${more}/records/runs`);

// %%
const [withoutPair, withExtra] = [await verdictIn(fewer), await verdictIn(more)];
plot.table(
  [
    { temptation: "an error improved by a point", "what stops it": improved },
    { temptation: "a pair left out", "what stops it": `the verdict is "${withoutPair}"` },
    {
      temptation: "the pilot's seeds added",
      "what stops it": `they are not among the planned: the verdict stays "${withExtra}"`,
    },
    { temptation: "the rule changed", "what stops it": reason },
  ],
  { title: "Four temptations" },
);

// %% tags=["claim"]
if (!improved.includes("sha256") || withoutPair !== "not run" || withExtra !== verdict)
  throw new Error(`each temptation should be stopped; got ${improved}, ${withoutPair}, ${withExtra}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// All four are stopped: two by the files themselves, and two because the verdict asks for the planned runs, all of them and no others. A record that is changed together with its hash and its name gets further, and in this repository it is the history of commits that finds it out.
//
// What nothing here can catch: runs that were made, disliked, and never recorded; a record that was invented; test images that somebody looked at on the way. Against those there is only one remedy: somebody else trains it again.
//
// </details>
//
// ### Your turn: the same run?
//
// A grader picks one seed and trains it again from its record alone: network, data, recipe and seed stand in it. On one kind of processor, with one build of the library, it must come out *the same*, bit for bit. Write the comparison of two records. Some fields must agree, and some never do: a record also says when it was made.

// %%
type Outcome = Pick<train.RunRecord, "curves" | "metrics" | "testCorrect" | "checkpoint" | "sha256">;

/** Whether a run that was trained again came out the same as it is recorded. */
function sameRun(recorded: Outcome, again: Outcome): boolean {
  return check.unwritten(recorded, again);
}

const isSame = await check.yourTurn(sameRun, turns.sameRun);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// `curves.updates.fingerprint` is of the loss of every update, `checkpoint.weights` of all weights, `testCorrect` says which test images came out right. `metrics` has `train` and `test`, each with its `loss`.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function sameRun(recorded: Outcome, again: Outcome): boolean {
//   return (
//     recorded.curves.updates.fingerprint === again.curves.updates.fingerprint &&
//     recorded.metrics.train.loss === again.metrics.train.loss &&
//     recorded.metrics.test.loss === again.metrics.test.loss &&
//     recorded.testCorrect === again.testCorrect &&
//     recorded.checkpoint.weights === again.checkpoint.weights
//   );
// }
// ```
//
// </details>
//
// **Predict, then run.** The next cell trains the first run again, from what its record says, and beside it once more, with the learning rate changed by one part in a million. After a few hundred steps, will the second be the same to three digits?

// %%
const { network, data: sameImages, recipe } = record.config;
if (!("model" in network)) throw new Error("the rehearsal's networks are of the library's families");
// Side by side, in a folder of their own, so that nothing is taken from before.
const replayed = await train.sweep(
  {
    networks: [
      { ...network, name: "again" },
      {
        ...network,
        name: "nudged",
        recipe: { schedule: { ...recipe.schedule!, learningRate: 0.1 * (1 + 1e-6) } },
      },
    ],
    data: sameImages,
    recipe,
    seeds: [record.seed],
  },
  { folder: `../runs/11-replay-${Date.now()}` },
);
const [again, nudged] = replayed.runs.map((run) => run.record!) as [train.RunRecord, train.RunRecord];

// %%
plot.table(
  [record, again, nudged].map((run, i) => ({
    run: ["recorded", "trained again", "learning rate a millionth higher"][i]!,
    "training loss": run.metrics.train.loss,
    "test images right": Math.round(run.metrics.test.accuracy * run.data.test.images),
    weights: `${run.checkpoint.weights.slice(0, 12)}…`,
    "the same run": isSame(record, run) ? "yes" : "no",
  })),
  { title: "One run, three times" },
);

// %% tags=["claim"]
if (!isSame(record, again) || isSame(record, nudged))
  throw new Error("a run trained again must be the same, and another recipe must not");
const moved = Math.abs(nudged.metrics.train.loss! - record.metrics.train.loss!) / record.metrics.train.loss!;
if (setting === "everyday" && !(moved > 1e-3))
  throw new Error(`a millionth should move the loss by more than a thousandth; it moved it by ${moved}`);
const byNudge = 100 * Math.abs(nudged.metrics.test.accuracy - record.metrics.test.accuracy);
const bySeeds = Math.max(...errorsOf(record.name)) - Math.min(...errorsOf(record.name));
console.log(
  `test errors: ${byNudge.toFixed(2)} points apart by the millionth, up to ${bySeeds.toFixed(2)} by the seed`,
);
if (setting === "everyday" && !(byNudge > bySeeds / 4 && byNudge < 2 * bySeeds))
  throw new Error(`a millionth should do about what a seed does; got ${byNudge} and ${bySeeds} points`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Trained again it is the same, every bit of it. And a millionth of the learning rate is enough to make another run of it: it does not stay close, because each step magnifies what the one before it changed. It ends about as far from the recorded one as another seed does. That is why a replay compares bits where bits can agree, and the scatter of seeds where they cannot, as between two kinds of processor. `npm run replay -- RECORD` does both.
//
// </details>
//
// ## 7. Your row
//
// 1. **Plan.** `npm run reproduce -- --list` shows the claims with their margins and seeds. Choose a row of section 3, or write a study for a question of your own, as above. Show it to somebody, and commit it *before* the first run: a test compares the commits.
// 2. **Fetch the data.** `npm run data -- cifar-10`. Hold out 5,000 images by `data.splitValidation` for whatever you want to look at on the way.
// 3. **Rehearse.** `npm run reproduce -- resnet-table6-20 --width 0.25 --epochs 1 --data fashion-mnist-sample` goes the whole way in small, says so, and never counts for the claim.
// 4. **Run** `npm run reproduce -- resnet-table6-20`. It says how many hours that takes here, and asks. Stopped or killed, the same command goes on. On a cluster: [docs/sweeps.md](../docs/sweeps.md).
// 5. **Read** the verdict, and commit the records, whatever it says.
// 6. **Write** one page: what was claimed, what came out, what differs from the paper's protocol, what you would do next. The exercise [Reproduce a row](../exercises/11-reproduce-a-row/11-reproduce-a-row.ipynb) goes the same way in small: it reads the records, asks for the verdict by the rule, and trains one of your runs again.
//
// How the work is judged:
//
// | | points |
// |---|---|
// | the claim and its rule stood before the run | 2 |
// | the records are complete, and a seed that the grader picks comes out the same | 3 |
// | seeds enough for the rule, all of them reported | 2 |
// | the verdict follows from the records | 1 |
// | the page says what differs, and what remains unknown | 2 |
//
// Whether the verdict is "reproduced" earns nothing. A well-run "not reproduced" is worth as much.
//
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// How many forward passes' worth of multiply-adds does one training step take, about?
const passes: number | undefined = undefined;

check.answer(passes, "0 a5244e63", {
  hint: "How many gradients does the backward pass compute at each layer?",
});

// %%
// Five runs of ResNet-56 scatter by 0.54. Half of the 95 % interval of their mean, in points, to two digits?
const halfOfFive: number | undefined = undefined;

check.answer(halfOfFive, "0.01 21d76bbf", {
  hint: "Which quantile belongs to five seeds, and by what is a deviation divided to become that of a mean?",
});

// %% [markdown]
// ## What this chapter shows, and what it does not
//
// - **It shows** a whole reproduction in small: a claim decided by a rule set beforehand, a number of seeds that follows from the rule, records that a program can doubt, and a run that came out the same when it was trained again.
// - **It does not reproduce a row of the papers.** None was run here. The rehearsal's data, width and length are not the paper's, and its verdict is about the rehearsal's claim alone.
// - **The rule is a choice.** The margin and the levels of confidence are conventions. What counts is that they stood before the result.
// - **These images and no others.** All networks are tested on the same images, so the verdict is about those. How far a difference would move on other images of the kind, `npm run reproduce` adds from each image's own difference.
// - **Not known**, and worth a paper if you find out: how much of the spread between published reproductions of one row comes from seeds, and how much from recipes that differ in what nobody wrote down.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [Plan the runs before you start them](../exercises/11-plan-and-budget/11-plan-and-budget.ipynb) (Easy, 20 minutes.)
// - [Capstone: reproduce a row of Table 6, and hand in its records](../exercises/11-reproduce-a-row/11-reproduce-a-row.ipynb) (Hard, 10 hours.)
//
// ## Try it
//
// 1. Give the rehearsal a second finding, that of the *training* error, in a study of another name, with seeds of its own. (Easy, 15 minutes.)
// 2. How likely is it that a claim which is false by exactly the margin passes your rule? Use `powerOf`. (Easy, 10 minutes.)
// 3. Two networks are to be called *equal* in test error. Which margin would you fix, and how many pairs does the pilot's scatter ask for? (Medium, 30 minutes.)
//
// ## Where to read on
//
// - Pineau and others: *Improving Reproducibility in Machine Learning Research*, 2020, [arXiv:2003.12206](https://arxiv.org/abs/2003.12206): the checklist that conferences use.
// - Bouthillier and others: *Accounting for Variance in Machine Learning Benchmarks*, 2021, [arXiv:2103.03098](https://arxiv.org/abs/2103.03098).
// - Lakens: *Equivalence Tests: A Practical Primer for t Tests, Correlations, and Meta-Analyses*, 2017, Social Psychological and Personality Science 8(4): the two one-sided tests, with examples.
// - Recht, Roelofs, Schmidt, Shankar: *Do CIFAR-10 Classifiers Generalize to CIFAR-10?*, 2018, [arXiv:1806.00451](https://arxiv.org/abs/1806.00451): new test images for old networks.
//
// That was the story of the two papers. Degradation is a failure of the search; residual learning reshapes what is searched; shortcuts turn products into sums; and why the result is *better*, and not only trainable, is still argued. You can now argue too. [Chapter 12](12-the-residual-stream.ipynb) follows the shortcut through the years since.
