// ---
// title: Residual units as steps of Euler's method
// difficulty: 2
// importance: 4
// minutes: 25
// source: E 2017, A Proposal on Machine Learning via Dynamical Systems: a residual unit as one step of Euler's method
// passage: The differential-equation reading
// ---
// %% [markdown]
// # Residual units as steps of Euler's method
//
// A residual unit adds something to its input. So does a step of Euler's method for the differential equation $\dot x = f(x)$:
//
// $$ x_{k+1} = x_k + h \, f(x_k). $$
//
// Read in this way, a residual network with tied weights follows a curve in time, and *depth* is how finely time is cut: $n$ units that cover a time
// $T$ have the step $h = T / n$. With twice the units and half the step the same curve is followed more closely.
//
// **Your task.** Write `evolve(field, x, time, units)`. `field` is $f$, it takes and gives a list of numbers. It gives all states from $x_0$ to
// $x_n$, a list of $n + 1$ lists. The time may be negative, and the curve is then followed backwards; there may be no units, and $x_0$ is then the
// only state. Leave `x` itself as it is.

// %% tags=["setup"]
import { check } from "residual";

type Field = (x: readonly number[]) => number[];

// %% tags=["answer"]
function evolve(field: Field, x: readonly number[], time: number, units: number): number[][] {
  // BEGIN SOLUTION
  const step = time / units;
  const states = [[...x]];
  for (let unit = 0; unit < units; unit++) {
    const state = states.at(-1)!;
    const slope = field(state);
    states.push(state.map((value, i) => value + step * slope[i]!));
  }
  return states;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// What is the step, so that all units together cover the time $T$?

// %% [markdown] tags=["hint"]
// Compute the whole slope `field(state)` *before* you change a number of the state: $f(x_k)$ sees the old state in all places.

// %% [markdown] tags=["hint"]
// ```
//           f(x_0)        f(x_1)
//             │             │
//   x_0 ──────(+)──── x_1 ──(+)──── x_2
//           times ?       times ?
// ```
//
// Two units, and a time of 3: what stands at the question marks? Put in numbers for $f(x) = x$ and $x_0 = 1$. Which of the lists on this line must
// still be unchanged when you are at its end?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["euler-steps"]!, { evolve });

// %% [markdown]
// For $\dot x = -x$ and $T = 1$ the exact end is $e^{-1} = 0.3679$. One unit gives 0, two give 0.25, ten give 0.3487: halving the step about halves
// the error. A trained network need not follow any such curve: its units have weights of their own, and nothing forces neighbours to be alike.
// Chapter 09 tests it.
