// ---
// title: From addition to concatenation: a dense block
// difficulty: 2
// importance: 3
// minutes: 20
// source: Huang et al. 2017, Densely Connected Convolutional Networks, equation 2 and section 3 (growth rate, composite function)
// passage: After: DenseNet
// ---
// %% [markdown]
// # From addition to concatenation: a dense block
//
// DenseNet does not add what a layer computes to its input. It puts it *behind* the input, as new channels, so that every layer sees everything that
// came before it (equation 2 of Huang et al. 2017):
//
// $$ x_\ell = H_\ell([x_0, x_1, \dots, x_{\ell-1}]). $$
//
// The number of channels that each layer adds is the growth rate $k$. $H$ activates *before* it convolves: here it is a ReLU and then a 3×3
// convolution, with batch normalisation left out.
//
// **Your task.** Write `denseBlock(x, first, second)`: two layers with $k = 4$ on images with 6 channels. It gives all channels in the order in
// which they came about: $[x_0, x_1, x_2]$. `shapes.concat(front, back)` joins, and its type counts: 6 channels and 4 are 10. Say in place of the
// stub's `Output` how many come out.

// %% tags=["setup"]
import { check, runtime, shapes } from "residual";

console.log((await runtime.ready()).reason);

// %% tags=["answer"]
// BEGIN SOLUTION
type Output = shapes.Images<8, 8, 14>;
// STUB type Output = shapes.Shape;
// END SOLUTION

function denseBlock(
  x: shapes.Images<8, 8, 6>,
  first: shapes.Shape<readonly [3, 3, 6, 4]>,
  second: shapes.Shape<readonly [3, 3, 10, 4]>,
): Output {
  // BEGIN SOLUTION
  const one = shapes.concat(x, shapes.conv2d(shapes.relu(x), first, 1));
  return shapes.concat(one, shapes.conv2d(shapes.relu(one), second, 1));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// How many channels does the second layer see? Look at the type of `second`.

// %% [markdown] tags=["hint"]
// $H$ activates what it takes in. Is what is *joined* activated too, or only what is *convolved*? Equation 2 names what stands in the list: is it $x_0$
// or $\operatorname{ReLU}(x_0)$?

// %% [markdown] tags=["hint"]
// ```
//  x_0 ──┬────────────────┬───────────────────┬──────▶
//        └─ H ─▶ x_1 ─────┼───────────────────┤
//                         └─ H(x_0, x_1) ─▶ x_2 ─────▶
// ```
//
// Count the channels on each line. How many does the second $H$ take in, how many come out at the right, and in which order?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["dense-block"]!, { denseBlock });

// %% [markdown]
// Addition needs equal shapes and mixes what it adds; concatenation needs equal sizes only, and keeps everything apart. The price is channels: after
// $\ell$ layers there are $k_0 + \ell k$ of them, and the last layers see them all.
