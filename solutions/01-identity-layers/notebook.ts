// ---
// title: A layer that changes nothing
// difficulty: 2
// importance: 4
// minutes: 20
// source: the ResNet paper, section 1, the solution by construction
// passage: The better network exists, and you can build it
// ---
// %% [markdown]
// # A layer that changes nothing
//
// Section 1 of the ResNet paper argues that a deeper network need never be worse: take the shallow one, and let every added layer be an
// *identity mapping*. Chapter 01 builds such a network. Here you make its brick: one convolution and one batch normalisation that give back
// exactly what they get.
//
// In inference mode a normalisation reads fixed statistics. For each channel it computes
//
// $$ y = \gamma \, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta. $$
//
// **Your task.** Write `identityLayer(size, channels, epsilon)`. It gives
//
// - `kernel`, a tensor of shape `[size, size, channels, channels]` (`size` is odd, 1 or more): a convolution with it, at stride 1 and with `(size - 1) / 2` rows
//   of zeros on each side, gives back its input;
// - `norm`, the four numbers `scale` $\gamma$, `shift` $\beta$, `mean` $\mu$ and `variance` $\sigma^2$ that every channel shares, so that
//   $y = x$.

// %% tags=["setup"]
import { check, runtime } from "residual";

const { tf } = runtime;
console.log((await runtime.ready()).reason);

interface IdentityLayer {
  readonly kernel: runtime.tf.Tensor4D;
  readonly norm: { scale: number; shift: number; mean: number; variance: number };
}

// %% tags=["answer"]
function identityLayer(size: number, channels: number, epsilon: number): IdentityLayer {
  // BEGIN SOLUTION
  const kernel = tf.buffer([size, size, channels, channels]);
  const middle = (size - 1) / 2;
  for (let c = 0; c < channels; c++) kernel.set(1, middle, middle, c, c);
  return {
    kernel: kernel.toTensor() as runtime.tf.Tensor4D,
    norm: { scale: 1, shift: 0, mean: 0, variance: 1 - epsilon },
  };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// An output pixel is a sum of products: every pixel under the kernel, every input channel. All but one of the products must vanish.

// %% [markdown] tags=["hint"]
// `kernel[i, j, a, b]` weighs the pixel at row `i` and column `j` of the window, from input channel `a` to output channel `b`. Which pixel of the
// window is the one that the output stands for, and which `a` should `b` hear? `tf.buffer(shape)` lets you set single numbers.

// %% [markdown] tags=["hint"]
// Put $x = \mu$ in: what must $\beta$ be? Then look at the factor of $x$: it is $\gamma$ divided by a root. When is it 1, and does $\sigma^2 = 1$ do?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["identity-layers"]!, { identityLayer });

// %% [markdown]
// A mean of 0 and a variance of 1 look like an identity and are not: with $\varepsilon = 10^{-5}$ each such layer shrinks its input by five
// millionths. The two losses in chapter 01 agree to the last bit only because nothing of the kind is left.
