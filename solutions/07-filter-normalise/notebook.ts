// ---
// title: A random direction that can be compared: filter normalisation
// difficulty: 3
// importance: 4
// minutes: 30
// source: Li et al. 2018, Visualizing the Loss Landscape of Neural Nets, section 4 (filter-wise normalisation)
// passage: Worked in full: the filter-normalised direction
// ---
// %% [markdown]
// # A random direction that can be compared: filter normalisation
//
// A loss surface is drawn along random directions in weight space. But a step of length 1 is huge for a layer with small weights and nothing for one
// with large weights, and with batch normalisation the scale of a filter does not even change what the network computes. So Li et al. give each
// **filter** of a random direction the length of the network's own filter:
//
// $$ d_{f} \leftarrow \frac{d_{f}}{\lVert d_{f} \rVert} \, \lVert w_{f} \rVert. $$
//
// A filter is all that makes *one output channel*. In TensorFlow.js the weights of a convolution have the shape `[K, K, In, Out]`, row-major: the
// output channel is the *last* axis, so the numbers of one filter do not lie side by side.
//
// **Your task.** Write `filterNormalised(direction, weights, outChannels)`: both lists hold the numbers of one layer, row-major. It gives the
// normalised direction. A filter of `direction` that is all zeros stays zeros; where the network's filter is all zeros, its length is 0, and so is
// that of the direction. Directions may be tiny: a number of 1e-14 is no zero. Leave both lists as they are: the network still needs its weights.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function filterNormalised(
  direction: readonly number[],
  weights: readonly number[],
  outChannels: number,
): number[] {
  // BEGIN SOLUTION
  const norm = (values: readonly number[], filter: number) =>
    Math.sqrt(values.reduce((sum, value, i) => (i % outChannels === filter ? sum + value ** 2 : sum), 0));
  const factors = Array.from({ length: outChannels }, (_, filter) => {
    const own = norm(direction, filter);
    return own === 0 ? 0 : norm(weights, filter) / own;
  });
  return direction.map((value, i) => value * factors[i % outChannels]!);
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Which numbers of the list belong to output channel 0? Write down the indices for `[1, 1, 2, 3]`: six numbers, three filters of two.

// %% [markdown] tags=["hint"]
// Number $i$ of the list belongs to filter `i % outChannels`. Sum the squares by filter, for both lists; a norm is the root of a sum of squares.

// %% [markdown] tags=["hint"]
// ```
// direction   2   6  −1   8   2   0        weights   0   3   3  −4   4   0
//             A   B   A   B   A   B                  A   B   A   B   A   B
// ```
//
// Two filters, A and B. How long is A in either list, and how long is B? By what must the two numbers of A be multiplied, so that its length changes
// from the one to the other? Is there a length by which you cannot divide?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["filter-normalise"]!, { filterNormalised });

// %% [markdown]
// Without this, the surface of a network with large weights looks flat and that of one with small weights looks sharp, though they may be the same
// function. Biases and the normalisations' own parameters the authors leave where they are.
