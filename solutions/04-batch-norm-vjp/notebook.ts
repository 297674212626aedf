// ---
// title: The gradient of batch normalisation, all three terms
// difficulty: 4
// importance: 4
// minutes: 45
// source: Ioffe and Szegedy 2015, section 3 (the chain rule after algorithm 1); the ResNet paper, section 3.4, uses it after every convolution
// passage: Batch normalisation
// ---
// %% [markdown]
// # The gradient of batch normalisation, all three terms
//
// For one channel with values $x_1, \dots, x_m$ over the batch, batch normalisation in training computes
//
// $$ \mu = \tfrac1m \sum_i x_i, \qquad \sigma^2 = \tfrac1m \sum_i (x_i - \mu)^2, \qquad
// \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad y_i = \gamma \hat x_i + \beta. $$
//
// Given $\partial E / \partial y_i$ (`dy`), backpropagation needs $\partial E / \partial x_i$ (`dx`), $\partial E / \partial \gamma$ (`dscale`)
// and $\partial E / \partial \beta$ (`dshift`). The trap: every $x_i$ moves $y_i$ in three ways, directly, through $\mu$, and through $\sigma^2$.
//
// **Your task.** Write `batchNormVjp(dy, x, scale, epsilon)` for one channel: `dy` and `x` are lists of $m$ numbers, which stay as they are. All $x_i$ may
// be equal, there are at least two, and $\gamma$ may be negative or 0; $\varepsilon$ stands under the root, and is above 0.

// %% tags=["setup"]
import { check } from "residual";

interface BatchNormGradients {
  readonly dx: number[];
  readonly dscale: number;
  readonly dshift: number;
}

// %% tags=["answer"]
function batchNormVjp(
  dy: readonly number[],
  x: readonly number[],
  scale: number,
  epsilon: number,
): BatchNormGradients {
  // BEGIN SOLUTION
  const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mean = average(x);
  const deviation = Math.sqrt(average(x.map((value) => (value - mean) ** 2)) + epsilon);
  const normalised = x.map((value) => (value - mean) / deviation);
  const meanDy = average(dy);
  const meanDyNormalised = average(dy.map((d, i) => d * normalised[i]!));
  return {
    dx: dy.map((d, i) => (scale / deviation) * (d - meanDy - normalised[i]! * meanDyNormalised)),
    dscale: meanDyNormalised * x.length,
    dshift: meanDy * x.length,
  };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Two gradients are quick: $\beta$ is added to every $y_i$, and $\gamma$ multiplies $\hat x_i$. So `dshift` is $\sum_i dy_i$; what is `dscale`?

// %% [markdown] tags=["hint"]
// If all $x_i$ grow by the same amount, $y$ stays as it is. So the numbers in `dx` must add up to zero, and this tells you whether the
// term through $\mu$ is right.

// %% [markdown] tags=["hint"]
// Go step by step, and keep three sums: what comes back to each $\hat x_i$, what of it goes into the divisor, and what goes into the mean. If all $x_i$ are
// stretched by a factor, $y$ hardly changes (and not at all for $\varepsilon = 0$). What does that say about the sum of $dx_i$ times $\hat x_i$?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["batch-norm-vjp"]!, { batchNormVjp });

// %% [markdown]
// The two terms that are taken away have a meaning. What is left of $dy$ has no component along a shift of all values, and none along a
// stretch of them: batch normalisation undoes both, so the loss cannot depend on them.
