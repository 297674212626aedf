// ---
// title: A stack of units, and a type that refuses what does not fit
// difficulty: 3
// importance: 4
// minutes: 25
// source: the ResNet paper, equation 1: x and F must have the same dimensions
// passage: The basic block
// ---
// %% [markdown]
// # A stack of units, and a type that refuses what does not fit
//
// Equation 1 of the ResNet paper, $y = F(x) + x$, has a condition beside it: $x$ and $F(x)$ must have the same dimensions. A stage of a residual
// network is a stack of such units, each with a residual function of its own:
//
// $$ x_{k+1} = \operatorname{ReLU}(F_k(x_k) + x_k). $$
//
// The condition can be said in types, once for all sizes. A residual function that may be stacked takes `shapes.Images<H, W, C>` and gives
// `shapes.Images<H, W, C>`, with the same three numbers.
//
// **Your task.** Write `residualStack(x, residuals)`: it runs the units in turn and gives the last one's output; no units give `x`. The stub takes and gives any
// `shapes.Shape`. Change its *signature* too, so that it knows `H`, `W` and `C`: a residual function that changes the shape must not compile, and
// what comes out must have the shape of `x`.

// %% tags=["setup"]
import { check, runtime, shapes } from "residual";

console.log((await runtime.ready()).reason);

// %% tags=["answer"]
// BEGIN SOLUTION
type Residual<H extends number, W extends number, C extends number> = (
  x: shapes.Images<H, W, C>,
) => shapes.Images<H, W, C>;
// STUB type Residual = (x: shapes.Shape) => shapes.Shape;
// END SOLUTION

// BEGIN SOLUTION
function residualStack<H extends number, W extends number, C extends number>(
  x: shapes.Images<H, W, C>,
  residuals: readonly Residual<H, W, C>[],
): shapes.Images<H, W, C> {
  return residuals.reduce((h, residual) => shapes.relu(shapes.add(residual(h), h)), x);
}
// STUB function residualStack(x: shapes.Shape, residuals: readonly Residual[]): shapes.Shape {
// STUB   // YOUR CODE HERE
// STUB   throw new Error(`not written yet: ${residuals.length} units on ${x.dimensions.join()}`);
// STUB }
// END SOLUTION

// %% [markdown] tags=["hint"]
// First make it run: a loop over the residual functions, with the image that each gives to the next. Each unit adds *its own* input.

// %% [markdown] tags=["hint"]
// For the types, name the three numbers: a function can have parameters of type, `<H extends number, …>`, between its name and its arguments. Which of
// `x`, the residual functions and the result have the same three?

// %% [markdown] tags=["hint"]
// What must a residual function take, and give, so that `shapes.add(residual(h), h)` compiles for *every* `H`, `W` and `C`? A type can have parameters
// too: `Residual<H, W, C>`.

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["stack-of-units"]!, { residualStack });

// %% [markdown]
// One signature holds for every size of image and every number of channels, and refuses a unit that halves the image: that one belongs between two
// stages, with a shortcut of its own kind.
