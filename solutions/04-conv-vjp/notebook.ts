// ---
// title: The gradient of a convolution, with stride and padding
// difficulty: 4
// importance: 4
// minutes: 45
// source: chapter 04's derivation of the convolution; the convolutions of the ResNet paper's Table 1, in one dimension
// passage: Convolution
// ---
// %% [markdown]
// # The gradient of a convolution, with stride and padding
//
// In one dimension and with one channel, a convolution with kernel $w$ of size $k$, stride $s$ and $p$ zeros on each side computes
//
// $$ y_i = \sum_{u=0}^{k-1} w_u \, x_{s i + u - p}, $$
//
// where $x$ outside its range is 0. Two dimensions and many channels only add more sums of the same kind.
//
// **Your task.** Write `convolutionVjp(dy, x, w, stride, padding)`. It gives `dx` $= \partial E / \partial x$ and `dw` $= \partial E / \partial w$
// from `dy` $= \partial E / \partial y$, and leaves its lists as they are. Kernels may be even or odd, longer than $x$ too; $s \ge 1$ and $p \ge 0$ are any
// whole numbers.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function convolutionVjp(
  dy: readonly number[],
  x: readonly number[],
  w: readonly number[],
  stride: number,
  padding: number,
): { dx: number[]; dw: number[] } {
  // BEGIN SOLUTION
  const dx = x.map(() => 0);
  const dw = w.map(() => 0);
  for (const [i, d] of dy.entries()) {
    for (const [u, weight] of w.entries()) {
      const j = stride * i + u - padding;
      if (j < 0 || j >= x.length) continue;
      dx[j]! += d * weight;
      dw[u]! += d * x[j]!;
    }
  }
  return { dx, dw };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Do not look for a formula. Write the forward pass as two loops, over $i$ and $u$. Each turn adds one product, $w_u x_j$, to $y_i$.

// %% [markdown] tags=["hint"]
// A product $w_u x_j$ in $y_i$ gives $dy_i \, w_u$ to $x_j$ and $dy_i \, x_j$ to $w_u$. All that remains is which $j$ it is.

// %% [markdown] tags=["hint"]
// For one pair of $i$ and $u$: which pixel did the forward pass take? And if there was none, because a zero of the padding lay there, who gets that
// gradient?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["conv-vjp"]!, { convolutionVjp });

// %% [markdown]
// For stride 1 the same `dx` is a convolution of `dy` with the kernel read backwards, which is how it is often taught. With a stride there are zeros
// between the numbers of `dy`. The two loops know nothing of this and are right for both.
