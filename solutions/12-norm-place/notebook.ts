// ---
// title: Before the branch or after the sum: one stream for both places of the norm
// difficulty: 3
// importance: 4
// minutes: 35
// source: Ba, Kiros and Hinton 2016, Layer Normalization, arXiv:1607.06450; Xiong and others 2020, arXiv:2002.04745, where both orders stand side by side
// passage: The Transformer's stream
// ---
// %% [markdown]
// # Before the branch or after the sum: one stream for both places of the norm
//
// Whoever loads the weights of a Transformer must know where its norms stand. With the same parts, in **post-norm** order a unit is
//
// $$ x \leftarrow \operatorname{LN}(x + F(x)), \qquad \text{in \textbf{pre-norm} order} \qquad x \leftarrow x + F(\operatorname{LN}(x)). $$
//
// A post-norm stream leaves its last unit normalised. A pre-norm stream is never normalised itself, so one more norm follows the *last* unit, before
// anything reads the stream. Layer normalisation works at each place of each text by itself, over the $d$ numbers that stand there, and has a trained
// scale and shift:
//
// $$ \operatorname{LN}(x)_i = \gamma_i \, \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta_i, \qquad
// \mu = \frac1d \sum_i x_i, \qquad \sigma^2 = \frac1d \sum_i (x_i - \mu)^2. $$
//
// **Your task.** Write two functions. `x` is a tensor $[N, T, d]$: $N$ texts, $T$ places.
//
// - `layerNorm(x, norm)`, where `norm.scale` and `norm.shift` are the $d$ numbers $\gamma$ and $\beta$, and `epsilon` is there.
// - `throughUnits(x, branches, norms, order)`: it takes `x` through one unit for each of the functions in `branches` and gives what is ready to be read.
//   `order` is `"pre"` or `"post"`. `norms[l]` is the norm of the unit `l`; in pre-norm order the list holds one more, the last one. There may be no
//   units.

// %% tags=["setup"]
import { check, runtime } from "residual";

const { tf } = runtime;
console.log((await runtime.ready()).reason);

type Stream = runtime.tf.Tensor3D;
type Branch = (x: Stream) => Stream;
interface Norm {
  readonly scale: runtime.tf.Tensor1D;
  readonly shift: runtime.tf.Tensor1D;
}

const epsilon = 1e-5;

// %% tags=["answer"]
function layerNorm(x: Stream, { scale, shift }: Norm): Stream {
  // BEGIN SOLUTION
  const { mean, variance } = tf.moments(x, -1, true);
  const normalised = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normalised, scale), shift);
  // END SOLUTION
}

function throughUnits(
  x: Stream,
  branches: readonly Branch[],
  norms: readonly Norm[],
  order: "pre" | "post",
): Stream {
  // BEGIN SOLUTION
  let stream = x;
  for (const [l, branch] of branches.entries()) {
    if (order === "pre") stream = tf.add(stream, branch(layerNorm(stream, norms[l]!)));
    else stream = layerNorm(tf.add(stream, branch(stream)), norms[l]!);
  }
  return order === "pre" ? layerNorm(stream, norms[branches.length]!) : stream;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Over which axis does the mean run? `tf.moments(x, axis, true)` gives mean and variance and keeps the axis with length 1, so that they still fit to `x`.

// %% [markdown] tags=["hint"]
// Take `branches` that give zeros. What should a pre-norm unit do to `x`, and what a post-norm unit? What should come out of the whole stream, with no
// units at all?

// %% [markdown] tags=["hint"]
// ```
//  pre    x ──┬── ? ── F ──(+)── ? ──┬── ? ── F ──(+)── ? ── out
//             └─────── ? ───┘        └─────── ? ───┘
//
//  post   x ──┬── ? ── F ──(+)── ? ──┬── ? ── F ──(+)── ? ── out
//             └─────── ? ───┘        └─────── ? ───┘
// ```
//
// Some of the places hold a norm, and most hold nothing. There are three norms in the upper row and two in the lower. Where?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["norm-place"]!, { layerNorm, throughUnits });

// %% [markdown]
// The two orders have the same weights and the same shapes, so a program that loads weights in the wrong order stops nowhere: it only computes
// something else. What tells them apart is the way from the end to the beginning that meets no branch. In pre-norm order it is one addition after
// another, and one norm at the end; in post-norm order every unit puts a norm on it. That is the identity paper's question once more: what stands on the
// shortcut?
