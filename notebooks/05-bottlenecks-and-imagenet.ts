// %% [markdown]
// # 05 Bottlenecks and ImageNet
//
// Depth that trains must still be paid for. This chapter counts what a network costs, down to the last multiplication, and finds the trick that made 152 layers affordable. It rebuilds
// the ResNet paper's Table 1 from the models, reads its Table 3 with a statistician's eye, and brings weights over from PyTorch.
//
// **When you are through you can**
// - count the multiply-adds, parameters, activation memory and receptive field of any network of the paper;
// - say why a bottleneck lets a unit be four times as wide at both ends for the same work;
// - tell which differences of a results table are larger than chance;
// - import a PyTorch checkpoint, and name the traps that leave its shapes right and its answers wrong.
//
// **Time.** Reading: 35 minutes. Running: one or two minutes on two CPU cores. The next cell says what this machine computes with.
//
// **Source.** He, Zhang, Ren, Sun: *Deep Residual Learning for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385),
// *the ResNet paper*: its sections 3.3 and 4.1, Tables 1 and 3, and Figure 5.

// %%
import { analysis, check, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

const { tf } = runtime;
const setting = runtime.setting();

// %% [markdown]
// ## What a convolution costs
//
// Each output value of a convolution with a kernel of side $k$ is a sum over $k^2$ places and $C_{in}$ channels. There are $H \cdot W$ places and $C_{out}$ channels to compute it for. So it takes
//
// $$ H \, W \, k^2 \, C_{in} \, C_{out} \quad \text{multiply-adds}, \qquad k^2 \, C_{in} \, C_{out} \quad \text{weights}. $$
//
// A **multiply-add** is one multiplication with its addition. The paper writes "FLOPs" and means these; elsewhere the same word counts the two operations apart, twice as many.
//
// Both numbers grow with the *square* of the width. Doubling the channels costs four times as much; doubling the depth, twice. That is the reason to prefer depth, and the reason why a wide unit hurts.
//
// ## The bottleneck
//
// The unit of the deeper networks (Figure 5, right) is a **bottleneck**: a 1×1 convolution that *reduces* the channels to a quarter, a 3×3 convolution that works there, and a 1×1 convolution that *restores* them.
// Both are drawn from the networks, ResNet-34 and ResNet-50.

// %%
await plot.unitDiagram([
  {
    title: "basic unit, ResNet-34",
    architecture: nn.imageNetArchitecture({ depth: 34 }),
    unit: "stage1.unit2",
  },
  {
    title: "bottleneck, ResNet-50",
    architecture: nn.imageNetArchitecture({ depth: 50 }),
    unit: "stage1.unit2",
  },
]);

// %% [markdown]
// **Predict, then run.** Which of the two costs more, and by how much? And what would a *basic* unit cost that is as wide as the bottleneck's ends?

// %%
/** Multiply-adds and weights of convolutions in a row, [kernel, in, out], at 56×56 places. */
function cost(convolutions: readonly (readonly [number, number, number])[]) {
  const weights = convolutions.reduce((sum, [k, inputs, outputs]) => sum + k * k * inputs * outputs, 0);
  return { weights, multiplyAdds: 56 * 56 * weights };
}

const units = {
  "basic, 64 channels": cost([[3, 64, 64], [3, 64, 64]]), // prettier-ignore
  "bottleneck, 256 channels": cost([[1, 256, 64], [3, 64, 64], [1, 64, 256]]), // prettier-ignore
  "basic, 256 channels": cost([[3, 256, 256], [3, 256, 256]]), // prettier-ignore
};
const basic64 = units["basic, 64 channels"].multiplyAdds;
plot.table(
  Object.entries(units).map(([unit, { weights, multiplyAdds }]) => ({
    unit,
    weights,
    "multiply-adds (millions)": multiplyAdds / 1e6,
    "over the first": multiplyAdds / basic64,
  })),
);

// %%
// The library counts its own units; the two must agree.
const counted = nn
  .imageNetArchitecture({ depth: 50 })
  .units.find(({ name }) => name === "stage1.unit2")!
  .unit.rows([56, 56, 256])
  .reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
if (counted !== units["bottleneck, 256 channels"].multiplyAdds) {
  throw new Error(`by hand ${units["bottleneck, 256 channels"].multiplyAdds}, by the library ${counted}`);
}
console.log(
  `The library counts the same for ResNet-50's second unit: ${plot.formatNumber(counted)} multiply-adds.`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// A bottleneck costs a little *less* than the basic unit and carries four times the channels. It also has three layers instead of two. Replace each unit of ResNet-34 by one, and it becomes ResNet-50.
//
// </details>
//
// And the shortcut? It joins the two wide ends. Were it a projection, it would cost $256 \cdot 256$ weights, nearly as much as the whole unit. *Identity* shortcuts are what makes the bottleneck cheap (chapter 03 counted it).
//
// ## Table 1, rebuilt
//
// Table 1 of the paper lists the ImageNet networks. They share a **stem** (a 7×7 convolution of stride 2, then a 3×3 max pool of stride 2, which keeps the largest value of each window) and four stages. Here it is from the models: the
// number of units in each stage, and what each stage gives.

// %%
const depths = Object.keys(nn.imageNetDepths).map(Number) as nn.ImageNetDepth[];
const architectures = depths.map((depth) => nn.imageNetArchitecture({ depth }));

const stages = ["stem", "stage1", "stage2", "stage3", "stage4"];
const paperNames = ["conv1 and pool", "conv2_x", "conv3_x", "conv4_x", "conv5_x"];
plot.table(
  stages.map((stage, i) => {
    const columns = architectures.map((architecture, a) => {
      const rows = analysis.costOf(architecture).rows.filter(({ name }) => name.startsWith(stage));
      const [side, , channels] = rows.at(-1)!.outputShape;
      const { kind } = nn.imageNetDepths[depths[a]!];
      const count = stage === "stem" ? "7×7/2, pool/2" : `${rows.length} × ${kind}`;
      return { side, text: `${count} → ${channels}` };
    });
    return {
      "in the paper": paperNames[i]!,
      "output side": columns[0]!.side!,
      ...Object.fromEntries(depths.map((depth, a) => [`${depth} layers`, columns[a]!.text])),
    };
  }),
  { title: "Units of each stage → channels that it gives" },
);

// %% [markdown]
// Now the costs. **Receptive field**: the square of the image that one value of the last stage can see. **Activation memory**: the values that the forward pass writes and training keeps for the backward pass. With VGG-16, the
// champion of the year before, and the plain network of 34 layers.

// %%
const all = [
  nn.vggArchitecture({ depth: 16 }),
  nn.imageNetArchitecture({ depth: 34, shortcut: "none" }),
  ...architectures,
];
analysis.costTable(all);

// %% [markdown]
// Read it row by row. VGG-16 has more parameters than any ResNet, most of them in its first dense layer; ResNets end in an average over all places instead, and need none. ResNet-152 is eight times as deep as VGG-19 and still costs less (section 4.1 gives VGG-19 as 19.6 billion multiply-adds; the table has VGG-16).
// But look at the *memory*: it grows with depth and width of the activations, not with the weights, and it is what fills a GPU in training.
//
// The next cell compares with what the paper prints in Table 1, and with the parameters of the commonly published weights. Two conventions differ: the paper puts a bottleneck's stride on its first 1×1 convolution, most published
// weights on the 3×3. The parameters are the same, the multiply-adds are not.

// %%
// ResNet paper, Table 1, last row: multiply-adds in thousand millions.
const paperFlops: Record<nn.ImageNetDepth, number> = { 18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3 };
// Parameters of the published weights of torchvision: documentation of its models.
const published: Record<nn.ImageNetDepth, number> = { 18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808 }; // prettier-ignore

const comparison = depths.map((depth) => {
  const paper = analysis.costOf(nn.imageNetArchitecture({ depth, strideOn: "1x1" }));
  const common = analysis.costOf(nn.imageNetArchitecture({ depth, strideOn: "3x3" }));
  return {
    layers: depth,
    parameters: paper.parameters,
    "published parameters": published[depth],
    "multiply-adds, stride on 1×1 (10⁹)": paper.multiplyAdds / 1e9,
    "paper (10⁹)": paperFlops[depth],
    "stride on 3×3 (10⁹)": common.multiplyAdds / 1e9,
  };
});
plot.table(comparison);

// %%
for (const row of comparison) {
  if (row.parameters !== row["published parameters"]) {
    throw new Error(
      `ResNet-${row.layers} has ${row.parameters} parameters; published are ${row["published parameters"]}`,
    );
  }
  const off = row["multiply-adds, stride on 1×1 (10⁹)"] / row["paper (10⁹)"] - 1;
  if (Math.abs(off) > 0.03)
    throw new Error(`ResNet-${row.layers} is ${(100 * off).toFixed(1)} % off the paper's cost`);
}
console.log("Parameters agree to the last one, multiply-adds within the paper's rounding of 3 %.");

// %% [markdown]
// **Where** does the cost sit? Each stage halves both sides and doubles the channels, so a layer's multiply-adds stay and its weights grow fourfold. **Predict** the two pictures of ResNet-50: the share of each stage in the multiply-adds, and in the
// parameters.

// %%
const fifty = analysis.costOf(architectures[2]!);
const places = [...stages, "head"];
const shareOf = (what: "parameters" | "multiplyAdds" | "activations") =>
  places.map((place) => {
    const rows = fifty.rows.filter(({ name }) => name.startsWith(place));
    return (100 * rows.reduce((sum, row) => sum + row[what], 0)) / fifty[what];
  });
plot.bars(
  [
    { name: "multiply-adds", values: shareOf("multiplyAdds") },
    { name: "parameters", values: shareOf("parameters") },
    { name: "activation memory", values: shareOf("activations") },
  ],
  {
    title: "Where ResNet-50's costs sit",
    x: { title: "part", categories: [...paperNames, "head"] },
    y: { title: "share (%)" },
    caption: "The bars of one colour add up to 100 %.",
  },
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Work is spread over the middle, weights sit at the end, and memory at the beginning, where images are large.
//
// </details>
//
// ## Does a bottleneck learn as well?
//
// Cheap is not yet good. Let two small networks with the same number of units compete on the data of chapter 01: basic units ($6n + 2$ layers) and bottlenecks ($9n + 2$), with $n = 3$.
//
// **Predict.** The bottleneck network is deeper and its stages are four times as wide at the ends. Which has more parameters? Which has the lower training loss after a few epochs?

// %%
const plans = {
  ci: { seeds: [1, 2], epochs: 3, perClass: 250 },
  everyday: { seeds: [1, 2, 3], epochs: 3, perClass: 300 },
  full: { seeds: [1, 2, 3, 4, 5], epochs: 60, perClass: 1000 },
};
const plan = plans[setting];

const contenders = {
  basic: { depth: 20, kind: "basic", shortcut: "B" },
  bottleneck: { depth: 29, kind: "bottleneck", shortcut: "B" },
} as const;
const kinds = ["basic", "bottleneck"] as const;
const smallNetwork = (kind: keyof typeof contenders) =>
  ({ ...contenders[kind], widths: [8, 16, 32], inputShape: [14, 14, 1] }) as const;

// As in chapter 01, each run has a process of its own with one thread.
const { runs } = await train.sweep({
  networks: kinds.map((name) => ({ name, model: "cifarResNet", options: smallNetwork(name) })),
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, 200], downsample: 2 },
  recipe: {
    epochs: plan.epochs,
    batchSize: 128,
    optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
    schedule: train.constant(0.1),
  },
  seeds: plan.seeds,
});
const lastLosses = (kind: string) =>
  runs.filter(({ name }) => name === kind).map(({ history }) => history.at(-1)!.loss);
const finalLosses = { basic: lastLosses("basic"), bottleneck: lastLosses("bottleneck") };
plot.table(
  kinds.map((kind) => {
    const { parameters, multiplyAdds } = analysis.costOf(nn.cifarArchitecture(smallNetwork(kind)));
    const { mean, lower, upper } = analysis.meanInterval(finalLosses[kind]);
    return {
      units: kind,
      layers: contenders[kind].depth,
      parameters,
      "multiply-adds (millions)": multiplyAdds / 1e6,
      "training loss (nats)": mean,
      "95 % from": lower,
      to: upper,
    };
  }),
  { title: `Two networks of nine units, ${plan.epochs} epochs, ${plan.seeds.length} seeds` },
);

// %%
const guessing = Math.log(10);
if (![...finalLosses.basic, ...finalLosses.bottleneck].every((loss) => loss < 0.9 * guessing)) {
  throw new Error("both networks should learn: losses well below that of guessing, the logarithm of 10");
}
const gap = analysis.meanInterval(
  plan.seeds.map((_, i) => finalLosses.bottleneck[i]! - finalLosses.basic[i]!),
);
console.log(
  `Bottleneck less basic: ${gap.mean.toFixed(3)} nats, 95 % interval ${gap.lower.toFixed(3)} to ${gap.upper.toFixed(3)}` +
    (gap.lower > 0 || gap.upper < 0 ? "." : ": these seeds do not tell them apart."),
);

// %% [markdown]
// The check above asks only that both learn (a network that does not learn stays at $\ln 10$, so a false alarm would need a broken library). Which is ahead is printed with its interval, not asserted. On ImageNet the paper finds a clear
// gain from 34 to 50 layers at nearly equal cost. That is a statement about large images, a thousand classes and long training; nine small units cannot repeat it.
//
// ## Table 3, read critically
//
// Here is Table 3 of the paper: error on the 50,000 validation images of ImageNet, averaging ten crops of each. Each row is **one** trained network.
//
// A count of mistakes among $n$ images has a standard error of $\sqrt{p (1 - p) / n}$, as in chapter 00. Two networks are compared by the difference; if they were judged on separate images its standard error would be $\sqrt{2}$ times as large. On the *same* images it is
// smaller by an amount that the table does not tell, so this is the cautious side. Chance in *training*, another seed, comes on top, and one run says nothing about it.
//
// **Predict**: which neighbours in the table are further apart than two such standard errors?

// %%
// ResNet paper, Table 3: top-1 and top-5 error in percent.
const table3 = [
  { network: "VGG-16", top1: 28.07, top5: 9.33 },
  { network: "PReLU-net", top1: 24.27, top5: 7.38 },
  { network: "plain-34", top1: 28.54, top5: 10.02 },
  { network: "ResNet-34 A", top1: 25.03, top5: 7.76 },
  { network: "ResNet-34 B", top1: 24.52, top5: 7.46 },
  { network: "ResNet-34 C", top1: 24.19, top5: 7.4 },
  { network: "ResNet-50", top1: 22.85, top5: 6.71 },
  { network: "ResNet-101", top1: 21.75, top5: 6.05 },
  { network: "ResNet-152", top1: 21.43, top5: 5.71 },
];
const images = 50_000;
const standardError = (percent: number) => 100 * Math.sqrt(((percent / 100) * (1 - percent / 100)) / images);

plot.bars(
  [
    {
      name: "top-1 error",
      values: table3.map(({ top1 }) => top1),
      errors: table3.map(({ top1 }) => 2 * standardError(top1)),
    },
  ],
  {
    title: "Table 3 of the ResNet paper, with the sampling error of 50,000 images",
    x: { title: "network", categories: table3.map(({ network }) => network) },
    y: { title: "top-1 error (%)" },
    caption:
      "Whiskers are two standard errors of a count of mistakes. They do not include chance in training.",
  },
);

// %%
const pairs = [
  ["plain-34", "ResNet-34 A"],
  ["ResNet-34 A", "ResNet-34 B"],
  ["ResNet-34 B", "ResNet-34 C"],
  ["ResNet-34 B", "ResNet-50"],
  ["ResNet-50", "ResNet-101"],
  ["ResNet-101", "ResNet-152"],
] as const;
const errorOf = (name: string) => table3.find(({ network }) => network === name)!.top1;
plot.table(
  pairs.map(([a, b]) => {
    const apart = errorOf(a) - errorOf(b);
    const error = Math.hypot(standardError(errorOf(a)), standardError(errorOf(b)));
    return {
      pair: `${a} → ${b}`,
      "gain (points)": apart,
      "standard error": error,
      "in standard errors": apart / error,
      verdict: apart > 2 * error ? "more than sampling" : "may be sampling",
    };
  }),
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Shortcuts, and the step to bottlenecks, stand far above the noise. So does 50 to 101 layers. The last step to 152 layers, and those from option A to B and from B to C, do not by this measure. Top-5 errors are fewer, so their sampling error is smaller: by them 152 layers (5.71 %) part from 101 (6.05 %) by a little more than two standard errors of the difference. That the others lie within the noise does not make them false; it means that *this table* is weak evidence for them. The
// paper's conclusion about A, B and C ("small differences", section 4.1) is of just this strength.
//
// </details>
//
// Two more things to ask of such a table. Is the same protocol used in all rows? (Ten crops here; single-crop errors are higher, and the two are often mixed up.) Were choices made on these very validation images? (In that competition everybody chose on them, so all of these errors are a little too good.)
//
// ## Weights from PyTorch
//
// Trained weights exist for all these networks, most of them in PyTorch. To use them three things must be translated:
//
// - **names**: `layer2.0.conv1.weight` there is `stage2.unit1.conv1.weight` here;
// - **layout**: PyTorch keeps a kernel as `[out, in, k, k]`, TensorFlow as `[k, k, in, out]`, and a dense layer transposed;
// - **meaning**: the same shapes can compute different things.
//
// The third is the trap. Nothing complains when a bottleneck's stride stands on the other convolution, when padding is on one side only (chapter 03), or when a normalisation adds another $\varepsilon$. The logits are then merely wrong. So the library's
// import insists on what it can check, and its tests compare logits with those of real PyTorch. Here is the translation for one unit.

// %%
const tiny = (strideOn: nn.StrideOn, seed: number) =>
  nn.imageNetResNet({
    depth: 50,
    widths: [4, 8, 8, 8],
    inputShape: [64, 64, 3],
    classes: 10,
    strideOn,
    seed,
  });

const source = tiny("3x3", 1);
const asTorch: nn.TorchTensors = await nn.torchTensors(source);
plot.table(
  source
    .variables()
    .filter(({ name }) => /^stage2\.unit1\.(conv2|norm2|shortcut\.conv)/.test(name))
    .map(({ name, variable }) => ({
      here: name,
      shape: `[${variable.shape.join(", ")}]`,
      "in PyTorch": nn.torchName(name),
      "its shape": `[${asTorch.get(nn.torchName(name))!.shape.join(", ")}]`,
    })),
);

// %% [markdown]
// A network with other first weights takes these tensors over, and must then give the same logits. The wrong twin, with its stride on the 1×1 convolution, has the same names and shapes; the import refuses it.

// %%
const receiver = tiny("3x3", 2);
await nn.loadTorchWeights(receiver, asTorch);
const pictures = tf.randomNormal<runtime.tf.Rank.R4>([4, 64, 64, 3], 0, 1, "float32", 5);
const largest = async (a: nn.Network, b: nn.Network) => {
  const most = tf.tidy(() => tf.max(tf.abs(tf.sub(a.forward(pictures, { training: false }), b.forward(pictures, { training: false }))))); // prettier-ignore
  return (await most.data())[0]!;
};
const apart = await largest(source, receiver);
if (apart !== 0) throw new Error(`the receiver should give the source's logits; they differ by ${apart}`);

// The twin, by force: the weights copied by name, without the import's checks.
const twin = tiny("1x1", 3);
const { differentShape } = nn.copyWeights(source, twin);
console.log(
  `after the import: largest difference of a logit ${apart}; in the wrong twin: ${plot.formatNumber(await largest(source, twin))}, ` +
    `with ${differentShape.length} tensors of another shape`,
);

// %% tags=["raises-exception"]
await nn.loadTorchWeights(twin, asTorch);

// %% [markdown]
// Real weights are read from the file as PyTorch wrote it, `await nn.loadTorchWeights(network, "resnet50.pth")`, or from a safetensors file. Such a `.pth` is a pickle, a program that Python would run; the reader here runs nothing: it knows what tensors need, passes over other values, and refuses by name what would have to be called. No cell of this course needs such a file.
//
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// Multiply-adds of one 3×3 convolution from 64 to 128 channels with stride 2, on a 56×56 input, in millions?
const millions: number | undefined = undefined;

check.answer(millions, "0.5 95a6b117", {
  hint: "For how many places is the kernel used: those of the input, or of the output?",
});

// %%
// Layers with weights on the main path of the bottleneck network with 3, 4, 23 and 3 units?
const layersOf: number | undefined = undefined;

check.answer(layersOf, "0 95daf476", { hint: "How many has one unit, and which layers are in no unit?" });

// %%
// The receptive field of two 3×3 convolutions of stride 1, one after the other: how many pixels a side?
const fieldOfTwo: number | undefined = undefined;

check.answer(fieldOfTwo, "0 078e434c", {
  hint: "How many places of the first does the second see, and what do the outermost of them see?",
});

// %% [markdown]
// ## What the paper reports, and what ran here
//
// | statement | where in the ResNet paper | here |
// |---|---|---|
// | a bottleneck and a basic unit cost about the same | Figure 5 | *The bottleneck*: counted |
// | 1.8, 3.6, 3.8, 7.6, 11.3 thousand million multiply-adds | Table 1 | *Table 1, rebuilt*: within 3 % |
// | ResNet-152 costs less than VGG-16 and VGG-19 (11.3 against 15.3 and 19.6) | section 4.1 | the cost table |
// | errors from 25.03 % (34 A) down to 21.43 % (152) | Table 3 | not run: ImageNet's training images are not part of the course |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** what each network costs, by counting, and that the counts are the paper's and those of the published weights.
// - **It does not show** the accuracy of any ImageNet network. That takes 1.28 million images and days of GPU time (ResNet paper, section 4). Numbers in Table 3 are the paper's.
// - **Multiply-adds are not seconds.** A 1×1 convolution does less with each number that it loads than a 3×3, so bottlenecks run slower than their counts say. Measure when time is what you care about.
// - **Not known**: whether 152 layers are better than 101 *in general*. One run each; the gain is within sampling error by top-1 error and a little beyond it by top-5.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [How much of the image does one feature see?](../exercises/05-receptive-field/05-receptive-field.ipynb) (Easy, 20 minutes.)
// - [What does a bottleneck cost?](../exercises/05-bottleneck-cost/05-bottleneck-cost.ipynb) (Medium, 30 minutes.)
// - [A bottleneck where a stage begins](../exercises/05-bottleneck-unit/05-bottleneck-unit.ipynb) (Medium, 25 minutes.)
//
// ## Try it
//
// 1. Count ResNet-50 with option C. What does the bottleneck's advantage become? (Easy, 10 minutes.)
// 2. Which depth has the largest receptive field that is still smaller than the image? What does that say about the last stages? (Easy, 10 minutes.)
// 3. Design a network of at most 4 thousand million multiply-adds with the most layers that you can. What limits you? (Medium, 25 minutes.)
// 4. Compute the same verdicts for the top-5 errors of Table 3. Do they change? (Medium, 15 minutes.)
// 5. Import real weights of ResNet-18 and classify a photograph of yours. (Hard, 45 minutes, needs Python and a download.)
//
// ## Where to read on
//
// - The ResNet paper, section 4.1, and the paragraph *Deeper Bottleneck Architectures*.
// - Simonyan and Zisserman: *Very Deep Convolutional Networks*, 2014, [arXiv:1409.1556](https://arxiv.org/abs/1409.1556): VGG.
// - Bouthillier and others: *Accounting for Variance in Machine Learning Benchmarks*, 2021, [arXiv:2103.03098](https://arxiv.org/abs/2103.03098): what a single run hides.
// - Recht and others: *Do ImageNet Classifiers Generalize to ImageNet?*, 2019, [arXiv:1902.10811](https://arxiv.org/abs/1902.10811): new test images, and what became of the ranking.
//
// The next chapter returns to small images, and to depths that nobody had trained before.
