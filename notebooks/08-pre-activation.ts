// %% [markdown]
// # 08 Pre-activation
//
// A residual unit adds its input to what it computed. What comes right after that addition, and what stands on the shortcut, decides whether a signal can pass a thousand units unharmed. This chapter
// takes the five orders of the same few parts, tells them apart by measurement, and finds one question that the elegant theory does not answer.
//
// **When you are through you can**
// - name $h$ and $f$ of any residual unit, and write one function that runs all five orders;
// - say for which units $x_L = x_l + \sum F$ and its gradient are exact, and show it up to the rounding of the additions;
// - carry the gradient back through one unit, and say what $f$ cuts from it;
// - predict how the signal grows with depth in each order, and why;
// - judge a ranking of five designs by its pairs of seeds;
// - build a network of 1001 layers, and train it for one step.
//
// **Time.** Reading and writing: 50 minutes. Running: a few minutes on two CPU cores; the long cell shows how much is left. The next cell says what this machine computes with.
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
// ### Your turn: one function for five orders
//
// If an order is data, one function runs them all. `apply` does one operation of the residual or of $f$; called again, it does the next one of that kind, since a unit has two convolutions with weights of their own: so call it once for each operation, in the order in which they happen. `add` adds. The two are handed over, so that the same function serves numbers and tensors. The check writes
// Figure 4 out by hand and compares.

// %%
import { turns } from "./turns/08";

type Apply<X> = (operation: nn.Operation, x: X) => X;

/** One unit in the given order, from x to its output: x, plus what `each` and `last` make of x, and then `afterAddition`. */
function unitForward<X>(x: X, order: nn.UnitOrder, apply: Apply<X>, add: (a: X, b: X) => X): X {
  return check.unwritten(x, order, apply, add);
}

const forwardOf = await check.yourTurn(unitForward, turns.unitForward);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Follow the equations: first $F(x)$, operation by operation, then $y = x + F(x)$, then $f(y)$. Which list of the order belongs to which?
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function unitForward<X>(x: X, order: nn.UnitOrder, apply: Apply<X>, add: (a: X, b: X) => X): X {
//   let residual = x;
//   for (const operation of [...order.each, ...order.last]) residual = apply(operation, residual);
//   let y = add(x, residual);
//   for (const operation of order.afterAddition) y = apply(operation, y);
//   return y;
// }
// ```
//
// </details>

// %% [markdown]
// Does it compute what the library's units compute? Here it runs on tensors, with the layers of a real unit in turn.

// %%
type Tensor = runtime.tf.Tensor;
const { tf } = runtime;
for (const order of orders) {
  const one = nn.cifarResNet({ ...common, depth: 20, order, seed: 1 });
  const { unit } = one.units.find(({ name }) => name === "stage1.unit2")!;
  const layers = [...Object.values(unit.residual.parts), ...Object.values(unit.afterAddition.parts)];
  const apply = (_: nn.Operation, x: Tensor) => layers.shift()!.forward(x, { training: true });
  const apart = tf.tidy(() => {
    const x = tf.randomNormal([4, 14, 14, 8], 0, 1, "float32", 3);
    const yours = forwardOf<Tensor>(x, nn.unitOrders[order], apply, (a, b) => tf.add(a, b));
    return tf.max(tf.abs(tf.sub(yours, unit.forward(x, { training: true })))).dataSync()[0]!;
  });
  one.dispose();
  if (apart > 1e-6) throw new Error(`${order}: the function is ${apart} off the library's unit`);
}
console.log("One function gives what the library's units give, in all five orders.");

// %% [markdown]
// ## From after to before
//
// Where does (e) come from? Start with (a). The activation $f$ after the addition acts on *both* ways of the next unit:
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
// ### Your turn: how far off the sum is
//
// Write the measure that `forwardSum` uses: the norm of $x_L - (x_l + \sum F)$ as a part of $\lVert x_l \rVert + \lVert \sum F \rVert$. All arguments hold as many numbers.

// %%
/** ‖x_L - (x_l + ΣF)‖ / (‖x_l‖ + ‖ΣF‖), with x_l, the residuals of all units on the way, and x_L. */
function sumError(
  x: ArrayLike<number>,
  residuals: readonly ArrayLike<number>[],
  end: ArrayLike<number>,
): number {
  return check.unwritten(x, residuals, end);
}

const offBy = await check.yourTurn(sumError, turns.sumError);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// Add the residuals up number by number first. Then three norms, and one division.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function sumError(
//   x: ArrayLike<number>,
//   residuals: readonly ArrayLike<number>[],
//   end: ArrayLike<number>,
// ): number {
//   let [difference, ofX, ofSum] = [0, 0, 0];
//   for (let i = 0; i < x.length; i++) {
//     const sum = residuals.reduce((total, residual) => total + residual[i]!, 0);
//     difference += (end[i]! - (x[i]! + sum)) ** 2;
//     ofX += x[i]! ** 2;
//     ofSum += sum ** 2;
//   }
//   return Math.sqrt(difference) / (Math.sqrt(ofX) + Math.sqrt(ofSum));
// }
// ```
//
// </details>

// %% [markdown]
// **Predict, then run.** For which of the five orders do the two identities hold? And does exactness go with the paper's error?

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

// %%
/** Your measure on the first stage of a network: from the input of its first unit to the output of its third. */
function yoursOn(one: nn.Network): number {
  const seen: Record<string, Float32Array> = {};
  tf.tidy(() =>
    one.forward(batch.images, {
      training: true,
      observe(name, value) {
        const [unit, part] = [name.slice(0, 12), name.slice(13)];
        if (!unit.startsWith("stage1.unit")) return;
        if (name === "stage1.unit1.shortcut") seen["start"] = value.dataSync<"float32">();
        if (part === "residual") seen[unit] = value.dataSync<"float32">();
        if (unit === "stage1.unit3") seen["end"] = value.dataSync<"float32">(); // the last that is seen of it
      },
    }),
  );
  const residuals = [1, 2, 3].map((k) => seen[`stage1.unit${k}`]!);
  return offBy(seen["start"]!, residuals, seen["end"]!);
}

// %%
const exactness: {
  order: nn.UnitOrderName;
  forward: analysis.IdentityReport;
  backward: analysis.IdentityReport;
  yours: number;
}[] = [];
for (const order of orders) {
  const one = network(order, 20);
  const forward = await analysis.forwardSum(one, batch.images);
  const backward = await analysis.backwardOne(one, batch.images, batch.labels);
  exactness.push({ order, forward, backward, yours: yoursOn(one) });
  one.dispose();
}
const off = (error: number) => error.toExponential(0);
plot.table(
  exactness.map(({ order, forward, backward, yours }) => ({
    order,
    f: fOf(order),
    "first stage, by your measure": off(yours),
    "sum off by": off(forward.error),
    "sum holds": forward.holds,
    "one off by": off(backward.error),
    "one holds": backward.holds,
    "paper's error, 110 layers (%)": paper[order]["ResNet-110"].toFixed(2),
  })),
  { title: "Equations 4 and 5 in five untrained networks of 20 layers" },
);

// %% tags=["claim"]
for (const { order, forward, backward, yours } of exactness) {
  if (Math.abs(yours - forward.rows[0]!.error) > 1e-6)
    throw new Error(`${order}: your measure gives ${yours}, the library ${forward.rows[0]!.error}`);
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
// Three orders are exact, because their $f$ is the identity, and two are off by half of the terms' size or more. The surprise is in the last column: (c) is exact, and the second worst of the five; (a) is not, and beats it. So an exact sum is *not* what makes an order good. It is what lets
// signals pass; whether they are worth passing is another matter.
//
// </details>
//
// ### And h?
//
// Put a projection on every shortcut (option C of the ResNet paper), and keep the best order:

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
// - **(b)** Batch norm after the addition sets the size anew in every unit: hardly any growth.
//
// **Predict**: how fast do (a) and (d) grow? In (d) each residual ends with batch norm; in (a) it does too, but a ReLU cuts the sum.

// %%
const units = 18;
/** Of all numbers in x, at each unit of the first stage of 110 layers: root mean square, mean and standard deviation. */
function sizesOf(order: nn.UnitOrderName) {
  const [rms, means, deviations]: [number[], number[], number[]] = [[], [], []];
  const deep = network(order, 110);
  tf.tidy(() =>
    deep.forward(batch.images, {
      training: true,
      observe(name, value) {
        if (!/^stage1\.unit\d+\.shortcut$/.test(name)) return; // what stands on the shortcut is x itself
        let [sum, squares] = [0, 0];
        for (const x of value.dataSync<"float32">()) {
          sum += x;
          squares += x ** 2;
        }
        const [mean, square] = [sum / value.size, squares / value.size];
        rms.push(Math.sqrt(square));
        means.push(mean);
        deviations.push(Math.sqrt(square - mean ** 2));
      },
    }),
  );
  deep.dispose();
  return { order, rms, means, deviations };
}
const growth = orders.map(sizesOf);

// %%
const start = growth.at(-1)!.rms[0]!;
// At an image's edge a 3×3 kernel reads zeros: along each axis 2 of 14·3 reads are outside.
const border = (1 - 2 / (14 * 3)) ** 2;
plot.lines(
  [
    ...growth.map(({ order, rms }) => ({ name: `${paper[order].figure} ${order}`, y: rms })),
    { name: "law: squares add", y: Array.from({ length: units }, (_, l) => Math.sqrt(start ** 2 + l)) },
    {
      name: "the same, with padding",
      y: Array.from({ length: units }, (_, l) => Math.sqrt(start ** 2 + border * l)),
    },
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
const law = Math.sqrt(start ** 2 + units - 1);
const overLaw = (order: nn.UnitOrderName) => grown(order).at(-1)! / law;
const gains = Object.fromEntries(orders.map((order) => [order, grown(order).at(-1)! / grown(order)[0]!]));
const [a, d, e] = [overLaw("original"), overLaw("reluOnlyPreActivation"), overLaw("preActivation")];
if (!(gains["reluBeforeAddition"]! > 1.5 * gains["preActivation"]! && gains["normAfterAddition"]! < 1.5)) {
  throw new Error(`(c) should grow most and (b) hardly; got ${JSON.stringify(gains)}`);
}
if (!(Math.abs(d - 1) < 0.03 && e > 0.8 && e < 0.98 && a > 0.8 && a < 0.98)) {
  throw new Error(`(d) should lie on the law, (a) and (e) a little below; got ${d}, ${a}, ${e} of it`);
}
console.log(
  `last unit of the stage, over the law: (a) ${a.toFixed(2)}, (d) ${d.toFixed(2)}, (e) ${e.toFixed(2)}; the padding alone would give ${(Math.sqrt(start ** 2 + border * (units - 1)) / law).toFixed(2)}`,
);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// (d) lies on the law, although the law was derived for (e): its residuals end with batch norm, which sets their mean square to exactly 1. (e) itself ends about a tenth below, because its residuals end with a convolution, and at the edge of the image a kernel reads zeros: that takes about half of what is missing. What makes up the
// rest this one draw of the weights does not tell; the law says "about". (c) grows most by far and nearly in a straight line, because means add. (b) hardly grows.
//
// And (a)? It ends about where (e) does, by another way: the ReLU cuts what is below zero, which takes some of the size, and less in each unit, because the sum drifts upwards with every cut.
//
// </details>
//
// So sizes can grow in two ways: all numbers drift to one side, or they spread. The next figure takes the same signals apart into their mean and their standard deviation, whose squares add up to that of the size. **Predict**, before you go through the orders: which of the five drift?

// %%
plot.moving(
  growth.map(({ order, means, deviations }) => ({
    label: paper[order].figure.slice(2),
    figure: plot.lines(
      [
        { name: "standard deviation", y: deviations },
        { name: "mean", y: means },
      ],
      {
        title: "Drift and spread of the signal, before training",
        x: { title: "unit, counted from the images" },
        y: { title: "over all numbers in x" },
        caption: "The first stage of 110 layers; 64 images, all places and all channels together.",
      },
    ),
  })),
  { slider: "order", shown: "(e)" },
);

// %% tags=["claim"]
const drift = Object.fromEntries(growth.map(({ order, means }) => [order, Math.abs(means.at(-1)!)]));
const spread = Object.fromEntries(growth.map(({ order, deviations }) => [order, deviations.at(-1)!]));
console.log(
  `at the last unit of the stage:\n${growth.map(({ order }) => `${paper[order].figure.slice(2)} mean ${drift[order]!.toFixed(2)}, deviation ${spread[order]!.toFixed(2)}`).join("\n")}`,
);
if (!(
  drift["reluBeforeAddition"]! > 1.5 * spread["reluBeforeAddition"]! &&
  drift["original"]! > 0.5 * spread["original"]! &&
  drift["preActivation"]! < 0.25 * spread["preActivation"]! &&
  drift["reluOnlyPreActivation"]! < 0.25 * spread["reluOnlyPreActivation"]! &&
  Math.max(drift["normAfterAddition"]!, spread["normAfterAddition"]!) < 1.5
))
  throw new Error(`(a) and (c) should drift, (d) and (e) spread; got ${JSON.stringify({ drift, spread })}`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// Two: (c), whose residuals are never negative, and (a), whose ReLU after the addition never lets a sum be negative. In (c) the mean overtakes the spread and makes most of the size; in (a) both grow alike. In (d) and (e) the mean stays near 0 and all growth is spread, by the law. In (b) neither grows. So (a) and (e), which end at about the same size, are not alike inside: a batch norm that comes next takes the drift away, but the ReLU of (a) works on the sum itself, and next to a drift it has less to cut.
//
// </details>
//
// A growing $x$ has a consequence. The batch norm at the head of a pre-activation unit divides by $r_l$. So a deep unit sees its input scaled down, and its own contribution, of size 1, is small beside $r_l$: the relative change
// that one unit makes falls like $1 / \sqrt l$. Deep units begin as small corrections. Chapter 04 saw the same from behind: their factor on the gradient is near 1.
//
// ## What f cuts from the gradient
//
// Backwards, a unit with $y = x + F(x)$ and output $f(y)$ hands the gradient of its output first through $f$, and then on two ways, past $F$ and through it.
//
// ### Your turn: the gradient through one unit
//
// `gradient` is that of the output, `sum` is $y$, and `pullback` takes a gradient of $F(x)$ to what comes of it at $x$. Where a ReLU's input is 0 or less, it passes nothing. The check compares with finite differences of small units.

// %%
/** The gradient of x in f(x + F(x)), from that of the output. */
function gradientOfInput(
  gradient: readonly number[],
  sum: readonly number[],
  f: "identity" | "relu",
  pullback: (gradient: readonly number[]) => readonly number[],
): number[] {
  return check.unwritten(gradient, sum, f, pullback);
}

const backThrough = await check.yourTurn(gradientOfInput, turns.gradientOfInput);

// %% [markdown]
// <details>
// <summary>Hint</summary>
//
// The gradient of the sum comes first: what does the ReLU let through? Then each of the two ways gets it whole, and at x the two results add.
//
// </details>
//
// <details>
// <summary>Solution</summary>
//
// ```ts
// function gradientOfInput(
//   gradient: readonly number[],
//   sum: readonly number[],
//   f: "identity" | "relu",
//   pullback: (gradient: readonly number[]) => readonly number[],
// ): number[] {
//   const ofSum = gradient.map((g, i) => (f === "relu" && sum[i]! <= 0 ? 0 : g));
//   const throughF = pullback(ofSum);
//   return ofSum.map((g, i) => g + throughF[i]!);
// }
// ```
//
// </details>

// %% [markdown]
// Now take the residuals away from the backward pass, `pullback` giving zeros: what is left is the identity's way alone, the 1 of equation 5. Let a gradient of ones start behind the last unit of the first stage, of an untrained network of 110 layers, and go back through its 18 units with the sums of a real forward pass.
//
// **Predict, then run.** In order (e), what arrives at the first unit? And in (a), which share of the numbers gets through 18 ReLUs: nearly all, half, or hardly any?

// %%
/** The share of numbers whose gradient arrives along the shortcuts alone, unit by unit from the last one back. */
function arriving(order: "original" | "preActivation"): number[] {
  const deep = network(order, 110);
  const sums: Float32Array[] = [];
  tf.tidy(() =>
    deep.forward(batch.images, {
      training: true,
      observe(name, value) {
        if (/^stage1\.unit\d+\.sum$/.test(name)) sums.push(value.dataSync<"float32">());
      },
    }),
  );
  deep.dispose();
  const f = order === "original" ? "relu" : "identity";
  let gradient = Array.from(sums[0]!, () => 1);
  return sums.reverse().map((sum) => {
    gradient = backThrough(gradient, Array.from(sum), f, (above) => above.map(() => 0));
    return gradient.filter((g) => g === 1).length / gradient.length;
  });
}

// %%
const passed = { original: arriving("original"), preActivation: arriving("preActivation") };
plot.lines(
  Object.entries(passed).map(([name, y]) => ({ name, y })),
  {
    title: "What arrives along the shortcuts alone",
    x: { title: "units that the gradient has passed, from the last one back" },
    y: { title: "share of the numbers", range: [0, 1.05] },
    caption:
      "First stage of 110 layers, before training; F' is set to 0. Nothing arrives weakened: each number is 1 or 0.",
  },
);

// %% tags=["claim"]
const [afterOne, afterAll] = [passed.original[0]!, passed.original.at(-1)!];
if (!passed.preActivation.every((share) => share === 1))
  throw new Error("(e) should let every number through");
console.log(
  `original: ${(100 * afterOne).toFixed(0)} % after one unit, ${(100 * afterAll).toFixed(0)} % after ${units}`,
);
if (!(afterAll > 0.02 && afterAll < 0.7 && afterOne > 0.7)) {
  throw new Error(`a part of the numbers should get through (a); got ${afterOne} and ${afterAll}`);
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// In (e) every number arrives, because nothing stands on the way. In (a) each single ReLU cuts little, and together they cut much: a number arrives only where the sum was above zero at every one of the units, and a large part of them gets nothing. What arrives is not weakened, as by a factor below 1; it is switched on or off. In a whole network gradients also come through $F$,
// so (a) does train. But the 1 of equation 5 holds there for a part of the numbers only.
//
// </details>
//
// ## Five orders, trained
//
// Now the ranking. Every order is trained from several seeds, by the recipe of chapter 01: learning rate 0.1, momentum 0.9, weight decay $10^{-4}$, batches of 128. The depth here is small and the run short, so the question is
// only about the *beginning* of training.
//
// **Predict, then run.** Who is ahead after so short a run? By how much must two orders differ for you to believe it?

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

// %%
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

// %%
plot.scatter(
  orders.map((order, i) => {
    const own = runs.filter((run) => run.order === order);
    return {
      name: `${paper[order].figure} ${order}`,
      x: own.map(({ seed }) => i + 1 + (seed - 2) / 10),
      y: own.map(({ loss }) => loss),
    };
  }),
  {
    title: `Training loss of five orders, ${plan.depth} layers, in epoch ${plan.epochs}`,
    x: { title: "order, as in Figure 4; each point a seed, from left to right" },
    y: { title: "mean training loss (nats)" },
    caption: `${plan.seeds.length} seeds; points at the same place within their group share a seed.`,
  },
);

// %% [markdown]
// The same seeds served every order, so the comparison goes by *pairs*: the loss of an order minus the loss of the original with the same seed (chapter 06, *How to compare two networks*). There are four comparisons. So the verdict asks for $98.75\,\%$ in each, which keeps the chance of any false one below one in twenty.

// %%
const lossOf = (order: nn.UnitOrderName, seed: number) =>
  runs.find((run) => run.order === order && run.seed === seed)!.loss;
const against = orders
  .filter((order) => order !== "original")
  .map((order) => {
    const pairs = plan.seeds.map((seed) => lossOf(order, seed) - lossOf("original", seed));
    return { order, pairs, ...analysis.meanInterval(pairs, 1 - 0.05 / 4) };
  });
plot.table(
  against.map(({ order, pairs, mean, lower, upper }) => ({
    order,
    ...Object.fromEntries(pairs.map((pair, i) => [`seed ${plan.seeds[i]!}`, pair])),
    mean,
    "98.75 % from": lower,
    to: upper,
    verdict: lower > 0 ? "worse" : upper < 0 ? "better" : "not told apart",
    "paper, 110 layers (points)": (paper[order]["ResNet-110"] - paper.original["ResNet-110"]).toFixed(2),
  })),
  { title: "Training loss minus that of the original with the same seed (nats)" },
);

// %% tags=["claim"]
for (const { order, seed, error } of runs) {
  if (!(error < 90)) throw new Error(`${order}, seed ${seed}: no better than guessing, ${error} % wrong`);
}
if (setting === "everyday") {
  const unsigned = against.filter(({ lower, upper }) => lower > 0 || upper < 0).map(({ order }) => order);
  const meanOf = (order: nn.UnitOrderName) => against.find((one) => one.order === order)!.mean;
  if (unsigned.length > 0) throw new Error(`three seeds told ${unsigned.join(", ")} from (a)`);
  if (!(meanOf("normAfterAddition") > 0 && meanOf("reluBeforeAddition") > 0))
    throw new Error("(b) and (c) should be behind on average");
  const scatterOf = ({ pairs }: (typeof against)[number]) => Math.max(...pairs) - Math.min(...pairs);
  if (against.toSorted((one, two) => scatterOf(two) - scatterOf(one))[0]!.order !== "reluBeforeAddition")
    throw new Error("(c) should scatter the most between its seeds");
}
console.log(`All ${runs.length} runs are better than guessing, which is wrong on 90 % of the test images.`);

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// None of the four is told apart from (a) by the $98.75\,\%$ that were asked for beforehand: with three seeds that asks for a difference several times as large as its scatter. (b) and (c), which end worst in the paper, are behind on average here as well, (c) with a wide scatter between its seeds. And (e), which wins in the paper, is not shown to be ahead either: by as little as there, three seeds could not show it.
//
// </details>
//
// The paper has five runs of each, reports medians, and its gaps at 110 layers between (a), (d) and (e) are 0.1 to 0.3 points,
// about the size of the 0.25 points by which drawing 10,000 test images makes one such error uncertain (two networks on the same images share a part of that). At 164 layers (d) and (a) are no further apart, but (e) leads both by more, and at 1001 its advantage over (a) is clear.
//
// ### Does training mend the original?
//
// The paper watched the original unit in training (section 4.2). At first its ReLU cuts often; later the weights settle so that $y_l$ is more often above zero, and there is less to cut. If so, the *sum* should be less wrong in a trained original than in an untrained one.
//
// **Predict, then run.** At how many of the units is it less wrong after the short training above?

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
if (setting === "everyday" && lessWrong === sumAfter.rows.length)
  throw new Error("the sum should be more wrong at some units after so short a training");

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// At some of the units, but not at all of them: at the others the sum is *more* wrong than before. So one short epoch does not bear the paper's remark out, which is about training for many. It does not refute it either: one network and one epoch are too little for that.
//
// </details>
//
// ## 1001 layers, one step
//
// The identity paper's deepest network has 1001 layers: bottlenecks of three convolutions, so $9n + 2$ layers with $n = 111$, which makes 333 units. With the original order its training loss falls very slowly at first (Figure 1); with pre-activation it learns at
// once, and ends at 4.92 % error where the original has 7.61 % (Table 3).

// %%
/** 9n + 2 layers; the smallest setting takes fewer. */
const layers = setting === "ci" ? 299 : 1001;
const thousand = (order: nn.UnitOrderName, depth = layers) =>
  ({
    depth,
    kind: "bottleneck",
    order,
    shortcut: order === "preActivation" ? "activated" : "B",
  }) as const;
const full = nn.cifarArchitecture(thousand("preActivation", 1001));
console.log(
  `${full.name}: ${full.units.length} units, ${plot.formatNumber(nn.parameterCount(full))} parameters`,
);

// %% [markdown]
// The paper's Table 4 says 10.2 million. (It counts the weights; with the scales and shifts of the batch norms it is a little more.)
//
// Training it takes a GPU and a day: the paper reports 27 hours on two. But *one step* we can afford, with narrower layers and 16 images. We take a step at the recipe's learning rate, and look at the same 16 images before and after it. A first step goes the same way whatever the rate, and a tenth as far at a tenth of the rate, so one gradient serves for two rates. (The paper warms up on CIFAR: 0.01 for the first 400 steps, which its appendix calls unnecessary for the proposed unit. So this is the step that the original unit is usually spared.)
//
// **Predict, then run.** After one step at learning rate 0.1, is the loss lower in both orders? And does the gradient grow by a factor from unit to unit, as in a plain network, or more slowly?

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

// %%
/** The loss on the sixteen images, with the batch's own statistics, as a step of training sees it. */
const lossOnTiny = (one: nn.Network) =>
  tf.tidy(() => {
    const logits = one.forward(tiny.images, { training: true });
    return tf.losses.softmaxCrossEntropy(tf.oneHot(tiny.labels, 10), logits).dataSync()[0]!;
  });
/** The losses after the step from `before` to where the network is now, and after a tenth of it. */
function lossesAfter(one: nn.Network, before: readonly Tensor[]): [number, number] {
  const whole = lossOnTiny(one);
  for (const [i, { variable }] of one.variables().entries())
    variable.assign(tf.tidy(() => tf.add(before[i]!, tf.mul(tf.sub(variable, before[i]!), 0.1))));
  return [whole, lossOnTiny(one)];
}

// %%
const steps: { order: nn.UnitOrderName; signals: analysis.Signal[]; loss: number; after: [number, number] }[] = []; // prettier-ignore
const deepest = (["original", "preActivation"] as const).map((order) =>
  nn.cifarResNet({ ...narrow, ...thousand(order), seed: 1 }),
);
for (const one of deepest) {
  const signals = await analysis.signalsThroughDepth(one, tiny.images, tiny.labels);
  const before = one.variables().map(({ variable }) => tf.clone(variable));
  const { stepLosses } = await train.fit(one, sixteen, {
    ...recipe,
    batchSize: 16,
    steps: 1,
    seed: 1,
    stepLosses: true,
    compile: false, // preparing a thousand layers to run as one operation takes longer than this step
  });
  const order = one === deepest[0] ? "original" : "preActivation";
  steps.push({ order, signals, loss: stepLosses![0]!, after: lossesAfter(one, before) });
  tf.dispose(before);
}

// %%
/** p in: the gradient falls like l to the power -p, from a tenth to nine tenths of the units of the first stage. */
function powerOf(signals: readonly analysis.Signal[]): number {
  const inStage = signals.length / 3;
  const [from, to] = [Math.round(inStage / 10), Math.round(0.9 * inStage)];
  const [near, far] = [signals[from - 1]!.gradientNorm, signals[to - 1]!.gradientNorm];
  return Math.log(near / far) / Math.log(to / from);
}
plot.table(
  steps.map(({ order, loss, after, signals }) => ({
    order,
    "loss before (nats)": loss,
    "after a step at 0.1": after[0],
    "after a step at 0.01": after[1],
    "power in the first stage": powerOf(signals),
  })),
  { title: `${layers} layers, one step on 16 images` },
);

// %%
plot.lines(
  steps.map(({ order, signals }) => ({
    name: order,
    x: signals.map((_, l) => l + 1),
    y: signals.map(({ gradientNorm }) => gradientNorm),
  })),
  {
    title: `The gradient at each of ${layers / 3 - 2 / 3} units, before the step`,
    x: { title: "unit, counted from the images", scale: "log" },
    y: { title: "norm of dE/dx", scale: "log" },
    caption:
      "Both axes are logarithmic, so a power of the depth is a straight line. Backpropagation runs from right to left. The jumps are where a stage begins.",
  },
);

// %% tags=["claim"]
const [asFirst, pre] = steps as [(typeof steps)[0], (typeof steps)[0]];
for (const { order, loss, after, signals } of steps) {
  if (![loss, ...after, ...signals.map(({ gradientNorm }) => gradientNorm)].every(Number.isFinite))
    throw new Error(`${order}: ${layers} layers should give finite losses and gradients; got ${loss}, ${after.join(", ")}`); // prettier-ignore
}
if (setting === "everyday") {
  if (!(asFirst.after[0] > 2 * asFirst.loss && asFirst.after[1] < asFirst.loss && pre.after[0] < pre.loss))
    throw new Error("the original's loss should rise at 0.1 and fall at 0.01, and that of (e) should fall");
  if (!steps.every(({ signals }) => powerOf(signals) > 1 && powerOf(signals) < 3))
    throw new Error("the gradient should fall like a power of the unit's number");
}

// %% [markdown]
// <details>
// <summary>Once it has run</summary>
//
// With pre-activation the loss falls; in the original order the same step multiplies it. At a tenth of the learning rate, which the paper's warm-up takes on CIFAR-10, the loss after the step is far lower, in this run even lower than before it.
//
// Do not credit $f$ alone for that. The pre-activation network has a batch norm behind its last unit, the original has none, so its logits are large before the first step: its loss stands far above $\ln 10$, that of guessing, and the same learning rate is a larger step for it. Order, scale of the head and learning rate change together here; the paper's Table 3 compares the two orders after training, with a warm-up for both.
//
// And the gradients: in both axes' logarithms the curves are nearly straight within a stage. So the gradient grows like a *power* of the depth, between the first and the third power here, because deep units change the signal by ever smaller parts. In a plain network each unit multiplies, and 333 factors of 1.3 would make $1.3^{333} \approx 10^{38}$, as large as a float32 can be.
//
// </details>
//
// ### Exact after 110 additions in a row?
//
// Here is equation 4 in the deepest network, after its step, over the longest row of units that keep their shape.

// %%
const longest = await analysis.forwardSum(deepest[1]!, tiny.images);
for (const one of deepest) one.dispose();
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
// - **It shows** that exactness is decided by $h$ and $f$ alone, what $f$ cuts from the gradient, and that exactness does not rank the orders: (c) is exact and among the worst.
// - **It does not reproduce Table 2.** That takes 110 and 164 layers, CIFAR-10 and 64,000 steps for each of 50 runs. `RESIDUAL_SETTING=full npm run notebooks -- 08` trains 110 layers long and with five seeds, on these small images; plan for a GPU.
// - **It does not show** that pre-activation is better at 20 layers. The paper does not claim it either: it finds the effect of $f$ = ReLU not severe where layers are fewer, and its example has 164.
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
