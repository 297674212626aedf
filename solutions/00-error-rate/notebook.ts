// ---
// title: From logits to an error in percent
// difficulty: 1
// importance: 3
// minutes: 10
// source: the ResNet paper, section 4: every table gives errors in percent
// passage: A first network
// ---
// %% [markdown]
// # From logits to an error in percent
//
// A network gives one number for each class, its *logits*. It says the class whose logit is the largest. Every table of the ResNet paper then gives
// one number for a whole data set: the share of images for which it said the wrong class, in percent.
//
// **Your task.** Write `errorPercent(logits, labels)`: `logits` of shape `[N, C]`, one row an image, and `labels` of shape `[N]`, the right classes,
// from 0. It gives a number, such as 8.75 for ResNet-20 in Table 6. Any number of images and of classes may come. A tensor's numbers come by
// `await tensor.data()`.

// %% tags=["setup"]
import { check, runtime } from "residual";

const { tf } = runtime;
console.log((await runtime.ready()).reason);

// %% tags=["answer"]
async function errorPercent(logits: runtime.tf.Tensor2D, labels: runtime.tf.Tensor1D): Promise<number> {
  // BEGIN SOLUTION
  const said = tf.argMax(logits, 1);
  const wrong = tf.cast(tf.notEqual(said, labels), "float32");
  const [share] = await tf.mean(wrong).data();
  return 100 * share!;
  // END SOLUTION
}

// %% [markdown] tags=["hint"]
// Three steps: which class does each row say, which of these are wrong, and how large is their share?

// %% [markdown] tags=["hint"]
// `tf.argMax(x, axis)` gives the place of the largest number *along* an axis: that axis is gone from the result. Which axis of `[N, C]` must go, so
// that one number an image is left?

// %% [markdown] tags=["hint"]
// `tf.notEqual(said, labels)` gives booleans. What is the mean of a list of ones and zeros, once they are cast to `"float32"`? And in which unit do the
// tables give it?

// %% tags=["check"]
import { drives } from "./drive";
import { properties } from "./public";

await check.run(properties, drives["error-rate"]!, { errorPercent });

// %% [markdown]
// The test set of CIFAR-10 has 10,000 images, so errors come in steps of 0.01 %. How much of such a number is luck, chapter 06 asks.
