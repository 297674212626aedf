// ---
// title: Option B: a shortcut that projects, normalised like everything else
// difficulty: 3
// importance: 5
// minutes: 30
// source: the ResNet paper, equation 2, section 3.3 (option B) and section 3.4 (normalisation after each convolution)
// passage: Options A, B and C
// ---
// %% [markdown]
// # Option B: a shortcut that projects, normalised like everything else
//
// Where a stage begins, $x$ does not have the shape of $F(x)$. Option B of section 3.3 lets the shortcut learn: a 1×1 convolution $W_s$ (equation 2), with
// the stride of the unit. Section 3.4 puts batch normalisation right after *each* convolution, and the shortcut's is no exception:
//
// $$ y = \operatorname{ReLU}\bigl( N_2(W_2 * \operatorname{ReLU}(N_1(W_1 * x))) + N_s(W_s * x) \bigr). $$
//
// Shapes are part of the types here. Try to add `x` itself, and the compiler says:
//
// > `Shape<[N, 8, 8, 4]> cannot be added to Shape<[N, 4, 4, 8]>: project or pad the shortcut`
//
// **Your task.** Write `projectionUnit(x, parts)`. The first 3×3 convolution has stride 2. There is `shapes.conv2d(x, kernel, stride)`,
// `shapes.norm(x, norm)` (a batch normalisation with fixed statistics), `shapes.relu(x)` and `shapes.add(residual, shortcut)`. The stub's `Output`
// promises only *some* shape: promise the right one.

// %% tags=["setup"]
import { check, runtime, shapes } from "residual";

console.log((await runtime.ready()).reason);

interface Parts {
  readonly first: shapes.Shape<readonly [3, 3, 4, 8]>;
  readonly firstNorm: shapes.Norm<8>;
  readonly second: shapes.Shape<readonly [3, 3, 8, 8]>;
  readonly secondNorm: shapes.Norm<8>;
  readonly projection: shapes.Shape<readonly [1, 1, 4, 8]>;
  readonly projectionNorm: shapes.Norm<8>;
}

// %% tags=["answer"]
// BEGIN SOLUTION
type Output = shapes.Images<4, 4, 8>;
// STUB type Output = shapes.Shape;
// END SOLUTION

function projectionUnit(x: shapes.Images<8, 8, 4>, parts: Parts): Output {
  // BEGIN SOLUTION
  const { first, firstNorm, second, secondNorm, projection, projectionNorm } = parts;
  const hidden = shapes.relu(shapes.norm(shapes.conv2d(x, first, 2), firstNorm));
  const residual = shapes.norm(shapes.conv2d(hidden, second, 1), secondNorm);
  const shortcut = shapes.norm(shapes.conv2d(x, projection, 2), projectionNorm);
  return shapes.relu(shapes.add(residual, shortcut));
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Write the residual first. What shape has it? Then ask of the shortcut: which shape must it have, and which of its two sides, size or channels,
// does a 1×1 convolution change, and which its stride?

// %% [markdown] tags=["hint"]
// A 1×1 convolution with the right stride has the residual's shape. Compile, and the types are content. Are you? Read section 3.4 again: what follows
// a convolution?

// %% [markdown] tags=["hint"]
// Draw Figure 2 with a box on the shortcut. What stands in the box, in which order, and does a ReLU? Compare with the equation above, term by term.

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["projection-shortcut"]!, { projectionUnit });

// %% [markdown]
// A compiler can check that the shapes fit. It cannot see that a projection without its normalisation arrives with another scale than the residual,
// or that a ReLU on the shortcut lets nothing negative past. That is what the numbers are for.
