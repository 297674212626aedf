// ---
// title: A unit that halves the image, with a shortcut that follows
// difficulty: 3
// importance: 5
// minutes: 30
// source: the ResNet paper, section 3.3 (option A) and section 4.2
// passage: Options A, B and C
// ---
// %% [markdown]
// # A unit that halves the image, with a shortcut that follows
//
// Where a stage begins, the unit's first convolution has stride 2 and twice the channels. The input no longer has the shape of $F(x)$, so it
// cannot simply be added. Option A of section 3.3 needs no parameters: take every second row and column of $x$, and put channels of zeros
// behind its own.
//
// In this exercise shapes are part of the types. `shapes.Images<32, 32, 16>` is a batch of 32×32 images with 16 channels, and
// `shapes.add(residual, shortcut)` compiles only if both have one shape. If they have not, the compiler says so before anything runs:
//
// > `Shape<[N, 32, 32, 16]> cannot be added to Shape<[N, 16, 16, 32]>: project or pad the shortcut`
//
// **Your task.** Write `growingUnit(x, first, second)`: the output is $\operatorname{ReLU}(F(x) + \text{shortcut})$, $F$ two convolutions with a ReLU
// between them, the first with stride 2. There is `shapes.conv2d(x, kernel, stride)`, `shapes.relu(x)`, `shapes.subsample(x)`,
// `shapes.padChannels(x, channels)` and `shapes.add`. The stub's `Output` promises only *some* shape:
// promise the right one in place of `shapes.Shape`.

// %% tags=["setup"]
import { check, runtime, shapes } from "residual";

console.log((await runtime.ready()).reason);

// %% tags=["answer"]
// BEGIN SOLUTION
type Output = shapes.Images<16, 16, 32>;
// STUB type Output = shapes.Shape;
// END SOLUTION

function growingUnit(
  x: shapes.Images<32, 32, 16>,
  first: shapes.Shape<readonly [3, 3, 16, 32]>,
  second: shapes.Shape<readonly [3, 3, 32, 32]>,
): Output {
  // BEGIN SOLUTION
  const residual = shapes.conv2d(shapes.relu(shapes.conv2d(x, first, 2)), second, 1);
  const shortcut = shapes.padChannels(shapes.subsample(x), 32);
  return shapes.relu(shapes.add(residual, shortcut));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Write $F(x)$ first and let your editor, or an error, tell you its type. Then try to add `x`: what does the compiler say?

// %% [markdown] tags=["hint"]
// Two things are wrong with `x` as a shortcut: its size and its channels. `subsample` mends one, `padChannels` the other. The order does not matter.

// %% [markdown] tags=["hint"]
// What is the shape of the sum? The compiler can hold you to it, if `Output` says so. What it cannot know: whether the *numbers* are right. Which pixels
// does the first convolution look at with its middle weight?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["growing-unit"]!, { growingUnit });

// %% [markdown]
// The zeros cost nothing and learn nothing: in the new channels there is no residual learning, and the paper blames that for option B being slightly
// better than A in Table 3 (section 4.1).
