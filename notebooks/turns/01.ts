// Chapter 01's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check, runtime } from "residual";

const { tf } = runtime;

type Norm = {
  readonly scale: number;
  readonly shift: number;
  readonly mean: number;
  readonly variance: number;
};
type Normed = { readonly y: number[]; readonly mean: number; readonly variance: number };

function batchNorm(x: readonly number[], norm: Norm, training: boolean): Normed {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const by = training ? { mean, variance } : norm;
  const y = x.map((value) => (norm.scale * (value - by.mean)) / Math.sqrt(by.variance + 1e-5) + norm.shift);
  if (!training) return { y, mean: norm.mean, variance: norm.variance };
  const unbiased = (variance * n) / (n - 1);
  return { y, mean: 0.9 * norm.mean + 0.1 * mean, variance: 0.9 * norm.variance + 0.1 * unbiased };
}

type Tensor = runtime.tf.Tensor;
type Layer = (x: Tensor) => Tensor;
type LossOf = (output: Tensor) => runtime.tf.Scalar;

function gradientNorms(layers: readonly Layer[], lossOf: LossOf, x: Tensor): number[] {
  const outputs: Tensor[] = [];
  for (const layer of layers) outputs.push(layer(outputs.at(-1) ?? x));
  const norms: number[] = [];
  let gradient = tf.grad(lossOf)(outputs.at(-1)!);
  for (let i = layers.length - 1; i >= 0; i--) {
    norms.unshift(tf.norm(gradient).dataSync()[0]!);
    if (i > 0) gradient = tf.grad(layers[i]!)(outputs[i - 1]!, gradient);
  }
  return norms;
}

type Part = "weight" | "scale" | "shift" | "mean" | "variance";

function identityValue(part: Part, shape: number[]): Tensor {
  if (part === "weight") {
    const channels = shape[3]!;
    const middle = tf.reshape(tf.eye(channels), [1, 1, channels, channels]);
    return tf.pad(middle, [[1, 1], [1, 1], [0, 0], [0, 0]]); // prettier-ignore
  }
  if (part === "scale") return tf.ones(shape);
  return part === "variance" ? tf.fill(shape, 1 - 1e-5) : tf.zeros(shape);
}

type Stream = ReturnType<typeof check.stream>;

/** A channel's values in one batch, and its normalisation. */
type Batch = { readonly x: number[]; readonly norm: Norm };

/** Values whose variance is `spread` squared, more or less: where that is small, what is added to the variance shows. */
const drawBatch = (from: Stream, spread: number): Batch => ({
  x: Array.from({ length: 5 }, () => 0.7 + spread * from.normal()),
  norm: {
    scale: 0.5 + from.uniform(),
    shift: 1 + from.uniform(),
    mean: 0.2 + from.uniform(),
    variance: spread ** 2 * (2 + from.uniform()),
  },
});

/** The same by the library's kernels, which share nothing with it. */
function normedByTensors({ x, norm }: Batch, training: boolean): Normed {
  const input = tf.tensor4d([...x], [x.length, 1, 1, 1]);
  const [scale, shift] = [tf.tensor1d([norm.scale]), tf.tensor1d([norm.shift])];
  const [mean, variance] = [tf.variable(tf.tensor1d([norm.mean])), tf.variable(tf.tensor1d([norm.variance]))];
  const running = { mean, variance, momentum: 0.9 };
  const y = training
    ? runtime.batchNormTraining(input, scale, shift, 1e-5, running)
    : runtime.batchNormInference(input, scale, shift, mean, variance, 1e-5); // prettier-ignore
  const normed = { y: [...y.dataSync()], mean: mean.dataSync()[0]!, variance: variance.dataSync()[0]! };
  tf.dispose([mean, variance]); // no scope disposes a variable
  return normed;
}

type BatchNorm = typeof batchNorm;
const seeNormed =
  (training: boolean, parts: readonly ("y" | "mean" | "variance")[]) =>
  (answer: BatchNorm, { x, norm }: Batch) =>
    check.fields(answer(x, norm, training), parts);

const normTrait = (
  title: string,
  training: boolean,
  spread: number,
  parts: readonly ("y" | "mean" | "variance")[],
) =>
  check.trait(title, {
    draw: (from) => drawBatch(from, spread),
    see: seeNormed(training, parts),
    right: (batch) => check.fields(normedByTensors(batch, training), parts),
    within: spread < 0.1 ? 3e-4 : 1e-4,
  });

/** Ours by other statistics, another way of averaging, or another formula. */
const normSlip =
  (change: {
    readonly by?: (batch: Moments, norm: Norm, training: boolean) => Moments;
    readonly formula?: (value: number, by: Moments, norm: Norm) => number;
    readonly running?: (batch: Moments & { readonly n: number }, norm: Norm, training: boolean) => Moments;
  }): BatchNorm =>
  (x, norm, training) => {
    const n = x.length;
    const mean = x.reduce((sum, value) => sum + value, 0) / n;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    const by = (change.by ?? ((batch) => (training ? batch : norm)))({ mean, variance }, norm, training);
    const formula = change.formula ?? ((value) => (norm.scale * (value - by.mean)) / Math.sqrt(by.variance + 1e-5) + norm.shift); // prettier-ignore
    const right = batchNorm(x, norm, training);
    const kept = change.running?.({ mean, variance, n }, norm, training) ?? right;
    return { y: x.map((value) => formula(value, by, norm)), mean: kept.mean, variance: kept.variance };
  };
type Moments = { readonly mean: number; readonly variance: number };
const averaged = (old: Moments, batch: Moments, keep: number): Moments => ({
  mean: keep * old.mean + (1 - keep) * batch.mean,
  variance: keep * old.variance + (1 - keep) * batch.variance,
});
const unbiasedOf = ({ mean, variance, n }: Moments & { readonly n: number }): Moments => ({
  mean,
  variance: (variance * n) / (n - 1),
});

/** A chain of layers tanh(x W) on two rows x, and the loss Σ c y over both. */
type Chain = { readonly x: number[][]; readonly weights: number[][][]; readonly c: number[][] };

const drawChain = (from: Stream, layers: number): Chain => ({
  x: [check.oddNumbers(from, 3), check.oddNumbers(from, 3)],
  weights: Array.from({ length: layers }, () =>
    Array.from({ length: 3 }, () => check.oddNumbers(from, 3).map((value) => value / 4)),
  ),
  c: [check.oddNumbers(from, 3), check.oddNumbers(from, 3)],
});

type GradientNorms = typeof gradientNorms;
/** Calls a part on the chain; `inside` sees each layer. */
const normsOf = (answer: GradientNorms, { x, weights, c }: Chain): number[] => {
  const layers = weights.map(
    (w): Layer =>
      (value) =>
        tf.tanh(tf.matMul(value, tf.tensor2d(w))),
  );
  return answer(layers, (y) => tf.sum(tf.mul(y, tf.tensor2d(c))), tf.tensor2d(x));
};

const applied = (x: readonly number[], w: readonly (readonly number[])[]): number[] =>
  w[0]!.map((_, j) => Math.tanh(x.reduce((sum, value, i) => sum + value * w[i]![j]!, 0)));

/** By finite differences: each layer's output is moved a little, and what follows is computed anew. */
function normsBySlopes({ x, weights, c }: Chain): number[] {
  const h = 1e-5;
  return weights.map((_, i) => {
    const slopes = x.flatMap((row, r) => {
      const loss = (moved: number[]) =>
        weights.slice(i + 1).reduce(applied, moved).reduce((sum, y, k) => sum + c[r]![k]! * y, 0); // prettier-ignore
      const output = weights.slice(0, i + 1).reduce(applied, row);
      return output.map((_, k) => {
        const at = (step: number) => loss(output.map((value, j) => value + (j === k ? step : 0)));
        return (at(h) - at(-h)) / (2 * h);
      });
    });
    return Math.hypot(...slopes);
  });
}

/** Ours with another number in place of the norm, or another way from layer to layer. */
const chainSlip =
  (change: {
    readonly size?: (gradient: Tensor, output: Tensor) => Tensor;
    readonly back?: (layer: Layer, input: Tensor, gradient: Tensor) => Tensor;
    readonly order?: (norms: number[]) => number[];
  }): GradientNorms =>
  (layers, lossOf, x) => {
    const outputs: Tensor[] = [];
    for (const layer of layers) outputs.push(layer(outputs.at(-1) ?? x));
    const norms: number[] = [];
    let gradient = tf.grad(lossOf)(outputs.at(-1)!);
    for (let i = layers.length - 1; i >= 0; i--) {
      const size = change.size ?? ((above: Tensor) => tf.norm(above));
      norms.unshift(size(gradient, outputs[i]!).dataSync()[0]!);
      const back = change.back ?? ((layer, input, above) => tf.grad(layer)(input, above));
      if (i > 0) gradient = back(layers[i]!, outputs[i - 1]!, gradient);
    }
    return change.order?.(norms) ?? norms;
  };

/** Values as they come out of a ReLU, of so many channels. */
type Values = { readonly x: check.PlainTensor };
const drawValues = (from: Stream): Values => {
  const { shape, values } = check.oddTensor(from, [1, 4, 5, 2 + from.integer(2)]);
  return { x: { shape, values: values.map((value) => Math.abs(value)) } };
};
const inputOf = ({ x }: Values) => check.tensor(x) as runtime.tf.Tensor4D;
const channelsOf = ({ x }: Values) => x.shape[3]!;

type IdentityValue = typeof identityValue;
const kernelOf = (answer: IdentityValue, channels: number) =>
  answer("weight", [3, 3, channels, channels]) as runtime.tf.Tensor4D;
const normedBy = (answer: IdentityValue, x: runtime.tf.Tensor4D) => {
  const [mean, variance, shift, scale] = (["mean", "variance", "shift", "scale"] as const).map((part) =>
    answer(part, [x.shape[3]]),
  );
  return tf.batchNorm4d(x, mean as runtime.tf.Tensor1D, variance as runtime.tf.Tensor1D, shift as runtime.tf.Tensor1D, scale as runtime.tf.Tensor1D, 1e-5); // prettier-ignore
};
/** Ours with one part's value computed otherwise. */
const valueSlip =
  (changed: Part, value: (shape: number[]) => Tensor): IdentityValue =>
  (part, shape) =>
    part === changed ? value(shape) : identityValue(part, shape);

const everywhere = (centre: Tensor) => tf.pad(centre, [[0, 2], [0, 2], [0, 0], [0, 0]]); // prettier-ignore

export const turns = {
  batchNorm: {
    ours: batchNorm,
    traits: [
      normTrait("in training it normalises by the batch's own mean and variance", true, 1, ["y"]),
      normTrait("in inference it normalises by the running averages", false, 1, ["y"]),
      normTrait("values that hardly differ stay finite: ε is under the root", true, 0.004, ["y"]),
      normTrait("they stay finite in inference too", false, 0.004, ["y"]),
      normTrait("training moves the running averages by a tenth", true, 1, ["mean", "variance"]),
      normTrait("inference leaves the running averages as they are", false, 1, ["mean", "variance"]),
    ],
    wrong: [
      {
        mistake: "divides-by-n-minus-1",
        message:
          "the batch's variance is divided by n - 1 where it normalises: there it is the mean squared distance, divided by n",
        answer: (x, norm, training) =>
          normSlip({
            by: (batch) => (training ? unbiasedOf({ ...batch, n: x.length }) : norm),
          })(x, norm, training),
      },
      {
        mistake: "trains-by-the-averages",
        message:
          "in training it normalises by the running averages: it takes the batch's own mean and variance",
        answer: normSlip({ by: (_, norm) => norm }),
      },
      {
        mistake: "asks-the-batch-in-inference",
        message:
          "in inference it still takes the batch's own statistics, so an answer depends on which other images are asked about: take the running averages",
        answer: normSlip({ by: (batch) => batch }),
      },
      {
        mistake: "forgets-the-root",
        message: "it divides by the variance: divide by its root, the standard deviation",
        answer: normSlip({
          formula: (value, by, norm) => (norm.scale * (value - by.mean)) / (by.variance + 1e-5) + norm.shift,
        }),
      },
      {
        mistake: "forgets-scale-and-shift",
        message: "the result has mean 0 and deviation 1: multiply by the scale, and add the shift",
        answer: normSlip({ formula: (value, by) => (value - by.mean) / Math.sqrt(by.variance + 1e-5) }),
      },
      {
        mistake: "scales-the-shift",
        message: "the shift is multiplied by the scale too: scale first, then add the shift",
        answer: normSlip({
          formula: (value, by, norm) =>
            norm.scale * ((value - by.mean) / Math.sqrt(by.variance + 1e-5) + norm.shift),
        }),
      },
      {
        mistake: "forgets-epsilon",
        message: "ε is missing: where a channel hardly varies, it keeps the quotient small, in both modes",
        answer: normSlip({
          formula: (value, by, norm) =>
            (norm.scale * (value - by.mean)) / Math.sqrt(by.variance) + norm.shift,
        }),
      },
      {
        mistake: "adds-epsilon-outside",
        message: "ε is added to the deviation: it belongs to the variance, under the root",
        answer: normSlip({
          formula: (value, by, norm) =>
            (norm.scale * (value - by.mean)) / (Math.sqrt(by.variance) + 1e-5) + norm.shift,
        }),
      },
      {
        mistake: "keeps-a-tenth",
        message:
          "the running averages keep a tenth of their old value: they keep nine tenths, and take a tenth of the batch's",
        answer: normSlip({
          running: (batch, norm, training) => (training ? averaged(norm, unbiasedOf(batch), 0.1) : norm),
        }),
      },
      {
        mistake: "averages-the-biased-variance",
        message:
          "the running variance takes the batch's variance divided by n: it is an estimate for all images, so it takes the one divided by n - 1",
        answer: normSlip({
          running: (batch, norm, training) => (training ? averaged(norm, batch, 0.9) : norm),
        }),
      },
      {
        mistake: "averages-the-deviation",
        message: "the running average is one of deviations: it is one of variances",
        answer: normSlip({
          running: (batch, norm, training) => {
            const { mean, variance } = unbiasedOf(batch);
            return training ? averaged(norm, { mean, variance: Math.sqrt(variance) }, 0.9) : norm;
          },
        }),
      },
      {
        mistake: "never-moves-them",
        message:
          "training leaves the running averages as they were, so inference would work with their first values",
        answer: normSlip({ running: (_, norm) => norm }),
      },
      {
        mistake: "replaces-them",
        message: "the running averages are the last batch's: they keep nine tenths of what they were",
        answer: normSlip({ running: (batch, norm, training) => (training ? unbiasedOf(batch) : norm) }),
      },
      {
        mistake: "moves-them-in-inference",
        message: "inference moves the running averages: only training may",
        answer: normSlip({ running: (batch, norm) => averaged(norm, unbiasedOf(batch), 0.9) }),
      },
    ],
  } satisfies check.Turn<BatchNorm>,

  gradientNorms: {
    ours: gradientNorms,
    traits: [
      check.trait("at the last layer it is the loss's own gradient", {
        draw: (from) => drawChain(from, 1),
        see: normsOf,
        right: normsBySlopes,
        within: 1e-4,
      }),
      check.trait("it has gone back through all layers above", {
        draw: (from) => drawChain(from, 3),
        see: normsOf,
        right: normsBySlopes,
        within: 1e-4,
      }),
      check.trait("it calls each layer no more often for a deeper chain", {
        times: 1,
        draw: (from) => drawChain(from, 12),
        // At most forward once, and once more on the way back.
        see: (answer: GradientNorms, chain) => callsOf(answer, chain).every((calls) => calls <= 3),
        right: () => true,
      }),
    ],
    wrong: [
      {
        mistake: "measures-the-inputs",
        message:
          "these are gradients with respect to what goes into each layer: measure at what comes out of it",
        answer: (layers, lossOf, x) => {
          const all: Layer[] = [(value) => tf.mul(value, 1), ...layers];
          return gradientNorms(all, lossOf, x).slice(0, -1);
        },
      },
      {
        mistake: "forgets-what-comes-from-above",
        message:
          "each layer goes back by itself, as if its outputs were the loss: give `tf.grad(layer)` the gradient that has come to the layer's output as second argument",
        answer: chainSlip({ back: (layer, input) => tf.grad(layer)(input, tf.onesLike(layer(input))) }),
      },
      {
        mistake: "counts-from-the-top",
        message: "the list begins at the last layer: the first number belongs to the first layer",
        answer: chainSlip({ order: (norms) => [...norms].reverse() }),
      },
      {
        mistake: "forgets-the-root",
        message: "this is the sum of squares: the norm is its root",
        answer: chainSlip({ size: (gradient) => tf.sum(tf.square(gradient)) }),
      },
      {
        mistake: "averages",
        message: "this is the root of the mean square: a norm does not divide by how many numbers there are",
        answer: chainSlip({ size: (gradient) => tf.sqrt(tf.mean(tf.square(gradient))) }),
      },
      {
        mistake: "averages-over-images",
        message:
          "this is divided by the root of how many images there are: a norm is over all numbers, as they are",
        answer: chainSlip({
          size: (gradient) => tf.div(tf.norm(gradient), Math.sqrt(gradient.shape[0])),
        }),
      },
      {
        mistake: "measures-one-image",
        message: "this is the gradient of the first image alone: take the norm over all of them",
        answer: chainSlip({ size: (gradient) => tf.norm(tf.slice(gradient, 0, 1)) }),
      },
      {
        mistake: "measures-the-values",
        message:
          "these are the norms of what the layers give: measure the gradient of the loss with respect to it",
        answer: chainSlip({ size: (_, output) => tf.norm(output) }),
      },
      {
        mistake: "begins-anew-for-each-layer",
        message:
          "right, but the way from the loss is walked anew for each layer, so twice as deep a network takes four times as long: hand the gradient from layer to layer",
        answer: (layers, lossOf, x) => {
          const outputs: Tensor[] = [];
          for (const layer of layers) outputs.push(layer(outputs.at(-1) ?? x));
          return outputs.map((output, i) => {
            const rest = (value: Tensor) =>
              lossOf(layers.slice(i + 1).reduce((above, layer) => layer(above), value));
            return tf.norm(tf.grad(rest)(output)).dataSync()[0]!;
          });
        },
      },
    ],
  } satisfies check.Turn<GradientNorms>,

  identityValue: {
    ours: identityValue,
    traits: [
      check.trait("the convolution gives back what it gets", {
        draw: drawValues,
        see: (answer: IdentityValue, values) =>
          tf.conv2d(inputOf(values), kernelOf(answer, channelsOf(values)), 1, "same"),
        right: inputOf,
        within: 1e-5,
      }),
      check.trait("so do seventy normalisations, one after another, in inference mode", {
        draw: drawValues,
        see: (answer: IdentityValue, values) =>
          Array.from({ length: 70 }).reduce<runtime.tf.Tensor4D>((x) => normedBy(answer, x), inputOf(values)),
        right: inputOf,
        within: 5e-5,
      }),
    ],
    wrong: [
      {
        mistake: "does-nothing-with-zeros",
        message: "a kernel of zeros gives zeros: to hand on its input, a convolution needs a 1 somewhere",
        answer: valueSlip("weight", (shape) => tf.zeros(shape)),
      },
      {
        mistake: "mixes-the-channels",
        message:
          "the middle of the kernel holds a 1 from every channel to every other, so each output is the sum of all channels: a channel goes to itself only",
        answer: valueSlip(
          "weight",
          ([, , channels]) =>
          tf.pad(tf.ones([1, 1, channels!, channels!]), [[1, 1], [1, 1], [0, 0], [0, 0]]), // prettier-ignore
        ),
      },
      {
        mistake: "stands-in-the-corner",
        message: "the 1 stands in the kernel's corner, so the image moves by a pixel: put it in the middle",
        answer: valueSlip("weight", ([, , channels]) =>
          everywhere(tf.reshape(tf.eye(channels!), [1, 1, channels!, channels!])),
        ),
      },
      {
        mistake: "averages-the-neighbours",
        message: "each pixel becomes the mean of its nine neighbours: only the middle may count",
        answer: valueSlip("weight", ([, , channels]) =>
          tf.tile(tf.reshape(tf.div(tf.eye(channels!), 9), [1, 1, channels!, channels!]), [3, 3, 1, 1]),
        ),
      },
      {
        mistake: "forgets-epsilon",
        message:
          "with a variance of 1 each normalisation divides by √(1 + ε): a little, but seventy of them show it. Which variance makes the root 1?",
        answer: valueSlip("variance", (shape) => tf.ones(shape)),
      },
      {
        mistake: "adds-epsilon",
        message: "ε has the wrong sign: variance plus ε must be 1",
        answer: valueSlip("variance", (shape) => tf.fill(shape, 1 + 1e-5)),
      },
      {
        mistake: "has-no-variance",
        message:
          "a variance of 0 divides by √ε, so everything becomes hundreds of times as large: variance plus ε must be 1",
        answer: valueSlip("variance", (shape) => tf.zeros(shape)),
      },
      {
        mistake: "scales-to-nothing",
        message: "a scale of 0 gives zeros: what is multiplied must stay as it is",
        answer: valueSlip("scale", (shape) => tf.zeros(shape)),
      },
      {
        mistake: "shifts-by-1",
        message: "a shift of 1 is added to everything: nothing may be added",
        answer: valueSlip("shift", (shape) => tf.ones(shape)),
      },
      {
        mistake: "subtracts-1",
        message: "a mean of 1 is subtracted from everything: nothing may be subtracted",
        answer: valueSlip("mean", (shape) => tf.ones(shape)),
      },
    ],
  } satisfies check.Turn<IdentityValue>,
};

/** How often a part calls each layer of a chain. */
function callsOf(answer: GradientNorms, { x, weights, c }: Chain): number[] {
  const calls = weights.map(() => 0);
  const layers = weights.map((w, i): Layer => (value) => {
    calls[i]! += 1;
    return tf.tanh(tf.matMul(value, tf.tensor2d(w)));
  });
  answer(layers, (y) => tf.sum(tf.mul(y, tf.tensor2d(c))), tf.tensor2d(x));
  return calls;
}
