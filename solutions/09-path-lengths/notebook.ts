// ---
// title: How long are the paths?
// difficulty: 1
// importance: 3
// minutes: 10
// source: Veit, Wilber and Belongie 2016, the unravelled view of residual networks
// passage: How long are the paths?
// ---
// %% [markdown]
// # How long are the paths?
//
// Unravel a residual network: at each unit the signal takes the shortcut or passes the residual $F$. With $n$ units there are $2^n$ paths from
// input to output. The **length** of a path is the number of residuals that it passes.
//
// **Your task.** Write `pathLengths(n)`. It gives a list of $n + 1$ numbers: how many paths have length 0, 1, …, $n$. `n` may be 0, and is at most
// 50. Counts are whole numbers, so give them exactly: for these depths they all stay below $2^{53}$, where ordinary numbers (float64) hold every
// whole number, although float32 does not, and although what you compute on the way may not stay below it.

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
// ```
// length      0   1   2   3
// 2 units     1   2   1
//             │ ╲ │ ╲ │ ╲
// 3 units     ?   ?   ?   ?
// ```
//
// Here a third unit is added. A straight line is one of its two ways, a slanting line the other: which is which? What does each place of the lower
// row get?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["path-lengths"]!, { pathLengths });

// %% [markdown]
// The counts are a binomial distribution with mean $n / 2$. Half of a network's units is the typical length, and very short and very long
// paths are rare. Which of them carry the gradient is another question, and chapter 09 measures it.
