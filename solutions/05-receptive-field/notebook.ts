// ---
// title: How much of the image does one feature see?
// difficulty: 2
// importance: 3
// minutes: 20
// source: the ResNet paper, Table 1 (the layers); chapter 05 rebuilds it with receptive fields
// ---
// %% [markdown]
// # How much of the image does one feature see?
//
// A number in a feature map depends on a square of the image, its *receptive field*. One 3×3 convolution sees 3×3 pixels, two in a row see 5×5. A
// stride makes everything after it look at the image in larger steps: behind a stride of 2, neighbours in the feature map are two pixels apart.
//
// **Your task.** Write `receptiveField(layers)`. Each layer has a `kernel` and a `stride`, from the image up; pooling counts like a convolution. It
// gives the side of the square, in pixels, that one number after the last layer depends on. No layers see one pixel.

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
// Keep two numbers: `size`, which grows by `(kernel - 1) * jump`, and `jump`, which is multiplied by the stride *after* that: a layer's own stride
// spreads its outputs, not its inputs.

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["receptive-field"]!, { receptiveField });

// %% [markdown]
// The stem of ResNet-50, a 7×7 convolution with stride 2 and a 3×3 pool with stride 2, sees 11×11 pixels and leaves a jump of 4: from here every 3×3
// convolution adds 8 pixels and more.
