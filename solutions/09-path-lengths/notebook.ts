// ---
// title: How long are the paths?
// difficulty: 1
// importance: 3
// minutes: 10
// source: Veit, Wilber and Belongie 2016, the unravelled view of residual networks
// ---
// %% [markdown]
// # How long are the paths?
//
// Unravel a residual network: at each unit the signal takes the shortcut or passes the residual $F$. With $n$ units there are $2^n$ paths from
// input to output. The **length** of a path is the number of residuals that it passes.
//
// **Your task.** Write `pathLengths(n)`. It gives a list of $n + 1$ numbers: how many paths have length 0, 1, …, $n$. The counts may
// be large (a 110-layer network has 54 units), but they are exact in ordinary numbers for the sizes asked here.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function pathLengths(n: number): number[] {
  // BEGIN SOLUTION
  let counts = [1];
  for (let unit = 0; unit < n; unit++) {
    // Through the shortcut a path keeps its length, through the residual it grows by one.
    counts = [...counts, 0].map((count, length) => count + (counts[length - 1] ?? 0));
  }
  return counts;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Draw two units. Four paths: which lengths have they?

// %% [markdown] tags=["hint"]
// A path of length $k$ chooses the $k$ units whose residual it passes. In how many ways can it choose?

// %% [markdown] tags=["hint"]
// Either build it up unit by unit: a path of length $k$ through $n$ units comes from one of length $k$ or $k - 1$ through $n - 1$. Or use
// $\binom{n}{k} = \binom{n}{k-1} \cdot \frac{n - k + 1}{k}$.

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["path-lengths"]!, { pathLengths });

// %% [markdown]
// The counts are a binomial distribution with mean $n / 2$. Half of a network's units is the typical length, and very short and very long
// paths are rare. Which of them carry the gradient is another question, and chapter 09 measures it.
