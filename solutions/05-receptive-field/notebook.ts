// ---
// title: How much of the image does one feature see?
// difficulty: 2
// importance: 3
// minutes: 20
// source: the ResNet paper, Table 1 (the layers); chapter 05 rebuilds it with receptive fields
// passage: Table 1, rebuilt
// ---
// %% [markdown]
// # How much of the image does one feature see?
//
// A number in a feature map depends on a square of the image, its *receptive field*. One 3×3 convolution sees 3×3 pixels, two in a row see 5×5. A
// stride makes everything after it look at the image in larger steps: behind a stride of 2, neighbours in the feature map are two pixels apart.
//
// **Your task.** Write `receptiveField(layers)`. Each layer has a `kernel` and a `stride`, whole numbers from 1, from the image up; pooling counts
// like a convolution. It gives the side of the square, in pixels, from the first to the last pixel that one number after the last layer depends on.
// Kernels may be even, a stride may be larger than its kernel (the layer then skips pixels, which count as long as they lie in between), and the
// square may be larger than any image: padding is not subtracted. The list may be empty: without layers a number is one pixel.

// %% tags=["setup"]
import { check } from "residual";

interface Sliding {
  readonly kernel: number;
  readonly stride: number;
}

// %% tags=["answer"]
function receptiveField(layers: readonly Sliding[]): number {
  // BEGIN SOLUTION
  let size = 1;
  // Pixels of the image between neighbours in the feature map.
  let jump = 1;
  for (const { kernel, stride } of layers) {
    size += (kernel - 1) * jump;
    jump *= stride;
  }
  return size;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// By how many pixels does one 3×3 convolution widen what the layer before it saw? And a 1×1 convolution?

// %% [markdown] tags=["hint"]
// A kernel of size $k$ takes $k$ neighbours. From the first to the last are $k - 1$ steps. How many pixels of the image is one step, behind the
// layers below?

// %% [markdown] tags=["hint"]
// ```
// image   . . . . . . . . .
// first     o   o   o   o      kernel 3, stride 2
// second        x   x          kernel 3
// ```
//
// One `x` takes three `o`. How many pixels lie from the first that it sees to the last? Now give the second layer a stride of 2: does this `x` see
// more, or does only the next one stand elsewhere?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["receptive-field"]!, { receptiveField });

// %% [markdown]
// The stem of ResNet-50, a 7×7 convolution with stride 2 and a 3×3 pool with stride 2, sees 11×11 pixels and leaves a jump of 4: from here every 3×3
// convolution adds 8 pixels and more.
