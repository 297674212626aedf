// ---
// title: Three bugs in one residual block
// difficulty: 2
// importance: 4
// minutes: 20
// source: the ResNet paper, Figure 2 and equation 1; section 3.4 (normalisation after each convolution)
// passage: The basic block
// ---
// %% [markdown]
// # Three bugs in one residual block
//
// A colleague has written the block of Figure 2, with matrices in place of convolutions and a normalisation after each of them:
//
// $$ y = \operatorname{ReLU}\bigl( N_2(W_2 \operatorname{ReLU}(N_1(W_1 x))) + x \bigr). $$
//
// It runs, all shapes agree, and the network trains, only worse than it should. Three things are wrong with it. None is a typing error that a
// compiler could find, and all three have been found in published code.
//
// **Your task.** Mend `block`, for any width; it leaves its arguments as they are. Read it against Figure 2, line by line, before you run anything.

// %% tags=["setup"]
import { check } from "residual";

type Vector = readonly number[];
type Matrix = readonly Vector[];

/** A normalisation with fixed statistics, folded into a scale and a shift for each number. */
interface Norm {
  readonly scale: Vector;
  readonly shift: Vector;
}

/** W x. */
const times = (w: Matrix, x: Vector): number[] =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
const relu = (x: Vector): number[] => x.map((value) => Math.max(value, 0));
const norm = (x: Vector, { scale, shift }: Norm): number[] =>
  x.map((value, i) => scale[i]! * value + shift[i]!);
const plus = (a: Vector, b: Vector): number[] => a.map((value, i) => value + b[i]!);

// %% tags=["answer"]
function block(x: Vector, first: Matrix, firstNorm: Norm, second: Matrix, secondNorm: Norm): number[] {
  // BEGIN SOLUTION
  const hidden = relu(norm(times(first, x), firstNorm));
  const residual = norm(times(second, hidden), secondNorm);
  return relu(plus(residual, x));
  // STUB x = relu(norm(times(first, x), firstNorm));
  // STUB const residual = relu(norm(times(second, x), firstNorm));
  // STUB return plus(residual, x);
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// There are three kinds of bugs here: a value that is gone when it is needed, a part that is used twice, and an operation on the wrong side of
// another. Look for one of each.

// %% [markdown] tags=["hint"]
// What is `x` in the last line? And does every argument have an effect?

// %% [markdown] tags=["hint"]
// Draw Figure 2 beside the three lines: one box for each operation, one arrow for the shortcut. From where does the arrow start in the figure, from
// where in the code, and what does each pass on its way to the output?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["find-the-bugs"]!, { block });

// %% [markdown]
// The first bug, `x` overwritten, is the hardest to see: the sum still has a shortcut, but around one layer, and from an activated value. A test
// that compares shapes passes all three.
