// ---
// title: Two slopes a step: Heun's method, and its order
// difficulty: 3
// importance: 3
// minutes: 35
// source: Chen, Rubanova, Bettencourt and Duvenaud 2018, arXiv:1806.07366, equations 1 and 2 (Euler's step and the equation that it approximates)
// passage: A flow cannot cross itself
// ---
// %% [markdown]
// # Two slopes a step: Heun's method, and its order
//
// A block of a Neural ODE follows $\frac{dx}{dt} = f(x, t)$ from $x(t_0)$ to $x(t_1)$, and leaves it to a solver in which steps. Euler's step is a
// residual unit: it takes the slope where it stands, and walks straight on. **Heun's method** looks ahead first. It goes where Euler's step would lead,
// asks for the slope *there and then*, comes back, and takes the whole step $h$ with the mean of the two slopes:
//
// $$ k_1 = f(x, t), \qquad k_2 = f(x + h \, k_1, \; t + h), \qquad x \leftarrow x + \frac h2 (k_1 + k_2). $$
//
// Is that worth twice the work? A method has the **order** $p$ if its error is in proportion to $h^p$ once the steps are small. The exact end is seldom
// known, but nobody needs it: let the same method go the same way in $n$, in $2n$ and in $4n$ steps. How far apart are the first two ends, how far the
// last two, and what has $p$ to do with it?
//
// **Your task.** Write two functions.
//
// - `heun(field, x, from, to, steps)` gives the state at the time `to`, a list of numbers, after `steps` equal steps, at least one. `field(x, t)` is $f$.
//   It may be expensive: ask it twice a step, and not more often. `to` may lie before `from`. Leave `x` as it is.
// - `observedOrder(coarse, middle, fine)` gives $p$, a number that need not be whole, from the ends after $n$, $2n$ and $4n$ steps. Take the distance of
//   two states as the root of the sum of the squares.

// %% tags=["setup"]
import { check } from "residual";

type State = readonly number[];
type Field = (x: State, t: number) => number[];

// %% tags=["answer"]
function heun(field: Field, x: State, from: number, to: number, steps: number): number[] {
  // BEGIN SOLUTION
  const h = (to - from) / steps;
  let state = [...x];
  for (let step = 0; step < steps; step++) {
    const t = from + step * h;
    const here = field(state, t);
    const ahead = field(
      state.map((value, i) => value + h * here[i]!),
      t + h,
    );
    state = state.map((value, i) => value + (h / 2) * (here[i]! + ahead[i]!));
  }
  return state;
  // END SOLUTION
}

function observedOrder(coarse: State, middle: State, fine: State): number {
  // BEGIN SOLUTION
  const distance = (a: State, b: State) => Math.hypot(...a.map((value, i) => value - b[i]!));
  return Math.log2(distance(coarse, middle) / distance(middle, fine));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// At which time is the second slope taken, and at which place? Put in numbers for $f(x, t) = t$, one step from 0 to 2: the end is 2, exactly.

// %% [markdown] tags=["hint"]
// Let the error after $n$ steps be $e$. After $2n$ steps it is about $e / 2^p$, and after $4n$? The first two ends then differ by $e - e / 2^p$. And the
// last two?

// %% [markdown] tags=["hint"]
// ```
//            k₁                      k₂
//            │                       │
//   x ───────┼──── x + ? k₁ ─────────┘
//            │                       │
//            └──────── mean ─────────┘
//   x ─────────────────(+)───────────────── x at t + h
//                    times ?
// ```
//
// What stands at the question marks? And for the order: the first distance over the second is $2^p$. Which function gives $p$ back?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["heun-step"]!, { heun, observedOrder });

// %% [markdown]
// For $\dot x = -x$ from 1 and a time of 1 the exact end is $e^{-1} = 0.3679$. Ten steps of Euler's method, ten slopes, give 0.3487. Five of Heun's, ten
// slopes as well, give 0.3707, nearly seven times as near, and with every halving of the step the two move further apart: the orders are 1 and 2. In a
// trained residual network nothing of the kind is promised: chapter 09 refined its steps, and it got worse.
