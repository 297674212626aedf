// ---
// title: The gate of a Highway layer
// difficulty: 2
// importance: 3
// minutes: 20
// source: Srivastava, Greff and Schmidhuber 2015, Highway Networks, equations 2 and 3; the identity paper, section 3.1 (exclusive gating)
// passage: Before: Highway networks
// ---
// %% [markdown]
// # The gate of a Highway layer
//
// Before residual networks there were Highway networks. A layer of theirs computes something new, $H(x)$, and a *transform gate* $T(x)$, a number
// from 0 to 1 for each output, says how much of it is taken; the rest is carried over from the input (equation 3):
//
// $$ y = H(x) \odot T(x) + x \odot (1 - T(x)), \qquad T(x) = \sigma(W_T x + b_T). $$
//
// Here $H(x) = \operatorname{ReLU}(W_H x)$. The bias $b_T$ is one number for all gates. It starts below zero: why? Ask your function.
//
// **Your task.** Write `highwayLayer(x, transform, gate, bias)`, where `transform` is $W_H$ and `gate` is $W_T$, lists of rows. The bias may be any
// number, also a large one of either sign. `times(w, x)`, and `relu` and `sigmoid` of one number, are there. Leave the inputs as they are.

// %% tags=["setup"]
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const relu = (value: number): number => Math.max(value, 0);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

// %% tags=["answer"]
function highwayLayer(x: Vector, transform: Matrix, gate: Matrix, bias: number): number[] {
  // BEGIN SOLUTION
  const candidate = times(transform, x).map(relu);
  const open = times(gate, x).map((value) => sigmoid(value + bias));
  return x.map((value, i) => open[i]! * candidate[i]! + (1 - open[i]!) * value);
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Compute three lists: $H$, $T$ and then the mixture. With $T = 0$, what must come out? With $T = 1$?

// %% [markdown] tags=["hint"]
// $T = 0$ gives $x$ back, $T = 1$ gives $H(x)$. So $T$ stands with $H$, and $1 - T$ with $x$.

// %% [markdown] tags=["hint"]
// ```
//  x ──┬── W_H ── ReLU ────(×)──┐
//      ├── W_T ── + b ── σ ─┤   (+)── y
//      └───────────────────(×)──┘
// ```
//
// The σ feeds both multiplications, but not with the same number. With a bias of −3 and small weights, what is each of the two, roughly? And with a
// bias of −3 and this layer as the first of fifty: what reaches the last one at the start of training?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["highway-gate"]!, { highwayLayer });

// %% [markdown]
// A residual unit is simpler: both gates are 1 and have no parameters. In the identity paper's Table 1 exclusive gates on ResNet-110 do worse than
// no gates at all: opening the one closes the other.
