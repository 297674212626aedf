// ---
// title: Batches in a random order that can be had again
// difficulty: 2
// importance: 4
// minutes: 20
// source: the course's rule: same seed, same numbers; the ResNet paper's recipe (section 4.2) trains by mini-batches of 128
// passage: What this machine does in a minute
// ---
// %% [markdown]
// # Batches in a random order that can be had again
//
// Training goes through the images in a new random order in each epoch. To be believed, a run must be repeatable: with the same seed it takes the
// same images in the same order. To be of use beside another run, a different seed must give another order.
//
// `check.stream(seed, name)` gives a stream of random numbers that depends on the seed and on the name, a string, and on nothing else. It has
// `uniform()`, in $[0, 1)$, `integer(bound)`, from 0 to `bound - 1`, and `permutation(n)`, an
// `Int32Array` of the numbers 0 to $n - 1$ in random order.
//
// **Your task.** Write `batches(seed, epoch, images, size)`. It gives the epoch's batches, each a list or a typed array of image numbers from
// 0 to `images - 1`. Every image comes once in an epoch, and each epoch of each seed has an order of its own, in which any image may come anywhere. A seed is any whole number, also a negative one; epochs count from 0. Every batch has `size` images, but the last has what is left; none is empty. `images` and `size` are at least 1.

// %% tags=["setup"]
import { check } from "residual";

// %% tags=["answer"]
function batches(seed: number, epoch: number, images: number, size: number): ArrayLike<number>[] {
  // BEGIN SOLUTION
  const order = Array.from(check.stream(seed, `epoch ${epoch}`).permutation(images));
  const batches: number[][] = [];
  for (let start = 0; start < images; start += size) batches.push(order.slice(start, start + size));
  return batches;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Do it in two steps: an order of all images, then the order cut into pieces.

// %% [markdown] tags=["hint"]
// What must the order depend on? Two things must make a difference, the seed and the epoch. And nothing else may: no clock, no `Math.random`.

// %% [markdown] tags=["hint"]
// Say you add the epoch to the seed. Which order has epoch 1 of seed 4, and which epoch 0 of seed 5? A stream takes a seed *and* a name: what could the
// name be for?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["seeded-batches"]!, { batches });

// %% [markdown]
// When a run is interrupted in epoch 40 and resumed, nothing has to be remembered but the seed and the epoch. The course's own training loop works
// this way.
