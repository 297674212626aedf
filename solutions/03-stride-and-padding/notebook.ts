// ---
// title: Two kinds of padding, and why a stride tells them apart
// difficulty: 3
// importance: 3
// minutes: 30
// source: the ResNet paper's published models pad both sides alike; TensorFlow's documentation defines the padding `SAME`
// passage: Shapes that agree
// ---
// %% [markdown]
// # Two kinds of padding, and why a stride tells them apart
//
// A convolution of kernel size $k$ and stride $s$ slides over $n$ pixels with zeros before and after them, $p_0$ and $p_1$. It gives
//
// $$ \left\lfloor \frac{n + p_0 + p_1 - k}{s} \right\rfloor + 1 $$
//
// numbers. There are two customs. The papers' code pads **symmetrically**: $p_0 = p_1 = (k - 1) / 2$, with $k$ odd. TensorFlow's **same** asks for
// $\lceil n / s \rceil$ outputs and adds only as many zeros as that takes, never fewer than none; if their number is odd, the odd one goes *after*.
//
// At stride 1 the two agree. At stride 2 and even $n$ they do not, and a network whose weights were trained with one and run with the other gives
// other answers.
//
// **Your task.** Write `paddings(n, k, s)`. It gives `symmetric` and `same`, each with `before`, `after` and `output`, for any $n$ and $s$ of at least 1
// and any odd $k$; the kernel may be larger than the image, and the stride larger than both.

// %% tags=["setup"]
import { check } from "residual";

interface Padding {
  readonly before: number;
  readonly after: number;
  readonly output: number;
}

// %% tags=["answer"]
function paddings(n: number, k: number, s: number): { symmetric: Padding; same: Padding } {
  // BEGIN SOLUTION
  const side = (k - 1) / 2;
  const output = Math.ceil(n / s);
  const zeros = Math.max((output - 1) * s + k - n, 0);
  const before = Math.floor(zeros / 2);
  return {
    symmetric: { before: side, after: side, output: Math.floor((n + 2 * side - k) / s) + 1 },
    same: { before, after: zeros - before, output },
  };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Do the symmetric one first: the formula is there, you only need $p_0$ and $p_1$.

// %% [markdown] tags=["hint"]
// For `same` go backwards: there are to be $m = \lceil n / s \rceil$ outputs. The first window starts at 0 and the last at $(m - 1) s$. How many
// pixels must there be, so that the last one fits?

// %% [markdown] tags=["hint"]
// How far does the last window reach beyond the last pixel, if it does? What if the kernel is smaller than the stride? And which half of an odd number
// of zeros is the smaller one?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["stride-and-padding"]!, { paddings });

// %% [markdown]
// For 3×3 at stride 2 on 32 pixels, `same` puts no zero before and one after: its windows are centred on the odd pixels 1, 3, 5, …, the symmetric
// ones on 0, 2, 4, …. Both give 16 numbers, so no shape warns you.
