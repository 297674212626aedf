// ---
// title: A residual block that adds its input
// difficulty: 1
// importance: 5
// minutes: 15
// source: the ResNet paper, equation 1 and Figure 2
// passage: One addition
// ---
// %% [markdown]
// # A residual block that adds its input
//
// Figure 2 of the ResNet paper shows the building block of everything that follows. Its two layers do not compute the output. They compute
// a *residual* $F(x)$, and the block adds its input to it:
//
// $$ y = \operatorname{ReLU}(F(x) + x), \qquad F(x) = W_2 * \operatorname{ReLU}(W_1 * x). $$
//
// Here $*$ is a 3×3 convolution with stride 1 and one row of zeros on each side. Batch normalisation is left out, so that nothing hides
// the shape of the idea.
//
// **Your task.** Write `residualBlock`. It takes images `x` of shape `[N, H, W, C]` and two kernels of shape `[3, 3, C, C]`, and gives `y`,
// of the shape of `x`. `runtime.conv2d(x, kernel, stride, padding)` and `runtime.relu(x)` are the parts you need, with `tf.add`.

// %% tags=["setup"]
import { check, runtime } from "residual";

const { tf } = runtime;
console.log((await runtime.ready()).reason);

// %% [markdown]
// Before you write: what should the block give when both kernels are all zeros?

// %% tags=["answer"]
function residualBlock(
  x: runtime.tf.Tensor4D,
  first: runtime.tf.Tensor4D,
  second: runtime.tf.Tensor4D,
): runtime.tf.Tensor4D {
  // BEGIN SOLUTION
  const hidden = runtime.relu(runtime.conv2d(x, first, 1, 1));
  const residual = runtime.conv2d(hidden, second, 1, 1);
  return runtime.relu(tf.add(residual, x));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Write the two convolutions first. In Figure 2, how many ReLUs are there, and on which side of the addition does each stand?

// %% [markdown] tags=["hint"]
// One ReLU stands between the convolutions, the other after the addition. The curved line in the figure carries $x$ past both layers
// and touches no operation until the $\oplus$.

// %% [markdown] tags=["hint"]
// ```
//  x ──┬── W₁ ── ? ── W₂ ── ? ──(+)── ? ──▶ y
//      └────────── ? ────────────┘
// ```
//
// Two of the four question marks are a ReLU, the others nothing at all. Which two? And with which stride and padding does an image keep its size
// under a 3×3 kernel?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["residual-block"]!, { residualBlock });

// %% [markdown]
// With zero kernels $F(x) = 0$, and the block gives back what came in (if that is not negative). A block without the addition would give zeros.
// This is why "do nothing" is easy for a residual network to learn, and hard for a plain one.
