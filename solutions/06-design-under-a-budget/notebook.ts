// ---
// title: Design a network under two budgets
// difficulty: 3
// importance: 4
// minutes: 35
// source: the ResNet paper, section 4.2 (the family of 6n+2 layers) and Table 6
// passage: The rule
// ---
// %% [markdown]
// # Design a network under two budgets
//
// You are to build a network of the CIFAR family for a device with little memory and little time: at most so many parameters, at most so many
// multiply-adds for an image. The family has two knobs: the depth, $6n + 2$, and the width $w$ of the first stage (the stages have $w$, $2w$ and
// $4w$ channels; 16, 32 and 64 in the paper). Shortcuts are option A, images 32×32×3, classes 10.
//
// **Your task.** Write `design(budget)`. `budget` has `parameters`, from 100,000 to 2 million, and `multiplyAdds`, from 15 million up. It gives `depth`
// and `width`, such that
//
// - neither budget is exceeded;
// - at least one of the two is used to 80 % or more: what you may spend and do not is accuracy given away;
// - the network has 20 layers or more, and `width` is a whole number from 8.
//
// There is more than one right answer. `nn.cifarArchitecture({ depth, widths: [w, 2 * w, 4 * w] })` describes a network without building it, and
// `analysis.costOf(architecture)` counts its `parameters` and `multiplyAdds` in milliseconds. The checks ask for some twenty budgets, and the grader waits
// half a minute for all of them: so count some hundred networks for a budget at most, not every one that you can think of.

// %% tags=["setup"]
import { analysis, check, nn } from "residual";

interface Budget {
  readonly parameters: number;
  readonly multiplyAdds: number;
}

// %% tags=["answer"]
function design(budget: Budget): { depth: number; width: number } {
  // BEGIN SOLUTION
  let best = { depth: 20, width: 8, use: 0 };
  for (let width = 8; width <= 24; width++) {
    for (let depth = 20; depth <= 110; depth += 6) {
      const cost = analysis.costOf(nn.cifarArchitecture({ depth, widths: [width, 2 * width, 4 * width] }));
      const use = Math.max(cost.parameters / budget.parameters, cost.multiplyAdds / budget.multiplyAdds);
      // Deeper networks of this width only cost more.
      if (use > 1) break;
      if (use > best.use) best = { depth, width, use };
    }
  }
  return { depth: best.depth, width: best.width };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// First count one network: what do the paper's ResNet-20 and ResNet-32 cost? Which of the two budgets binds, for a budget such as 200,000 parameters
// and 50 million multiply-adds?

// %% [markdown] tags=["hint"]
// The cost grows like $n w^2$. For a given width there is a largest depth that fits; a small step in depth is coarse, so try several widths.

// %% [markdown] tags=["hint"]
// ```
// width
//   10   ·   ×   ×   ×
//    9   ·   ·   ×   ×
//    8   ·   ·   ·   ·   ×
//       20  26  32  38  44   depth
// ```
//
// Each place is a network; × costs too much. Where among the others do those lie that use most of the budget? Once a place of a row is a ×, need the
// rest of the row be tried? And the rows above?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["design-under-a-budget"]!, { design });

// %% [markdown]
// Parameters grow like the square of the width and multiply-adds too, so for this family the two budgets mostly ask for the same thing. It is depth
// against width that is open: Table 6 goes for depth, Zagoruyko and Komodakis (2016, *Wide Residual Networks*) argue for width.
