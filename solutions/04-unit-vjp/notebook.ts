// ---
// title: Backpropagation through a residual unit, by hand
// difficulty: 3
// importance: 5
// minutes: 40
// source: the ResNet paper, Figure 2 and equation 1; the identity paper, equation 5, for the term that the shortcut adds
// passage: The residual unit
// ---
// %% [markdown]
// # Backpropagation through a residual unit, by hand
//
// Figure 2's block, with matrices in place of convolutions, is
//
// $$ a = W_1 x, \quad h = \operatorname{ReLU}(a), \quad z = W_2 h + x, \quad y = \operatorname{ReLU}(z). $$
//
// From the gradient at the output, $dy = \partial E / \partial y$, backpropagation finds $\partial E / \partial x$, $\partial E / \partial W_1$ and
// $\partial E / \partial W_2$. Every step back undoes one step forward: a ReLU lets through where its input was positive, a matrix goes back
// transposed, and where a value was used twice, what comes back from both uses is added. At exactly 0 a ReLU lets nothing through.
//
// **Your task.** Write `unitVjp(x, first, second, dy)`. It gives `dx`, `dFirst` and `dSecond`, and leaves its arguments as they are. $h$ may be wider or
// narrower than $x$: $W_1$ has a row for each of its numbers, $W_2$ a column. Vectors are lists, matrices lists of rows;
// `times(w, x)`, `rectified(x)`, `transposed(w)` and `outer(a, b)` (the matrix of products $a_i b_j$) are there.

// %% tags=["setup"]
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
/** max(x, 0), number by number. */
const rectified = (x: Vector): number[] => x.map((value) => Math.max(value, 0));
/** W with rows and columns exchanged. */
const transposed = (w: Matrix): number[][] => w[0]!.map((_, j) => w.map((row) => row[j]!));
/** The matrix of all products a_i b_j. */
const outer = (a: Vector, b: Vector): number[][] => a.map((value) => b.map((other) => value * other));

interface UnitGradients {
  readonly dx: number[];
  readonly dFirst: number[][];
  readonly dSecond: number[][];
}

// %% tags=["answer"]
function unitVjp(x: Vector, first: Matrix, second: Matrix, dy: Vector): UnitGradients {
  // BEGIN SOLUTION
  const before = times(first, x);
  const hidden = rectified(before);
  const sum = times(second, hidden).map((value, i) => value + x[i]!);
  // Back through the last ReLU: from here two ways lead to x.
  const dSum = dy.map((d, i) => (sum[i]! > 0 ? d : 0));
  const dHidden = times(transposed(second), dSum);
  const dBefore = dHidden.map((d, i) => (before[i]! > 0 ? d : 0));
  const throughF = times(transposed(first), dBefore);
  return {
    dx: dSum.map((d, i) => d + throughF[i]!),
    dFirst: outer(dBefore, x),
    dSecond: outer(dSum, hidden),
  };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Write the forward pass down first, and keep `a`, `h` and `z`: the way back needs them.

// %% [markdown] tags=["hint"]
// Go back line by line, from the last to the first. For each line ask: which values does it use, and what does each of them get from the line's own
// gradient? Which values are used by two lines?

// %% [markdown] tags=["hint"]
// Draw the four lines as a graph, with an arrow for each use of a value. Two arrows leave $x$. Walk both back: which ReLUs and which matrices does each
// of them pass?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["unit-vjp"]!, { unitVjp });

// %% [markdown]
// Set $W_1 = W_2 = 0$: `dx` is then $dy$ where $x > 0$. However deep the stack, this term reaches the bottom through ReLUs alone; in a plain network
// every term passes every matrix. The pre-activation unit of chapter 08 takes even the ReLU out of its way.
