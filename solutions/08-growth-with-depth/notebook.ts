// ---
// title: How the signal grows with depth: predict, then compute
// difficulty: 3
// importance: 4
// minutes: 30
// source: the identity paper, equation 4 (the signal as a sum) and section 3.1 (a factor on the shortcut)
// passage: How the signal grows
// ---
// %% [markdown]
// # How the signal grows with depth: predict, then compute
//
// Along a residual network the signal is a sum (equation 4 of the identity paper), and a sum of independent things has a variance that is the sum of
// their variances. Two kinds of units:
//
// - `normalised`: the residual starts with a normalisation, as in pre-activation units, so its output has the same variance `variance`, whatever
//   comes in;
// - `proportional`: no normalisation; the residual's output has `gain` times the variance of the unit's input.
//
// Every unit may have a factor $\lambda$ on its shortcut: $x_{l+1} = \lambda_l x_l + F_l$. Take $x_l$ and $F_l$ as uncorrelated with mean 0.
//
// **Predict first.** After 50 units with $\lambda = 1$, a start of 1 and a variance or gain of 1: which numbers?
//
// **Your task.** Write `signalVariances(start, units)`: the variances of $x_0, x_1, \dots, x_L$, a list of $L + 1$ numbers. A factor may be any number,
// also 0 or below; `start`, `variance` and `gain` may be 0; and there may be no units at all. Leave `units` as they are.

// %% tags=["setup"]
import { check } from "residual";

interface Unit {
  readonly factor: number;
  readonly residual:
    | { readonly kind: "normalised"; readonly variance: number }
    | { readonly kind: "proportional"; readonly gain: number };
}

// %% tags=["answer"]
function signalVariances(start: number, units: readonly Unit[]): number[] {
  // BEGIN SOLUTION
  const variances = [start];
  for (const { factor, residual } of units) {
    const before = variances.at(-1)!;
    const added = residual.kind === "normalised" ? residual.variance : residual.gain * before;
    variances.push(factor ** 2 * before + added);
  }
  return variances;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// If $x$ has variance $v$, what is the variance of $\lambda x$?

// %% [markdown] tags=["hint"]
// Take numbers: $x$ is 1 or −1, each half of the time. Which values has $2x$, and which variance? And $-2x$? Add an $F$ that is 1 or −1 too, whatever
// $x$ is: which values has $2x + F$ now, how often each, and which variance?

// %% [markdown] tags=["hint"]
// ```
//  x_l ──┬───────── × λ ────(+)── x_{l+1}
//        └── F ─────────────┘
// ```
//
// Write a variance at each of the four places of this picture, once for a unit of either kind. Which of them does the next unit begin with?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["growth-with-depth"]!, { signalVariances });

// %% [markdown]
// 51 and $2^{50}$, about $10^{15}$. Normalised residuals let the signal grow like the depth, so late units change it relatively less and less;
// without normalisation it doubles in every unit. This is one reason why deep residual networks without normalisation need another initialisation.
