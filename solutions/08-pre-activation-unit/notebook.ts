// ---
// title: A pre-activation unit that keeps its shortcut clean
// difficulty: 3
// importance: 5
// minutes: 30
// source: the identity paper, Figure 4 (e), equation 9 and section 4.1; the ResNet paper, section 3.3 (option A)
// passage: Five orders of the same parts
// ---
// %% [markdown]
// # A pre-activation unit that keeps its shortcut clean
//
// In a full pre-activation unit normalisation and ReLU stand *before* each convolution, and nothing stands after the addition (Figure 4 (e) of the
// identity paper). So from unit to unit the signal passes additions only:
//
// $$ y = \text{shortcut}(x) + W_2 * \operatorname{ReLU}(N_2(W_1 * \operatorname{ReLU}(N_1(x)))). $$
//
// This unit begins a stage: its first convolution has stride 2 and doubles the channels, so the shortcut is option A, every second row and column
// and zeros in the new channels. The question is of *what*: of `x`, or of what has been normalised and activated?
//
// **Your task.** Write `preActivationUnit(x, firstNorm, first, secondNorm, second)`. There is `shapes.norm(x, norm)`, `shapes.relu`,
// `shapes.conv2d(x, kernel, stride)`, `shapes.subsample(x)`, `shapes.padChannels(x, channels)` and `shapes.add`. Promise the right shape in place of
// the stub's `Output`.

// %% tags=["setup"]
import { check, runtime, shapes } from "residual";

console.log((await runtime.ready()).reason);

// %% tags=["answer"]
// BEGIN SOLUTION
type Output = shapes.Images<4, 4, 8>;
// STUB type Output = shapes.Shape;
// END SOLUTION

function preActivationUnit(
  x: shapes.Images<8, 8, 4>,
  firstNorm: shapes.Norm<4>,
  first: shapes.Shape<readonly [3, 3, 4, 8]>,
  secondNorm: shapes.Norm<8>,
  second: shapes.Shape<readonly [3, 3, 8, 8]>,
): Output {
  // BEGIN SOLUTION
  const hidden = shapes.conv2d(shapes.relu(shapes.norm(x, firstNorm)), first, 2);
  const residual = shapes.conv2d(shapes.relu(shapes.norm(hidden, secondNorm)), second, 1);
  return shapes.add(residual, shapes.padChannels(shapes.subsample(x), 8));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Read Figure 4 (e) from the top: what does the signal on the grey arrow, the shortcut, meet before the addition?

// %% [markdown] tags=["hint"]
// The compiler takes `x`, `shapes.norm(x, firstNorm)` and the ReLU of that on the shortcut alike, because all have one shape: only the numbers tell.
// Which of them is the signal that came in?

// %% [markdown] tags=["hint"]
// ```
//  x ──┬── ? ── ? ── W₁ ── ? ── ? ── W₂ ── ? ──(+)── ? ──
//      └───────────── option A of ? ────────────┘
// ```
//
// Two norms and two ReLUs are to be put in, in the order of Figure 4 (e). Which of the places stay empty?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["pre-activation-unit"]!, { preActivationUnit });

// %% [markdown]
// Figure 4 has the other places too. With a ReLU at the end of the residual, before the addition (c), no residual is negative, so the signal can only
// grow from unit to unit. With a ReLU after the addition (a), as in the first paper, each unit cuts off what is below zero, and with a normalisation
// there (b) each unit rescales the shortcut, so that it is no identity any more. Table 2 of the identity paper has all of them, and full pre-activation
// does best.
