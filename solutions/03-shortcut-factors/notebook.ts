// ---
// title: What a factor on every shortcut makes of a deep network
// difficulty: 3
// importance: 5
// minutes: 30
// source: the identity paper, section 3, equations 6 to 8, and its Table 1
// passage: A factor on the shortcut
// ---
// %% [markdown]
// # What a factor on every shortcut makes of a deep network
//
// Suppose that every shortcut multiplies by a factor: $x_{i+1} = \lambda_i x_i + F_i$, where $F_i$ is what the residual function of unit $i$ gives.
// The identity paper writes out what becomes of this after $L$ units (its equation 7):
//
// $$ x_L = \left( \prod_{i=0}^{L-1} \lambda_i \right) x_0 + \sum_{i=0}^{L-1} c_i F_i. $$
//
// The numbers $c_i$ say how much of each unit's work arrives at the end. You will find them: they too are products of factors.
//
// **Your task.** Write `shortcutFactors(lambdas)`, for the list $\lambda_0, \dots, \lambda_{L-1}$. It gives `carried`, the number before $x_0$, and
// `residuals`, the list $c_0, \dots, c_{L-1}$. A factor may be any number, also 0 or negative; there may be no units, and $x_0$ then
// arrives whole. Before you run it: with $\lambda = 0.9$ in each of the 54 units of ResNet-110, how much of $x_0$
// arrives?

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function shortcutFactors(lambdas: readonly number[]): { carried: number; residuals: number[] } {
  // BEGIN SOLUTION
  const residuals: number[] = [];
  let later = 1;
  for (const lambda of [...lambdas].reverse()) {
    // What a unit adds passes the shortcuts of the units after it, not its own.
    residuals.unshift(later);
    later *= lambda;
  }
  return { carried: later, residuals };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Write out two units: $x_2 = \lambda_1 x_1 + F_1$, and put $x_1 = \lambda_0 x_0 + F_0$ in.

// %% [markdown] tags=["hint"]
// $x_2 = \lambda_1 \lambda_0 x_0 + \lambda_1 F_0 + F_1$. Which shortcuts does $F_0$ pass on its way to the end? Which does $F_1$ pass?

// %% [markdown] tags=["hint"]
// Draw the units in a row, and let $F_i$ enter behind the shortcut of unit $i$. Which factors lie to the right of it? How does the answer for $F_{i-1}$
// follow from that for $F_i$, without beginning anew?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["shortcut-factors"]!, { shortcutFactors });

// %% [markdown]
// $0.9^{54}$ is 0.0034: a third of a percent. The gradient has the same factor in front of its own first term (equation 8). Table 1 reports the
// network that halves each shortcut and keeps all of $F$ as failed: its error stays above 20 %.
