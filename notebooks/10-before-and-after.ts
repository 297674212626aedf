// %% [markdown]
// # 10 Before and after
//
// Residual networks did not fall from the sky, and they did not stay as they were. Highway networks had gates where ResNet has nothing. DenseNet joins where ResNet adds.
// Stochastic depth, ResNeXt and squeeze-and-excitation change one term of one formula each. This chapter gives each a page: what it changes, a small proof that runs, and what it costs. Then it puts them side by side,
// and ends with what today's recipes do differently.
//
// **When you are through you can**
// - write stochastic depth, squeeze-and-excitation, a grouped convolution, a dense block and the zero start by hand;
// - write Highway, ResNet, stochastic depth, squeeze-and-excitation, ResNeXt and DenseNet as one formula with different terms;
// - show that addition is a concatenation followed by a fixed projection, and say what DenseNet and ResNeXt make of that;
// - compute the expected depth of a network with stochastic depth, and the parameters of a ResNeXt unit;
// - compare architectures without fooling yourself: like with like, with spread, and with their costs.
//
// **Time.** Reading and writing: 60 minutes. Running: a few minutes on two CPU cores. The next cell says what this machine computes with.
//
// **Sources.** Each page names its paper. *The ResNet paper* is [arXiv:1512.03385](https://arxiv.org/abs/1512.03385), *the identity paper* [arXiv:1603.05027](https://arxiv.org/abs/1603.05027).

// %%
import { analysis, check, data, nn, plot, runtime, train } from "residual";

const info = await runtime.ready();
console.log(info.describe());

const { tf } = runtime;

// %% [markdown]
// ## One formula
//
// Let $x$ be what a **unit** gets and $F(x)$ what its layers make of it. All units of this chapter combine the two:
//
// | | the unit gives | what is new |
// |---|---|---|
// | plain | $F(x)$ | |
// | Highway, 2015 | $T(x) \, F(x) + (1 - T(x)) \, x$ | a gate $T$, computed from $x$, shares out |
// | ResNet, 2015 | $F(x) + x$ | no gate, nothing to learn on the shortcut |
// | stochastic depth, 2016 | $b \, F(x) + x$ | $b$ is 0 or 1, drawn anew at each training step |
// | squeeze-and-excitation, 2018 | $s(F(x)) \, F(x) + x$ | a factor for each channel, computed from $F(x)$ |
// | ResNeXt, 2017 | $\sum_i F_i(x) + x$ | many narrow paths in place of a wide one |
// | DenseNet, 2017 | $[x, F(x)]$ | kept side by side, not added |
//
// What most of these papers put behind the sum, a ReLU, is left out of the formulas: chapter 08 was about that.
//
// ## Before: Highway networks
//
// Srivastava, Greff and Schmidhuber (*Highway Networks*, [arXiv:1505.00387](https://arxiv.org/abs/1505.00387), equations 2 and 3) trained hundreds of layers half a year before ResNet, with gates from recurrent networks. The **transform gate** is $T(x) = \sigma(W_T x + b_T)$, with
// $\sigma$ the sigmoid, between 0 and 1. Where $T = 0$ the unit passes $x$ on; where $T = 1$ it is plain. The bias $b_T$ starts below 0, so that at first the network mostly *carries*.
//
// A gate has a price. Going back along the carry alone, the gradient meets a factor $1 - T$ at each unit, and chapter 03 showed what becomes of factors below 1. Suppose that every gate stays where it starts. **Predict**: with a bias of $-2$, how much is left after 14 units, and after 54? And which bias keeps more than half over 54 units?

// %%
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
plot.table(
  [-1, -2, -4, -6].map((bias) => ({
    "bias of the gates": bias,
    "T at the start": sigmoid(bias),
    "left of the carry after 14 units": (1 - sigmoid(bias)) ** 14,
    "after 54 units": (1 - sigmoid(bias)) ** 54,
  })),
  { title: "The factor of the carry path, the product of all 1 - T" },
);

// %% tags=["claim"]
const carriedOver = (bias: number, units: number) => (1 - sigmoid(bias)) ** units;
if (!(
  carriedOver(-2, 14) > 0.15 &&
  carriedOver(-2, 14) < 0.2 &&
  Math.abs(carriedOver(-2, 54) - 1e-3) < 2e-4 &&
  carriedOver(-4, 54) < 0.5 &&
  carriedOver(-6, 54) > 0.8
))
  throw new Error("the carry's factors are others than the text says");

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// About a sixth after 14 units, and a thousandth after 54. Of these biases only $-6$ keeps more than half over 54 units, because the price is paid at every unit; and a gate that carries so much lets next to nothing of $F$ through at first. The surprise is how near to 0 the gate has to be before depth does not matter.
//
// </details>
//
// ResNet is what is left when the gate is gone: both terms whole, and a 1 in place of the product. No gate value gives that, because $T$ and $1 - T$ add up to 1: at best, at one half, both are halved. The identity paper calls the Highway form *exclusive gating* and finds it worse than a bare shortcut (its section 3.1). The ResNet paper adds another difference (section 2): a gate can *close* the shortcut, and then the unit is no longer residual. A parameter-free shortcut is never closed.
//
// ## After: stochastic depth
//
// Huang, Sun, Liu, Sedra, Weinberger (*Deep Networks with Stochastic Depth*, 2016, [arXiv:1603.09382](https://arxiv.org/abs/1603.09382)) leave units out at random in training: unit $l$ of $L$ survives with probability
//
// $$ p_l = 1 - \frac{l}{L} (1 - p_L), \qquad p_L = \tfrac12 \qquad\text{(equation 4)}, $$
//
// so early units nearly always, the last one half the time. In inference mode all units are there, each $F$ multiplied by its $p_l$.
//
// ### Your turn: a unit that may be left out
//
// Write `stochasticDepth(x, made, survival, draw)`, where `made` is $F(x)$, `survival` is the unit's $p_l$, and `draw` is a number that was drawn uniformly between 0 and 1, or `"inference"`. It gives what the unit gives. `tf.add` and `tf.mul` are all you need.

// %%
import { turns } from "./turns/10";

type Images = runtime.tf.Tensor4D;

function stochasticDepth(x: Images, made: Images, survival: number, draw: number | "inference"): Images {
  return check.unwritten(x, made, survival, draw);
}

const unitWithDepth = await check.yourTurn(stochasticDepth, turns.stochasticDepth);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// With which probability is a uniformly drawn number below 0.7? And what is $b F(x) + x$, the formula above, where $b$ is 0?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function stochasticDepth(x: Images, made: Images, survival: number, draw: number | "inference"): Images {
//   if (draw === "inference") return tf.add(x, tf.mul(made, survival));
//   return draw < survival ? tf.add(x, made) : x;
// }
// ```
//
// </details>
//
// Does inference mode give what a training step gives *on average*? For one unit it must, because the sum is linear in $b$.

// %%
const [given, made] = [1, 2].map((seed) => tf.randomNormal<runtime.tf.Rank.R4>([1, 4, 4, 2], 0, 1, "float32", seed)) as [Images, Images]; // prettier-ignore
const kept = await tf.randomUniform([2000], 0, 1, "float32", 5).data();
const averaged = tf.tidy(() =>
  tf.div(tf.addN([...kept].map((draw) => unitWithDepth(given, made, 0.7, draw))), kept.length),
);
const fromInference = tf.sub(averaged, unitWithDepth(given, made, 0.7, "inference"));
const furthest = (await tf.max(tf.abs(fromInference)).data())[0]!;
// The deviation of a mean of 2,000 draws of b is 0.01; five of these times the largest number in F.
const bound = 5 * Math.sqrt((0.7 * 0.3) / 2000) * (await tf.max(tf.abs(made)).data())[0]!;
if (!(furthest < bound)) throw new Error(`the mean over draws and inference mode differ by ${furthest}`);
console.log(
  `training on average and inference mode differ by at most ${furthest.toFixed(3)}, chance allows ${bound.toFixed(3)}`,
);

// %% [markdown]
// What depth does a training step see? The expected number of units is a sum:
//
// $$ \sum_{l=1}^{L} p_l = L - \frac{1 - p_L}{L} \cdot \frac{L (L + 1)}{2} = L - \frac{(1 - p_L)(L + 1)}{2} = \frac{3L - 1}{4} \quad\text{for } p_L = \tfrac12. $$
//
// The next cell draws units as the library's layers do, and compares.

// %%
const survival = (l: number, count: number, last: number) => 1 - (l / count) * (1 - last);
const expectedUnits = (count: number) =>
  Array.from({ length: count }, (_, i) => survival(i + 1, count, 0.5)).reduce((a, b) => a + b, 0);

const steps = 4000;
const draws = tf.randomUniform([steps, 54], 0, 1, "float32", 11);
const survivals = tf.tensor1d(Array.from({ length: 54 }, (_, i) => survival(i + 1, 54, 0.5)));
const alive = await tf.sum(tf.cast(tf.less(draws, survivals), "float32"), 1).data<"float32">();
plot.histogram([{ name: "units in a step", values: [...alive] }], {
  title: `How many of 54 units a training step has, over ${steps} steps`,
  x: { title: "units" },
  bins: 20,
  caption: `By the formula the mean is ${((3 * 54 - 1) / 4).toFixed(2)}; these steps have ${(alive.reduce((a, b) => a + b, 0) / steps).toFixed(2)}.`,
});

// %%
if (Math.abs(expectedUnits(54) - (3 * 54 - 1) / 4) > 1e-9)
  throw new Error("the sum of the survivals must be (3L - 1) / 4");
console.log(
  `a network of 110 layers is trained at an expected depth of ${(2 + 2 * expectedUnits(54)).toFixed(1)} layers, and has 110 in inference mode`,
);

// %% [markdown]
// How far down can this rule take the depth? **Predict**, before you move $p_L$, the survival of the last unit: can it halve the expected number of units? And how often does a training step have all 54, as inference mode has?

// %%
/** The shares of the training steps that have 0, 1, …, `count` units: with each unit one more, or not. */
function stepsWith(count: number, last: number): number[] {
  let shares = [1];
  for (let l = 1; l <= count; l++) {
    const p = survival(l, count, last);
    shares = Array.from({ length: l + 1 }, (_, k) => (shares[k] ?? 0) * (1 - p) + (shares[k - 1] ?? 0) * p);
  }
  return shares;
}
const bySurvival = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((last) => {
  const shares = stepsWith(54, last);
  const mean = shares.reduce((sum, share, k) => sum + share * k, 0);
  const variance = shares.reduce((sum, share, k) => sum + share * (k - mean) ** 2, 0);
  return { last, shares, mean, deviation: Math.sqrt(variance) };
});

// %%
plot.moving(
  bySurvival.map(({ last, shares, mean }) => ({
    label: String(last),
    figure: plot.lines(
      [
        { name: "steps with so many units", x: shares.map((_, k) => k), y: shares },
        { name: "their mean", x: [mean, mean], y: [0, 0.25] },
      ],
      {
        title: "How many of 54 units a training step has",
        x: { title: "units" },
        y: { title: "share of the training steps", range: [0, 0.25] },
        caption: "Computed from the survivals, unit by unit, and not drawn.",
      },
    ),
  })),
  { slider: "p_L, the survival of the last unit", shown: "0.5" },
);

// %% tags=["claim"]
const [never, half] = [bySurvival[0]!, bySurvival.find(({ last }) => last === 0.5)!];
if (!(
  Math.abs(never.mean - (54 - 1) / 2) < 1e-9 &&
  bySurvival.every(({ mean }) => mean >= never.mean) &&
  half.shares.at(-1)! < 1e-6 &&
  bySurvival.every(({ last, deviation }) => last > 0.5 || Math.abs(deviation / half.deviation - 1) < 0.07)
))
  throw new Error(
    `the mean should fall to 26.5 units, and the width stay; got ${JSON.stringify(bySurvival.map(({ mean, deviation }) => [mean, deviation]))}`,
  );
console.log(
  `p_L = 0: ${never.mean.toFixed(1)} units on average; p_L = 1/2: all 54 in ${plot.formatNumber(half.shares.at(-1)!)} of the steps`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Only just: with $p_L = 0$ the mean is $(L - 1)/2$, half a unit below one half of $L$, and lower the rule does not go. From $p_L = \tfrac12$ down to there the curve moves to the left and hardly changes its width. And a step with all 54 units practically never comes, at $p_L = \tfrac12$ less than once in a million steps. So the whole network, which inference mode computes, was never run in training.
//
// </details>
//
// The paper reports that with it even 1202 layers gain: 4.91 % on CIFAR-10 (abstract). Compare with chapter 06, where the same depth *lost*. What do you conclude about the overfitting explanation?
//
// <details>
// <summary>An answer</summary>
//
// It speaks for it, because leaving units out regularises and the same 1202 layers then gain. But it does not decide: a network that is shorter in training is also easier to train, and this alone might help. To tell the two apart one
// would compare training errors as well as test errors.
//
// </details>
//
// ## After: squeeze-and-excitation
//
// Hu, Shen, Sun (*Squeeze-and-Excitation Networks*, 2018, [arXiv:1709.01507](https://arxiv.org/abs/1709.01507), equations 2 to 4): let each unit look at its whole output and decide which channels matter for this image. **Squeeze**: the mean $z_c$ of each channel. **Excite**: $s = \sigma(W_2 \, \mathrm{relu}(W_1 z))$, a factor between 0 and 1 for each channel. $W_1$ leads from $C$
// numbers to $C / r$, $W_2$ back, with $r = 16$. So a unit with $C$ channels pays $2 C^2 / r$ weights. It pays hardly any multiply-adds, because $z$ has one number for each channel and not one for each pixel.
//
// ### Your turn: squeeze and excite
//
// Write `squeezeExcite(made, first, second)`: `made` is $F(x)$ of shape $[N, H, W, C]$, the matrices are $W_1$ of shape $[C, C/r]$ and $W_2$ of shape $[C/r, C]$, without biases. It gives $s(F) \, F$, of the shape of `made`.

// %%
function squeezeExcite(made: Images, first: runtime.tf.Tensor2D, second: runtime.tf.Tensor2D): Images {
  return check.unwritten(made, first, second);
}

const excite = await check.yourTurn(squeezeExcite, turns.squeezeExcite);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Which axes of $[N, H, W, C]$ does the mean take away? And which shape must the factor have, so that it meets its channel at every pixel?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function squeezeExcite(made: Images, first: runtime.tf.Tensor2D, second: runtime.tf.Tensor2D): Images {
//   const z = tf.mean<runtime.tf.Tensor2D>(made, [1, 2]);
//   const s = tf.sigmoid(tf.matMul(tf.relu(tf.matMul(z, first)), second));
//   return tf.mul(made, tf.reshape<runtime.tf.Rank.R4>(s, [made.shape[0], 1, 1, made.shape[3]]));
// }
// ```
//
// </details>
//
// The factor depends on the image. Without that the gate would be a scale for each channel, which batch norm has already. Here are two images in one batch, whose first channels get different factors:

// %%
const twoImages = tf.randomNormal<runtime.tf.Rank.R4>([2, 4, 4, 8], 0, 1, "float32", 3);
const [intoFew, back] = [tf.randomNormal<runtime.tf.Rank.R2>([8, 4], 0, 2, "float32", 4), tf.randomNormal<runtime.tf.Rank.R2>([4, 8], 0, 2, "float32", 5)]; // prettier-ignore
const factors = tf.mean(tf.div(excite(twoImages, intoFew, back), twoImages), [1, 2]);
const [one, two] = (await factors.array()) as [number[], number[]];
if (one.every((factor, c) => Math.abs(factor - two[c]!) < 1e-3))
  throw new Error("the two images should get different factors");
plot.table(
  [one, two].map((row, n) => ({
    image: n + 1,
    ...Object.fromEntries(row.slice(0, 4).map((f, c) => [`channel ${c + 1}`, f])),
  })),
  { title: "The factors of four channels for two images" },
);

// %% [markdown]
// And its price, as it stands in the library's networks:

// %%
const imageNet = {
  plain: nn.imageNetArchitecture({ depth: 50, strideOn: "3x3" }),
  excited: nn.imageNetArchitecture({
    depth: 50,
    strideOn: "3x3",
    gate: { kind: "squeezeExcitation", reduction: 16 },
  }),
  paths: nn.imageNetArchitecture({ depth: 50, strideOn: "3x3", paths: { cardinality: 32, width: 4 } }),
  dense: nn.imageNetDenseNetArchitecture({ depth: 121 }),
};
const addedByFormula = [
  [3, 256],
  [4, 512],
  [6, 1024],
  [3, 2048],
].reduce((sum, [units, channels]) => sum + units! * ((2 * channels! ** 2) / 16 + channels! / 16 + channels!), 0); // prettier-ignore
const addedByGates = nn.parameterCount(imageNet.excited) - nn.parameterCount(imageNet.plain);
if (addedByGates !== addedByFormula)
  throw new Error(`the formula gives ${addedByFormula}; the network has ${addedByGates}`);
console.log(
  `squeeze-and-excitation adds ${plot.formatNumber(addedByGates)} parameters to ResNet-50 (${((100 * addedByGates) / nn.parameterCount(imageNet.plain)).toFixed(1)} %, biases included), and ${((100 * (nn.multiplyAdds(imageNet.excited) - nn.multiplyAdds(imageNet.plain))) / nn.multiplyAdds(imageNet.plain)).toFixed(2)} % multiply-adds`,
);

// %% [markdown]
// The paper reports a top-1 error on ImageNet of 23.29 % for SE-ResNet-50 beside 24.80 % for its own ResNet-50 (Table 2).
//
// ## A small lemma: addition is a projection of a concatenation
//
// Put $x$ and $F(x)$ side by side, $C$ channels each, and apply a 1×1 convolution whose weights are fixed: two identity matrices $I$, one above the other. Each output channel is then one channel of $x$ plus the same channel of $F(x)$:
//
// $$ [x, F] \begin{pmatrix} I \\ I \end{pmatrix} = x + F. $$
//
// More generally $[h_1, \dots, h_k] \, W = \sum_i h_i W_i$, where $W_i$ are the rows of $W$ that meet $h_i$: *concatenate, then project* is *project each, then add*. The two architectures that follow are this line, read in its two directions.

// %%
const [features, ofLayers] = [tf.randomNormal<runtime.tf.Rank.R4>([2, 5, 5, 3], 0, 1, "float32", 1), tf.randomNormal<runtime.tf.Rank.R4>([2, 5, 5, 3], 0, 1, "float32", 2)]; // prettier-ignore
const twoIdentities = tf.reshape<runtime.tf.Rank.R4>(tf.concat([tf.eye(3), tf.eye(3)], 0), [1, 1, 6, 3]); // prettier-ignore
const joined = tf.concat<runtime.tf.Tensor4D>([features, ofLayers], 3);
const projected = tf.conv2d(joined, twoIdentities, 1, "valid");
const off = (await tf.max(tf.abs(tf.sub(projected, tf.add(features, ofLayers)))).data())[0]!;
if (!(off < 1e-6)) throw new Error(`addition and projected concatenation differ by ${off}`);
console.log(`addition and the projected concatenation differ by at most ${off}`);

// %% [markdown]
// ## After: ResNeXt
//
// Xie, Girshick, Dollár, Tu, He (*Aggregated Residual Transformations for Deep Neural Networks*, 2017, [arXiv:1611.05431](https://arxiv.org/abs/1611.05431)) split the bottleneck into $C$ paths of $d$ channels, $F(x) = \sum_{i=1}^{C} F_i(x)$, each path 1×1, 3×3, 1×1. By the lemma the last 1×1 convolutions of all paths, added, are *one* 1×1 convolution of the concatenated
// channels; so the unit is a bottleneck whose 3×3 convolution has $C$ **groups**, each of which sees only its own channels. The number of paths, $C$, is the **cardinality**.
//
// ### Your turn: a convolution in groups
//
// Write `groupedConvolution(x, kernels)`: it splits the channels of `x` into as many groups as there are kernels, convolves each group with its own kernel (stride 1, zeros around it, `"same"`), and puts the results side by side.

// %%
function groupedConvolution(x: Images, kernels: readonly Images[]): Images {
  return check.unwritten(x, kernels);
}

const inGroups = await check.yourTurn(groupedConvolution, turns.groupedConvolution);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// `tf.split(x, parts, 3)` and `tf.concat(list, 3)` work on the channels. Which of the two directions of the lemma is this?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function groupedConvolution(x: Images, kernels: readonly Images[]): Images {
//   const parts = tf.split<Images>(x, kernels.length, 3);
//   return tf.concat(
//     parts.map((part, i) => tf.conv2d(part, kernels[i]!, 1, "same")),
//     3,
//   );
// }
// ```
//
// </details>
//
// Now the claim: paths that are added are one bottleneck in groups. Four paths of two channels, 16 channels outside, computed in both ways:

// %%
const random = (shape: [number, number, number, number], seed: number) =>
  tf.randomNormal<runtime.tf.Rank.R4>(shape, 0, 1, "float32", seed);
const conv = (x: Images, kernel: Images) => tf.conv2d(x, kernel, 1, "same");
const outside = random([1, 6, 6, 16], 20);
const reduces = [1, 2, 3, 4].map((seed) => random([1, 1, 16, 2], seed));
const middles = [5, 6, 7, 8].map((seed) => random([3, 3, 2, 2], seed));
const expands = [9, 10, 11, 12].map((seed) => random([1, 1, 2, 16], seed));

const pathOf = (i: number) => {
  const narrow = tf.relu(conv(outside, reduces[i]!));
  return conv(tf.relu(conv(narrow, middles[i]!)), expands[i]!);
};
const added = tf.addN([0, 1, 2, 3].map(pathOf));
const reduced = tf.relu(conv(outside, tf.concat(reduces, 3)));
const grouped = conv(tf.relu(inGroups(reduced, middles)), tf.concat(expands, 2));
const largestOf = async (t: runtime.tf.Tensor) => (await tf.max(tf.abs(t)).data())[0]!;
const [between, size] = [await largestOf(tf.sub(added, grouped)), await largestOf(added)];
if (!(between < 1e-5 * size)) throw new Error(`the two ways differ by ${between} of ${size}`);
console.log(
  `four paths, added, and one bottleneck in four groups differ by ${plot.formatNumber(between)} where the largest number is ${plot.formatNumber(size)}`,
);

// %% [markdown]
// Parameters of a unit with 256 channels outside:
//
// $$ C \, (256\, d + 9\, d^2 + 256\, d). $$
//
// $C = 32$, $d = 4$ is meant to cost as much as the usual $C = 1$, $d = 64$. **Predict**: which of the two has fewer weights?

// %%
const unitParameters = (cardinality: number, width: number) =>
  cardinality * (256 * width + 9 * width ** 2 + width * 256);
plot.table(
  [
    [1, 64],
    [2, 40],
    [4, 24],
    [8, 14],
    [32, 4],
  ].map(([cardinality, width]) => ({
    "paths C": cardinality!,
    "channels of a path d": width!,
    "weights of a unit": unitParameters(cardinality!, width!),
  })),
  { title: "Many narrow paths for the price of one wide (the choices of the paper's Table 2)" },
);

// %% tags=["claim"]
const [wide, narrow] = [unitParameters(1, 64), unitParameters(32, 4)];
if (!(narrow > wide && narrow < 1.02 * wide)) throw new Error(`${narrow} and ${wide} should be alike`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The usual one, by a hair: the 32 paths cost less than two parts in a hundred more, because the width that would match exactly lies a little below 4, and a width is a whole number. So little is what *at like cost* means below.
//
// </details>
//
// The paper reports a top-1 error of 22.2 % for ResNeXt-50 (32×4d) beside 23.9 % for ResNet-50, at like cost (its Table 3).
//
// ## After: DenseNet
//
// Huang, Liu, van der Maaten, Weinberger (*Densely Connected Convolutional Networks*, 2017, [arXiv:1608.06993](https://arxiv.org/abs/1608.06993)) read the lemma the other way: why project at all? Keep everything. A **dense unit** gives $[x, H(x)]$ (equation 2), where $H$ makes only $k$ new channels, the **growth rate**. After $l$ units of a block that began with $k_0$ channels there are
//
// $$ k_0 + k\, l $$
//
// of them, and each unit sees every channel that was made before it. Between blocks a **transition** projects the heap to fewer channels and halves the image. Where a residual network overwrites its one stream by addition, a DenseNet writes into a longer and longer list, and reads it all each time. Few parameters, therefore; but count the *activations*.
//
// ### Your turn: a dense block
//
// Write `denseBlock(x, kernels)`: a unit for each kernel. A unit puts a ReLU on *everything made so far*, convolves it (stride 1, `"same"`) into `k` new channels, and puts these behind the others. The paper's unit begins with a batch norm, which is left out here. The kernel of unit $l$ has the shape $[3, 3, k_0 + k(l-1), k]$: it tells how
// many channels the unit reads.

// %%
function denseBlock(x: Images, kernels: readonly Images[]): Images {
  return check.unwritten(x, kernels);
}

const dense = await check.yourTurn(denseBlock, turns.denseBlock);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Let `all` be everything made so far, `x` at first. What does a unit compute from `all`, and what is `all` after it?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function denseBlock(x: Images, kernels: readonly Images[]): Images {
//   let all = x;
//   for (const kernel of kernels) {
//     const made = tf.conv2d(tf.relu(all), kernel, 1, "same");
//     all = tf.concat([all, made], 3);
//   }
//   return all;
// }
// ```
//
// </details>
//
// Does the block keep what it had? Five units with growth rate 2 on an image of three channels, and the question whether the first three channels of the result are still the image:

// %%
const growthKernels = [0, 1, 2, 3, 4].map((unit) => random([3, 3, 3 + 2 * unit, 2], 30 + unit));
const image = random([1, 6, 6, 3], 29);
const heap = dense(image, growthKernels);
const lost = (await tf.max(tf.abs(tf.sub(tf.slice(heap, [0, 0, 0, 0], [-1, -1, -1, 3]), image))).data())[0]!;
if (heap.shape[3] !== 3 + 2 * 5 || lost !== 0)
  throw new Error(`3 + 5 · 2 channels, the image first; got ${heap.shape[3]}, off by ${lost}`);
console.log(
  `${heap.shape[3]} channels after ${growthKernels.length} units, of which the first three are the image itself`,
);

// %% [markdown]
// Now the costs, counted for the networks of the papers:

// %%
const cifarPair = [
  nn.cifarArchitecture({ depth: 110 }),
  nn.cifarDenseNetArchitecture({ depth: 40, growth: 12 }),
  nn.cifarDenseNetArchitecture({ depth: 100, growth: 12, kind: "bottleneck", compression: 0.5 }),
];
analysis.costTable([...cifarPair, ...Object.values(imageNet)]);

// %% [markdown]
// On CIFAR-10 the DenseNet paper reports 5.24 % for the 40-layer network with $k = 12$, and 4.51 % for the 100-layer one with bottlenecks and compression (its Table 2, with augmentation); ResNet-110 has 6.43 %, the best of five runs whose mean is 6.61 % (Table 6). The table above has the parameters of all three, and their activations: the DenseNets have fewer parameters and more activations than ResNet-110. Memory, not parameters, is what a DenseNet pays with. (Squeeze-and-excitation has no receptive field in pixels: each of its means is over the whole image.)
//
// ## Side by side, before training
//
// Chapter 04 measured how the gradient's norm grows from the last unit to the first, plain against residual. Here are all families at about 56 layers, untrained, on real images. **Predict**: which of them behave like the plain network, and which like the residual one?

// %%
const setting = runtime.setting();
const plans = {
  ci: { deep: 32, perClass: 200, epochs: 3, seeds: [1, 2, 3], testPerClass: 30 },
  everyday: { deep: 56, perClass: 384, epochs: 3, seeds: [1, 2, 3], testPerClass: 100 }, // thirty batches an epoch
  full: { deep: 110, perClass: 1000, epochs: 60, seeds: [1, 2, 3, 4, 5], testPerClass: 200 },
};
const plan = plans[setting];
const trainImages = data.firstOfEachClass(
  data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2),
  plan.perClass,
);

// %%
const normalise = data.channelStatistics(trainImages);
const trainSource = data.batches(trainImages, { normalise });

const common = { inputShape: [14, 14, 1], classes: 10 } as const;
const slim = { ...common, widths: [8, 16, 32] } as const;
/** The spec of each family, with about `depth` layers: a third of the units in each stage. */
const families = (depth: number): Readonly<Record<string, nn.Spec>> => {
  const cifar = (options: object) => ({ model: "cifarResNet", options: { ...slim, depth, ...options } });
  const inThree = (unitLayers: number, others: number) =>
    3 * unitLayers * Math.round((depth - others) / (3 * unitLayers)) + others;
  const count = Math.round((depth - 5) / 3);
  return {
    plain: cifar({ shortcut: "none" }),
    Highway: { model: "highway", options: { ...slim, counts: [count, count, count], features: 32 } },
    residual: cifar({}),
    "stochastic depth": cifar({ gate: { kind: "stochasticDepth", lastSurvival: 0.5 } }),
    "squeeze-and-excitation": cifar({ gate: { kind: "squeezeExcitation", reduction: 4 } }),
    ResNeXt: cifar({
      depth: inThree(3, 2),
      kind: "bottleneck",
      shortcut: "B",
      paths: { cardinality: 4, width: 16 },
    }),
    DenseNet: { model: "cifarDenseNet", options: { ...common, depth: inThree(1, 4), growth: 6 } },
  };
};
const madeOf = (spec: nn.Spec, seed: number) => nn.build({ ...spec, options: { ...spec.options, seed } });

// %%
const names = Object.keys(families(plan.deep));
const batch = trainSource.batch(Int32Array.from({ length: 32 }, (_, i) => i));

const profiles: { name: string; seed: number; norms: readonly number[] }[] = [];
for (const seed of plan.seeds) {
  for (const name of names) {
    const network = madeOf(families(plan.deep)[name]!, seed);
    const places = Object.keys(network.parts).filter((part) => /\.unit\d+$/.test(part));
    const signals = await analysis.signalsThroughDepth(network, batch.images, batch.labels, {
      names: places,
    });
    profiles.push({ name, seed, norms: signals.map(({ gradientNorm }) => gradientNorm) });
    network.dispose();
  }
}

// %%
plot.lines(
  names.map((name) => {
    const { norms } = profiles.find((one) => one.name === name)!;
    return {
      name,
      x: norms.map((_, i) => i / (norms.length - 1)),
      y: norms.map((norm) => norm / norms.at(-1)!),
    };
  }),
  {
    title: `Gradient at each unit, about ${plan.deep} layers, before training (seed ${plan.seeds[0]!})`,
    x: { title: "place of the unit, 0 first, 1 last" },
    y: { title: "norm of dE/dx, over that after the last unit", scale: "log" },
    caption: "Backpropagation runs from right to left.",
  },
);

// %%
const growthOf = (name: string) =>
  profiles.filter((one) => one.name === name).map(({ norms }) => Math.log10(norms[0]! / norms.at(-1)!));
plot.table(
  names.map((name) => {
    const { mean, lower, upper } = analysis.meanInterval(growthOf(name));
    return { family: name, "log10 of the growth": mean, from: lower, to: upper };
  }),
  { title: `From the last unit to the first; 95 % intervals over ${plan.seeds.length} seeds` },
);

// %% [markdown]
// The next cell insists on two things: on average over the seeds no gradient grows by more than the plain network's, and the interval of its difference from the residual one's lies above zero. Were there no difference, the interval would lie above zero by chance in 2.5 % of such experiments. The rest of the table is as it came out.

// %% tags=["claim"]
const plainOver = (name: string) => {
  const own = growthOf(name);
  return analysis.meanInterval(growthOf("plain").map((growth, i) => growth - own[i]!));
};
const overResidual = plainOver("residual");
const most = names.toSorted((a, b) => plainOver(a).mean - plainOver(b).mean)[0];
if (most !== "plain")
  throw new Error(`the plain network's gradient should grow the most, not that of ${most}`);
if (overResidual.lower <= 0) {
  throw new Error(
    `the plain network's gradient should grow more than the residual one's; the difference of logarithms is ${overResidual.lower} to ${overResidual.upper}`,
  );
}
console.log(
  `plain over residual: a factor of 10^${overResidual.mean.toFixed(1)} (95 % interval 10^${overResidual.lower.toFixed(1)} to 10^${overResidual.upper.toFixed(1)})`,
);

// %% tags=["claim"]
const growths = Object.fromEntries(
  names.map((name) => [name, analysis.meanInterval(growthOf(name)).mean] as const),
);
const near = (name: string) => Math.abs(growths[name]! - growths["residual"]!) < 0.5;
if (
  setting === "everyday" &&
  !(
    near("stochastic depth") &&
    near("squeeze-and-excitation") &&
    growths["residual"]! < growths["ResNeXt"]! &&
    growths["ResNeXt"]! < growths["plain"]! &&
    Math.abs(growths["DenseNet"]!) < 0.15
  )
)
  throw new Error(`the families should lie as the text says; got ${JSON.stringify(growths)}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The plain network's gradient grows the most, as in chapter 04. Those with stochastic depth and with squeeze-and-excitation behave as the residual one does, ResNeXt's grows by more than that and by less than the plain one's, and DenseNet's hardly
// changes from end to end. Why ResNeXt's grows more this cell does not tell, because its units differ from the residual ones in three things at once: three layers, groups, and projections where channels grow. Highway networks go the other way: theirs shrinks. They have no batch norm, and at the start most of the gradient's way leads along the carry, which takes a factor $1 - \sigma(-2)$ at every unit: the product that the chapter
// began with. The next cell multiplies it out and compares. The carry alone would shrink the gradient still more than was measured, because some of it also comes back through the layers and the gates, $T(x) F(x)$.
//
// </details>

// %% tags=["claim"]
const highwayUnits = profiles.find(({ name }) => name === "Highway")!.norms.length - 1;
const carried = highwayUnits * Math.log10(1 - sigmoid(-2));
const measured = analysis.meanInterval(growthOf("Highway")).mean;
if (!(measured < 0 && carried < 0 && Math.abs(measured - carried) < 0.5 * Math.abs(carried)))
  throw new Error(`the carry alone gives ${carried}; measured ${measured}`);
if (setting === "everyday" && !(measured > carried))
  throw new Error(
    `the carry alone, ${carried}, should shrink the gradient more than was measured, ${measured}`,
  );
console.log(
  `Highway, logarithm to base 10 of the growth: ${measured.toFixed(2)} measured, ${carried.toFixed(2)} from the carry alone`,
);

// %% [markdown]
// ## Side by side, trained
//
// Now about 20 layers of each, trained alike: same images, same order, same number of steps. And one more, a trick of today, the **zero start**: the last batch norm of every residual branch begins with the scale 0, so that each $F$ is 0 and the whole network starts as its shortcuts alone (Goyal and others, *Accurate, Large Minibatch SGD*, 2017,
// [arXiv:1706.02677](https://arxiv.org/abs/1706.02677), section 5.1).
//
// ### Your turn: the zero start
//
// Write `zeroStart(network)`, which changes a fresh residual network in place. Each branch is convolution, batch norm, ReLU, convolution, batch norm, and `network.variables()` lists everything that is trained with its name, such as `stage1.unit2.conv1.weight`, `stage1.unit2.norm1.scale`, `stage1.unit2.norm1.shift`,
// `stage1.unit2.norm2.scale`. `variable.assign(tensor)` gives a variable a new value. Two things are asked: the network must equal its shortcuts alone, and a first step of training must move the scale of each branch's last batch norm away from 0. One of the two batch norms gives only the first.

// %%
function zeroStart(network: nn.Network): nn.Network {
  return check.unwritten(network);
}

const startAtZero = await check.yourTurn(zeroStart, turns.zeroStart);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Let the scale of `norm1` be 0. What goes into the second convolution, and what does the ReLU before it send back? Then the same for `norm2`.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function zeroStart(network: nn.Network): nn.Network {
//   for (const { name, variable } of network.variables()) {
//     if (name.endsWith(".norm2.scale")) variable.assign(tf.zerosLike(variable));
//   }
//   return network;
// }
// ```
//
// </details>
//
// Is the whole network its shortcuts alone then? It is compared with one whose units were all taken out:

// %%
const started = startAtZero(madeOf(families(20)["residual"]!, 1));
const bare = analysis.withoutUnits(
  started,
  started.units.map(({ name }) => name),
);
const logitsOf = (model: train.Trainable) => model.forward(batch.images, { training: false });
const apart = (await tf.max(tf.abs(tf.sub(logitsOf(started), logitsOf(bare)))).data())[0]!;
if (apart !== 0) throw new Error(`a zero start must equal the shortcuts alone; differs by ${apart}`);
started.dispose();

// %% [markdown]
// Be warned before you read the table: the families differ in parameters and in cost, these are a few epochs on small images, and a ranking here is no ranking on ImageNet.
//
// The runs go side by side in processes of their own, as in chapter 01. A process cannot see what you wrote in a cell; so the zero start of these runs comes from a file beside this chapter, `turns/10.ts`, with the lines of the solution.
//
// **Predict, then run.** Which rows will be behind the residual network after so few epochs? And of how many of the seven can three seeds tell it?

// %%
const trainable = [
  ...Object.entries(families(20)).map(([name, spec]) => ({ name, ...spec })),
  {
    name: "residual, zero start",
    module: "turns/10.ts",
    export: "zeroStartNetwork",
    options: { ...slim, depth: 20 },
  },
];
const sweep = {
  networks: trainable,
  data: { name: "fashion-mnist-sample", perClass: [plan.perClass, plan.testPerClass], downsample: 2 },
  recipe: {
    epochs: plan.epochs,
    schedule: train.cosine({
      learningRate: 0.1,
      steps: plan.epochs * Math.floor(trainSource.size / 128),
    }),
  },
  seeds: plan.seeds,
} as const;

// %%
const { runs } = await train.sweep(sweep);
const results = runs.map(({ name, seed, history, metrics }) => ({
  name,
  seed,
  loss: history.at(-1)!.loss,
  error: 100 * (1 - metrics.test.accuracy),
}));
const trainedNames = trainable.map(({ name }) => name);
const costOf = (name: string) => {
  const architecture = nn.buildArchitecture(families(20)[name] ?? families(20)["residual"]!);
  return {
    parameters: nn.parameterCount(architecture),
    "multiply-adds (millions)": nn.multiplyAdds(architecture) / 1e6,
  };
};

// %%
const inRuns = (name: string, value: (result: (typeof results)[number]) => number) =>
  analysis.meanInterval(results.filter((one) => one.name === name).map(value));
const plusMinus = ({ mean, upper }: analysis.MeanInterval, digits: number) =>
  `${mean.toFixed(digits)} ± ${(upper - mean).toFixed(digits)}`;
plot.table(
  trainedNames.map((name) => ({
    family: name,
    ...costOf(name),
    "training loss": plusMinus(
      inRuns(name, ({ loss }) => loss),
      3,
    ),
    "test error (%)": plusMinus(
      inRuns(name, ({ error }) => error),
      1,
    ),
  })),
  { title: `${plan.epochs} epochs, means over ${plan.seeds.length} seeds ± half a 95 % interval` },
);

// %%
const errorOf = (name: string, seed: number) =>
  results.find((one) => one.name === name && one.seed === seed)!.error;
const others = trainedNames.filter((name) => name !== "residual");
const differences = others.map((name) => ({
  family: name,
  ...analysis.meanInterval(plan.seeds.map((seed) => errorOf(name, seed) - errorOf("residual", seed))),
}));
console.log(
  `${others.length} comparisons at 95 %: if nothing differed, ${(100 * (1 - 0.95 ** others.length)).toFixed(0)} % of such tables would still hold an interval without zero, were the comparisons independent`,
);
plot.table(
  differences.map(({ family, mean, lower, upper }) => ({
    family,
    "minus residual (points)": mean,
    from: lower,
    to: upper,
  })),
  {
    title: "Test error minus the residual network's of the same seed, with 95 % intervals",
  },
);

// %%
plot.dots(
  [
    {
      name: "one seed",
      values: others.map((name) => plan.seeds.map((seed) => errorOf(name, seed) - errorOf("residual", seed))),
    },
  ],
  {
    title: "Test error minus the residual network's of the same seed",
    x: { title: "family", categories: others },
    y: { title: "difference (points)" },
  },
);

// %% tags=["claim"]
const together = others.map((name) =>
  analysis.meanInterval(
    plan.seeds.map((seed) => errorOf(name, seed) - errorOf("residual", seed)),
    1 - 0.05 / others.length,
  ),
);
const namesOf = (rows: readonly { lower: number; upper: number }[]) =>
  others.filter((_, i) => rows[i]!.lower > 0 || rows[i]!.upper < 0);
const [singly, jointly] = [namesOf(differences), namesOf(together)];
console.log(
  `told from residual, each for itself: ${singly.join(", ")}; all seven together: ${jointly.join(", ") || "none"}`,
);
if (setting === "everyday") {
  const behind = ["plain", "Highway", "residual, zero start"];
  if (!behind.every((name) => plan.seeds.every((seed) => errorOf(name, seed) > errorOf("residual", seed))))
    throw new Error(
      "plain, Highway and the zero start should be behind the residual network with every seed",
    );
  if (!(jointly.length < singly.length))
    throw new Error(`together fewer should be told apart; got ${singly.join(", ")}; ${jointly.join(", ")}`);
  const lossOf = (name: string) => inRuns(name, ({ loss }) => loss).mean;
  if (!["stochastic depth", "residual, zero start"].every((name) => lossOf(name) > lossOf("residual")))
    throw new Error("stochastic depth and the zero start should be behind in training loss");
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Seeds are paired: each family was trained on the same images in the same order as the residual network of its seed, so what counts is the difference within a seed and not whether two intervals overlap.
//
// The plain network, Highway and the zero start are behind with every seed, and several of the seven intervals leave out zero; the line above names them. But seven were looked at. Intervals of which all seven hold together with 95 % (each for itself at $1 - 0.05/7$) are nearly three times as wide with three seeds, and then
// fewer of them leave out zero, if any: three seeds are too few to tell most of the seven. A large difference and a sure one are two things, since three seeds that scatter widely tell nothing, however far from zero they lie on average. How little it takes to make another run of a run, chapter 11 shows with a learning rate that is a millionth higher.
//
// The surprise is two rows: stochastic depth and the zero start, both in use today, are behind the bare residual network in training loss too. Stochastic depth drops units throughout, so each of them trains on a part of the steps only, and its training loss is taken with the units missing. The zero start holds the branches back at first, and a few epochs may be all "at first"; this run does not test that. What a method gives in three epochs says little about what it gives in three hundred, and the other way round.
//
// </details>
//
// ## What today's recipes changed
//
// The networks are still with us. What changed most is how they are trained:
//
// | what | in the ResNet paper | today, often | read |
// |---|---|---|---|
// | rate | drops by 10 at plateaus | a warm-up, then half a cosine | Loshchilov and Hutter 2017, [arXiv:1608.03983](https://arxiv.org/abs/1608.03983) |
// | start of a unit | like any layer | at the identity (zero start) | Goyal and others 2017, above |
// | weight decay | 0.0001, on which parameters is not said | not on biases and norms | He T. and others 2019, [arXiv:1812.01187](https://arxiv.org/abs/1812.01187) |
// | labels | 0 or 1 | smoothed, images mixed | the same |
// | length | about 120 epochs on ImageNet | hundreds | Wightman, Touvron, Jégou 2021, [arXiv:2110.00476](https://arxiv.org/abs/2110.00476) |
// | normalisation | batch norm | the same, or none with careful scaling | Brock and others 2021, [arXiv:2102.06171](https://arxiv.org/abs/2102.06171) |
// | unit | bottleneck | depthwise convolutions, fewer activations | Liu and others 2022, [arXiv:2201.03545](https://arxiv.org/abs/2201.03545) |
// | order | addition, then ReLU | normalise first, in Transformers too | Xiong and others 2020, [arXiv:2002.04745](https://arxiv.org/abs/2002.04745) |
//
// Two lessons. A Transformer that normalises first is a pre-activation network: $x + F(\mathrm{norm}(x))$, with attention or a small dense network as $F$. What chapters 04 and 08 prove of sums holds there word for word. And *ResNet strikes back* (Wightman and others) trains the vanilla ResNet-50 by a recipe of 2021 to a top-1 accuracy of 80.4 % on ImageNet (abstract), far above what
// its time reported. So whoever compares an architecture of today with the numbers of 2015 compares recipes.
//
// ## Check yourself
//
// Put a number in place of `undefined` and run the cell.

// %%
// A dense block starts with 16 channels and has 12 units with growth rate 12. How many channels does it end with?
const channelsAfter: number | undefined = undefined;

check.answer(channelsAfter, "0 a231c89a", {
  hint: "How many channels does a unit add, and how many were there before?",
});

// %%
// A network has 10 units and stochastic depth with p_L = 1/2. How many units does a training step have, on average?
const unitsOnAverage: number | undefined = undefined;

check.answer(unitsOnAverage, "0.000001 eeb0b954", {
  hint: "With which probability does each of the ten survive, from the first to the last?",
});

// %%
// How many weights does a ResNeXt unit with 32 paths of 4 channels have, with 256 channels outside?
const weightsOfUnit: number | undefined = undefined;

check.answer(weightsOfUnit, "0 b8347c81", {
  hint: "Which three convolutions has one path, and how many paths are there?",
});

// %% [markdown]
// ## What this chapter shows, and what it does not
//
// - **It shows** that one formula holds all these units; that their costs follow short formulas, which the library's networks meet to the last parameter; and what gradients of the untrained networks do.
// - **It does not rank them.** The table of trained networks has different sizes, few epochs, small images and three seeds. The papers' numbers quoted above come from different recipes, and are as their authors report them; none was run here.
// - **Fair comparison is hard.** Equal parameters, equal multiply-adds, equal memory and equal time on a GPU are four different conditions, and who wins under one may lose under another: in the table of costs DenseNets have the fewest parameters and the most activations.
// - **Not known**: why squeeze-and-excitation helps as much as it does for its price, and whether cardinality is more than a good way to spend parameters.
//
// `RESIDUAL_SETTING=full npm run notebooks -- 10` trains for 60 epochs; plan for a GPU.
//
// ## Exercises
//
// Each has a notebook of its own, with hints that open one by one and a check that says what is wrong.
//
// - [From addition to concatenation: a dense block](../exercises/10-dense-block/10-dense-block.ipynb) (Easy, 20 minutes.)
// - [The gate of a Highway layer](../exercises/10-highway-gate/10-highway-gate.ipynb) (Easy, 20 minutes.)
//
// ## Try it
//
// 1. Set the bias of the Highway gates to 0 and to -6, and train. What happens to the carry, and to the loss? (Easy, 10 minutes.)
// 2. Choose widths so that all families have about the parameters of residual-20. Does the table change? (Medium, 30 minutes.)
// 3. Combine stochastic depth with 56 layers. Does it train faster or slower in *steps*, and in *seconds*? (The library computes the residual that it then drops: say what that does to the answer.) (Medium, 20 minutes.)
// 4. Give the *plain* network a zero start. Explain what you see before you run it. (Easy, 5 minutes.)
//
// ## Where to read on
//
// - Srivastava, Greff, Schmidhuber: *Training Very Deep Networks*, 2015, [arXiv:1507.06228](https://arxiv.org/abs/1507.06228): the longer Highway paper, with the lesions that chapter 09 repeats.
// - Zhang, Dauphin, Ma: *Fixup Initialization*, 2019, [arXiv:1901.09321](https://arxiv.org/abs/1901.09321): residual networks without any normalisation.
// - Bello and others: *Revisiting ResNets: Improved Training and Scaling Strategies*, 2021, [arXiv:2103.07579](https://arxiv.org/abs/2103.07579).
//
// The next chapter hands you the work: choose a row of a table, and reproduce it.
