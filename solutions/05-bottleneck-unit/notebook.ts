// ---
// title: A bottleneck where a stage begins
// difficulty: 3
// importance: 4
// minutes: 25
// source: the ResNet paper, Figure 5 (right), section 4.1 (deeper bottleneck architectures) and Table 1
// passage: The bottleneck
// ---
// %% [markdown]
// # A bottleneck where a stage begins
//
// The deep networks of the ResNet paper are made of bottlenecks (Figure 5, right): a 1×1 convolution takes the channels down, a 3×3 works on few, a
// 1×1 takes them up to four times as many. A ReLU follows each of the first two; after the third comes the addition, and then the last ReLU. Batch
// normalisation is left out here.
//
// Where a stage begins, the paper gives the stride of 2 to the *first* 1×1 convolution, and the shortcut is a projection with the same stride.
// (Weights that are published today mostly have it on the 3×3. Here the paper counts.)
//
// **Your task.** Write `bottleneck(x, reduce, spatial, expand, projection)`. There is `shapes.conv2d(x, kernel, stride)`, `shapes.relu(x)` and
// `shapes.add(residual, shortcut)`. Promise the right shape in place of the stub's `Output`. The compiler knows where channels do not fit: swap two
// kernels and read what it says.

// %% tags=["setup"]
import { check, runtime, shapes } from "residual";

console.log((await runtime.ready()).reason);

// %% tags=["answer"]
// BEGIN SOLUTION
type Output = shapes.Images<4, 4, 16>;
// STUB type Output = shapes.Shape;
// END SOLUTION

function bottleneck(
  x: shapes.Images<8, 8, 8>,
  reduce: shapes.Shape<readonly [1, 1, 8, 4]>,
  spatial: shapes.Shape<readonly [3, 3, 4, 4]>,
  expand: shapes.Shape<readonly [1, 1, 4, 16]>,
  projection: shapes.Shape<readonly [1, 1, 8, 16]>,
): Output {
  // BEGIN SOLUTION
  const narrow = shapes.relu(shapes.conv2d(x, reduce, 2));
  const hidden = shapes.relu(shapes.conv2d(narrow, spatial, 1));
  const residual = shapes.conv2d(hidden, expand, 1);
  return shapes.relu(shapes.add(residual, shapes.conv2d(x, projection, 2)));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Write down the shape after each of the three convolutions: 8×8×8 goes in, 4×4×16 comes out.

// %% [markdown] tags=["hint"]
// Only one convolution of the residual has the stride, so the images are 4×4 either from the start or from the middle on. What does the paper's choice
// mean for the other two? And for the shortcut, which starts from the same images?

// %% [markdown] tags=["hint"]
// ```
//  x ──┬── 1×1 ─ ? ─ 3×3 ─ ? ─ 1×1 ─ ? ──(+)── ? ──
//      └────────── projection ─ ? ────────┘
// ```
//
// Figure 5 of the paper has three ReLUs. At which three of the question marks do they stand?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["bottleneck-unit"]!, { bottleneck });

// %% [markdown]
// A 1×1 convolution with stride 2 looks at one pixel in four and never at the other three. Moving the stride to the 3×3 costs more and lets every
// pixel be seen; the papers' own numbers were made without it.
