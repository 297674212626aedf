// ---
// title: Fixup: a start that needs no norm
// difficulty: 2
// importance: 3
// minutes: 25
// source: Zhang, Dauphin and Ma 2019, Fixup Initialization, arXiv:1901.09321: the rules for the weights; L units with m layers in a branch
// passage: Without a norm: five ways to begin
// ---
// %% [markdown]
// # Fixup: a start that needs no norm
//
// He's weights keep a signal's size from layer to layer. In a residual network that is too much: each branch gives as much as it gets, and without a
// norm the variance of the stream doubles with every unit. Fixup therefore begins with other weights:
//
// - The last layer of every branch begins at 0, and so does the head.
// - All other layers begin with He's weights: their deviation is $\sqrt{2/n}$, where each output of the layer is a sum over $n$ inputs.
// - Of these, the layers *within a branch* are multiplied by
//
// $$ L^{-\frac{1}{2m-2}}, $$
//
// where $L$ is the number of units in the network and $m$ the number of layers in this branch. (Biases and one factor a branch, which Fixup adds, begin
// at 0 and 1 and are left out here.)
//
// **Your task.** Write `fixupDeviations(layers)`. It gets all layers of a network with weights, in the order in which they are listed, and gives the
// deviation of each layer's weights at the start, a list of numbers. A layer has
//
// - `place`: `"stem"`, `"branch"`, `"shortcut"` (a projection) or `"head"`;
// - `inputs`, the $n$ above;
// - `unit`, the number of its unit, counted from 0, where it belongs to one.
//
// The layers of a branch stand in the order in which the signal passes them; a unit's projection is listed before its branch or after it. Branches may
// differ in their number of layers, one may have a single layer, and a network may have no units. Leave the list as it is.

// %% tags=["setup"]
import { check } from "residual";

interface Layer {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
}

// %% tags=["answer"]
function fixupDeviations(layers: readonly Layer[]): number[] {
  // BEGIN SOLUTION
  const units = new Set(layers.map(({ unit }) => unit).filter((unit) => unit !== undefined)).size;
  return layers.map((layer) => {
    const he = Math.sqrt(2 / layer.inputs);
    if (layer.place === "head") return 0;
    if (layer.place !== "branch") return he;
    const branch = layers.filter(({ place, unit }) => place === "branch" && unit === layer.unit);
    return layer === branch.at(-1) ? 0 : he * units ** (-1 / (2 * branch.length - 2));
  });
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// What must you know of the whole network before you can say anything of a layer in a branch? Count both by hand for a network of two units with three
// layers each.

// %% [markdown] tags=["hint"]
// A projection stands on the shortcut. Is it within the branch? Does it count among its $m$ layers?

// %% [markdown] tags=["hint"]
// ```
//         ┌── projection ?──────────┐
//  stem ? ┴── first ? ── last ? ───(+)──┬── first ? ── second ? ── last ? ──(+)── head ?
//                                       └───────────────────────────────────┘
// ```
//
// Which of the question marks are 0, which are $\sqrt{2/n}$ as it is, and which are multiplied by something? $L$ is 2. What is $m$ in the first unit, and
// what in the second? By how much are the two layers of the second unit multiplied together?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["fixup-start"]!, { fixupDeviations });

// %% [markdown]
// Why this exponent? In a branch there are $m - 1$ layers before the last, so their factors make $L^{-1/2}$ together, however many they are. The last
// layer is 0, and its gradient is in proportion to what reaches it: $L^{-1/2}$. After one step of training the branch therefore gives something in
// proportion to $L^{-1/2}$ (what reaches the layer) times $L^{-1/2}$ (what the layer has become), which is $1/L$. There are $L$ branches, and so a step
// moves the network's output by about as much at any depth. A power with the minus forgotten is the opposite, and some pages on the web print it.
