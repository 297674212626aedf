// %% [markdown]
// # 11 Capstone: reproduce a row
//
// You have built the networks, derived their gradients and taken their tables apart. Now put your name to a number. In this chapter you choose one row of a table, plan it, pay for it, run it, and write down
// what came out in a form that somebody who distrusts you can check.
//
// **When you are through you can**
// - turn a sentence of a paper into a claim with a rule that decides it, *before* you run anything;
// - compute what a run costs, and how many seeds it takes to tell a difference from chance;
// - run something that takes days so that a power cut costs a minute;
// - write a record that can be checked by a program, and say honestly whether the row was reproduced.
//
// **Time.** Reading: 30 minutes. Running this rehearsal: a few minutes on two CPU cores. Your own row: from an hour to some days on a GPU, and the next sections tell you which.
//
// **Sources.** The ResNet paper, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385), Table 6; the identity paper, [arXiv:1603.05027](https://arxiv.org/abs/1603.05027), Table 2.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

// %% [markdown]
// ## 1. A claim, and a rule that decides it
//
// "We reproduced ResNet-20" is no claim. A claim names a **quantity** (test error in percent, on these 10,000 images), a **protocol** (data, network, recipe, when the test images are used), a **reference** (8.75, Table 6) and a **rule** that says, before any result is known, what will count as reproduced.
//
// The rule of this course is about intervals. Run $k$ seeds, and take the 95 % interval of their mean (chapter 01). The reference is itself the result of a finite test: by sampling alone a share $p$ of $N$ images has a standard deviation of $\sqrt{p(1 - p)/N}$ (chapter 06). So let the reference be the interval of two such deviations on both sides, and say
//
// - **reproduced** if your interval lies within the reference's, *or* overlaps it and is no wider than it;
// - **not reproduced** if the two do not overlap;
// - **undecided** otherwise: too few seeds.
//
// "Undecided" is a result. The mistake to fear is to call it "reproduced".

// %%
interface Interval {
  readonly lower: number;
  readonly upper: number;
}
type Verdict = "reproduced" | "not reproduced" | "undecided";

/** Two sampling deviations around an error rate in percent. */
function referenceInterval(error: number, testImages: number): Interval {
  const p = error / 100;
  const deviation = 100 * Math.sqrt((p * (1 - p)) / testImages);
  return { lower: error - 2 * deviation, upper: error + 2 * deviation };
}

function decide(ours: Interval, reference: Interval): Verdict {
  const overlap = ours.lower <= reference.upper && reference.lower <= ours.upper;
  if (!overlap) return "not reproduced";
  const width = ({ lower, upper }: Interval) => upper - lower;
  const within = ours.lower >= reference.lower && ours.upper <= reference.upper;
  return within || width(ours) <= width(reference) ? "reproduced" : "undecided";
}

const resNet20 = referenceInterval(8.75, 10_000);
plot.table(
  [
    { "your interval": "8.5 to 9.0", verdict: decide({ lower: 8.5, upper: 9 }, resNet20) },
    { "your interval": "7.0 to 10.5", verdict: decide({ lower: 7, upper: 10.5 }, resNet20) },
    { "your interval": "9.6 to 9.9", verdict: decide({ lower: 9.6, upper: 9.9 }, resNet20) },
    { "your interval": "9.2 to 9.5", verdict: decide({ lower: 9.2, upper: 9.5 }, resNet20) },
  ],
  {
    title: `The rule at work; the reference 8.75 % on 10,000 images is ${resNet20.lower.toFixed(2)} to ${resNet20.upper.toFixed(2)}`,
  },
);

// %% [markdown]
// ## 2. How many seeds?
//
// Chapter 06 quoted six runs of ResNet-56 by one user of a public reproduction. Take their spread as a guess of yours. With $k$ seeds the interval's half-width is $t_{k-1}\, s / \sqrt k$. **Predict**: how many seeds bring it below half a point?

// %%
const sixRuns = [7.4, 7.29, 7.4, 6.89, 8.42, 7.95];
const spread = analysis.meanInterval(sixRuns).deviation;

/** Half the 95 % interval of a mean of k runs whose standard deviation is s. */
function halfWidth(k: number, s: number) {
  const pattern = Array.from({ length: k }, (_, i) => i);
  const { deviation } = analysis.meanInterval(pattern);
  const { mean, upper } = analysis.meanInterval(pattern.map((value) => (value * s) / deviation));
  return upper - mean;
}
const seedCounts = [2, 3, 4, 5, 7, 10, 15, 20];
plot.lines(
  [
    {
      name: `ResNet-56, those six runs: ${spread.toFixed(2)}`,
      x: seedCounts,
      y: seedCounts.map((k) => halfWidth(k, spread)),
    },
    {
      name: "ResNet-110, the paper's five: 0.16",
      x: seedCounts,
      y: seedCounts.map((k) => halfWidth(k, 0.16)),
    },
  ],
  {
    title: "What a number of seeds buys, by the spread of single runs (points)",
    x: { title: "seeds" },
    y: { title: "half of the 95 % interval (points)", scale: "log" },
    caption: "Two seeds say almost nothing: the quantile for one degree of freedom is 12.7.",
  },
);

// %% [markdown]
// ## 3. What it costs
//
// A training step costs about three forward passes: one forward, and backward two of the same size, for the inputs and for the weights (chapter 04). So a row costs
//
// $$ 3 \times \text{multiply-adds of one image} \times 128 \times 64{,}000 \times \text{seeds}. $$
//
// Here are rows to choose from, for five seeds. The number that no table can hold is how fast *your* machine is; the cell after it measures that.

// %%
const rows = [
  { row: "Table 6, ResNet-20", reference: 8.75, architecture: nn.cifarArchitecture({ depth: 20 }) },
  { row: "Table 6, ResNet-32", reference: 7.51, architecture: nn.cifarArchitecture({ depth: 32 }) },
  { row: "Table 6, ResNet-56", reference: 6.97, architecture: nn.cifarArchitecture({ depth: 56 }) },
  { row: "Table 6, ResNet-110", reference: 6.61, architecture: nn.cifarArchitecture({ depth: 110 }) },
  {
    row: "identity paper, Table 2, pre-activation-110",
    reference: 6.37,
    architecture: nn.cifarArchitecture({ depth: 110, order: "preActivation" }),
  },
  {
    row: "identity paper, Table 2, pre-activation-164",
    reference: 5.46,
    architecture: nn.cifarArchitecture({
      depth: 164,
      kind: "bottleneck",
      shortcut: "activated",
      order: "preActivation",
    }),
  },
];
const seedsPlanned = 5;
const costOfRow = (architecture: nn.Architecture) =>
  3 * nn.multiplyAdds(architecture) * 128 * 64_000 * seedsPlanned;
plot.table(
  rows.map(({ row, reference, architecture }) => ({
    row,
    "reference (%)": reference.toFixed(2),
    "multiply-adds of an image (millions)": nn.multiplyAdds(architecture) / 1e6,
    "multiply-adds of five seeds (10¹⁵)": costOfRow(architecture) / 1e15,
    "as much as ResNet-20": costOfRow(architecture) / costOfRow(rows[0]!.architecture),
  })),
  { title: "What each row costs" },
);

// %% [markdown]
// The next cell trains ResNet-20 at the paper's size for a few steps on made-up images, and shows how long the rows would take at that speed. It depends on your machine, so the written notebook does not keep it: run it.

// %%
{
  const { tf } = runtime;
  const trial = nn.cifarResNet({ depth: 20, seed: 1 });
  const noise: train.BatchSource = {
    name: "noise",
    size: 1280,
    imageShape: [32, 32, 3],
    classes: Array.from({ length: 10 }, (_, i) => String(i)),
    batch: (indices) => ({
      images: tf.randomNormal([indices.length, 32, 32, 3], 0, 1, "float32", 1),
      labels: tf.zeros([indices.length], "int32"),
    }),
  };
  const marks: number[] = [];
  await train.fit(trial, noise, {
    steps: 8,
    progress: "none",
    onStep: () => {
      marks.push(performance.now());
    },
  });
  trial.dispose();
  // The first steps record and compile.
  const secondsAStep = (marks.at(-1)! - marks.at(-4)!) / 3000;
  const hours = rows.map(({ row, architecture }) => {
    const relative = costOfRow(architecture) / costOfRow(rows[0]!.architecture);
    return `${row}: about ${plot.formatNumber(Math.round((relative * secondsAStep * 64_000 * seedsPlanned) / 360) / 10)} hours for ${seedsPlanned} seeds`;
  });
  plot.display({ "text/plain": hours.join("\n") }, { transient: true });
}

// %% [markdown]
// If that says weeks, choose another row, fewer steps *and say so*, or another machine ([docs/gpu.md](../docs/gpu.md)). A smaller honest claim beats a large one that never finishes.
//
// ## 4. A run that survives
//
// What takes days will be interrupted. `train.fit` saves a checkpoint, and a resumed run must end with *the same weights, bit for bit*, as one that was never stopped; otherwise the seed means nothing. Trust, and verify: the next cell stops a run halfway, takes it up from its file, and compares it with an unbroken one.

// %%
const setting = runtime.setting();
const plans = {
  ci: { perClass: 200, epochs: 3, seeds: [1, 2, 3], testPerClass: 30 },
  everyday: { perClass: 500, epochs: 4, seeds: [1, 2, 3, 4], testPerClass: 200 },
  full: { perClass: 1000, epochs: 60, seeds: [1, 2, 3, 4, 5], testPerClass: 200 },
};
const plan = plans[setting];
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

const options = {
  depth: 20,
  widths: [8, 16, 32],
  inputShape: [14, 14, 1],
  classes: 10,
} as const;
const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.constant(0.1),
};

// A new name each time, so that the rehearsal starts afresh. The folder runs/ is yours to empty.
const checkpoint = { path: `../runs/11-rehearsal-${Date.now()}.safetensors` };
const stop = new AbortController();
const broken = nn.cifarResNet({ ...options, depth: 8, seed: 1 });
const firstHalf = await train.fit(broken, trainSource, {
  ...recipe,
  steps: 20,
  seed: 1,
  checkpoint,
  signal: stop.signal,
  onStep: ({ step }) => {
    if (step === 10) stop.abort();
  },
});
const takenUp = nn.cifarResNet({ ...options, depth: 8, seed: 1 });
const second = await train.fit(takenUp, trainSource, { ...recipe, steps: 20, seed: 1, checkpoint });
const unbroken = nn.cifarResNet({ ...options, depth: 8, seed: 1 });
await train.fit(unbroken, trainSource, { ...recipe, steps: 20, seed: 1 });

const [one, other] = [await analysis.snapshot(takenUp), await analysis.snapshot(unbroken)];
const differing = [...one].filter(([name, { data: values }]) =>
  values.some((value, i) => value !== other.get(name)!.data[i]),
);
if (!firstHalf.stopped || second.steps !== 20 || differing.length > 0) {
  throw new Error(
    `a resumed run must equal an unbroken one; ${differing.length} of ${one.size} arrays differ`,
  );
}
console.log(
  `stopped at step ${firstHalf.steps}, taken up at ${second.resumedFrom}: all ${one.size} arrays of weights equal those of the unbroken run, bit for bit`,
);
for (const network of [broken, takenUp, unbroken]) network.dispose();

// %% [markdown]
// ## 5. The rehearsal
//
// A rehearsal is the whole protocol on something small: it finds the mistakes while they are cheap. We rehearse with a claim that this machine can try in minutes:
//
// - **statement**: at 20 layers and equal steps, a network with shortcuts errs less on test images than its plain twin;
// - **quantity**: test error of the plain network less that of the residual one, in points, seed by seed;
// - **protocol**: the data, recipe and seeds of the cell below; the test images are used once for each network, after its last step; nothing was chosen by them;
// - **rule**: *reproduced* if the 95 % interval of the mean difference lies above 0, *not reproduced* if below, *undecided* if it holds 0.
//
// The claim stands here before the run. If the effect is absent, the interval lies above 0 by chance in 2.5 % of rehearsals.

// %%
interface Run {
  readonly seed: number;
  readonly plain: number;
  readonly residual: number;
}
// As in chapter 01, each run has a process of its own with one thread. The sweep saves as it goes, as above.
const swept = await train.sweep({
  networks: [
    { name: "plain", model: "cifarResNet", options: { ...options, shortcut: "none" } },
    { name: "residual", model: "cifarResNet", options: { ...options, shortcut: "A" } },
  ],
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, plan.testPerClass], downsample: 2 },
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: plan.seeds,
});
const errorOf = (network: string, seed: number) => {
  const { metrics } = swept.runs.find((run) => run.name === network && run.seed === seed)!;
  return Number((100 * (1 - metrics.test.accuracy)).toFixed(8)); // 22.1, not 22.099999999999998
};
const measuredRuns: Run[] = plan.seeds.map((seed) => ({
  seed,
  plain: errorOf("plain", seed),
  residual: errorOf("residual", seed),
}));
plot.table(
  measuredRuns.map((run) => ({ ...run, difference: run.plain - run.residual })),
  { title: "Test error (%) after the last step" },
);

// %% [markdown]
// ## 6. The record
//
// A **record** holds everything that somebody else needs to repeat the run and to recompute the verdict, and nothing that cannot be recomputed or repeated: the claim as it stood before, the networks' and the recipe's exact descriptions, data with their sizes, versions, every seed with its result (the bad ones too), and the verdict.

// %%
const differenceOf = (runs: readonly Run[]) =>
  analysis.meanInterval(runs.map(({ plain, residual }) => plain - residual));
const verdictOf = ({ lower, upper }: Interval): Verdict =>
  lower > 0 ? "reproduced" : upper < 0 ? "not reproduced" : "undecided";

const summary = differenceOf(measuredRuns);
const record = {
  format: 1,
  claim: {
    statement: "at 20 layers and equal steps a network with shortcuts errs less than its plain twin",
    source: "ResNet paper, section 4.2 and Figure 6; here on other data and at another size",
    quantity: "test error, plain less residual, in points",
    rule: "the 95 % interval of the mean over seeds lies above 0",
  },
  protocol: {
    networks: (["none", "A"] as const).map((shortcut) => nn.cifarArchitecture({ ...options, shortcut }).spec), // prettier-ignore
    training: {
      batchSize: recipe.batchSize,
      optimizer: recipe.optimizer.description,
      schedule: recipe.schedule.description,
      epochs: plan.epochs,
    },
    data: { name: trainSource.name, training: trainSource.size, test: testSource.size },
    chosenByTestImages: "nothing",
  },
  runs: measuredRuns as readonly Run[],
  result: {
    mean: summary.mean,
    lower: summary.lower,
    upper: summary.upper,
    verdict: verdictOf(summary),
  },
};
console.log(JSON.stringify(record, null, 2));

// %% [markdown]
// Can a program catch a careless record, or a dishonest one? Some of it. The next cell checks what can be checked without running anything: that seeds are distinct and enough, that errors are possible numbers for that many test images, that interval and verdict follow from the runs. It names the first rule that is broken.

// %%
type CourseRecord = typeof record;

/** The first rule that a record breaks, or undefined. */
function fault({ runs, result, protocol }: CourseRecord): string | undefined {
  const seeds = new Set(runs.map(({ seed }) => seed));
  if (seeds.size !== runs.length) return "every seed stands once";
  if (runs.length < 3) return `at least 3 seeds; got ${runs.length}`;
  const images = protocol.data.test;
  for (const { seed, plain, residual } of runs) {
    for (const error of [plain, residual]) {
      const wrong = (error / 100) * images;
      if (!(error >= 0 && error <= 100) || Math.abs(wrong - Math.round(wrong)) > 1e-3) {
        return `an error must be a whole number of ${images} images; seed ${seed} has ${plot.formatNumber(error)} %, which is ${wrong.toFixed(2)} images`;
      }
    }
  }
  const recomputed = differenceOf(runs);
  for (const key of ["mean", "lower", "upper"] as const) {
    if (Math.abs(recomputed[key] - result[key]) > 1e-9)
      return `${key} must follow from the runs: ${plot.formatNumber(recomputed[key])}; got ${plot.formatNumber(result[key])}`;
  }
  if (verdictOf(recomputed) !== result.verdict)
    return `the verdict must follow from the interval: ${verdictOf(recomputed)}; got ${result.verdict}`;
  return undefined;
}

const broken1 = { ...record, runs: record.runs.slice(1) };
const broken2 = { ...record, runs: record.runs.map((run, i) => (i === 0 ? { ...run, residual: run.residual - 0.017 } : run)) }; // prettier-ignore
const broken3 = { ...record, result: { ...record.result, verdict: "undecided" as Verdict } };
const broken4 = { ...record, result: { ...record.result, verdict: "not reproduced" as Verdict } };
const faults = [
  { record: "as it was written", "first rule broken": fault(record) ?? "none" },
  { record: "one seed left out, its summary kept", "first rule broken": fault(broken1) ?? "none" },
  { record: "one error improved a little", "first rule broken": fault(broken2) ?? "none" },
  {
    record: "another verdict",
    "first rule broken": fault(record.result.verdict === "undecided" ? broken4 : broken3) ?? "none",
  },
];
if (fault(record) !== undefined) throw new Error(`the record breaks a rule: ${fault(record)!}`);
if (faults.slice(1).some((row) => row["first rule broken"] === "none"))
  throw new Error("a spoiled record passed the check");
plot.table(faults, { title: "Four records before the checker" });

// %% [markdown]
// What it cannot catch: seeds that were run and never written down, a network that differs from its description, test images that were looked at on the way. Against those there is only repetition by others, and a protocol that makes it easy.

// %%
console.log(
  `The rehearsal's claim: ${record.result.verdict}. Mean difference ${summary.mean.toFixed(2)} points, 95 % interval ${summary.lower.toFixed(2)} to ${summary.upper.toFixed(2)}, ${summary.count} seeds.`,
);
const seedsNeeded = Array.from({ length: 49 }, (_, i) => i + 2).find(
  (k) => halfWidth(k, summary.deviation) < Math.abs(summary.mean),
);
console.log(
  `If the mean and the spread (${summary.deviation.toFixed(1)} points) stayed as they are, ${seedsNeeded ?? "more than 50"} seeds would decide it.`,
);
if (record.result.verdict === "not reproduced") {
  throw new Error("shortcuts made the test error worse: look for a mistake before you publish that");
}

// %% [markdown]
// That last line is a plan and no result. Adding seeds *until* the interval leaves 0, and stopping there, is a way to be wrong more often than in 2.5 % of cases: whoever looks again and again gives chance many chances. If a rehearsal is undecided, fix a new number of seeds, and start a new record.
//
// ## 7. Your row
//
// 1. **Plan.** Choose a row of section 3. Write the claim, the protocol and the rule into a record, with no runs in it. Show it to somebody.
// 2. **Budget.** Seeds by section 2, hours by section 3.
// 3. **Fetch the data.** `npm run data -- cifar-10`, then `data.load("cifar-10", { split: "train" })`. Hold out 5,000 images by `data.splitValidation` for whatever you want to look at on the way.
// 4. **Rehearse.** One seed, 200 steps, stopped once and taken up again.
// 5. **Run**, with `checkpoint`, the recipe of chapter 06, and `augment: "pad-crop-flip"`.
// 6. **Test once**, after the last step.
// 7. **Write** the record, check it by the exercise [Reproduce a row](../exercises/11-reproduce-a-row/11-reproduce-a-row.ipynb), whose form is short enough for any row of Table 6 (`fault` knows the rehearsal's record alone), and one page: what was claimed, what came out, what differs from the paper's protocol, what you would do next.
//
// How the work is judged:
//
// | | points |
// |---|---|
// | the claim and its rule stood before the run | 2 |
// | the protocol says all that a stranger needs | 2 |
// | seeds enough for the rule, all of them reported | 2 |
// | the record passes the checker, and the verdict follows from it | 2 |
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
// With five seeds and the spread of the six runs of section 2: half of the 95 % interval, in points, to two digits?
const halfOfFive: number | undefined = undefined;

check.answer(halfOfFive, "0.01 21d76bbf", {
  hint: "Which quantile belongs to five seeds, and by what is a deviation divided to become that of a mean?",
});

// %% [markdown]
// ## What this chapter shows, and what it does not
//
// - **It shows** a whole reproduction in small: a claim decided by a rule set beforehand, a resumed run that equals an unbroken one, a record that a program can doubt.
// - **It does not reproduce a row of the papers.** None was run here. The rehearsal's data, width and length are not the paper's, and its verdict is about the rehearsal's claim alone.
// - **The rule is a choice.** Two deviations, 95 %, overlap of intervals: all conventions. What counts is that they stood before the result.
// - **Not known**, and worth a paper if you find out: how much of the spread between published reproductions of one row comes from seeds, and how much from recipes that differ in what nobody wrote down.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [Plan the runs before you start them](../exercises/11-plan-and-budget/11-plan-and-budget.ipynb) (Easy, 20 minutes.)
// - [Capstone: reproduce a row of Table 6, and write it up](../exercises/11-reproduce-a-row/11-reproduce-a-row.ipynb) (Hard, 10 hours.)
//
// ## Try it
//
// 1. Spoil the record in a way that `fault` does not notice, and mend `fault`. (Easy, 15 minutes.)
// 2. Give the claim "within half a point of the reference" a rule of its own, as a test of equivalence. (Medium, 30 minutes.)
//
// ## Where to read on
//
// - Pineau and others: *Improving Reproducibility in Machine Learning Research*, 2020, [arXiv:2003.12206](https://arxiv.org/abs/2003.12206): the checklist that conferences use.
// - Bouthillier and others: *Accounting for Variance in Machine Learning Benchmarks*, 2021, [arXiv:2103.03098](https://arxiv.org/abs/2103.03098).
// - Recht, Roelofs, Schmidt, Shankar: *Do CIFAR-10 Classifiers Generalize to CIFAR-10?*, 2018, [arXiv:1806.00451](https://arxiv.org/abs/1806.00451): new test images for old networks.
//
// That was the course. Degradation is a failure of the search; residual learning reshapes what is searched; shortcuts turn products into sums; and why the result is *better*, and not only trainable, is still argued. You can now argue too.
