// ---
// title: What does a bottleneck cost?
// difficulty: 3
// importance: 4
// minutes: 30
// source: the ResNet paper, Figure 5, section 3.3 (option B) and Table 1; section 3.4 (batch normalisation after each convolution)
// passage: What a convolution costs
// ---
// %% [markdown]
// # What does a bottleneck cost?
//
// A bottleneck is three convolutions: 1×1 down to `width` channels, 3×3 among them, 1×1 up to `4 * width`. Batch normalisation follows each
// convolution, so the convolutions have no bias. Its shortcut is the identity where shapes agree; else option B: a 1×1 convolution with the unit's
// stride, normalised too.
//
// Where a stage begins, some layer must have the stride. The paper's Table 1 puts it on the first 1×1 convolution; the weights that are commonly
// published put it on the 3×3. Same parameters, another cost.
//
// **Your task.** Write `bottleneckCost(unit)`. A unit has `size`, the side of its input; `inChannels`; `width`; `stride`, 1 or 2; and `strideOn`,
// `"1x1"` or `"3x3"`. It gives
//
// - `parameters`: trained numbers; a normalisation trains two for each channel;
// - `multiplyAdds`: of all convolutions, for one image; a multiplication with the addition that follows it is one. At stride 2 a side is halved, and
//   `size` is then even.
//
// `inChannels` may be any number, also `4 * width` at stride 2, or another than that at stride 1.

// %% tags=["setup"]
import { check } from "residual";

interface BottleneckShape {
  readonly size: number;
  readonly inChannels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly strideOn: "1x1" | "3x3";
}

// %% tags=["answer"]
function bottleneckCost(unit: BottleneckShape): { parameters: number; multiplyAdds: number } {
  // BEGIN SOLUTION
  const { size, inChannels, width, stride, strideOn } = unit;
  const outChannels = 4 * width;
  const after = size / stride;
  const afterFirst = strideOn === "1x1" ? after : size;
  const convolutions = [
    { weights: inChannels * width, channels: width, side: afterFirst },
    { weights: 9 * width * width, channels: width, side: after },
    { weights: width * outChannels, channels: outChannels, side: after },
  ];
  if (stride !== 1 || inChannels !== outChannels) {
    convolutions.push({ weights: inChannels * outChannels, channels: outChannels, side: after });
  }
  return {
    parameters: convolutions.reduce((sum, { weights, channels }) => sum + weights + 2 * channels, 0),
    multiplyAdds: convolutions.reduce((sum, { weights, side }) => sum + weights * side * side, 0),
  };
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// A convolution has kernel × kernel × in × out weights, and uses each of them once for every pixel of its *output*.

// %% [markdown] tags=["hint"]
// List the convolutions with three numbers each: weights, output channels, output side. How many are there, when the shortcut needs one too? Only
// the first 1×1 feels where the stride is: what is its output side in the two cases?

// %% [markdown] tags=["hint"]
// ```
// size        ?          ?          ?
//  ──── 1×1 ──── 3×3 ──── 1×1 ──┐
//  └──────────── ? ─────────────(+)
// ```
//
// Copy this picture twice, for a stride on the 1×1 and on the 3×3, and write a side on each arrow. On which arrow do the two pictures differ? And on
// which two things does it depend whether the lower arrow needs a box?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["bottleneck-cost"]!, { bottleneckCost });

// %% [markdown]
// At 56×56 with 256 channels in, width 128 and stride 2, moving the stride from the 1×1 to the 3×3 makes the unit dearer: the first convolution then
// runs on four times as many pixels. The published models with that choice have more multiply-adds than Table 1 says.
