// ---
// title: Is the deeper network really worse?
// difficulty: 3
// importance: 5
// minutes: 30
// source: the ResNet paper, Figure 1 (the gap) and section 4.2 (ResNet-110 was run five times: 6.61 ± 0.16 %)
// passage: How sure are we?
// ---
// %% [markdown]
// # Is the deeper network really worse?
//
// Figure 1 of the ResNet paper shows one curve for each depth. One run is one draw: another seed gives another number. The paper itself says so of
// ResNet-110, whose error it gives as a mean of five runs and a standard deviation.
//
// You have the final training errors of several runs of a shallow and of a deep network, each run with a seed of its own. The gap is the mean of the
// deep ones minus the mean of the shallow ones. Its standard error follows from the two standard deviations $s$, each with $n - 1$ in the
// denominator:
//
// $$ \text{gap} = \bar d - \bar a, \qquad \text{se} = \sqrt{\frac{s_a^2}{n_a} + \frac{s_d^2}{n_d}}, \qquad
// \text{interval} = \text{gap} \pm t \cdot \text{se}. $$
//
// **Your task.** Write `gapInterval(shallow, deep, t)`. It gives `gap`, `lower` and `upper`, and leaves both lists as they are. There are at least two
// runs of each network, not always equally many. The quantile $t$ is given (for five runs of each, $t \approx 2.3$ for 95 %).

// %% tags=["setup"]
import { check } from "residual";

interface Gap {
  readonly gap: number;
  readonly lower: number;
  readonly upper: number;
}

// %% tags=["answer"]
function gapInterval(shallow: readonly number[], deep: readonly number[], t: number): Gap {
  // BEGIN SOLUTION
  const mean = (runs: readonly number[]) => runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const variance = (runs: readonly number[]) =>
    runs.reduce((sum, run) => sum + (run - mean(runs)) ** 2, 0) / (runs.length - 1);
  const gap = mean(deep) - mean(shallow);
  const error = Math.sqrt(variance(shallow) / shallow.length + variance(deep) / deep.length);
  return { gap, lower: gap - t * error, upper: gap + t * error };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// These are errors, so a larger number is worse. Which sign should the gap have if the deeper network is worse?

// %% [markdown] tags=["hint"]
// A standard deviation says how far *one run* strays. A mean of $n$ runs strays less, by $\sqrt n$. Two independent errors add as squares.

// %% [markdown] tags=["hint"]
// Draw two bell curves: one for single runs of a network, and a narrower one for the mean of its $n$ runs. How much narrower? And when both means stray,
// independently of each other, how far does their difference stray?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["gap-with-interval"]!, { gapInterval });

// %% [markdown]
// If the interval lies above zero, the deeper network is worse, and luck alone does not explain it. If it holds zero, the runs do not tell: that is
// not the same as "no difference".
