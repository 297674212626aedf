// %% [markdown]
// # 05 Bottlenecks and ImageNet
//
// Depth that trains must still be paid for. This chapter counts what a network costs, down to the last multiplication, and finds the trick that made 152 layers affordable. You write the rules yourself: what a
// bottleneck weighs, how far a feature sees, what training has to keep. With them the chapter rebuilds the ResNet paper's Table 1 from the models, reads its Table 3 with a statistician's eye, and brings weights over from PyTorch.
//
// **When you are through you can**
// - count the multiply-adds, parameters, activation memory and receptive field of any network of the paper;
// - say why a bottleneck lets a unit be four times as wide at both ends for the same work;
// - say why a bottleneck without its shortcut would lose most of the signal;
// - tell which differences of a results table are larger than chance;
// - import a PyTorch checkpoint, and name the traps that leave its shapes right and its answers wrong;
// - prepare a photograph for a trained network, and follow its answer through the units.
//
// **Time.** Reading and writing: 65 minutes. Running: under a minute on two CPU cores. The next cell says what this machine computes with.
//
// **Source.** He, Zhang, Ren, Sun: *Deep Residual Learning for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385),
// *the ResNet paper*: its sections 3.3 and 4.1, Tables 1 and 3, and Figure 5.

// %%
import { analysis, check, data, nn, plot, runtime } from "residual";

const info = await runtime.ready();
console.log(info.describe());

const { tf } = runtime;

// %% [markdown]
// ## What a convolution costs
//
// Each output value of a convolution with a kernel of side $k$ is a sum over $k^2$ places and $C_{in}$ channels. There are $H \cdot W$ places and $C_{out}$ channels to compute it for. So it takes
//
// $$ H \, W \, k^2 \, C_{in} \, C_{out} \quad \text{multiply-adds}, \qquad k^2 \, C_{in} \, C_{out} \quad \text{weights}. $$
//
// A **multiply-add** is one multiplication with its addition. The paper writes "FLOPs" and means these; elsewhere the same word counts the two operations apart, twice as many.
//
// Both numbers grow with the *square* of the width: twice the channels cost four times as much, while twice the layers cost only twice as much. So depth is the cheaper of the two, and a wide unit is what hurts.
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
// ### Your turn: the weights of a bottleneck
//
// `ends` channels come in and go out, `middle` channels are between. How many weights do the three convolutions have? The check draws a few bottlenecks and compares with what the library's layers hold; what follows counts with your function.

// %%
import { turns } from "./turns/05";

/** Weights of a bottleneck: 1×1 from `ends` to `middle` channels, 3×3 there, 1×1 back. Biases and norms are not counted. */
function bottleneckWeights(ends: number, middle: number): number {
  return check.unwritten(ends, middle);
}

const weightsOf = await check.yourTurn(bottleneckWeights, turns.bottleneckWeights);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// What does the formula above give for each of the three convolutions?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function bottleneckWeights(ends: number, middle: number): number {
//   return ends * middle + 9 * middle * middle + middle * ends;
// }
// ```
//
// </details>

// %% [markdown]
// **Predict, then run.** A bottleneck from 256 channels to 64 and back, or a basic unit of 64 channels: which costs more, and by how much? And what would a *basic* unit cost that is as wide as the bottleneck's ends?

// %%
const places56 = 56 * 56;
const basicWeights = (channels: number) => 2 * 9 * channels ** 2;
const units = {
  "basic, 64 channels": basicWeights(64),
  "bottleneck, 256 channels": weightsOf(256, 64),
  "basic, 256 channels": basicWeights(256),
};
const basic64 = places56 * units["basic, 64 channels"];
plot.table(
  Object.entries(units).map(([unit, weights]) => ({
    unit,
    weights,
    "multiply-adds (millions)": (places56 * weights) / 1e6,
    "over the first": (places56 * weights) / basic64,
  })),
);

// %%
const middles = [256, 128, 64, 32, 16];
plot.lines(
  [
    { name: "bottleneck, 256 at its ends", x: middles, y: middles.map((middle) => (places56 * weightsOf(256, middle)) / 1e6) },
    { name: "basic unit of 64", x: [16, 256], y: [basic64 / 1e6, basic64 / 1e6] },
  ], // prettier-ignore
  {
    title: "What a unit costs at 56×56 places",
    x: { title: "channels in the middle of the bottleneck", scale: "log" },
    y: { title: "multiply-adds (millions)", scale: "log" },
    caption: "Both axes are logarithmic. The paper's choice is 64, a quarter of the ends.",
  },
);

// %% tags=["claim"]
// The library counts its own units; the two must agree, and the sentence below must hold.
const counted = nn
  .imageNetArchitecture({ depth: 50 })
  .units.find(({ name }) => name === "stage1.unit2")!
  .unit.rows([56, 56, 256])
  .reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
const ratio = counted / basic64;
if (counted !== places56 * units["bottleneck, 256 channels"]) {
  throw new Error(
    `by hand ${places56 * units["bottleneck, 256 channels"]} multiply-adds, by the library ${counted}`,
  );
}
if (!(ratio > 0.9 && ratio < 1 && units["basic, 256 channels"] === 16 * units["basic, 64 channels"])) {
  throw new Error(`a bottleneck should cost a little less than the basic unit; got ${ratio} of it`);
}
console.log(
  `The library counts the same for ResNet-50's second unit: ${plot.formatNumber(counted)} multiply-adds.`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// A bottleneck costs a little *less* than the basic unit, although it carries four times the channels and has three layers instead of two. A basic unit as wide as its ends would cost sixteen times as much, because width counts squared.
// The surprise is how close the two are: a quarter in the middle is just what makes them nearly equal, so one can replace each unit of ResNet-34 by a bottleneck, get ResNet-50, and pay nearly the same.
//
// </details>
//
// And the shortcut? It joins the two wide ends. If it were a projection, it would cost $256 \cdot 256$ weights, nearly as much as the whole unit. *Identity* shortcuts are what keeps the bottleneck cheap (chapter 03 counted it).
//
// ## What the shortcut carries past the narrow middle
//
// All that the last 1×1 convolution gives at one place is computed from the few channels of the middle: it is $W h$, with a matrix $W$ of `ends` rows and `middle` columns. Batch norm scales each channel of it and moves it. So however many channels $F(x)$ has, its values at
// all places lie in a space of few dimensions. Take a small bottleneck of 32, 8 and 32 channels, untrained.
//
// **Predict, then run.** How many of the 32 directions does $F(x)$ reach, and how many does $x + F(x)$ reach?

// %%
/** How many directions the vectors span: each is freed of those before it, and counts if something is left (Gram-Schmidt). */
function spanned(vectors: readonly (readonly number[])[]): number {
  const basis: number[][] = [];
  for (const vector of vectors) {
    let rest = [...vector];
    for (const direction of basis) {
      const along = rest.reduce((sum, value, i) => sum + value * direction[i]!, 0);
      rest = rest.map((value, i) => value - along * direction[i]!);
    }
    const length = Math.hypot(...rest);
    // float32 rounds to one part in ten million; what is left of a vector in the span is of that size.
    if (length > 1e-3 * Math.hypot(...vector)) basis.push(rest.map((value) => value / length));
  }
  return basis.length;
}

// %%
const narrow = nn.cifarResNet({
  depth: 29,
  kind: "bottleneck",
  shortcut: "B",
  widths: [8, 16, 32],
  inputShape: [14, 14, 1],
  seed: 1,
});
const reached: Record<string, number> = {};
tf.tidy(() => {
  const noise = tf.randomNormal<runtime.tf.Rank.R4>([4, 14, 14, 1], 0, 1, "float32", 7);
  narrow.forward(noise, {
    training: true,
    observe(name, value) {
      const part = name.replace("stage1.unit2.", "");
      if (!["shortcut", "residual", "sum"].includes(part)) return;
      reached[part] = spanned(tf.reshape(value, [-1, 32]).arraySync() as number[][]);
    },
  });
});
narrow.dispose();
plot.table([
  { part: "x, on the shortcut", "directions of 32": reached["shortcut"]! },
  { part: "F(x), through 8 channels", "directions of 32": reached["residual"]! },
  { part: "x + F(x)", "directions of 32": reached["sum"]! },
]);

// %% tags=["claim"]
if (reached["residual"] !== 8 || reached["sum"] !== 32 || reached["shortcut"] !== 32) {
  throw new Error(`F should reach 8 directions, x and the sum all 32; got ${JSON.stringify(reached)}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// $F(x)$ reaches as many directions as the middle has channels, a quarter of them; the sum reaches all. So a bottleneck is narrow in what it *changes* and wide in what it *carries*, and it is the shortcut that carries. Without it nothing
// could pass a unit but what fits through the middle (a ReLU afterwards bends that into more directions, and brings nothing back). Plain networks can have narrow layers too, and then everything must fit through them.
//
// </details>
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
// ### How far a feature sees
//
// The **receptive field** of a feature is the square of the image that it depends on. It has a `side` in pixels, and neighbouring features have their squares a `step` of pixels apart. A pixel itself has side 1 and step 1. A layer with a kernel of side $k$ and stride $s$ reads $k$ neighbours
// of the layer below, and writes only every $s$-th place.
//
// ### Your turn: the field of one more layer
//
// From the field of the layer below, and a kernel and a stride: what are side and step of the layer's own field? The check goes through stacks of several layers.

// %%
type Field = { readonly side: number; readonly step: number };
type Window = { readonly kernel: number; readonly stride: number };

/** The field of what the layer gives, from the field `below` of what it reads. */
function afterLayer(below: Field, { kernel, stride }: Window): Field {
  return check.unwritten(below, kernel, stride);
}

const grow = await check.yourTurn(afterLayer, turns.afterLayer);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// The $k$ neighbours that it reads lie a step of `below` apart, and each sees a whole square of `below`. By how much does the outermost reach beyond the first? And how far apart are two outputs, if neighbours are $s$ places of the layer below apart?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function afterLayer(below: Field, { kernel, stride }: Window): Field {
//   return { side: below.side + (kernel - 1) * below.step, step: below.step * stride };
// }
// ```
//
// </details>

// %% [markdown]
// Now follow three networks from the image up, with your rule, through every convolution and pool of the main path.
//
// **Predict, then run.** The images have 224 pixels a side. Which of VGG-16, ResNet-18 and ResNet-50 has features that see all of it? And what makes a curve steep: more layers, or layers further up?

// %%
/** Side of the receptive field after each convolution and pool of the main path. */
function sides(architecture: Parameters<typeof nn.summarise>[0]): number[] {
  let field = { side: 1, step: 1 };
  return nn
    .summarise(architecture, { detail: "layers" })
    .rows.filter(({ name }) => !name.includes(".shortcut."))
    .flatMap(({ kind }) => {
      const window = /^(?:conv|max pool) (\d)x\d(?:\/(\d))?$/.exec(kind);
      if (!window) return [];
      field = grow(field, { kernel: Number(window[1]), stride: Number(window[2] ?? 1) });
      return [field.side];
    });
}

const seen = [nn.vggArchitecture({ depth: 16 }), architectures[0]!, architectures[2]!].map(
  (architecture) => ({
    name: architecture.name,
    y: sides(architecture),
    library: analysis.costOf(architecture).receptiveField,
  }),
);
plot.lines([...seen.map(({ name, y }) => ({ name, y })), { name: "the image", x: [1, 51], y: [224, 224] }], {
  title: "How far a feature sees",
  x: { title: "convolution or pool, counted from the image" },
  y: { title: "side of the receptive field (pixels)" },
  caption: "On the main path: projections of the shortcuts are left out.",
});

// %% tags=["claim"]
for (const { name, y, library } of seen) {
  if (y.at(-1) !== library)
    throw new Error(`${name}: your rule ends at ${y.at(-1)!}, the library at ${library}`);
}
const [vggSees, eighteenSees, fiftySees] = seen.map(({ library }) => library) as [number, number, number];
if (!(vggSees < 224 && eighteenSees > 224 && fiftySees > eighteenSees && fiftySees < 1.2 * eighteenSees)) {
  throw new Error(
    `VGG-16 should see less than the image, both ResNets more; got ${vggSees}, ${eighteenSees}, ${fiftySees}`,
  );
}
console.log(seen.map(({ name, library }) => `${name}: ${library} pixels`).join(", "));

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// VGG-16 just misses the image; both ResNets see more than all of it, and what lies outside is padding. The curves get steeper with every stride, because a 3×3 kernel adds twice the *step*, and the step doubles from stage to stage. The surprise is ResNet-50: it has nearly three times the
// layers of ResNet-18 and hardly sees further, because two of the three convolutions of a bottleneck are 1×1 and add nothing.
//
// The field is an upper bound. Pixels in its middle reach a feature by many more ways than those at its edge, so what really counts is smaller (Luo and others, below).
//
// </details>
//
// Go up layer by layer with the slider. ResNet-50 stands still most of the time. **Predict**: at which layers does it move, and by how much?

// %%
const climbed = Array.from({ length: seen[2]!.y.length }, (_, i) => i + 1);
plot.moving(
  climbed.map((layers) => ({
    label: String(layers),
    figure: plot.bars([{ name: "side", values: seen.map(({ y }) => y[Math.min(layers, y.length) - 1]!) }], {
      title: "How far a feature sees, so many layers up",
      x: { title: "network", categories: ["VGG-16", "ResNet-18", "ResNet-50"] },
      y: { title: "side of the receptive field (pixels)" },
      caption: "The image has 224 pixels a side. A network whose layers are all passed keeps its last field.",
    }),
  })),
  { slider: "convolutions and pools from the image", shown: "14" },
);

// %% tags=["claim"]
// Of ResNet-50, from the first layer of its first unit on: which layers widen the field, and by how many pixels.
const climb = seen[2]!.y;
const widened = climb.flatMap((side, i) => (i >= 2 && side > climb[i - 1]! ? [{ layer: i + 1, by: side - climb[i - 1]! }] : [])); // prettier-ignore
const everyThird = widened.every(({ layer }, k) => layer === 4 + 3 * k) && widened.length === 16;
const byStage = [...new Set(widened.map(({ by }) => by))];
if (!(everyThird && byStage.length === 4 && byStage.every((by, k) => k === 0 || by === 2 * byStage[k - 1]!)))
  throw new Error(`every third layer should widen the field, by twice as much in each stage; got ${JSON.stringify(widened)}`); // prettier-ignore

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// After the stem and its pool it moves only at the 3×3 convolution in the middle of each bottleneck, which is every third layer, and in each stage by twice as much as in the one before, because the step has doubled.
//
// </details>
//
// ### What training has to keep
//
// The backward pass needs values of the forward pass, so training keeps them until it comes back: the **activation memory**. In this library each convolution, batch norm, ReLU and addition keeps the values that it gives; an identity shortcut keeps nothing of its own.
//
// ### Your turn: what a bottleneck keeps
//
// Count the values for an image of `side` × `side` places, `ends` channels in and out, and `middle` channels between, without stride.

// %%
/** How many values a bottleneck with an identity shortcut keeps of one image of `side` × `side` places. */
function keptValues(side: number, ends: number, middle: number): number {
  return check.unwritten(side, ends, middle);
}

const kept = await check.yourTurn(keptValues, turns.keptValues);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Go along the main path in the diagram above and write down how many channels each box gives: three convolutions, three norms, three ReLUs, one addition.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function keptValues(side: number, ends: number, middle: number): number {
//   return side * side * (6 * middle + 4 * ends);
// }
// ```
//
// </details>

// %% [markdown]
// **Predict, then run.** The basic unit of 64 channels and the bottleneck of 256 cost about the same multiply-adds. Which of the two keeps more in training, and how many times as much?

// %%
const keptByBasic = 7 * places56 * 64; // conv, norm, relu, conv, norm, addition, relu: all of 64 channels
const keptByBottleneck = kept(56, 256, 64);
plot.table([
  { unit: "basic, 64 channels", "values kept": keptByBasic, "MB an image": (4 * keptByBasic) / 1e6 },
  { unit: "bottleneck, 256 channels", "values kept": keptByBottleneck, "MB an image": (4 * keptByBottleneck) / 1e6 },
]); // prettier-ignore

// %% tags=["claim"]
const keptByLibrary = analysis.costOf(architectures[2]!).rows.find(({ name }) => name === "stage1.unit2")!.activations; // prettier-ignore
if (keptByBottleneck !== keptByLibrary) {
  throw new Error(`your rule counts ${keptByBottleneck} values, the library ${keptByLibrary}`);
}
if (!(keptByBottleneck > 3 * keptByBasic && keptByBottleneck < 3.5 * keptByBasic)) {
  throw new Error(
    `a bottleneck should keep a little over three times as much; got ${keptByBottleneck / keptByBasic}`,
  );
}
console.log(`The bottleneck keeps ${(keptByBottleneck / keptByBasic).toFixed(2)} times as much.`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// The bottleneck keeps a little over three times as much. What is cheap in multiply-adds need not be cheap in memory: weights and work count *pairs* of channels, memory counts channels, and the wide ends have many.
//
// </details>
//
// ### All networks
//
// Here are all networks of the paper beside the plain one of 34 layers and the two VGG networks of the year before.

// %%
const all = [
  nn.vggArchitecture({ depth: 16 }),
  nn.vggArchitecture({ depth: 19 }),
  nn.imageNetArchitecture({ depth: 34, shortcut: "none" }),
  ...architectures,
];
analysis.costTable(all);

// %% tags=["claim"]
const [vggCosts, resNetCosts] = [all.slice(0, 2), architectures].map((list) => list.map((one) => analysis.costOf(one))) as [analysis.Cost[], analysis.Cost[]]; // prettier-ignore
const deepest = resNetCosts.at(-1)!;
const heavier = vggCosts.every(({ parameters }) => resNetCosts.every((one) => one.parameters < parameters));
const firstDense = vggCosts.map(({ rows, parameters }) => Math.max(...rows.map((row) => row.parameters)) / parameters); // prettier-ignore
if (!(heavier && firstDense.every((share) => share > 0.5)))
  throw new Error(`VGG should have the most parameters, most of them in one layer; got ${firstDense.join()}`);
if (!(deepest.multiplyAdds < vggCosts[0]!.multiplyAdds && deepest.activations > vggCosts[1]!.activations))
  throw new Error("ResNet-152 should cost fewer multiply-adds than both VGG networks, and more memory");

// %% [markdown]
// Read it row by row. The VGG networks have more parameters than any ResNet, most of them in their first dense layer; ResNets end in an average over all places instead, and need none. ResNet-152 is eight times as deep as VGG-19 and still costs less (section 4.1 gives 11.3 billion against 15.3 and 19.6).
// But look at the *memory*: it grows with the depth and the width of the activations, not with the weights, and it is what fills a GPU in training.
//
// The next cell compares with what the paper prints in Table 1, and with the parameters of the commonly published weights. Two conventions differ. The paper puts a bottleneck's stride on its first 1×1 convolution, most published
// weights on the 3×3: the parameters are the same, the multiply-adds are not. And the projections of option B cost a little, which the basic networks of the paper's first comparison (option A, its Table 2) do not have.

// %%
// ResNet paper, Table 1, last row: multiply-adds in billions, with one decimal.
const paperFlops: Record<nn.ImageNetDepth, number> = { 18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3 };
// Parameters of the published weights of torchvision: documentation of its models.
const published: Record<nn.ImageNetDepth, number> = { 18: 11_689_512, 34: 21_797_672, 50: 25_557_032, 101: 44_549_160, 152: 60_192_808 }; // prettier-ignore

const comparison = depths.map((depth) => {
  const isBasic = nn.imageNetDepths[depth].kind === "basic";
  const optionB = analysis.costOf(nn.imageNetArchitecture({ depth, strideOn: "1x1" }));
  const paper = isBasic ? analysis.costOf(nn.imageNetArchitecture({ depth, shortcut: "A" })) : optionB;
  const common = analysis.costOf(nn.imageNetArchitecture({ depth, strideOn: "3x3" }));
  return {
    layers: depth,
    parameters: optionB.parameters,
    "published parameters": published[depth],
    "multiply-adds as in the paper (10⁹)": paper.multiplyAdds / 1e9,
    "paper (10⁹)": paperFlops[depth],
    "rounds to it": (paper.multiplyAdds / 1e9).toFixed(1) === paperFlops[depth].toFixed(1),
    "as published weights have it (10⁹)": common.multiplyAdds / 1e9,
  };
});
plot.table(comparison);

// %% tags=["claim"]
for (const row of comparison) {
  if (row.parameters !== row["published parameters"]) {
    throw new Error(
      `ResNet-${row.layers} has ${row.parameters} parameters; published are ${row["published parameters"]}`,
    );
  }
  if (row["rounds to it"] === (row.layers === 50)) {
    throw new Error(
      `all but ResNet-50 should round to the printed number; ResNet-${row.layers} does otherwise`,
    );
  }
}
const cutOff = comparison.map((row) => Math.floor(10 * row["multiply-adds as in the paper (10⁹)"]) / 10);
const agreeCut = depths.filter((_, i) => cutOff[i] === comparison[i]!["paper (10⁹)"]);
if (!(agreeCut.length === 2 && agreeCut.includes(50) && cutOff.at(-1) === 11.2))
  throw new Error(`cut off, ResNet-50 and one other should agree; got ${cutOff.join()}`);
console.log("Parameters agree to the last one; four of five multiply-adds round to what the paper prints.");

// %% [markdown]
// All parameters agree to the last one. Of the multiply-adds four round to the printed decimal, and ResNet-50 does not: it should read 3.9. Cutting decimals off instead of rounding would give its 3.8, but then three of the other rows would no longer agree: 152 layers would read 11.2. The paper does not say what exactly it counts, so the difference stays open.
//
// **Where** does the cost sit? Each stage halves both sides and doubles the channels, so a layer's multiply-adds stay the same and its weights grow fourfold.
//
// **Predict** three pictures of ResNet-50: in which part do most of the multiply-adds sit, in which the parameters, in which the activation memory?

// %%
const fifty = analysis.costOf(architectures[2]!);
const places = [...stages, "head"];
const shareOf = (what: "parameters" | "multiplyAdds" | "activations") =>
  places.map((place) => {
    const rows = fifty.rows.filter(({ name }) => name.startsWith(place));
    return (100 * rows.reduce((sum, row) => sum + row[what], 0)) / fifty[what];
  });
const shares = {
  "multiply-adds": shareOf("multiplyAdds"),
  parameters: shareOf("parameters"),
  "activation memory": shareOf("activations"),
};
plot.bars(
  Object.entries(shares).map(([name, values]) => ({ name, values })),
  {
    title: "Where ResNet-50's costs sit",
    x: { title: "part", categories: [...paperNames, "head"] },
    y: { title: "share (%)" },
    caption: "The bars of one colour add up to 100 %.",
  },
);

// %% tags=["claim"]
const largestPart = (values: readonly number[]) =>
  [...paperNames, "head"][values.indexOf(Math.max(...values))]!;
const largestParts = Object.values(shares).map(largestPart);
if (largestParts.join() !== "conv4_x,conv5_x,conv2_x" || !(shares.parameters[4]! > 50)) {
  throw new Error(
    `work should be largest in conv4_x, weights in conv5_x, memory in conv2_x; got ${largestParts.join()}`,
  );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Work is largest in conv4_x, and only because that stage has the most units: a unit costs about the same everywhere. Weights sit at the end, more than half of them in the three units of conv5_x, and memory at the beginning, where images are large. So the three bills are paid in three different places:
// who wants a smaller file cuts the last stage, who runs out of memory shrinks the image or the early stages.
//
// </details>
//
// Cheap is not yet good. Does a bottleneck *learn* as well as the basic unit that it replaces? That takes long training on many images; a few small units for a few minutes would say nothing about it. The paper's answer is in its Table 3: ResNet-34 and ResNet-50 cost nearly the same.
//
// ## Table 3, read critically
//
// Table 3 gives the error on the 50,000 validation images of ImageNet, averaged over ten crops of each. Each row is **one** trained network.
//
// A count of mistakes among $n$ images has a standard error of $\sqrt{p (1 - p) / n}$, as in chapter 00. Two networks are compared by the *difference* of their errors. If they were judged on separate images, the variances would add. On the *same* images hard images are hard for both, so the true standard error is
// smaller by an amount that the table does not tell: what you compute here is the cautious side. Chance in *training*, another seed, comes on top, and one run says nothing about it.
//
// ### Your turn: a difference in standard errors
//
// From two error rates in percent and the number of images: how many standard errors of their difference lie between them, as if the images were separate ones? Each error has a variance of its own: do not pool the two into one rate.

// %%
/** How many standard errors two error rates, in percent on `images` images each, lie apart: above 0 if the second is lower. */
function standardErrorsApart(first: number, second: number, images: number): number {
  return check.unwritten(first, second, images);
}

const apartBy = await check.yourTurn(standardErrorsApart, turns.standardErrorsApart);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// What is the variance of each error, as a share of the images? What is the variance of a difference of two independent numbers?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function standardErrorsApart(first: number, second: number, images: number): number {
//   const variance = (percent: number) => ((percent / 100) * (1 - percent / 100)) / images;
//   return (first - second) / 100 / Math.sqrt(variance(first) + variance(second));
// }
// ```
//
// </details>

// %% [markdown]
// **Predict, then run.** Which steps down the table are more than two such standard errors apart?

// %%
// ResNet paper, Table 3: top-1 and top-5 error in percent.
const table3: Record<string, { top1: number; top5: number }> = {
  "VGG-16": { top1: 28.07, top5: 9.33 },
  "plain-34": { top1: 28.54, top5: 10.02 },
  "ResNet-34 A": { top1: 25.03, top5: 7.76 },
  "ResNet-34 B": { top1: 24.52, top5: 7.46 },
  "ResNet-34 C": { top1: 24.19, top5: 7.4 },
  "ResNet-50": { top1: 22.85, top5: 6.71 },
  "ResNet-101": { top1: 21.75, top5: 6.05 },
  "ResNet-152": { top1: 21.43, top5: 5.71 },
};
const images = 50_000;
const samplingError = (percent: number) => 100 * Math.sqrt(((percent / 100) * (1 - percent / 100)) / images);
const groups = {
  "VGG-16": { "VGG-16": 16 },
  "plain-34": { "plain-34": 34 },
  "ResNet-34 A, B, C": { "ResNet-34 A": 33, "ResNet-34 B": 34, "ResNet-34 C": 35 }, // side by side
  "ResNet-50, 101, 152": { "ResNet-50": 50, "ResNet-101": 101, "ResNet-152": 152 },
};

// %%
plot.scatter(
  Object.entries(groups).map(([name, members]) => {
    const top1 = Object.keys(members).map((member) => table3[member]!.top1);
    return {
      name,
      x: Object.values(members),
      y: top1,
      errors: top1.map((error) => 2 * samplingError(error)),
    };
  }),
  {
    title: "Table 3 of the ResNet paper",
    x: { title: "layers with weights", scale: "log" },
    y: { title: "top-1 error (%)", range: [20, 30] },
    caption:
      "Whiskers are two standard errors of a count among 50,000 images. They do not include chance in training. The three options of 34 layers stand side by side.",
  },
);

// %%
const steps = [
  ["plain-34", "ResNet-34 A"],
  ["ResNet-34 A", "ResNet-34 B"],
  ["ResNet-34 B", "ResNet-34 C"],
  ["ResNet-34 B", "ResNet-50"],
  ["ResNet-50", "ResNet-101"],
  ["ResNet-101", "ResNet-152"],
] as const;
const verdicts = steps.map(([from, to]) => {
  const [a, b] = [table3[from]!, table3[to]!];
  return {
    step: `${from} → ${to}`,
    "gain, top-1 (points)": a.top1 - b.top1,
    "in standard errors": apartBy(a.top1, b.top1, images),
    "gain, top-5 (points)": a.top5 - b.top5,
    "in standard errors ": apartBy(a.top5, b.top5, images),
  };
});
plot.table(verdicts);

// %% tags=["claim"]
const beyond = (bound: number) =>
  verdicts.map(
    (row) => `${row["in standard errors"] > bound ? 1 : 0}${row["in standard errors "] > bound ? 1 : 0}`,
  );
// 2.87: the normal quantile for twelve comparisons that together raise a false alarm in 5 % of tables (Bonferroni).
if (beyond(2).join() !== "11,00,00,11,11,01" || beyond(2.87).join() !== "11,00,00,11,11,00") {
  throw new Error(`the verdicts below are others: ${beyond(2).join()} and ${beyond(2.87).join()}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Three steps stand far above this noise by both errors: the shortcuts, the bottlenecks, and from 50 to 101 layers. From option A to B and from B to C do not. The last step, from 101 to 152 layers, is the surprise: within two standard errors by top-1, a little beyond by top-5, because fewer mistakes have a
// smaller sampling error.
//
// Is that last one then real? The table holds twelve comparisons. If none of them were real, one or more would still pass two standard errors by chance in almost half of such tables (all twelve independent: $1 - 0.954^{12} \approx 0.43$). Whoever asks twelve questions must ask for more of each. Bonferroni's rule divides $5\,\%$
// by twelve, which takes $2.87$ standard errors, and the last step no longer passes; the three steps named first still do, by far.
//
// A step within the noise is not shown to be nothing: *this table* is weak evidence for it. The paper's own conclusion about A, B and C ("small differences", section 4.1) is of just this strength. Chapter 06 has a page on how to compare two networks.
//
// </details>
//
// Two more things to ask of such a table. Is the same protocol used in all rows? (Ten crops here; single-crop errors are higher, and the two are often mixed up.) Were choices made on these very validation images? (If so, all of these errors are a little too good.)
//
// ## Weights from PyTorch
//
// Trained weights exist for all these networks, most of them in PyTorch. To use them three things must be translated:
//
// - **names**: `layer2.0.conv1.weight` there is `stage2.unit1.conv1.weight` here;
// - **layout**: PyTorch keeps a kernel as `[out, in, k, k]`, TensorFlow as `[k, k, in, out]`, and a dense layer transposed;
// - **meaning**: the same shapes can compute different things.
//
// The third is the trap. Nothing complains when a bottleneck's stride stands on the other convolution, when padding is on one side only (chapter 03), or when a normalisation adds another $\varepsilon$: the logits are then merely wrong. So an import is tested by logits that the *other* library computed.
// The library's repository holds a file that PyTorch wrote, a narrow ResNet-20 with random weights, and what PyTorch's network made of an image. First the translation of one of its units:

// %%
const small = nn.cifarResNet({ depth: 20, widths: [4, 8, 16], shortcut: "A-around", seed: 3 });
const asTorch: nn.TorchTensors = await nn.torchTensors(small);
plot.table(
  small
    .variables()
    .filter(({ name }) => /^stage2\.unit1\.(conv2|norm2)|^head/.test(name))
    .map(({ name, variable }) => ({
      here: name,
      shape: `[${variable.shape.join(", ")}]`,
      "in PyTorch": nn.torchName(name),
      "its shape": `[${asTorch.get(nn.torchName(name))!.shape.join(", ")}]`,
    })),
);

// %% [markdown]
// Now the file. The image is made by a formula on both sides, so that nothing else has to be handed over.

// %%
await nn.loadTorchWeights(small, "../lib/nn/torch/resnet-20.th");
// [1, C, H, W] as PyTorch keeps images, and transposed to [1, H, W, C].
const numbers = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => ((37 * i) % 101) / 64 - 0.75);
const picture = tf.transpose<runtime.tf.Tensor4D>(tf.tensor4d(numbers, [1, 3, 32, 32]), [0, 2, 3, 1]);
const logits = [...(await small.forward(picture, { training: false }).data())];
// What PyTorch gave for it: lib/nn/torch/logits.safetensors, made by make_checkpoint.py beside it; five decimals.
const fromPyTorch = [0.17831, 0.35886, 0.08463, -0.00572, 0.13117, -0.49761, -0.51858, 0.28283, -0.02009, 0.06422]; // prettier-ignore
const farthest = Math.max(...logits.map((logit, i) => Math.abs(logit - fromPyTorch[i]!)));
if (!(farthest < 1e-4)) throw new Error(`the logits should be PyTorch's; one is ${farthest} off`);
console.log(`The logits are PyTorch's: the farthest of ten is ${farthest.toExponential(0)} off.`);

// %% [markdown]
// And the trap: a bottleneck network and its wrong twin, with the stride on the 1×1 convolution. All names and shapes are the same.
//
// **Predict, then run.** If the weights are copied by name, do the logits differ, and by how much beside their own size? What does the import say?

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
const [source, twin] = [tiny("3x3", 1), tiny("1x1", 2)];
const { differentShape } = nn.copyWeights(source, twin);
const pictures = tf.randomNormal<runtime.tf.Rank.R4>([4, 64, 64, 3], 0, 1, "float32", 5);
const [right, wrong] = [source, twin].map((network) => network.forward(pictures, { training: false }).dataSync()) as [Float32Array, Float32Array]; // prettier-ignore
const size = Math.hypot(...right);
const off = Math.hypot(...right.map((logit, i) => logit - wrong[i]!)) / size;
console.log(
  `${differentShape.length} tensors of another shape; the twin's logits are off by ${(100 * off).toFixed(0)} % of their size`,
);
if (!(differentShape.length === 0 && off > 0.1))
  throw new Error("the twin should take all weights and be wrong");

// %% tags=["raises-exception"]
await nn.loadTorchWeights(twin, await nn.torchTensors(source));

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Not one shape differs, nothing complains, and the logits are off by more than a tenth of their size: too little to look broken, although every prediction is made by another network than the one that was trained. The import refuses the twin, because it knows where PyTorch's bottlenecks have their stride. It cannot know everything: whoever imports weights should compare logits, as above, or the accuracy on known images.
//
// </details>
//
// Published weights are read in the same way, `await nn.loadTorchWeights(network, "resnet50.pth")`, or from a safetensors file. A `.pth` file is a pickle, a program that Python would run; the reader here runs nothing: it knows what tensors need, passes over other values, and refuses by name what would have to be called. The course ships no weights trained on ImageNet, and none of its cells needs them; `npm run data -- resnet-18` fetches some.
//
// ## What a trained ResNet says of a photograph
//
// Seven photographs come with the course, public domain or CC0 ([sources](../datasets/photographs/README.md)). The network is torchvision's ResNet-18 with ImageNet's 1,000 classes, where its weights have been fetched; the outputs on this page are those of the course's own **ResNet-20**. It was trained for
// 15 epochs on 32×32 JPEG copies of CIFAR-10's images and knows ten classes; its weights are [rounded to 16 bits](../datasets/resnet-20/README.md). Of the seven photographs only two show one of the ten: the cat, and the moose, which is a deer.
//
// The upper rows show the photographs, the lower ones what is left of them at the size that the network takes.

// %%
const trained = await nn.trainedResNet();
const photographs = await data.photographs();
console.log(`${trained.name}: ${trained.about}`);
const shownAt = [...photographs, ...photographs.map((one) => data.square(one, trained.side))];
plot.imageGrid(
  {
    images: Uint8Array.from(shownAt.flatMap((one) => [...data.square(one, 64).pixels])),
    imageShape: [64, 64, 3],
  },
  {
    title: `Seven photographs, and as ${trained.name} gets them`,
    columns: 7,
    captions: [...photographs, ...photographs].map(({ name }) => name),
  },
);

// %% [markdown]
// ### Your turn: the input
//
// A network must get its images as in training: a byte of 0 to 255 scaled to 0 to 1, less its channel's mean, divided by its channel's standard deviation, both of the training images. The bytes go row by row and pixel by pixel: red, green, blue, red, green, blue. Write that step. No error message will ever tell you that it is wrong.

// %%
/** The numbers that a network takes, from the bytes of a picture: three channels, pixel by pixel. */
function asInput(pixels: Uint8Array, mean: readonly number[], std: readonly number[]): Float32Array {
  return check.unwritten(pixels, mean, std);
}

const toInput = await check.yourTurn(asInput, turns.asInput);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Which channel does the byte at place `i` belong to?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function asInput(pixels: Uint8Array, mean: readonly number[], std: readonly number[]): Float32Array {
//   return Float32Array.from(pixels, (byte, i) => (byte / 255 - mean[i % 3]!) / std[i % 3]!);
// }
// ```
//
// </details>

// %% [markdown]
// **Predict, then run.** Five photographs show something that ResNet-20 has no class for. Does it spread its probability evenly over the ten? And does it know the other two?

// %%
const { mean, std } = trained.statistics;
/** Softmax of the logits for one image of the network's size. */
function probabilitiesOf(model: nn.Model, input: Float32Array): number[] {
  return tf.tidy(() => {
    const x = tf.tensor4d(input, [1, trained.side, trained.side, 3]);
    return [...tf.softmax(model.forward(x, { training: false })).dataSync()];
  });
}
const bestOf = (probabilities: readonly number[], count: number) =>
  probabilities
    .map((share, at) => ({ name: trained.classes[at]!, percent: 100 * share }))
    .sort((a, b) => b.percent - a.percent)
    .slice(0, count);
const inputs = photographs.map((one) => toInput(data.square(one, trained.side).pixels, mean, std));
const topFive = inputs.map((input) => bestOf(probabilitiesOf(trained.network, input), 5));

// %%
const named = [...new Set(topFive.flatMap((best) => best.map(({ name }) => name)))];
plot.moving(
  photographs.map(({ name }, i) => ({
    label: name,
    figure: plot.bars(
      [
        {
          name: "probability",
          values: named.map((one) => topFive[i]!.find(({ name }) => name === one)?.percent ?? 0),
        },
      ],
      {
        title: `The five likeliest classes, by ${trained.name}`,
        x: { title: "class", categories: named },
        y: { title: "probability (%)", range: [0, 100] },
        caption: "Classes that are among the five likeliest of no photograph are left out.",
      },
    ),
  })),
  { slider: "photograph", shown: "rocket" },
);

// %% tags=["claim"]
// What the text below says is of the course's own network.
if (trained.name === "resnet-20") {
  const first = Object.fromEntries(photographs.map(({ name }, i) => [name, topFive[i]![0]!]));
  const known = photographs.filter(({ cifarClass }) => cifarClass !== undefined);
  if (!known.every(({ name, cifarClass }) => first[name]!.name === cifarClass))
    throw new Error(`cat and moose should be known; got ${JSON.stringify(first)}`);
  if (!(first["rocket"]!.name === "ship" && first["rocket"]!.percent > first["cat"]!.percent))
    throw new Error(`the rocket should be a ship, and surer than the cat; got ${JSON.stringify(first)}`);
  const unknown = photographs.filter(({ cifarClass }) => cifarClass === undefined);
  if (!unknown.every(({ name }) => first[name]!.percent > 30))
    throw new Error(`each unknown thing should get a class over 30 %; got ${JSON.stringify(first)}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// It knows the cat and the deer. But it does not spread its probability over the others: each gets some class with at least three times an even share, and the rocket is a *ship*, with more confidence than the cat is a cat. Softmax shares everything among the classes that there are, and none of them is *something else*.
// So a high probability says "this class rather than the other nine", and not "I have seen this before". Seven photographs are no test set: they show what can happen, and not how often.
//
// </details>
//
// **Predict, then run.** Now give the cat's bytes to the network in wrong ways. Which of them does it survive?

// %%
const catBytes = data.square(photographs[0]!, trained.side).pixels;
const ways: Record<string, Float32Array> = {
  "as in training": inputs[0]!,
  "0 to 1, not normalised": Float32Array.from(catBytes, (byte) => byte / 255),
  "-1 to 1": Float32Array.from(catBytes, (byte) => byte / 127.5 - 1),
  "bytes as they are": Float32Array.from(catBytes),
  "blue, green, red": toInput(
    Uint8Array.from(catBytes, (_, i) => catBytes[i + 2 - 2 * (i % 3)]!),
    mean,
    std,
  ),
};
const afterEach = Object.entries(ways).map(([way, input]) => {
  const best = bestOf(probabilitiesOf(trained.network, input), 2);
  return {
    "the cat's bytes": way,
    first: best[0]!.name,
    "%": best[0]!.percent,
    second: best[1]!.name,
    "% ": best[1]!.percent,
  };
});
plot.table(afterEach);

// %% tags=["claim"]
if (trained.name === "resnet-20") {
  const firsts = afterEach.map(({ first }) => first);
  if (firsts[0] !== "cat" || firsts.slice(1).includes("cat") || !(afterEach[3]!["%"] > 99))
    throw new Error(`only the right way should give the cat; got ${JSON.stringify(afterEach)}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// None. Each wrong way gives another class, without a word, and the worst of them, the raw bytes, is the surest, because inputs that are a hundred times too large make logits that are far apart.
//
// </details>
//
// ### What each unit adds
//
// A unit adds $F(x)$ to what comes along its shortcut. For the cat: how large is $F(x)$ beside the stream? What becomes of the cat if the head reads the stream early, all later branches taken away? And if just one is taken away? (The shortcuts stay, with option A's zeros where a stage begins.)
//
// **Predict, then run.** At which unit does the answer become a cat? Is there a branch without which it is none, and is that an early one or a late one?

// %%
const unitNames = trained.network.units.map(({ name }) => name);
const norms = new Map<string, number>();
const maps = new Map<string, runtime.tf.Tensor>();
tf.tidy(() => {
  const x = tf.tensor4d(inputs[0]!, [1, trained.side, trained.side, 3]);
  trained.network.forward(x, {
    training: false,
    observe(name, value) {
      if (/\.(shortcut|residual)$/.test(name)) norms.set(name, tf.norm(value).dataSync()[0]!);
      if (name === "stem" || unitNames.includes(name)) maps.set(name, tf.keep(value.clone()));
    },
  });
});
const catAt = trained.classes.findIndex((name) => name === topFive[0]![0]!.name);
const catShare = (without: readonly string[]) =>
  100 * probabilitiesOf(analysis.withoutUnits(trained.network, without), inputs[0]!)[catAt]!;
const readEarly = unitNames.map((_, i) => catShare(unitNames.slice(i + 1)));
const oneAway = unitNames.map((name) => catShare([name]));
const ratios = unitNames.map((name) => norms.get(`${name}.residual`)! / norms.get(`${name}.shortcut`)!);

// %%
plot.bars([{ name: "ratio", values: ratios }], {
  title: "What each unit adds to the cat's stream",
  x: { title: "unit", categories: unitNames.map((name) => name.replace("stage", "").replace("unit", "")) },
  y: { title: "norm of F(x) over that of x" },
  caption: "Stage and unit. At 1 the branch is as large as what comes along the shortcut.",
});

// %%
plot.lines(
  [
    { name: "read after this unit", y: readEarly },
    { name: "this branch taken away", y: oneAway },
  ],
  {
    title: `The probability of ${trained.classes[catAt]!}`,
    x: { title: "unit, counted from the image" },
    y: { title: "probability (%)", range: [0, 100] },
    caption: "One photograph, the cat. Whole, the network says what the first line ends at.",
  },
);

// %% tags=["claim"]
if (trained.name === "resnet-20") {
  const harmless = oneAway.filter((percent) => percent > 50).length;
  if (!(readEarly[5]! < 50 && readEarly[6]! > 50 && oneAway[0]! < 5 && oneAway[1]! < 5 && harmless === 6))
    throw new Error(`the text below is of other numbers: ${readEarly.join()} and ${oneAway.join()}`);
  if (!(ratios[0]! > 1 && ratios.slice(6).every((ratio) => ratio > 1)))
    throw new Error(
      `the first branch and those of the last stage should exceed the stream: ${ratios.join()}`,
    );
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Read early, the stream passes one half only with the seventh unit, the first of the last stage: the head was trained on the end of the stream, and option A's zeros leave most of its channels empty before. Taking one branch away is another question, and has another answer: six of nine can be missed, and the cat stays over one half. The *first two* cannot. Without either of them next to nothing is left, because all later
// units were trained on what these write. That the branches of the last stage are larger than the stream and each can be missed says that size is not importance. It is one photograph; [chapter 09](09-why-does-it-work.ipynb) does this on many.
//
// </details>
//
// What do channels look like on the way? Below are the first six of each, after the stem and at the end of each stage.
//
// **Predict, then run.** Up to where can you still find the eyes?

// %%
const depthsShown = ["stem", ...unitNames.filter((_, i) => unitNames[i + 1]?.slice(0, 6) !== unitNames[i]!.slice(0, 6))]; // prettier-ignore
const tiles = depthsShown.flatMap((name) => {
  const [, height = 1, width = 1, channels = 1] = maps.get(name)!.shape;
  const values = maps.get(name)!.dataSync();
  return Array.from({ length: 6 }, (_, channel) => {
    const one = Array.from({ length: height * width }, (_, i) => values[i * channels + channel]!);
    const [low, high] = [Math.min(...one), Math.max(...one)];
    return Uint8Array.from({ length: 32 * 32 }, (_, i) => {
      const [y, x] = [Math.floor((Math.floor(i / 32) * height) / 32), Math.floor(((i % 32) * width) / 32)];
      return (255 * (one[y * width + x]! - low)) / (high - low || 1);
    });
  });
});
const sidesShown = depthsShown.map((name) => maps.get(name)!.shape[1]!);
tf.dispose([...maps.values()]);
plot.imageGrid(
  { images: Uint8Array.from(tiles.flatMap((tile) => [...tile])), imageShape: [32, 32, 1] },
  {
    title: "The cat on its way",
    columns: 6,
    captions: depthsShown.flatMap((name) => Array.from({ length: 6 }, () => name.split(".")[0]!)),
    caption: "Each channel from its least value, black, to its largest.",
  },
);

// %% tags=["claim"]
if (trained.name === "resnet-20" && sidesShown.join() !== "32,32,16,8")
  throw new Error(`the last stage should have 8×8 places and the first 32×32; got ${sidesShown.join()}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// After the stem, and in some channels at the end of the first stage. These channels are still pictures, of edges and of light and dark, with as many places as the picture that the network got has pixels. At the end of the last stage ResNet-20 has 8×8 places, and a channel says *where* something is, no longer what it looks like.
// That is what eyes see in one picture and six channels; no cell measures it.
//
// </details>
//
// A photograph of your own: save it as PNG and give its bytes to `data.pictureFrom`.
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
// | a bottleneck and a basic unit cost about the same | section 4.1, Figure 5 | *The bottleneck*: yes, a little less |
// | 1.8, 3.6, 3.8, 7.6, 11.3 billion multiply-adds | Table 1 | *Table 1, rebuilt*: four of five round to it, 50 layers do not |
// | ResNet-152 costs less than VGG-16 and VGG-19 (11.3 against 15.3 and 19.6 billion) | section 4.1 | the cost table: yes |
// | errors from 25.03 % (34 A) down to 21.43 % (152) | Table 3 | not run: ImageNet's training images are not part of the course |
//
// ## What this chapter shows, and what it does not
//
// - **It shows** what each network costs, by counting with rules that you wrote; that the parameters are those of the published weights; that a bottleneck changes few directions and carries all; and that weights from PyTorch give PyTorch's logits.
// - **It does not show** the accuracy of any ImageNet network. That takes 1.28 million images and up to 600,000 steps of 256 of them (ResNet paper, sections 3.4 and 4.1). Numbers in Table 3 are the paper's.
// - **The network for photographs** is small, was trained briefly on 32×32 images, and was shown seven pictures: it teaches how to use a trained network and look inside, and says nothing about how good ResNets are.
// - **Multiply-adds are not seconds.** A 1×1 convolution does less with each number that it loads than a 3×3, so a bottleneck tends to run slower than its count says; nothing here timed it. Measure when time is what you care about.
// - **Not known**: whether 152 layers are better than 101 *in general*. Each is one run, and the gain is within what twelve comparisons bring by chance.
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
// 2. From which unit of ResNet-18 and of ResNet-50 on does a feature see all of the image? What do the units after it add, if not sight? (Easy, 10 minutes.)
// 3. Design a network of at most 4 billion multiply-adds with the most layers that you can. What limits you? (Medium, 25 minutes.)
// 4. Make the middle of the small bottleneck 4 or 16 channels wide and count its directions again. What if batch norm's shifts are not 0? (Medium, 15 minutes.)
// 5. Fetch real weights, `npm run data -- resnet-18`, run the section on photographs again, and classify a photograph of yours. Which of the seven has no class among ImageNet's 1,000 either? (Medium, 30 minutes, needs a download.)
//
// ## Where to read on
//
// - The ResNet paper, section 4.1, and the paragraph *Deeper Bottleneck Architectures*.
// - Luo, Li, Urtasun and Zemel: *Understanding the Effective Receptive Field in Deep Convolutional Neural Networks*, 2016, [arXiv:1701.04128](https://arxiv.org/abs/1701.04128): how much of the field really counts.
// - Simonyan and Zisserman: *Very Deep Convolutional Networks*, 2014, [arXiv:1409.1556](https://arxiv.org/abs/1409.1556): VGG.
// - Bouthillier and others: *Accounting for Variance in Machine Learning Benchmarks*, 2021, [arXiv:2103.03098](https://arxiv.org/abs/2103.03098): what a single run hides.
// - Recht and others: *Do ImageNet Classifiers Generalize to ImageNet?*, 2019, [arXiv:1902.10811](https://arxiv.org/abs/1902.10811): new test images, and what became of the ranking.
//
// The next chapter returns to small images, and to depths that nobody had trained before.
