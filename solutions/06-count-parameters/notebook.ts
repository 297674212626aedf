// ---
// title: Count the parameters of ResNet-20, and of any other
// difficulty: 2
// importance: 4
// minutes: 25
// source: the ResNet paper, section 4.2 (the family of 6n+2 layers, option A) and Table 6 (0.27M to 19.4M)
// ---
// %% [markdown]
// # Count the parameters of ResNet-20, and of any other
//
// Section 4.2 of the ResNet paper describes a whole family in one sentence. A first 3×3 convolution on the 3 colours; then three stages of $2n$ 3×3
// convolutions each, with 16, 32 and 64 channels; then a global average pool and a fully connected layer, which has a bias. All shortcuts are option
// A: they have no parameters. Each convolution is followed by batch normalisation, which trains a scale and a shift for each channel, so it has no
// bias.
//
// **Your task.** Write `parameterCount(depth, classes)`: the trained numbers of the network with `depth` $= 6n + 2$ layers. Table 6 says 0.27M for
// ResNet-20 on 10 classes; you will be exact.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function parameterCount(depth: number, classes: number): number {
  // BEGIN SOLUTION
  const n = (depth - 2) / 6;
  const convolution = (from: number, to: number) => 9 * from * to + 2 * to;
  let parameters = convolution(3, 16);
  let channels = 16;
  for (const width of [16, 32, 64]) {
    parameters += convolution(channels, width) + (2 * n - 1) * convolution(width, width);
    channels = width;
  }
  return parameters + 64 * classes + classes;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// How many layers with weights are there? $1 + 3 \cdot 2n + 1$. For depth 20: $n = 3$.

// %% [markdown] tags=["hint"]
// A 3×3 convolution from $a$ to $b$ channels has $9ab$ weights, and the normalisation behind it trains $2b$ numbers. The first convolution of a
// stage still gets the channels of the stage before.

// %% [markdown] tags=["hint"]
// First convolution: $9 \cdot 3 \cdot 16 + 32 = 464$. Stage of 16: $2n$ convolutions of $2304 + 32$. Stage of 32: one of $4608 + 64$, then $2n - 1$
// of $9216 + 64$. The classifier: $64 \cdot \text{classes} + \text{classes}$.

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["count-parameters"]!, { parameterCount });

// %% [markdown]
// ResNet-20 has 269,722 parameters. A network with 60 times as many layers, ResNet-1202, has 72 times as many parameters: almost all of them in the
// deeper stages, where a unit is about 16 times as dear as in the first.
