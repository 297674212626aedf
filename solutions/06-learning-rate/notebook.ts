// ---
// title: The learning rate of every step
// difficulty: 1
// importance: 4
// minutes: 15
// source: the ResNet paper, section 4.2: 0.1, divided by 10 at 32k and 48k iterations, ended at 64k; a warm-up of about 400 iterations at 0.01 for ResNet-110
// passage: The recipe
// ---
// %% [markdown]
// # The learning rate of every step
//
// The CIFAR-10 networks of the ResNet paper train for 64,000 steps. The learning rate is 0.1, and is divided by 10 at 32,000 steps and again at
// 48,000. For 110 layers 0.1 is too much at first: training starts at 0.01, until the training error falls below 80 % (about 400 steps), and then
// goes on at 0.1. The rest is as before.
//
// **Your task.** Write `learningRate(step, warmUp)`. Steps count from 0, so the last one is 63,999, and no later one is asked for. `warmUp` is how
// many of the first steps are taken at 0.01: none if it is 0, and never fewer than it says, even where a warm-up is so long that it goes past a
// division. A division "at 32,000" holds from step 32,000 on; the warm-up's steps count like all others.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function learningRate(step: number, warmUp: number): number {
  // BEGIN SOLUTION
  if (step < warmUp) return 0.01;
  if (step < 32_000) return 0.1;
  return step < 48_000 ? 0.01 : 0.001;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Draw it first: four levels at most. Where are the edges?

// %% [markdown] tags=["hint"]
// Steps count from 0, so the warm-up's steps are 0 to `warmUp - 1`, and 31,999 is the last step before the first division.

// %% [markdown] tags=["hint"]
// ```
// rate
// 0.1         ┌──────────────┐
// 0.01   ─────┘              └────────┐
// 0.001                               └────────
// step   0   warmUp - 1 | ?   31,999 | ?   47,999 | ?
// ```
//
// Which levels are left where the warm-up ends at step 40,000? Which question must come first?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["learning-rate"]!, { learningRate });

// %% [markdown]
// A step is a batch of 128 images, so 64,000 steps on 45,000 images are 182 epochs. The library's `train.stepSchedule` and `train.warmUp` do the
// same for any numbers.
