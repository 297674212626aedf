// ---
// title: Degradation or overfitting? Read it off the curves
// difficulty: 2
// importance: 5
// minutes: 20
// source: the ResNet paper, Figure 1 and section 1
// passage: Is it overfitting?
// ---
// %% [markdown]
// # Degradation or overfitting? Read it off the curves
//
// Figure 1 of the ResNet paper has two halves: training error on the left, test error on the right, for a plain network with 20 layers and one with
// 56. A deeper network that is worse on the *test* set may simply overfit: then it is better on the training set. What the paper calls *degradation*
// is something else: the deeper network is worse on the training set as well.
//
// **Your task.** Write `readCurves(shallow, deep, last, margin)`. Each network has `training` and `test`, its errors epoch by epoch. Curves are
// noisy, so compare means over the last `last` epochs; no curve is shorter. The result has
//
// - `training` and `test`: the deep network's mean minus the shallow one's;
// - `verdict`: `"degradation"` if `training` is above `margin`; else `"overfitting"` if `test` is above `margin`; else `"depth helps"` if `test` is
//   below `-margin`; else `"no difference"`.

// %% tags=["setup"]
import { check } from "residual";

interface Curves {
  readonly training: readonly number[];
  readonly test: readonly number[];
}

interface Reading {
  readonly training: number;
  readonly test: number;
  readonly verdict: "degradation" | "overfitting" | "depth helps" | "no difference";
}

// %% tags=["answer"]
function readCurves(shallow: Curves, deep: Curves, last: number, margin: number): Reading {
  // BEGIN SOLUTION
  const end = (errors: readonly number[]) =>
    errors.slice(-last).reduce((sum, error) => sum + error, 0) / last;
  const training = end(deep.training) - end(shallow.training);
  const test = end(deep.test) - end(shallow.test);
  if (training > margin) return { training, test, verdict: "degradation" };
  if (test > margin) return { training, test, verdict: "overfitting" };
  return { training, test, verdict: test < -margin ? "depth helps" : "no difference" };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Which half of Figure 1 tells degradation from overfitting?

// %% [markdown] tags=["hint"]
// `errors.slice(-last)` is the end of a curve. Take the mean of it, for four curves.

// %% [markdown] tags=["hint"]
// A deeper network is worse on both halves of Figure 1. Can that be overfitting? So which of the two errors must be asked first?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["reading-curves"]!, { readCurves });

// %% [markdown]
// Much that is written about residual networks says that they "fight overfitting". The left half of Figure 1 is the answer: the plain network with
// 56 layers does not even fit.
