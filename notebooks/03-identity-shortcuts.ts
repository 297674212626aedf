// %% [markdown]
// # 03 Identity shortcuts
//
// A shortcut that only copies needs the same shape at both ends, and networks change shape. This chapter settles what happens at those places, and what
// it costs. Then it does the forbidden: it scales, gates, convolves and drops the shortcut, as the identity paper did, and shows why a factor that
// looks harmless in one unit is ruinous in fifty.
//
// **When you are through you can**
// - say which stride and padding make a block and its shortcut agree, in shape *and* in position;
// - write options A and B, and count what B and C cost in any network;
// - derive why a factor $\lambda$ on each shortcut becomes $\lambda^L$, and see it in a real network;
// - write a gated shortcut, and say from its initial bias alone what fifty of them let through;
// - judge the identity paper's table of shortcut variants, and a criticism of it.
//
// **Time.** Reading and writing: 60 minutes. Running: a few minutes on two CPU cores; the long cells show how much is left. The next cell says what this machine
// computes with.
//
// **Sources.** He, Zhang, Ren, Sun: *Deep Residual Learning for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385)
// (*the ResNet paper*), sections 3.2, 3.3 and 4.1, and *Identity Mappings in Deep Residual Networks*, 2016,
// [arXiv:1603.05027](https://arxiv.org/abs/1603.05027) (*the identity paper*), section 3.

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";
import { turns } from "./turns/03";

const info = await runtime.ready();
console.log(info.describe());

const { tf } = runtime;
const setting = runtime.setting();

// %% [markdown]
// ## Shapes that agree
//
// In equation 1 of the ResNet paper, $y = F(x) + x$, both terms must have one shape. Inside a stage they do. At the start of a stage they do not: the height and width
// are halved, by a **stride** of 2 (the kernel moves two pixels at a time), and the channels are doubled. The shortcut has to follow.
//
// How large is the output of a convolution? A kernel of side $k$ slides over $n$ pixels with $p$ pixels of **padding** (zeros) on each side and stride $s$. Its first
// position begins at the left end of the padded row, and the last one must end within it. So it fits
//
// $$ m = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1 $$
//
// times. With an odd kernel and $p = \frac{k-1}{2}$ the kernel's size drops out:
//
// $$ m = \left\lfloor \frac{n - 1}{s} \right\rfloor + 1 = \left\lceil \frac{n}{s} \right\rceil . $$
//
// That is the whole secret: padded by half of itself, **every odd kernel gives the same size**. A 3×3 convolution padded by 1 and a 1×1 convolution without padding agree at
// every stride and for every image, even or odd. The next cell holds the formula against the library's layers.

// %%
const side = (n: number, k: number, s: number) => Math.floor((n + 2 * ((k - 1) / 2) - k) / s) + 1;

for (let n = 1; n <= 64; n++) {
  for (const stride of [1, 2, 3]) {
    for (const kernel of [1, 3, 7]) {
      const [height] = nn.conv2d(3, 8, { kernel, stride }).outputShape([n, n, 3]);
      if (height !== side(n, kernel, stride) || height !== Math.ceil(n / stride)) {
        throw new Error(
          `a ${kernel}x${kernel} convolution of stride ${stride} makes ${height} of ${n} pixels`,
        );
      }
    }
  }
}
plot.table(
  [32, 15, 14, 7].map((n) => ({
    "pixels in": n,
    "3×3/2, padded by 1": side(n, 3, 2),
    "1×1/2": side(n, 1, 2),
  })),
);

// %% [markdown]
// Equal sizes are not enough. The two terms must also **look at the same place**. Output pixel $i$ of the 1×1 convolution reads input pixel $2i$. The 3×3 kernel, padded by 1, is
// centred on $2i$ too. But a library that splits padding its own way can shift it: TensorFlow's padding "same" puts it all at the right and the bottom when the image is even and the stride 2.
//
// **Predict.** A row of pixels holds its own positions 0 to 7. The kernel has a 1 in its middle, so it copies the pixel at its centre. Which positions does it copy with padding 1 at both
// ends, and which with TensorFlow's "same"?

// %%
const row = tf.reshape<runtime.tf.Rank.R4>(tf.range(0, 8), [1, 1, 8, 1]);
const centre = tf.tensor4d([0, 1, 0], [1, 3, 1, 1]);
const padded = tf.pad(row, [[0, 0], [0, 0], [1, 1], [0, 0]]); // prettier-ignore

const positions = {
  "1×1/2, the shortcut": await tf.avgPool(row, 1, [1, 2], "valid").data(),
  "3×3/2, padded by 1 at both ends": await tf.conv2d(padded, centre, [1, 2], "valid").data(),
  '3×3/2, TensorFlow\'s "same"': await tf.conv2d(row, centre, [1, 2], "same").data(),
};
plot.table(
  Object.entries(positions).map(([layer, copied]) => ({
    layer,
    "positions copied": Array.from(copied).join(", "),
  })),
);

// %% tags=["claim"]
if (positions["1×1/2, the shortcut"].join() !== positions["3×3/2, padded by 1 at both ends"].join()) {
  throw new Error("the shortcut and the padded convolution should copy the same pixels");
}
const neighbours = Array.from(positions["1×1/2, the shortcut"], (position) => position + 1).join();
if (positions['3×3/2, TensorFlow\'s "same"'].join() !== neighbours)
  throw new Error('with "same" the kernel should copy the right neighbours');

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Padded by 1 the kernel copies the positions that the shortcut copies, and with "same" it copies their right neighbours. So with "same" a block would add the features around one pixel to the copy of the next one. The surprise is that nothing fails: the shapes agree, the network trains, and only weights
// that are imported from elsewhere give other answers. That is why the library pads by hand. (Even so a shortcut of stride 2 throws three pixels of four away, while $F$ sees all of them. It is the paper's design, and later
// recipes average instead.)
//
// </details>
//
// ## Options A, B and C
//
// The ResNet paper (section 3.3) names two ways for the places where **dimensions grow**, and section 4.1 tries a third:
//
// - **option A**: take every second pixel and append channels of zeros. No parameters;
// - **option B**: a **projection** $W_s x$ there (equation 2), a 1×1 convolution of stride 2, here with batch normalisation after it; identity elsewhere;
// - **option C**: a projection on *every* shortcut.
//
// The pictures are drawn from the networks: the unit in which a stage begins with A and with B, and the one behind it, where A and B have the identity and only C has a projection.

// %%
const cifar20 = (shortcut: "A" | "B" | "C") => nn.cifarArchitecture({ depth: 20, shortcut });
await plot.unitDiagram([
  { title: "option A, where a stage begins", architecture: cifar20("A"), unit: "stage2.unit1" },
  { title: "options B and C, where a stage begins", architecture: cifar20("B"), unit: "stage2.unit1" },
  { title: "options A and B, elsewhere", architecture: cifar20("A"), unit: "stage2.unit2" },
  { title: "option C, elsewhere", architecture: cifar20("C"), unit: "stage2.unit2" },
]);

// %% [markdown]
// ### Your turn: option A
//
// Write it for images $x$ of shape `[N, H, W, C]`: every second pixel of every second row, beginning with the first, and behind the $C$ channels as many of zeros. Odd sides count: 7 pixels become 4.

// %%
type Images = runtime.tf.Tensor4D;

/** x [N, H, W, C] to [N, ceil(H/2), ceil(W/2), 2C]: every second pixel, then as many channels of zeros. */
function optionA(x: Images): Images {
  return check.unwritten(x);
}

const padsWithZeros = await check.yourTurn(optionA, turns.optionA);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// An average over windows of one pixel is a copy: `tf.avgPool(x, size, stride, "valid")`, which has a gradient on every backend. And `tf.pad` takes for each of the four dimensions how many zeros to put before and behind.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function optionA(x: Images): Images {
//   const sampled = tf.avgPool(x, 1, 2, "valid");
//   return tf.pad(sampled, [[0, 0], [0, 0], [0, 0], [0, x.shape[3]]]); // prettier-ignore
// }
// ```
//
// </details>
//
// ### Your turn: option B
//
// Where a stage begins, option B mixes the channels of every second pixel by a 1×1 convolution, and normalises what comes out, as after every convolution of these networks. The convolution's kernel and the normalisation, a function of images, are given.

// %%
/** x [N, H, W, C] and a kernel [1, 1, C, 2C] to [N, ceil(H/2), ceil(W/2), 2C]. */
function optionB(x: Images, kernel: Images, norm: (x: Images) => Images): Images {
  return check.unwritten(x, kernel, norm);
}

const projects = await check.yourTurn(optionB, turns.optionB);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// `tf.conv2d(x, kernel, stride, "valid")`. Does a ReLU belong here? Look at the picture of option B again.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function optionB(x: Images, kernel: Images, norm: (x: Images) => Images): Images {
//   return norm(tf.conv2d(x, kernel, 2, "valid"));
// }
// ```
//
// </details>
//
// Both are what the library does, as the next cell makes sure: it takes the shortcut of a real network's unit, and yours with its weights.

// %%
const features = tf.randomNormal<runtime.tf.Rank.R4>([2, 7, 7, 16], 0, 1, "float32", 1);
const network20 = nn.cifarResNet({ depth: 20, shortcut: "B", seed: 1 });
const variableOf = (name: string) =>
  network20.variables().find((one) => one.name === `stage2.unit1.shortcut.${name}`)!.variable;
const normOfB = (x: Images) =>
  runtime.batchNormTraining(x, variableOf("norm.scale") as runtime.tf.Tensor1D, variableOf("norm.shift") as runtime.tf.Tensor1D, 1e-5); // prettier-ignore

// %%
const libraryA = nn.zeroPadding({ inChannels: 16, outChannels: 32, stride: 2 });
const libraryB = network20.units.find(({ name }) => name === "stage2.unit1")!.unit.shortcut!;
const farthest = [
  tf.sub(padsWithZeros(features), libraryA.forward(features, { training: false })),
  tf.sub(
    projects(features, variableOf("conv.weight") as Images, normOfB),
    libraryB.forward(features, { training: true }),
  ),
].map((difference) => tf.max(tf.abs(difference)).dataSync()[0]!);
if (!(farthest[0] === 0 && farthest[1]! < 1e-4))
  throw new Error(`options A and B by hand should be the library's; they are ${farthest.join(" and ")} off`);
console.log(
  `[${features.shape.join(", ")}] becomes [${padsWithZeros(features).shape.join(", ")}]: option A with ${libraryA.parameters().length} parameters, ` +
    `option B with ${libraryB.parameters().reduce((sum, { parameter }) => sum + (parameter.role === "statistic" ? 0 : parameter.size), 0)}`,
);

// %% [markdown]
// **Predict.** What does option C cost beside A, in parameters and multiply-adds: in ResNet-34, and in ResNet-50, whose units are bottlenecks that are four times as wide at both ends as in the
// middle (chapter 05)?

// %%
const costRows = (["A", "B", "C"] as const).flatMap((shortcut) =>
  [
    nn.cifarArchitecture({ depth: 56, shortcut }),
    nn.imageNetArchitecture({ depth: 34, shortcut }),
    nn.imageNetArchitecture({ depth: 50, shortcut }),
  ].map((architecture) => ({
    shortcut,
    family: architecture.name.replace(/ \(.*/, ""),
    ...analysis.costOf(architecture),
  })),
);
const families = [...new Set(costRows.map(({ family }) => family))];
const base = (family: string) => costRows.find((cost) => cost.family === family && cost.shortcut === "A")!;
plot.table(
  families.flatMap((family) =>
    costRows
      .filter((cost) => cost.family === family)
      .map(({ shortcut, parameters, multiplyAdds }) => ({
        network: family,
        option: shortcut,
        parameters,
        "more than A (%)": 100 * (parameters / base(family).parameters - 1),
        "multiply-adds, more than A (%)": 100 * (multiplyAdds / base(family).multiplyAdds - 1),
      })),
  ),
  { title: "What the options cost, counted from the layers" },
);

// %% tags=["claim"]
const overA = (family: string, of: "parameters" | "multiplyAdds") =>
  costRows.find((cost) => cost.family === family && cost.shortcut === "C")![of] / base(family)[of] - 1;
const overA34 = [overA("resnet-34", "parameters"), overA("resnet-34", "multiplyAdds")];
const overA50 = [overA("resnet-50", "parameters"), overA("resnet-50", "multiplyAdds")];
if (!(overA34.every((more) => more > 0.04 && more < 0.06) && overA50.every((more) => more > 0.7 && more < 0.85)))
  throw new Error(`option C should cost a twentieth and three quarters more; got ${[...overA34, ...overA50].join(", ")}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// In ResNet-34 C costs about a twentieth more than A, in parameters and in work. In ResNet-50 it costs three quarters more: the surprise is how much the kind of unit matters. In such a bottleneck (chapter 05) the shortcut joins the two *wide* ends. With $w$ channels in the middle and $4w$ at the ends, the three convolutions of the unit have $4w^2 + 9w^2 + 4w^2 = 17 w^2$ weights, and a projection beside them
// has $4w \cdot 4w = 16 w^2$: nearly as many again, and the saving of a narrow middle is gone. That is the paper's reason (section 4.1) to use identity shortcuts in bottlenecks.
//
// </details>
//
// ### Does the choice matter?
//
// The paper's Table 3 has all three for ResNet-34 on ImageNet: top-1 error 25.03 % with A, 24.52 % with B, 24.19 % with C, and 28.54 % without shortcuts. It calls the differences among A, B and C small
// and concludes that projections are *not essential for addressing the degradation problem*.
//
// **Predict, then run.** ResNet-20 on fewer of chapter 01's images, three seeds, with a plain network beside them. Will the order A, B, C show? And is what parts A from C larger or smaller than what parts A from no shortcut at all?

// %%
const plans = {
  ci: { seeds: [1, 2, 3], epochs: 3, perClass: 300, depth: 20, variantSeeds: 2, variantDepth: 32, widths: [4, 8, 16] }, // prettier-ignore
  everyday: { seeds: [1, 2, 3], epochs: 4, perClass: 400, depth: 20, variantSeeds: 2, variantDepth: 32, widths: [8, 16, 32] }, // prettier-ignore
  full: { seeds: [1, 2, 3, 4, 5], epochs: 60, perClass: 1000, depth: 56, variantSeeds: 5, variantDepth: 110, widths: [16, 32, 64] }, // prettier-ignore
} as const;
const plan = plans[setting];

const images: train.SweepData = {
  name: "fashion-mnist-sample",
  perClass: [plan.perClass, 10], // this chapter looks at training losses; the test images are hardly more than named
  downsample: 2,
};
const trainImages = data.downsample(
  await data.load(images.name, { split: "train", perClass: plan.perClass }),
  2,
);
const trainSource = data.batches(trainImages, { normalise: data.channelStatistics(trainImages) });
const batch = trainSource.batch(Int32Array.from({ length: 128 }, (_, i) => i));

// %%
type Options = Omit<nn.CifarResNetOptions, "depth" | "widths" | "inputShape" | "seed">;
const specOf = (options: Options, depth: number) =>
  ({
    model: "cifarResNet",
    options: { ...options, depth, widths: plan.widths, inputShape: [14, 14, 1] },
  }) as const;
const networkOf = (options: Options, depth: number, seed: number) =>
  nn.cifarResNet({ ...specOf(options, depth).options, seed });
const recipe = {
  batchSize: 128,
  optimizer: train.sgd({ momentum: 0.9, weightDecay: 1e-4 }),
  schedule: train.constant(0.1),
};

// %%
const optionNames = ["none", "A", "B", "C"] as const;
// As in chapter 01, each run has a process of its own with one thread.
const byOption = await train.sweep({
  networks: optionNames.map((shortcut) => ({ name: shortcut, ...specOf({ shortcut }, plan.depth) })),
  data: images,
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: plan.seeds,
});
const optionLosses = (shortcut: (typeof optionNames)[number]) =>
  byOption.runs.filter(({ name }) => name === shortcut).map(({ history }) => history.at(-1)!.loss);

plot.dots([{ name: "one seed", values: optionNames.map(optionLosses) }], {
  title: `Training loss by shortcut, ${plan.depth} layers`,
  x: {
    title: "shortcut",
    categories: ["none (plain)", "A: zeros", "B: projection where it grows", "C: projection everywhere"],
  },
  y: { title: "mean training loss, last epoch (nats)" },
  caption: `Fashion-MNIST, ${trainImages.labels.length} images, ${plan.epochs} epochs. A dot for each of ${plan.seeds.length} seeds, a dash at their mean.`,
});

// %% [markdown]
// If shortcuts did nothing, the plain network would come last among the four by chance once in four seeds, and in all seeds with probability $4^{-k}$ for $k$ seeds. That is the next cell's
// rate of false alarms. Then it takes the differences between the options seed by seed (chapter 06, *How to compare two networks*). There are three of them, so each interval has the confidence $1 - 0.05/3$: then all three hold together with 95 %.

// %%
const plainIsLast = plan.seeds.every((_, i) => {
  const others = (["A", "B", "C"] as const).map((name) => optionLosses(name)[i]!);
  return optionLosses("none")[i]! > Math.max(...others);
});
if (!plainIsLast) throw new Error("each option should beat the plain network with every seed");

type Pair = readonly ["none" | "A" | "B", "A" | "B" | "C"];
const pairOf = ([a, b]: Pair) => plan.seeds.map((_, i) => optionLosses(a)[i]! - optionLosses(b)[i]!);
const among: readonly Pair[] = [["A", "B"], ["B", "C"], ["A", "C"]]; // prettier-ignore
const amongOptions = among.map((pair) => ({
  pair,
  ...analysis.meanInterval(pairOf(pair), 1 - 0.05 / among.length),
}));
plot.table(
  amongOptions.map(({ pair: [a, b], mean, lower, upper }) => ({
    difference: `${a} minus ${b}`,
    "mean (nats)": mean,
    from: lower,
    to: upper,
    verdict: lower > 0 ? `${b} is ahead` : upper < 0 ? `${a} is ahead` : "not told apart",
  })),
  { title: `Training loss, ${plan.seeds.length} pairs each; the three intervals hold together with 95 %` },
);

// %% tags=["claim"]
const gainOfA = analysis.meanInterval(pairOf(["none", "A"])).mean;
if (setting === "everyday") {
  if (!amongOptions.every(({ lower, upper }) => lower < 0 && upper > 0))
    throw new Error("the verdict below says that none of A, B and C is told from another");
  const largest = Math.max(...amongOptions.map(({ mean }) => Math.abs(mean)));
  if (!(largest < gainOfA / 2))
    throw new Error(`A, B and C should differ by less than half of what A gains; got ${largest}, ${gainOfA}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// No order shows: none of the three differences is told from zero, so these seeds say nothing about A, B and C. What a shortcut gains over none, in contrast, stands out in every seed, and on average it is more than twice as large as what parts any two of them. The paper's three numbers do not settle the order either, because
// they come without a spread. From here on CIFAR networks use A, and ImageNet networks B, as the paper's
// deeper ones do; its first comparison on ImageNet (Table 2) still has A.
//
// </details>
//
// ## A factor on the shortcut
//
// So the shortcut may change where it must. What if it changes *everywhere*? The identity paper (section 3) starts with the simplest change, a constant: $x_{l+1} = \lambda x_l + F(x_l)$, with $x_l$
// the input of unit $l$. Put the equation into itself, from unit $l$ up to unit $L$:
//
// $$
// \begin{aligned}
// x_{l+1} &= \lambda x_l + F(x_l) \\
// x_{l+2} &= \lambda^2 x_l + \lambda F(x_l) + F(x_{l+1}) \\
// x_L &= \lambda^{L-l} \, x_l + \sum_{i=l}^{L-1} \lambda^{L-1-i} F(x_i).
// \end{aligned}
// $$
//
// The gradient of the loss $E$ follows by the chain rule (equations 7 and 8 of the paper, there with a factor for each unit):
//
// $$ \frac{\partial E}{\partial x_l} = \frac{\partial E}{\partial x_L} \left( \lambda^{L-l} + \frac{\partial}{\partial x_l} \sum_{i=l}^{L-1} \lambda^{L-1-i} F(x_i) \right). $$
//
// With $\lambda = 1$ the first term is the 1 of chapter 04. With any other $\lambda$ it is a power: for 54 units, the number of a 110-layer network, it vanishes or explodes. (Both equations suppose that nothing follows the addition.)
//
// ### Your turn: the number before x
//
// Let each unit have its own factor, $x_{l+1} = \lambda_l x_l + F(x_l)$, for $l = 1$ to $L$. Write what gives, for each unit, the number that stands before *its input* $x_l$ in the output of the last one: the first term of the equation above, for all $l$.

// %%
/** Of each unit's factor: for each unit the number before its input in the last unit's output, in the order of the units. */
function numbersBefore(factors: readonly number[]): number[] {
  return check.unwritten(factors);
}

const firstTerms = await check.yourTurn(numbersBefore, turns.numbersBefore);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Begin with the last unit: its input passes one shortcut. What does the input of the unit below pass, and how do you get its number from the one you have?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function numbersBefore(factors: readonly number[]): number[] {
//   const numbers: number[] = [];
//   let product = 1;
//   for (const factor of [...factors].reverse()) {
//     product *= factor;
//     numbers.unshift(product);
//   }
//   return numbers;
// }
// ```
//
// </details>
//
// **Watch the first term alone.** We take a pre-activation network (normalisation and ReLU *before* the convolutions, so that nothing follows the addition; chapter 08) and set the last
// convolution of every $F$ to zero. What remains is a chain of shortcuts, and the measured gradient must follow the law exactly.
//
// **Predict**: what part of the gradient is left after all 54 shortcuts, with $\lambda = 0.9$ and with 0.5? Two of the shortcuts are option A, which copies one pixel in four: does the gradient lose anything there?

// %%
const lambdas = [1, 0.9, 0.7, 0.5];
const deep = setting === "ci" ? 56 : 110;

const scaledNetwork = (lambda: number) =>
  networkOf(
    { order: "preActivation", shortcut: "A", gate: { kind: "constant", shortcut: lambda, residual: 1 } },
    deep,
    1,
  );

const alone: { lambda: number; split: analysis.GradientSplit }[] = [];
for (const lambda of lambdas) {
  const network = scaledNetwork(lambda);
  for (const { name, variable } of network.variables()) {
    if (name.endsWith("conv2.weight")) variable.assign(tf.zerosLike(variable));
  }
  alone.push({ lambda, split: await analysis.splitGradients(network, batch.images, batch.labels) });
  network.dispose();
}

// %%
plot.lines(
  alone.map(({ lambda, split }) => ({
    name: `λ = ${lambda}`,
    y: split.units.map(({ gradient }) => gradient / split.topNorm),
  })),
  {
    title: `The gradient through ${alone[0]!.split.units.length} shortcuts alone`,
    x: { title: "unit, counted from the images" },
    y: { title: "norm of dE/dx, over that after the last unit", scale: "log" },
    caption:
      "Backpropagation runs from right to left. Straight lines are powers of λ; with λ = 1 the gradient arrives whole.",
  },
);

// %%
const lawRows = alone.map(({ lambda, split }) => {
  const arrived = split.units.map(({ gradient }) => gradient / split.topNorm);
  return { lambda, arrived, law: firstTerms(arrived.map(() => lambda)) };
});
for (const { lambda, arrived, law } of lawRows) {
  const off = arrived.map((part, i) => Math.abs(part / law[i]! - 1));
  if (!(Math.max(...off) < 1e-3))
    throw new Error(`λ = ${lambda}: the gradient should follow your law; it is ${Math.max(...off)} off`);
}
const digits = (value: number) => Number(value.toPrecision(3)).toString();
plot.table(
  lawRows.map(({ lambda, arrived, law }) => ({
    λ: digits(lambda),
    [`your law, through ${law.length} shortcuts`]: digits(law[0]!),
    "measured at unit 1": digits(arrived[0]!),
  })),
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// At every unit the measured gradient is your product, to one part in a thousand. With $\lambda = 0.9$, which looks harmless, a third of one per cent is left; with 0.5 far less than a float32 can tell from nothing beside a 1.
//
// And option A loses nothing here. The gradient of the pixels that it copies comes back whole, and what it cuts off is the gradient of the new channels. They hold only zeros in this chain, so the last normalisation and its ReLU pass no gradient to them. (With $F$ they will hold something: look at the next figure.)
//
// </details>

// %% [markdown]
// Now put $F$ back. Then the gradient at a unit's input is a sum of two terms, what came through the shortcut and what came through $F$. The shortcut's **share** is the length of its term along the sum, as a part of the sum's norm: 1 if all came through the shortcut, 0 if nothing did. (Chapter 04 measures it for many networks.)
//
// Does the *whole* gradient vanish with $\lambda = 0.5$? **Predict** before you look: the second term of the equation is back, and it has batch normalisation inside.

// %%
const measuredWith = [
  ...lambdas.map((lambda) => ({ name: `λ = ${lambda}`, make: () => scaledNetwork(lambda) })),
  { name: "no shortcut", make: () => networkOf({ order: "preActivation", shortcut: "none" }, deep, 1) },
];
const whole: { name: string; split: analysis.GradientSplit }[] = [];
for (const { name, make } of measuredWith) {
  const network = make();
  whole.push({
    name,
    split: await analysis.splitGradients(network, batch.images, batch.labels, { name }),
  });
  network.dispose();
}

plot.lines(
  whole
    .slice(0, lambdas.length)
    .map(({ name, split }) => ({ name, y: split.units.map(({ share }) => share) })),
  {
    title: "The shortcut's share of the gradient, with F, before training",
    x: { title: "unit, counted from the images" },
    y: { title: "share (1: all of it came through the shortcut)" },
    caption: "Backpropagation runs from right to left. What the share leaves comes through F.",
  },
);

// %%
const inStage = whole[0]!.split.units.filter(({ name }) => name.startsWith("stage3.")).length;
const meanShare = ({ units }: analysis.GradientSplit) => {
  const shares = units.map(({ share }) => share).filter((share) => share !== null);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
};
const shares = whole.map(({ split }) => meanShare(split));
const growths = whole.map(({ split }) => split.units[0]!.gradient / split.topNorm);
plot.table(
  whole.map(({ name }, i) => ({
    "on the shortcut": name,
    "the shortcut's mean share": shares[i]!,
    "growth of the gradient, last unit to first": growths[i]!,
  })),
);

// %% tags=["claim"]
if (!shares.every((share, i) => i === 0 || share < shares[i - 1]!)) {
  throw new Error(`a smaller λ should leave the shortcut a smaller share; got ${shares.join(", ")}`);
}
const times = setting === "ci" ? 1 : 3;
const ofLambdas = growths.slice(0, lambdas.length);
if (!ofLambdas.every((growth, i) => growth > (i === 0 ? 10 : times * ofLambdas[i - 1]!)))
  throw new Error(`a smaller λ should let the gradient grow more; got ${ofLambdas.join(", ")}`);
if (setting === "everyday" && !(growths[0]! > 50 && growths[0]! < 1000 && growths[3]! > 1e6 && growths[4]! > growths[3]! && growths[4]! < 30 * growths[3]!))
  throw new Error(`it should grow by hundreds with λ = 1, by millions with 0.5 and more without a shortcut; got ${growths.join(", ")}`); // prettier-ignore
// The teeth: where a stage begins, the share falls far below that of the unit before, and it climbs from there.
const sharesAtOne = whole[0]!.split.units.map(({ share }) => share!);
for (const start of ["stage2.unit1", "stage3.unit1"]) {
  const at = whole[0]!.split.units.findIndex(({ name }) => name === start);
  const [below, here, above] = [sharesAtOne[at - 1]!, sharesAtOne[at]!, sharesAtOne[at + inStage - 1]!];
  if (!(here < below - 0.2 && here < above - 0.2))
    throw new Error(`the share should fall where ${start} begins and climb; got ${below}, ${here}, ${above}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The gradient does *not* vanish. It **grows**, and the more the smaller $\lambda$ is: by a factor in the hundreds on its way down with $\lambda = 1$, in the millions with 0.5. $F$ takes over, because the normalisation inside it divides by the size of what comes in, and the smaller the shortcut keeps that, the more the division multiplies the gradient.
// With $\lambda = 1$ the share climbs through each stage, because every unit adds to $x$, and $F$'s normalisation divides by more and more; with a smaller $\lambda$ it settles lower, and $F$ carries the rest. The falls where a stage begins are option A's: its shortcut hands nothing back of the gradient of the new channels, and they have most of it, because they begin as zeros and are still small, so the next normalisations multiply theirs by more.
//
// But look at what that means. With a small $\lambda$ each unit forgets most of its input and hands on its own $F$, most of the gradient goes through the layers, and it explodes as in chapter 01's plain network. So before training a chain of such units is not far from a **plain** network, the table's last row. The factor does not starve the network; it takes the shortcut away. Whether it also *trains* like a plain
// network can be tried: the next experiment has a plain row.
//
// </details>
//
// ## Every way to spoil a shortcut
//
// Table 1 of the identity paper puts other things than the identity on the 54 shortcuts of ResNet-110: constants, **gates** (factors between 0 and 1 that are learned from $x$, as in a Highway network,
// chapter 10), a 1×1 convolution, **dropout** (random zeros). `nn.shortcutVariants` has its rows as data. With $g(x) = \sigma(W_g x + b_g)$, where $\sigma(z) = 1/(1 + e^{-z})$:
//
// | variant | on the shortcut | on $F$ | test error (%), ResNet-110, CIFAR-10 (identity paper, Table 1) |
// |---|---|---|---|
// | original | 1 | 1 | 6.61 |
// | constant scaling: a plain network | 0 | 1 | fail |
// | constant scaling | 0.5 | 1 | fail |
// | constant scaling of both | 0.5 | 0.5 | 12.35 |
// | exclusive gating, $b_g = 0$ to $-5$ | $1 - g(x)$ | $g(x)$ | fail |
// | exclusive gating, $b_g = -6$ | $1 - g(x)$ | $g(x)$ | 8.70 |
// | exclusive gating, $b_g = -7$ | $1 - g(x)$ | $g(x)$ | 9.81 |
// | shortcut-only gating, $b_g = 0$ | $1 - g(x)$ | 1 | 12.86 |
// | shortcut-only gating, $b_g = -6$ | $1 - g(x)$ | 1 | 6.91 |
// | 1×1 convolution | 1×1 convolution | 1 | 12.22 |
// | dropout | dropout 0.5 | 1 | fail |
//
// (These are all eleven rows. The paper writes "fail" for an error above 20 %. Its errors are medians of five runs. Its units have a ReLU after the addition, so for them the two equations above hold only approximately.) Look at the gates: the same gate is harmless or ruinous by its bias alone, that is, by how open it is at first.
//
// ### Your turn: a gated sum
//
// Write the sum of a unit with a gate. $x$, $F(x)$ and $z = W_g x + b_g$ are given, all of one shape. With exclusive gates the shortcut gets $1 - g$ and $F$ gets $g$, with shortcut-only gates $F$ stays whole.

// %%
type GateKind = "exclusive" | "shortcutOnly";

/** The gated shortcut plus F, gated or not; `made` is F(x). */
function gatedSum(x: Images, made: Images, z: Images, kind: GateKind): Images {
  return check.unwritten(x, made, z, kind);
}

const gated = await check.yourTurn(gatedSum, turns.gatedSum);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// `tf.sigmoid(z)` is $g$. Which of the two kinds multiplies $F(x)$, and by what?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function gatedSum(x: Images, made: Images, z: Images, kind: GateKind): Images {
//   const g = tf.sigmoid(z);
//   const carried = tf.mul(tf.sub(1, g), x);
//   return tf.add(carried, kind === "exclusive" ? tf.mul(g, made) : made);
// }
// ```
//
// </details>
//
// Before training $W_g x$ is small, so $g \approx \sigma(b_g)$, and your two functions tell what a bias comes to: the gate's factors on $x$ and on $F$ in one unit, and what 54 shortcuts in a row let through.
//
// **Predict**: for exclusive gates, which of the paper's biases leaves most of the first term? And which leaves most of each $F$?

// %%
const one = (value: number) => tf.tensor4d([value], [1, 1, 1, 1]);
const factorOf = (x: number, made: number, bias: number, kind: GateKind) =>
  tf.tidy(() => gated(one(x), one(made), one(bias), kind).dataSync()[0]!);
const biases = [0, -1, -3, -5, -6, -7].map((bias) => {
  const onShortcut = factorOf(1, 0, bias, "exclusive");
  return {
    bias,
    onShortcut,
    through: firstTerms(Array<number>(54).fill(onShortcut))[0]!,
    onF: factorOf(0, 1, bias, "exclusive"),
  };
});
plot.table(
  biases.map(({ bias, onShortcut, through, onF }) => ({
    "initial bias": bias,
    "on one shortcut: 1 - g": digits(onShortcut),
    "through 54 shortcuts": digits(through),
    "on F, exclusive: g": digits(onF),
    "on F, shortcut-only": digits(factorOf(0, 1, bias, "shortcutOnly")),
  })),
  { title: "Gates before training" },
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The lowest bias leaves most of the first term, and the highest leaves most of $F$: an exclusive gate can give to one only what it takes from the other. With $b_g = 0$ nothing arrives through the shortcuts; at $-6$ most of it does, and then each $F$ counts for a quarter of one per cent (the paper finds its best error there, 8.70 %, and a worse one at $-7$). Shortcut-only gates do
// not pay that price, and with $b_g = -6$ the paper's error is nearly the identity's. So the bias tells much of the table's story, but not all of it: at $-5$ more than half of the first term arrives, and the paper's network fails all the same.
//
// </details>
//
// The two factors also say what each unit's own $F$ counts for at the end, after the shortcuts of all units above it. **Predict**, before you move the bias from $-7$ to $0$: from how many of the 54 units does more than a ten-thousandth of $F$ arrive, at $-6$ and at $0$?

// %%
const through54 = Array.from({ length: 54 }, (_, i) => i + 1);
const ofUnit = ({ onShortcut, onF }: (typeof biases)[number]) =>
  through54.map((unit) => onF * onShortcut ** (54 - unit));
plot.moving(
  [...biases].reverse().map((gate) => ({
    label: String(gate.bias),
    figure: plot.lines(
      [
        { name: "x₀, so many units on", y: through54.map((unit) => gate.onShortcut ** unit) },
        { name: "F of this unit, at the end", y: ofUnit(gate) },
      ],
      {
        title: "What exclusive gates leave, before training",
        x: { title: "unit" },
        y: { title: "factor", scale: "log", range: [1e-4, 1] },
        caption: "What falls below 0.0001 leaves the figure.",
      },
    ),
  })),
  { slider: "initial bias", shown: "-3" },
);

// %% tags=["claim"]
const arriving = biases.map((gate) => ofUnit(gate).filter((factor) => factor > 1e-4).length);
if (arriving.join() !== "13,26,54,54,54,54")
  throw new Error(`the numbers of units below are others: ${arriving.join()}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// At $-6$ from all 54, all of them little and nearly alike. At $0$ only from the last 13, because each shortcut halves what came before it: whatever its depth, such a network is a shallow one at first.
//
// </details>

// %%
const architectureOf = (variant: nn.ShortcutVariant) =>
  nn.cifarArchitecture({ depth: 20, ...nn.shortcutVariants[variant] });
await plot.unitDiagram([
  { title: "constant scaling", architecture: architectureOf("constantScaling") },
  { title: "exclusive gating", architecture: architectureOf("exclusiveGating") },
  { title: "1×1 convolution", architecture: architectureOf("convolution") },
]);

// %% [markdown]
// **Predict, then run.** The next cell trains the seven kinds of shortcut and a plain network, much smaller than the paper's and for a few epochs. Rank them by training loss first. Which of the paper's verdicts do you expect to see so early? And does constant scaling by one half do better than no shortcut at all?

// %%
const halved = ["constantScaling", "constantScalingOfBoth", "dropout"] as const;
type Row = nn.ShortcutVariant | "plain";
// The tests' own setting trains only what the claims below need.
const variants: readonly Row[] =
  setting === "ci"
    ? ["original", ...halved]
    : ["plain", ...(Object.keys(nn.shortcutVariants) as nn.ShortcutVariant[])];
const optionsOf = (name: Row): Options => (name === "plain" ? { shortcut: "none" } : nn.shortcutVariants[name]); // prettier-ignore
const variantSeeds = plan.seeds.slice(0, plan.variantSeeds);
const byVariant = await train.sweep({
  networks: variants.map((name) => ({ name, ...specOf(optionsOf(name), plan.variantDepth) })),
  data: images,
  recipe: { ...recipe, epochs: plan.epochs },
  seeds: variantSeeds,
});
const variantLosses = (variant: Row) =>
  byVariant.runs.filter(({ name }) => name === variant).map(({ history }) => history.at(-1)!.loss);

// %%
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const ranked = [...variants].sort((a, b) => meanOf(variantLosses(a)) - meanOf(variantLosses(b)));
const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
plot.dots([{ name: "one seed", values: ranked.map(variantLosses) }], {
  title: `${variants.length} ways to build a unit, ${plan.variantDepth} layers, ${plan.epochs} epochs`,
  x: { title: "what is on the shortcut", categories: ranked.map(words) },
  y: { title: "mean training loss, last epoch (nats)" },
  caption: `Fashion-MNIST, ${trainImages.labels.length} images; a dot for each seed, a dash at the mean, sorted by it.`,
});

// %% [markdown]
// The claim that we test is the weakest that the theory makes: whatever *halves* the shortcut, or takes it away, loses to the identity. Those are constant scaling, constant scaling of both, dropout, and no shortcut. If they made no
// difference, the original would be the best of these five with probability 1/5 for each seed, and with $5^{-k}$ for $k$ seeds: with two seeds once in 25 experiments by chance.

// %%
for (const [i, seed] of variantSeeds.entries()) {
  const original = variantLosses("original")[i]!;
  const rivals = variants.filter((name) => name === "plain" || halved.some((other) => other === name));
  const beaten = rivals.filter((name) => variantLosses(name)[i]! > original);
  if (beaten.length < rivals.length) {
    throw new Error(
      `seed ${seed}: the identity should beat ${rivals.join(", ")}; it beat ${beaten.join(", ") || "none"}`,
    );
  }
}
console.log(`In order of training loss: ${ranked.map(words).join(" < ")}`);

// %% tags=["claim"]
const minus = (a: Row, b: Row) => variantLosses(a).map((loss, i) => loss - variantLosses(b)[i]!);
if (setting !== "ci") {
  const halves = minus("constantScaling", "plain");
  const ahead = halves.filter((difference) => difference < 0).length;
  console.log(
    `Constant scaling minus plain: ${halves.map((difference) => difference.toFixed(2)).join(", ")} nats; ahead of it in ${ahead} of ${halves.length} seeds.`,
  );
}
if (setting === "everyday") {
  if (!minus("exclusiveGating", "plain").every((difference) => difference > 0))
    throw new Error(
      `exclusive gates should be behind plain; got ${minus("exclusiveGating", "plain").join(", ")}`,
    );
  const [ofHalves, ofDropout] = [minus("constantScaling", "plain"), minus("dropout", "plain")].map(meanOf);
  const ofHalvesAndIdentity = meanOf(minus("constantScaling", "original"));
  if (!(ofHalves! < 0 && ofHalvesAndIdentity > 0.05))
    throw new Error(`one half should lie between plain and the identity; it is ${ofHalves} and ${ofHalvesAndIdentity} nats from them`); // prettier-ignore
  if (!(ofDropout! > 0)) throw new Error(`dropout should be behind plain on average; got ${ofDropout} nats`);
  const mean = meanOf(minus("shortcutOnlyGating", "original"));
  if (!(Math.abs(mean) < meanOf(minus("plain", "original")) / 3))
    throw new Error(`shortcut-only gates should be near the identity; the difference is ${mean} nats`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Three of the paper's verdicts show so early. The halved shortcuts are behind the identity with every seed, and so is no shortcut. Exclusive gates are far behind. And shortcut-only gates from the same bias are about as good as the identity, as in the table. The surprise is exclusive gating: it does worse than no shortcut at all, with every seed, because at the beginning it takes nearly everything from $F$.
//
// Constant scaling by one half, which before training was not far from a plain network, does a little better than one on average, and stays behind the identity. Dropout does worse than no shortcut, on average: half of what a unit hands on is missing each time, and the losses here are those of training, with the zeros in.
//
// </details>
//
// Mind what differs from the table: the paper's networks are deeper and train for 64,000 steps. Exclusive gates start at $b_g = -6$ here too, where each $F$ is multiplied by a quarter of one per cent, so its layers are
// shut out until the gate has learned to open, and a few epochs are too few for that. There are two ways to spoil a unit, then: to take from the shortcut, as the algebra above says, or to take from $F$. The paper's way out is to
// take from neither.
//
// ## The same projection, two verdicts
//
// A 1×1 convolution on every shortcut *is* option C, so the two papers tell one story of it together:
//
// | units | no shortcut | identity (option A) | projection everywhere (option C) | where |
// |---|---|---|---|---|
// | 16 | 28.54 % | 25.03 % | 24.19 % | ResNet-34 on ImageNet, top-1 error: ResNet paper, Table 3 |
// | 54 | fail | 6.61 % | 12.22 % | ResNet-110 on CIFAR-10, test error: identity paper, Table 1 |
//
// With 16 units it is the best of the three, with 54 it has almost twice the identity's error. What a few projections bear, many do not. Our two experiments have 9 and 15 units, on the same images, with the same widths and recipe and for as many epochs.
//
// **Predict**: as the units grow in number, what becomes of C minus A? And of plain minus A?

// %%
const unitsOf = (depth: number) => (depth - 2) / 2;
const minusA = (losses: readonly number[], identity: readonly number[]) =>
  identity.map((loss, i) => losses[i]! - loss);
const story = [
  { units: unitsOf(plan.depth), plain: optionLosses("none"), A: optionLosses("A"), C: optionLosses("C") },
  // The tests' own setting trains neither a plain network nor option C at this depth.
  ...(setting === "ci"
    ? []
    : [{ units: unitsOf(plan.variantDepth), plain: variantLosses("plain"), A: variantLosses("original"), C: variantLosses("convolution") }]), // prettier-ignore
].map(({ units, plain, A, C }) => ({ units, plainMinusA: minusA(plain, A), cMinusA: minusA(C, A) }));
plot.dots(
  [
    { name: "plain minus A", values: story.map(({ plainMinusA }) => plainMinusA) },
    { name: "C minus A", values: story.map(({ cMinusA }) => cMinusA) },
  ],
  {
    title: "What replaces the identity, and how many units there are",
    x: { title: "experiment", categories: story.map(({ units }) => `${units} units`) },
    y: { title: "difference of the training loss (nats)" },
    caption: `A dot for each seed, a dash at the mean; zero is the identity. Both after ${plan.epochs} epochs.`,
  },
);

// %% tags=["claim"]
if (setting === "everyday") {
  const [few, many] = story;
  const [fewC, manyC, fewPlain, manyPlain] = [few!.cMinusA, many!.cMinusA, few!.plainMinusA, many!.plainMinusA].map(meanOf); // prettier-ignore
  if (!(fewC! < fewPlain! / 2 && manyC! > fewC! && manyPlain! > fewPlain! && manyC! < 0.75 * manyPlain!))
    throw new Error(
      `C minus A and plain minus A should grow with the units; got ${fewC}, ${manyC}, ${fewPlain}, ${manyPlain}`,
    );
  if (!(Math.max(...few!.cMinusA) > Math.min(...many!.cMinusA)))
    throw new Error(`the text below says that the two experiments' seeds overlap for C; got ${few!.cMinusA.join(", ")} and ${many!.cMinusA.join(", ")}`); // prettier-ignore
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// With 9 units little parts C from A, on average less than half of what parts a plain network from it. With 15 units C is farther behind on average, and a plain network too; C stays ahead of that. So the direction is that of the two papers, with far fewer units and at the beginning of training. But C's dots of the two experiments overlap, and there are only a few of them, so take it as a hint and not as a proof: the papers' networks lie 38 units apart, ours 6.
//
// </details>
//
// What would come of it after 60 epochs is asked by two studies of the course, `shortcut-options` and `shortcut-variants`, both also at 56 layers, which are 27 units (`npm run reproduce -- study shortcut-variants` trains what is missing). The next cell prints what is recorded so far.

// %%
for (const name of ["shortcut-options", "shortcut-variants"]) {
  const { title, conditions, networks, missing } = await train.recordedStudy(name);
  console.log(`${title}: ${conditions}`);
  for (const { name: network, errors } of networks) {
    if (errors.train.length > 0)
      console.log(`  ${network}: training error by seed ${errors.train.map((error) => error.toFixed(1)).join(", ")} %`); // prettier-ignore
  }
  if (missing > 0) console.log(`  ${missing} runs are not made yet, so the study has no verdict so far.`);
}

// %% [markdown]
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// A 5×5 convolution of stride 2 stands in F, and the shortcut is option A.
// By how many pixels must the convolution be padded at each side?
const padding: number | undefined = undefined;

check.answer(padding, "0 6f56c301", {
  hint: "On which pixels must the centre of its kernel stand, and how far does the kernel reach beyond its centre?",
});

// %%
// How many parameters has the projection (a 1×1 convolution and its normalisation) where 64 channels become 128?
const projectionParameters: number | undefined = undefined;

check.answer(projectionParameters, "0 c883ebce", {
  hint: "Has the convolution a bias? And what does a normalisation train for each channel?",
});

// %%
// λ = 0.8 on every shortcut of a network of 20 units. What is the factor on the first term of the gradient?
// Three digits will do.
const firstTerm: number | undefined = undefined;

check.answer(firstTerm, "0.0001 9a9d0f18", { hint: "How many shortcuts does the first term pass?" });

// %% [markdown]
// ## What the papers report, and what ran here
//
// | statement | where | here |
// |---|---|---|
// | A, B and C differ little: 25.03, 24.52, 24.19 % top-1 error for ResNet-34 | ResNet paper, Table 3 | *Does the choice matter?* |
// | identity shortcuts are important for bottlenecks, whose cost projections would double | ResNet paper, section 4.1 and "deeper bottleneck architectures" | *What the options cost*: counted, less than double |
// | a factor $\lambda$ becomes a product over units | identity paper, equations 6 to 8 | *Watch the first term alone*: to one part in a thousand |
// | halved, gated, convolved and dropped shortcuts do worse | identity paper, Table 1 | *Every way to spoil a shortcut*: small, by training loss |
// | option C is best with 16 units and far behind with 54 | ResNet paper, Table 3; identity paper, Table 1 | *The same projection, two verdicts*: 9 and 15 units |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** the law $\lambda^{L-l}$ exactly, in a network that consists of shortcuts, and how $F$ takes over when the shortcut fades.
// - **It does not show** that gating is bad. Gates that are learned have an answer of their own: they can open. The identity paper chose one initial bias and one place for the gate; Srivastava, an author of Highway
//   networks, published a comparison in which gated 110-layer networks do as well as residual ones, and argues that the paper's design was at fault (below). Read both.
// - **It does not rank A, B and C.** Three seeds of a small network cannot, and the paper's numbers, which come without a spread, do not either. And so few steps show the beginning of training only.
// - **Not known**: why the 1×1 convolution, which could *learn* the identity, does not. That it is an optimisation matter is the paper's reading; degradation again, now on the shortcut.
// - **Larger**: `RESIDUAL_SETTING=full npm run notebooks -- 03` trains 110 layers for 60 epochs; plan for a GPU.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [A unit that halves the image, with a shortcut that follows](../exercises/03-growing-unit/03-growing-unit.ipynb) (Medium, 30 minutes.)
// - [Option B: a shortcut that projects, normalised like everything else](../exercises/03-projection-shortcut/03-projection-shortcut.ipynb) (Medium, 30 minutes.)
// - [What a factor on every shortcut makes of a deep network](../exercises/03-shortcut-factors/03-shortcut-factors.ipynb) (Medium, 30 minutes.)
// - [Two kinds of padding, and why a stride tells them apart](../exercises/03-stride-and-padding/03-stride-and-padding.ipynb) (Medium, 30 minutes.)
//
// ## Try it
//
// 1. Take $\lambda = 1.1$ in *Watch the first term alone*. What happens to the signal on its way up? (Easy, 10 minutes.)
// 2. Start the gates of `shortcutOnlyGating` at $b_g = 0$. The paper reports 12.86 %. Where does it land in your ranking? (Easy, 15 minutes.)
// 3. Write an option A that pads half of the zero channels before and half behind. Does the loss change? Should it? (Medium, 20 minutes.)
// 4. Give each unit its own $\lambda_i$, alternately 2 and 0.5. The product is 1. Does the network train like the original? (Medium, 30 minutes.)
//
// ## Where to read on
//
// - The identity paper, section 3, with its Figures 2 and 3.
// - Srivastava, *ResNet and Highway networks of 110 layers compared*, [github.com/flukeskywalker/highway-resnet-comparison](https://github.com/flukeskywalker/highway-resnet-comparison): the criticism, with code.
// - Srivastava, Greff, Schmidhuber: *Highway Networks*, 2015, [arXiv:1505.00387](https://arxiv.org/abs/1505.00387).
// - He and others: *Bag of Tricks for Image Classification with Convolutional Neural Networks*, 2018, [arXiv:1812.01187](https://arxiv.org/abs/1812.01187), section 4: shortcuts that average before they project.
//
// The next chapter derives every gradient that this one used.
