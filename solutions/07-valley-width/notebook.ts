// ---
// title: How wide is the valley? Read it off a slice of the surface
// difficulty: 2
// importance: 3
// minutes: 25
// source: Li et al. 2018, which compares minima by plots along one direction; chapter 07 draws such slices
// passage: A cut through many dimensions
// ---
// %% [markdown]
// # How wide is the valley? Read it off a slice of the surface
//
// A slice of a loss surface is a list of positions $\alpha$ along one direction, ascending, and the loss at each; the trained network stands at
// $\alpha = 0$, which is one of them. A simple measure of how sharp its minimum is: how far one can go to both sides before the loss has risen by a
// given amount.
//
// **Your task.** Write `valleyWidth(alphas, losses, rise)`. Take the level *loss at 0 plus* `rise`, a positive number. Go left and right from 0 to where
// the curve first rises above it, and give the distance between the two places. Between neighbouring points the curve is a straight line, so a
// crossing lies where that line meets the level; a curve that only touches the level does not rise above it, so the valley goes on. If the curve ends
// first, its end counts, also where that is 0 itself. Other valleys, beyond a ridge, do not count. Positions need not be evenly spaced, and losses
// may be negative. Leave the lists as they are.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function valleyWidth(alphas: readonly number[], losses: readonly number[], rise: number): number {
  // BEGIN SOLUTION
  const start = alphas.indexOf(0);
  const level = losses[start]! + rise;
  const edge = (direction: 1 | -1): number => {
    for (let i = start; ; i += direction) {
      const next = i + direction;
      if (losses[next] === undefined) return alphas[i]!;
      if (losses[next] > level) {
        const share = (level - losses[i]!) / (losses[next] - losses[i]!);
        return alphas[i]! + share * (alphas[next]! - alphas[i]!);
      }
    }
  };
  return edge(1) - edge(-1);
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Find the index of $\alpha = 0$ and the level. Then solve one side: the first point to the right whose loss is above the level.

// %% [markdown] tags=["hint"]
// The crossing lies between that point and the one before it. How far along, as a share of the step, if the loss goes from 1 to 5 and the level is 2?
// And if the step goes from 0.5 to 0.9, at which position is that?

// %% [markdown] tags=["hint"]
// ```
//  ●                                    ●
//    ╲                                ╱
// ─ ─ ─╲─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─●─ ─ ╱─ ─ ─  level
//        ╲                   ╱   ╲ ╱
//          ●───────●───────●      ●
//                  0
// ```
//
// Where does this valley end on either side? What would you have to change so that the code for one side serves the other?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["valley-width"]!, { valleyWidth });

// %% [markdown]
// The number depends on the direction's length, so it can only be compared between networks after filter normalisation. And it is one slice: a
// valley that is wide along one direction may be narrow along another.
