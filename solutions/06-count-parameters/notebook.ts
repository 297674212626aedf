// ---
// title: Count the parameters of ResNet-20, and of any other
// difficulty: 2
// importance: 4
// minutes: 25
// source: the ResNet paper, section 4.2 (the family of 6n+2 layers, option A) and Table 6 (0.27M to 19.4M)
// passage: The rule
// ---
// %% [markdown]
// # Count the parameters of ResNet-20, and of any other
//
// Section 4.2 of the ResNet paper describes a whole family in one sentence. A first 3×3 convolution on the 3 colours; then three stages of $2n$ 3×3
// convolutions each; then a global average pool and a fully connected layer, which has a bias. Each convolution is followed by batch normalisation,
// which trains a scale and a shift for each channel, so it has no bias. The paper's stages have 16, 32 and 64 channels, and its shortcuts are option
// A, which has no parameters: that much chapter 06 counts. Your count shall also serve those who change the family:
//
// - the stages have $w$, $2w$ and $4w$ channels, and the first convolution gives $w$;
// - with option B's shortcuts, a unit that changes the shape has a 1×1 convolution on its shortcut, normalised like every other.
//
// **Your task.** Write `parameterCount(network)`, the number of trained parameters. A network has `depth` $= 6n + 2$ with $n$ from 1; `width`, $w$;
// `shortcuts`, `"A"` or `"B"`; and `classes`, from 1. Table 6 says 0.27M for ResNet-20 of width 16 on 10 classes; you will be exact.

// %% tags=["setup"]
import { check } from "residual";

interface Network {
  readonly depth: number;
  readonly width: number;
  readonly shortcuts: "A" | "B";
  readonly classes: number;
}

// %% tags=["answer"]
function parameterCount(network: Network): number {
  // BEGIN SOLUTION
  const { depth, width, shortcuts, classes } = network;
  const n = (depth - 2) / 6;
  const convolution = (kernel: number, from: number, to: number) => kernel ** 2 * from * to + 2 * to;
  let parameters = convolution(3, 3, width);
  let channels = width;
  for (const wider of [width, 2 * width, 4 * width]) {
    parameters += convolution(3, channels, wider) + (2 * n - 1) * convolution(3, wider, wider);
    if (shortcuts === "B" && wider !== channels) parameters += convolution(1, channels, wider);
    channels = wider;
  }
  return parameters + (channels + 1) * classes;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// How many layers with weights are there? $1 + 3 \cdot 2n + 1$. For depth 20: $n = 3$.

// %% [markdown] tags=["hint"]
// A 3×3 convolution from $a$ to $b$ channels has $9ab$ weights, and the normalisation behind it trains $2b$ numbers. The first convolution of a
// stage still gets the channels of the stage before.

// %% [markdown] tags=["hint"]
// Draw the smallest network, $n = 1$, as a row of boxes, and write the channels on each arrow between them: $3 \to w \to w \to w \to \dots$ Which of
// its six convolutions within the stages have different numbers at their two ends? Over which of its three units does option B's shortcut need a box
// of its own?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["count-parameters"]!, { parameterCount });

// %% [markdown]
// ResNet-20 has 269,722 parameters. A network with 60 times as many layers, ResNet-1202, has 72 times as many parameters: almost all of them in the
// deeper stages, where a unit is about 16 times as dear as in the first.
